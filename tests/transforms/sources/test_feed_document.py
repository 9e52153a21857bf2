"""Limits part what is kept of a document from what is not."""

import hashlib
from dataclasses import replace

import pytest

from schemas.reasons import Reason
from schemas.records import MAX_TEXT_CHARS
from transforms.sources.feed_document import (
    MAX_TAGS,
    MAX_TITLE_CHARS,
    MAX_URL_CHARS,
    Fault,
    ParsedArticle,
    ParsedDocument,
    excess,
    kept,
    refused,
    with_short_head,
    within_limits,
)


@pytest.mark.parametrize(
    ("field", "limit", "unit"),
    [
        ("title", MAX_TITLE_CHARS, "x"),
        ("url", MAX_URL_CHARS, "x"),
        ("item_id", MAX_URL_CHARS, "x"),
        ("text", MAX_TEXT_CHARS, "x"),
        ("authors", MAX_TAGS, ("x",)),
        ("categories", MAX_TAGS, ("x",)),
        ("language", MAX_TITLE_CHARS, "x"),
        ("published", MAX_TEXT_CHARS, "x"),
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


def test_long_names_and_extra_fields_are_bounded_in_sum() -> None:
    assert excess(ParsedArticle(1, authors=("x" * 20_000,))) is None
    assert excess(ParsedArticle(1, authors=("x" * 20_000, "y"))) == "names of authors: 20001, at most 20000"
    many = (("enclosures", "x" * 900_000), ("comments", "y" * 100_000))
    assert excess(ParsedArticle(1, extra=many)) == "other fields: 1000018, at most 1000000"


def test_what_would_stand_with_every_entry_is_short_or_refuses_the_feed() -> None:
    fits = ParsedDocument("rss", title="t" * MAX_TITLE_CHARS, feed="f" * MAX_URL_CHARS)
    assert with_short_head(fits) is fits
    for long in (replace(fits, title="t" * 1_001), replace(fits, feed="f" * 2_049)):
        (fault,) = with_short_head(long).faults
        assert (fault.place, fault.reason) == (None, Reason.TOO_LARGE)


def test_of_a_long_payload_the_beginning_size_and_hash_are_kept() -> None:
    head, size, digest = kept(b"ab" * 50_000)
    assert (head, size) == (b"ab" * 32_768, 100_000)
    assert digest == hashlib.sha256(b"ab" * 50_000).hexdigest()
