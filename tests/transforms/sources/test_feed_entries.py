"""What an entry's elements mean, and which guids identify."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transforms.sources.feed_document import MAX_TITLE_CHARS, ParsedArticle, excess, within_limits
from transforms.sources.feed_entries import article_of_entry, distinct_ids, feed_identity, plain_line

_URI = "https://example.org/feed"


@pytest.mark.parametrize(
    ("text", "markup", "line"),
    [
        (None, True, None),
        ("", True, None),
        (" \n ", False, None),
        ("a &amp; b", True, "a & b"),
        ("a &amp; b", False, "a &amp; b"),
        ("<em>a</em> b", False, "a b"),
        ("a <b", False, "a <b"),
        ("one\n\ntwo", False, "one two"),
    ],
)
def test_a_title_is_one_plain_line(text: str | None, markup: bool, line: str | None) -> None:
    assert plain_line(text, markup) == line


@pytest.mark.parametrize(
    "damaged", [{}, {"links": 5}, {"content": None}, {"authors": [None, {}]}, {"tags": ["x"]}, {"source": 1}]
)
def test_an_entry_of_any_shape_is_an_article(damaged: dict[str, object]) -> None:
    assert article_of_entry({"title": "t", **damaged}, {}, "rss", 3, _URI).place == 3


@pytest.mark.parametrize(
    ("length", "read"), [("12", 12), ("", None), ("-1", None), ("1e3", None), ("9" * 400, None), (None, None)]
)
def test_the_length_of_an_enclosure_is_a_number_or_null(length: str | None, read: int | None) -> None:
    entry = {"links": [{"rel": "enclosure", "href": "/a.mp3", "length": length}]}
    (pair,) = article_of_entry(entry, {}, "rss", 1, _URI).extra
    assert f'"length": {"null" if read is None else read}' in pair[1]


def test_an_atom_entry_without_author_has_the_feeds() -> None:
    feed = {"authors": [{"name": "Desk"}]}
    assert article_of_entry({"title": "t"}, feed, "atom", 1, _URI).authors == ("Desk",)
    assert article_of_entry({"title": "t"}, feed, "rss", 1, _URI).authors == ()


def test_content_that_is_no_text_is_passed_over() -> None:
    entry = {"content": [{"type": "image/png", "value": "iVBOR"}], "summary": "Words."}
    assert article_of_entry(entry, {}, "atom", 1, _URI).text == "Words."


def test_a_password_in_the_self_link_tells_feeds_apart_without_showing() -> None:
    identities = {
        feed_identity({"links": [{"rel": "self", "href": f"https://me:{word}@example.org/f"}]}, _URI)[0]
        for word in ("canary1", "canary2")
    }
    assert len(identities) == 2
    assert not any("canary" in (identity or "canary") for identity in identities)


_ARTICLES = st.lists(
    st.builds(
        ParsedArticle,
        place=st.just(1),
        item_id=st.none() | st.sampled_from("ab"),
        url=st.none() | st.sampled_from(["https://example.org/1", "https://example.org/2"]),
    ),
    max_size=8,
)


@given(_ARTICLES)
def test_after_telling_apart_an_id_never_has_two_links(articles: list[ParsedArticle]) -> None:
    told = distinct_ids(articles)
    links: dict[str, set[str | None]] = {}
    for article in told:
        if article.item_id is not None:
            links.setdefault(article.item_id, set()).add(article.url)
    assert all(len(urls) == 1 for urls in links.values())
    assert [article.url for article in told] == [article.url for article in articles]


@given(st.lists(st.integers(min_value=MAX_TITLE_CHARS - 2, max_value=MAX_TITLE_CHARS + 2), max_size=6))
def test_every_article_is_kept_whole_or_refused_with_its_place(lengths: list[int]) -> None:
    articles = [ParsedArticle(place, title="x" * length) for place, length in enumerate(lengths, 1)]
    kept, faults = within_limits(articles)
    assert sorted([article.place for article in kept] + [fault.place for fault in faults]) == list(
        range(1, len(lengths) + 1)
    )
    assert all(excess(article) is None and article in articles for article in kept)
