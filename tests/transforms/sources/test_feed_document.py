"""What the parser process hands back survives the pipe, and limits part what is kept from what is not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.reasons import Reason
from transforms.sources.feed_document import (
    MAX_TAGS,
    MAX_TEXT_CHARS,
    MAX_TITLE_CHARS,
    MAX_URL_CHARS,
    Fault,
    ParsedArticle,
    ParsedDocument,
    excess,
    from_json,
    refused,
    to_json,
    within_limits,
)

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
_FAULTS = st.builds(Fault, st.none() | st.integers(1, 9), st.sampled_from(list(Reason)), st.text(max_size=9), _TEXT)


@given(st.lists(_ARTICLES, max_size=3), st.lists(_FAULTS, max_size=3), _TEXT)
def test_a_document_survives_the_pipe(articles: list[ParsedArticle], faults: list[Fault], title: str | None) -> None:
    document = ParsedDocument("atom", "cp1251", title, title, None, tuple(articles), tuple(faults))
    assert from_json(to_json(document)) == document


@pytest.mark.parametrize(
    ("field", "limit", "unit"),
    [
        ("title", MAX_TITLE_CHARS, "x"),
        ("url", MAX_URL_CHARS, "x"),
        ("item_id", MAX_URL_CHARS, "x"),
        ("text", MAX_TEXT_CHARS, "x"),
        ("authors", MAX_TAGS, ("x",)),
        ("categories", MAX_TAGS, ("x",)),
    ],
)
def test_a_limit_is_met_and_not_passed(field: str, limit: int, unit: str | tuple[str, ...]) -> None:
    fitting = ParsedArticle(1, **{field: unit * limit})  # type: ignore[arg-type]
    over = ParsedArticle(2, **{field: unit * (limit + 1)})  # type: ignore[arg-type]
    assert excess(fitting) is None
    kept, faults = within_limits([fitting, over])
    assert kept == (fitting,)
    assert [(fault.place, fault.reason) for fault in faults] == [(2, Reason.TOO_LARGE)]
    assert str(limit + 1) in faults[0].detail
    assert faults[0].payload


def test_a_refused_document_is_one_fault_without_a_place() -> None:
    document = refused("rss", Reason.TOO_DEEP, "why")
    assert (document.articles, document.faults) == ((), (Fault(None, Reason.TOO_DEEP, "why"),))
