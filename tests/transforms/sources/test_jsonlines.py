import json
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.reasons import Reason
from schemas.records import Segment
from transforms.sources.fields import RefusedRecord
from transforms.sources.jsonlines import MAX_DEPTH, parse, read_lines
from transforms.sources.opening import MAX_RECORD_BYTES

SEGMENT = Segment(uri="a.jsonl", path="a.jsonl", kind="jsonl", first_place=5)
GOOD = b'{"id": "1", "title": "Rain", "text": "It rained all day."}'


def reasons(data: bytes) -> list[Reason]:
    return [refused.reason for refused in read_lines(data, SEGMENT, {})[1]]


def test_a_line_becomes_an_article_with_its_place() -> None:
    [article], rejects = read_lines(GOOD + b"\n", SEGMENT, {})
    assert (article.source_uri, article.item_id, article.title, article.text) == (
        "a.jsonl#line=5",
        "1",
        "Rain",
        "It rained all day.",
    )
    assert article.source_kind == "jsonl"
    assert not rejects


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (b'{"title": "Rain"', Reason.BROKEN_RECORD),
        (b'{"title": "Rain"} {"title": "Sun"}', Reason.BROKEN_RECORD),
        (b"no JSON at all", Reason.BROKEN_RECORD),
        (b"{'title': 'Rain'}", Reason.BROKEN_RECORD),
        (b'["Rain"]', Reason.NOT_A_RECORD),
        (b'"Rain"', Reason.NOT_A_RECORD),
        (b"12", Reason.NOT_A_RECORD),
        (b"null", Reason.NOT_A_RECORD),
        (b"true", Reason.NOT_A_RECORD),
        (b"{}", Reason.NOT_A_RECORD),
        (b'{"title": "R\xff\xfe"}', Reason.BAD_ENCODING),
        (b'{"title": "\xed\xa0\x80"}', Reason.BAD_ENCODING),
        (b'{"text": {"html": "Rain"}}', Reason.BAD_FIELD),
        (b'{"title": "Rain", "text": true}', Reason.BAD_FIELD),
        (b'{"text": [["a"], ["b"]]}', Reason.BAD_FIELD),
        (b'{"text": "' + b"x" * 1_000_001 + b'"}', Reason.TOO_LARGE),
        (b'{"title": "x", "a": ' + b"[" * 100 + b"]" * 100 + b"}", Reason.TOO_DEEP),
        (b'{"title": "x", "a": ' + b"[" * 100_000 + b"]" * 100_000 + b"}", Reason.TOO_DEEP),
        (b"[" * 100_000, Reason.TOO_DEEP),
    ],
)
def test_a_broken_line_costs_only_itself(line: bytes, reason: Reason) -> None:
    articles, [refused] = read_lines(b"\n".join([GOOD, line, GOOD]), SEGMENT, {})
    assert refused.reason == reason
    assert refused.source_uri == "a.jsonl#line=6"
    assert refused.payload_bytes == len(line)
    assert [article.source_uri for article in articles] == ["a.jsonl#line=5", "a.jsonl#line=7"]


def test_the_deepest_allowed_record_is_read() -> None:
    levels = MAX_DEPTH - 1
    assert parse(b'{"title": "x", "a": ' + b"[" * levels + b"]" * levels + b"}")["title"] == "x"


def test_many_brackets_that_are_not_deep_are_read() -> None:
    assert parse(b'{"title": "[[[' + b"[" * 500 + b'", "a": [' + b",".join([b"[]"] * 500) + b"]}")


def test_blank_lines_are_neither_articles_nor_rejects() -> None:
    articles, rejects = read_lines(b"\n\n" + GOOD + b"\r\n  \r\n\t\n" + GOOD, SEGMENT, {})
    assert [article.source_uri for article in articles] == ["a.jsonl#line=7", "a.jsonl#line=10"]
    assert not rejects


@pytest.mark.parametrize("written", ["NaN", "Infinity", "-Infinity", "null"])
def test_what_python_writes_for_missing_is_missing(written: str) -> None:
    [article], _ = read_lines(b'{"title": "Rain", "author": %s}' % written.encode(), SEGMENT, {})
    assert article.authors == ()
    assert article.extra == ()


def test_numbers_stay_as_written() -> None:
    digits = "9" * 5_000
    [article], _ = read_lines(b'{"id": %s, "title": "x", "price": 1.10}' % digits.encode(), SEGMENT, {})
    assert article.item_id == digits
    assert article.extra == (("price", "1.10"),)


def test_lone_surrogates_are_replaced_and_pairs_are_joined() -> None:
    line = rb'{"title": "a\ud83dz", "text": "\ud83d\ude00 \udc00", "k\ud800": "v"}'
    [article], _ = read_lines(line, SEGMENT, {})
    assert article.title == "a\ufffdz"
    assert article.text == "😀 \ufffd"
    assert article.extra == (("k\ufffd", "v"),)


def test_of_duplicate_keys_the_last_one_counts() -> None:
    assert parse(b'{"title": "first", "title": "last"}') == {"title": "last"}


def test_raw_tabs_in_strings_are_read() -> None:
    assert parse(b'{"title": "a\tb"}') == {"title": "a\tb"}


def test_a_line_past_the_limit_is_refused_without_parsing() -> None:
    with pytest.raises(RefusedRecord, match="16,777,216") as caught:
        parse(b'{"title": "' + b"x" * MAX_RECORD_BYTES + b'"}')
    assert caught.value.reason == Reason.TOO_LARGE


@pytest.mark.parametrize(
    "line",
    [b'{"a":' * 300_000, b'{"a":[' * 200_000, b'["' * 400_000, b"\\" * 1_000_000, b'{"a":"' + b"\\u" * 400_000],
    ids=["objects", "both", "strings", "backslashes", "escapes"],
)
def test_no_line_takes_long(line: bytes) -> None:
    started = time.process_time()
    assert reasons(line)
    assert time.process_time() - started < 2


@given(
    st.dictionaries(
        st.text(), st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.lists(st.text())
    )
)
def test_any_object_is_read_or_refused_with_a_reason(record: dict[str, object]) -> None:
    line = json.dumps(record).encode()
    articles, rejects = read_lines(line, SEGMENT, {})
    assert len(articles) + len(rejects) == 1
    for article in articles:
        article.raw_sha256.encode("ascii")
        repr(article).encode("utf-8")  # no lone surrogate is left


@given(st.binary())
def test_any_bytes_are_accounted_for(data: bytes) -> None:
    articles, rejects = read_lines(data, SEGMENT, {})
    blank = b" \t\r\n\x0b\x0c\x00"
    assert len(articles) + len(rejects) == sum(1 for line in data.split(b"\n") if line.strip(blank))
