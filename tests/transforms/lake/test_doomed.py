"""What a takedown takes with what was named, and what it leaves."""

from dataclasses import replace
from datetime import UTC, datetime

import pyarrow as pa
import pytest
from small_lakes import commit_articles, decided, decision, hexed, run_info, spill, story

from schemas.reasons import Reason
from schemas.records import Article
from schemas.rejects import reject
from schemas.tables import FORGOTTEN
from transforms.lake.commit import commit_slice, commit_tables
from transforms.lake.doomed import Doomed, Version, _is_of, doom, mentions
from transforms.lake.layout import Lake
from transforms.lake.ledger import Erased
from transforms.lake.named import Named
from transforms.normalize.identity import copy_key

PAGE = "https://a.example/news/1"
ORIGINAL = replace(story(0), url=PAGE, canonical_url=PAGE, text="The mayor spoke.\nCall 555 now.")


def other(number: int, **given: object) -> Article:
    return replace(story(number), **given)  # type: ignore[arg-type]


def doomed(lake: Lake, *articles: Article, source: str | None = None) -> Doomed:
    return doom(lake, Named(frozenset(one.item_key for one in articles)), source)


def store(lake: Lake, *articles: Article) -> None:
    commit_articles(lake, [decision(one) for one in articles], articles)


def test_all_versions_of_an_item_go(lake: Lake) -> None:
    later = replace(ORIGINAL, article_id=hexed("later"), content_hash="1:" + "f" * 64, raw_sha256="f" * 64)
    commit_articles(lake, [decision(ORIGINAL), decision(later, "revision", revision=2)], [ORIGINAL, later])
    found = doomed(lake, ORIGINAL)
    assert found.articles == {ORIGINAL.article_id, later.article_id}
    assert found.versions == {
        Version(one.article_id, one.item_key, copy_key(one.source, one.content_hash)) for one in (ORIGINAL, later)
    }
    assert found.addresses == {PAGE}


@pytest.mark.parametrize(
    ("given", "goes"),
    [
        ({"source": ORIGINAL.source, "content_hash": ORIGINAL.content_hash}, True),
        ({"source": "another", "content_hash": ORIGINAL.content_hash}, False),
        ({"source": ORIGINAL.source}, False),
    ],
)
def test_the_same_words_from_the_same_source_go_too(lake: Lake, given: dict[str, str], goes: bool) -> None:
    twin = other(2, **given)
    store(lake, ORIGINAL, twin)
    assert (twin.item_key in doomed(lake, ORIGINAL).items) == goes


def test_twins_of_twins_go_and_titles_alone_make_none(lake: Lake) -> None:
    shared = "1:" + "e" * 64
    twin = other(2, source=ORIGINAL.source, content_hash=ORIGINAL.content_hash)
    version = replace(twin, article_id=hexed("v2"), content_hash=shared, raw_sha256="e" * 64)
    second = other(4, source=ORIGINAL.source, content_hash=shared)
    headline, same = (other(number, text_kind="title", content_hash="1:" + "d" * 64, source="x") for number in (6, 8))
    stories = [ORIGINAL, twin, version, second, headline, same]
    rows = [decision(one, "revision" if one is version else "new", revision=1 + (one is version)) for one in stories]
    commit_articles(lake, rows, stories)
    assert doomed(lake, ORIGINAL).items == {one.item_key for one in (ORIGINAL, twin, second)}
    found = doomed(lake, headline)
    assert found.items == {headline.item_key}
    assert [one.copy_key for one in found.versions] == [None]


def test_copies_of_other_items_stay_and_are_told(lake: Lake) -> None:
    copy, apart = other(2), other(4)
    near = {"duplicate_of": ORIGINAL.article_id, "family_id": ORIGINAL.article_id, "differences": ["555"]}
    commit_articles(
        lake, [decision(ORIGINAL), decision(copy, "near", **near), decision(apart)], [ORIGINAL, copy, apart]
    )
    found = doomed(lake, ORIGINAL)
    assert found.copies == (copy.article_id,)
    # The copy says how it differs from what goes: its file is written anew.
    assert sorted(file.table for file in found.stories) == ["articles", "duplicates"]
    assert doomed(lake, apart).copies == ()


def test_what_was_never_stored_is_to_stay_away_once(lake: Lake) -> None:
    store(lake, story(1))
    assert doomed(lake, ORIGINAL).versions == {Version(None, ORIGINAL.item_key, None)}
    known = [{"article_id": None, "item_key": ORIGINAL.item_key, "copy_key": None}]
    commit_tables(lake, {"forgotten": pa.Table.from_pylist(known, FORGOTTEN)}, run_info())
    assert doomed(lake, ORIGINAL).versions == frozenset()


def test_furniture_that_quotes_a_story_goes(lake: Lake) -> None:
    store(lake, ORIGINAL)
    rows = {"sample": ["Call 555 now.", ORIGINAL.title, "Subscribe", None], "paragraph_hash": list("abcd")}
    commit_tables(lake, {"furniture": pa.table(rows)}, run_info())
    assert doomed(lake, ORIGINAL).samples == {"Call 555 now.", ORIGINAL.title}


def test_rejects_go_that_come_from_its_place_hold_its_address_or_its_source(lake: Lake) -> None:
    live = replace(story(2), source_uri="https://feed.example/rss#entry=1", fetched_at=datetime(2024, 1, 1, tzinfo=UTC))
    store(lake, ORIGINAL, live)
    refused = [
        reject(ORIGINAL.source_uri, "read", Reason.BROKEN_RECORD, "", b"1"),
        reject(live.source_uri, "read", Reason.BROKEN_RECORD, "", b"2"),  # the place is another item's the next time
        reject(
            "b#line=1", "read", Reason.BROKEN_RECORD, "", b'{"url": "https:\\/\\/a.example\\/news\\/1?utm_source=x"}'
        ),
        reject("b#line=2", "read", Reason.BROKEN_RECORD, f"see {PAGE}", b""),
        reject(f"{PAGE}#entry=1", "read", Reason.BROKEN_RECORD, "", b""),
        reject("b#line=3", "read", Reason.BROKEN_RECORD, "", b'{"source": "Paper"}'),
        reject("b#line=4", "read", Reason.BROKEN_RECORD, "", b'{"text": "of the Paper"}'),
    ]
    commit_slice(lake, decided([spill(lake, 0, [], refused)], []), run_info())
    found = doomed(lake, ORIGINAL, live)
    assert found.rejects == {refused[place].reject_id for place in (0, 2, 3, 4)}
    assert doomed(lake, ORIGINAL, source="Paper").rejects == {refused[place].reject_id for place in (0, 2, 3, 4, 5)}
    assert found.feeds == {"https://feed.example/rss"}
    assert found.erased == (Erased("articles", 1, 2), Erased("rejects", 2, 4))
    assert (found.rows("articles"), found.rows("rejects"), found.rows("polls")) == (2, 4, 0)


@pytest.mark.parametrize(
    ("told", "stands"),
    [
        (b"see https://a.example/news/1 there", True),
        (b"see https://a.example/news/1, or (https://a.example/news/2).", True),
        (b"it was at https://a.example/news/1.", True),
        (b'<a href="HTTPS://A.EXAMPLE/news/1?utm_source=x&amp;utm_medium=y">', True),
        (b'{"url": "https:\\/\\/a.example\\/news\\/1"}', True),
        (b"https://a.example/news/1,Rain,2024-01-01", True),  # a row of a table
        (b"Rain|https://a.example/news/1|2024", True),
        (b"https://a.example/news/12", False),
        (b"https://a.example/news/1/2, and on", False),
        (b"https://a.example/", False),
        (b"a.example/news/1", False),
        (b"\xff\xfe nothing https://[", False),
        (b"", False),
    ],
)
def test_an_address_is_found_however_it_is_spelled(told: bytes, stands: bool) -> None:
    assert mentions(told, {PAGE}) == stands
    assert not mentions(told, frozenset())


@pytest.mark.parametrize("page", ["https://a.example/?a=1&b=2", "https://a.example/news/1,2.html"])
def test_an_address_may_hold_what_has_to_be_escaped_or_what_ends_a_field(page: str) -> None:
    for told in (page, page.replace("&", "&#38;"), f"({page}).", f"{page}, and on"):
        assert mentions(told.encode(), {page}), told


@pytest.mark.parametrize(
    ("payload", "source", "is_of"),
    [
        (b' {"source": "Paper"}', "Paper", True),
        (b'{"a": {"source": "Paper"}}', "Paper", False),  # a value of its own
        (b'{"text": "Paper and more"}', "Paper", False),
        (b'{"source": "Paper"', "Paper", False),
        (b'["Paper"]', "Paper", False),
        (b'{"a":' * 200_000, "Paper", False),
        (b'{"source": "Paper"}', None, False),
    ],
)
def test_a_record_is_of_a_source_that_it_gives_as_a_value(payload: bytes, source: str | None, is_of: bool) -> None:
    assert _is_of(payload, source) == is_of
