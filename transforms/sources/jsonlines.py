"""JSON lines to RawArticles: one object a line, every broken line its own reject."""

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from schemas.reasons import Reason
from schemas.records import RawArticle, Reject, Segment
from schemas.rejects import reject
from transforms.sources.fields import RefusedRecord, article_of, without_surrogates
from transforms.sources.opening import MAX_RECORD_BYTES

MAX_DEPTH = 100
# Numbers stay as written: an id of 30 digits is not rounded, one of 5,000 costs no quadratic conversion.
# NaN and Infinity are no JSON, but Python and pandas write them for "missing": they are read as null.
# Raw tabs and line feeds inside strings are read too (strict=False). Of duplicate keys the last one counts.
_DECODER = json.JSONDecoder(parse_int=str, parse_float=str, parse_constant=lambda _: None, strict=False)
_SPACE = b" \t\r\n\x0b\x0c\x00"
_LONE_SURROGATE = re.compile(rb"\\u[dD][89a-fA-F]")


def read_lines(data: bytes, segment: Segment, mapping: Mapping[str, str]) -> tuple[list[RawArticle], list[Reject]]:
    """Return the articles and rejects of the segment's bytes; blank lines are neither."""
    articles: list[RawArticle] = []
    rejects: list[Reject] = []
    for number, line in _numbered(data, segment.first_place):
        uri = f"{segment.uri}#{segment.place}={number}"
        record = read_record(line, uri, mapping, segment.charset)
        if isinstance(record, RawArticle):
            articles.append(record)
        else:
            rejects.append(record)
    return articles, rejects


def read_record(line: bytes, uri: str, mapping: Mapping[str, str], charset: str = "utf-8") -> RawArticle | Reject:
    """Return the article of one JSON object, or why it is none; `uri` says where it stands."""
    try:
        return article_of(parse(line), uri, "jsonl", mapping, charset)
    except RefusedRecord as refusal:
        return reject(uri, "read", refusal.reason, str(refusal), line)


def _numbered(data: bytes, first: int) -> Iterator[tuple[int, bytes]]:
    for number, line in enumerate(data.split(b"\n"), first):
        stripped = line.strip(_SPACE)
        if stripped:
            yield number, stripped


def parse(line: bytes) -> dict[str, Any]:
    """Return the JSON object of a line; numbers come as strings, lone surrogates as U+FFFD.

    Raises:
        RefusedRecord: too large, too deep, not UTF-8, not JSON, or not an object.
    """
    # What costs least first: size, then UTF-8, then JSON.
    if len(line) > MAX_RECORD_BYTES:
        raise RefusedRecord(Reason.TOO_LARGE, f"{len(line):,} bytes; at most {MAX_RECORD_BYTES:,} are read")
    value = _decode(line)
    if not isinstance(value, dict):
        raise RefusedRecord(Reason.NOT_A_RECORD, f"the line holds {_kind_of(value)}, not an object with fields")
    # No value is deeper than it has opening brackets, so that nearly every line is spared the walk.
    if line.count(b"{") + line.count(b"[") > MAX_DEPTH and _depth(value) > MAX_DEPTH:
        raise RefusedRecord(Reason.TOO_DEEP, f"nested more than {MAX_DEPTH} deep")
    return without_surrogates(value) if _LONE_SURROGATE.search(line) else value


def is_record(line: bytes) -> bool:
    """Return whether a line reads as a record."""
    try:
        parse(line.strip(_SPACE))
    except RefusedRecord:
        return False
    return True


def _decode(line: bytes) -> Any:
    try:
        text = line.decode("utf-8")
    except UnicodeDecodeError as error:
        raise RefusedRecord(Reason.BAD_ENCODING, f"not UTF-8 at byte {error.start}: {error.reason}") from error
    try:
        return _DECODER.decode(text)
    except json.JSONDecodeError as error:
        raise RefusedRecord(Reason.BROKEN_RECORD, f"not JSON: {error.msg} at character {error.pos}") from error
    except RecursionError as error:
        raise RefusedRecord(Reason.TOO_DEEP, f"nested more than {MAX_DEPTH} deep") from error


def _depth(value: object) -> int:
    """Return how deep containers are nested, level by level, so that depth costs no stack."""
    depth, level = 0, [value]
    while containers := [part for part in level if isinstance(part, dict | list)]:
        depth += 1
        level = [part for parts in containers for part in (parts.values() if isinstance(parts, dict) else parts)]
    return depth


def _kind_of(value: object) -> str:
    if isinstance(value, list):
        return "an array"
    return "null" if value is None else "true or false" if isinstance(value, bool) else "a bare string or number"
