"""Which items are meant by a name: an address, an id, a source."""

from dataclasses import replace

import pyarrow as pa
import pytest
from small_lakes import commit_articles, decision, hexed, run_info, story

from schemas.errors import UsageError
from schemas.tables import FORGOTTEN
from transforms.lake.commit import commit_tables
from transforms.lake.layout import Lake, create_or_open
from transforms.lake.named import items_named, page_address
from transforms.normalize.identity import item_key

FRONT, PAGE, BOTH = "https://a.example/", "https://a.example/news/1", "https://a.example/news/2"
STORIES = [
    replace(story(0), url=f"{PAGE}?utm_source=x", canonical_url=PAGE, item_id="same"),
    replace(story(1), url=BOTH, canonical_url=BOTH, item_id="same"),
    replace(story(2), url=BOTH, canonical_url=BOTH, source="Paper"),
    replace(story(3), url=FRONT, canonical_url=FRONT),
    replace(story(4), url=FRONT, canonical_url=FRONT),
    replace(story(5), item_id="own"),
]


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Lake:
    lake = create_or_open(tmp_path_factory.mktemp("named") / "lake")
    copy = decision(STORIES[1], "near", duplicate_of=STORIES[0].article_id, family_id=STORIES[0].article_id)
    commit_articles(lake, [decision(STORIES[0]), copy, *map(decision, STORIES[2:])], STORIES)
    gone = [{"article_id": hexed("gone"), "item_key": hexed("item gone"), "copy_key": None}]
    commit_tables(lake, {"forgotten": pa.Table.from_pylist(gone, FORGOTTEN)}, run_info())
    return lake


def keys(*numbers: int) -> frozenset[str]:
    return frozenset(STORIES[number].item_key for number in numbers)


@pytest.mark.parametrize(
    ("url", "page"),
    [
        (PAGE, PAGE),
        (f"{PAGE}?utm_source=x#top", PAGE),
        ("HTTPS://A.example:443/news/1", PAGE),
        ("https://a.example/?id=7", "https://a.example/?id=7"),
        (FRONT, None),
        ("https://a.example/index.html", None),
        ("own", None),
        ("", None),
        (None, None),
    ],
)
def test_a_page_is_more_than_the_front_of_a_site(url: str | None, page: str | None) -> None:
    assert page_address(url) == page


@pytest.mark.parametrize(
    ("name", "numbers"),
    [
        (STORIES[0].article_id, (0,)),
        (STORIES[1].article_id, (1,)),  # a duplicate
        (STORIES[5].item_key, (5,)),
        ("own", (5,)),
        (PAGE, (0,)),
        (f"{PAGE}?utm_source=x", (0,)),  # as it was stored, and however it is spelled
        (f"{PAGE}?utm_medium=y", (0,)),
        (BOTH, (1, 2)),  # all items of a page
    ],
)
def test_a_name_is_an_address_or_an_id(filled: Lake, name: str, numbers: tuple[int, ...]) -> None:
    assert items_named(filled, [name]).items == keys(*numbers)


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("same", r"same: fits 2 items; name one by its article_id: \w{32}, \w{32}$"),
        (FRONT, "https://a.example/ names no page, and 2 items give it as theirs"),
        ("https://b.example/", "no stored item has this article_id, id or URL"),
        ("Own", "Own: no stored item has"),
        ("", "no stored item has"),
    ],
)
def test_a_name_that_fits_nothing_or_several_items_is_wrong_usage(filled: Lake, name: str, said: str) -> None:
    with pytest.raises(UsageError, match=said):
        items_named(filled, [name])


def test_a_message_shows_four_ids_at_most(lake: Lake) -> None:
    stories = [replace(story(number), item_id="one") for number in range(6)]
    commit_articles(lake, list(map(decision, stories)), stories)
    with pytest.raises(UsageError, match=r"fits 6 items; .*: \w{32}(, \w{32}){3}$"):
        items_named(lake, ["one"])


def test_a_page_that_is_not_stored_is_the_item_it_would_be(filled: Lake) -> None:
    found = items_named(filled, ["http://b.example/new?utm_source=x"])
    (page,) = found.addresses
    assert found.items == {item_key("", page)}
    assert page == page_address("http://b.example/new")


@pytest.mark.parametrize("name", [hexed("gone"), hexed("item gone")])
def test_what_is_forgotten_already_may_be_named_again(filled: Lake, name: str) -> None:
    assert items_named(filled, [name]).items == {hexed("item gone")}


def test_addresses_are_kept_of_pages_alone(filled: Lake) -> None:
    assert items_named(filled, [PAGE, "own", f"{BOTH}#x"]).addresses == {PAGE, BOTH}


def test_a_source_means_all_that_is_its_own_letter_by_letter(filled: Lake) -> None:
    assert items_named(filled, [], "Paper").items == keys(2)
    assert items_named(filled, ["own"], "source 0").items == keys(0, 4, 5)
    with pytest.raises(UsageError, match="--source 'paper': no stored item is of this source"):
        items_named(filled, [], "paper")
