"""What the parser process hands back survives the pipe."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from schemas.reasons import Reason
from transforms.sources.document_parts import from_parts, packed_parsed, to_parts
from transforms.sources.feed_document import Fault, ParsedArticle, ParsedDocument, kept

_TEXT = st.none() | st.text(st.characters(), max_size=20)
_WORDS = st.lists(st.text(max_size=5), max_size=3).map(tuple)
_ARTICLES = st.builds(
    ParsedArticle,
    place=st.none() | st.integers(1, 9),
    item_id=_TEXT,
    url=_TEXT,
    title=_TEXT,
    text=_TEXT,
    markup=st.booleans(),
    authors=_WORDS,
    categories=_WORDS,
    published=_TEXT,
    extra=st.lists(st.tuples(st.text(max_size=5), st.text(max_size=5)), max_size=3).map(tuple),
)
_KEPT = st.none() | st.binary(max_size=9).map(kept)
_FAULTS = st.builds(Fault, st.none() | st.integers(1, 9), st.sampled_from(list(Reason)), st.text(max_size=9), _KEPT)


@given(st.lists(_ARTICLES, max_size=3), st.lists(_FAULTS, max_size=3), _TEXT)
def test_a_document_survives_the_pipe(articles: list[ParsedArticle], faults: list[Fault], title: str | None) -> None:
    document = ParsedDocument("atom", "cp1251", title, title, None, tuple(articles), tuple(faults))
    again = from_parts(to_parts(document))
    assert replace(again, articles=tuple(again.articles), faults=tuple(again.faults)) == document


@given(st.lists(_ARTICLES, max_size=3))
def test_packed_articles_are_the_articles(articles: list[ParsedArticle]) -> None:
    assert list(packed_parsed(articles)) == articles


@given(st.lists(_ARTICLES, max_size=3))
def test_every_part_is_one_line(articles: list[ParsedArticle]) -> None:
    parts = list(to_parts(ParsedDocument("rss", articles=tuple(articles))))
    assert [name for name, _ in parts] == ["head"] + ["article"] * len(articles)
    assert not any(b"\n" in part or b"\r" in part for _, part in parts)
