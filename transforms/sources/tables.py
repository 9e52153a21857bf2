"""Delimited tables as bytes: where rows end, what parts their fields, which line is the header.

Rows are found by the rules of Python's csv module (its non-strict reader), but without holding the file: a quote
opens a field only at the field's beginning, and a doubled quote is a quote.
"""

import csv
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from schemas.rejects import MAX_PAYLOAD_BYTES
from transforms.sources.lines import Cut, CutLimits, skip_line
from transforms.sources.opening import MAX_RECORD_BYTES, InputError

DELIMITERS = (",", "\t", ";", "|")  # of two under which a table reads equally well the first wins
_SAMPLE_ROWS = 50


@dataclass(frozen=True, slots=True)
class Dialect:
    """What parts the fields of a table (one ASCII character), and how many there are; 0 if that is not known."""

    delimiter: str = ","
    columns: int = 0


@dataclass(frozen=True, slots=True)
class Header:
    """The header of a table: its names in order, the bytes it takes, and the delimiter."""

    names: tuple[str, ...]
    end: int
    delimiter: str


@lru_cache(maxsize=16)
def _row_pattern(delimiter: str) -> re.Pattern[bytes]:
    # Possessive throughout, so that no input makes it backtrack. It fails on a quote that does not close.
    mark = re.escape(delimiter.encode("ascii"))
    rest = rb"[^" + mark + rb"\r\n]*+"
    field = rb'(?:"[^"]*+(?:""[^"]*+)*+"(?!")' + rest + rb'|(?!")' + rest + rb")"
    return re.compile(field + rb"(?:" + mark + field + rb")*+(?:\r\n?|\n|\Z)")


_PHYSICAL_LINE = re.compile(rb"[^\r\n]*+(?:\r\n?|\n|\Z)")


def row_ends(data: bytes | bytearray, dialect: Dialect, *, final: bool) -> Iterator[tuple[int, int]]:
    """Yield (start, end) of each row that is complete, blank ones too; `final`: nothing follows the data.

    A quote that never closes, or closes only in a later row so that the columns no longer count up, costs its own
    line: the row then ends at its first line break.
    """
    pattern, start = _row_pattern(dialect.delimiter), 0
    while start < len(data):
        found = pattern.match(data, start)
        if found is None and not final and len(data) - start <= MAX_RECORD_BYTES:
            return
        end = found.end() if found else _end_of_line(data, start)
        if not final and end >= len(data):
            return  # more may follow: a field that goes on, or the line feed after a carriage return
        if found and _swallowed(data, start, end, dialect):
            end = _end_of_line(data, start)
        yield start, end
        start = end


def _end_of_line(data: bytes | bytearray, start: int) -> int:
    found = _PHYSICAL_LINE.match(data, start)  # whatever quotes say
    return found.end() if found else len(data)


def _swallowed(data: bytes | bytearray, start: int, end: int, dialect: Dialect) -> bool:
    """Whether a row that is not well formed ran over a line break behind which well-formed rows stand."""
    line_end = _end_of_line(data, start)
    if not dialect.columns or line_end >= end or well_formed(data[start:end], dialect):
        return False
    # A quote that a writer forgot to double or to close swallows what follows: rows that are whole alone prove it.
    behind = bytes(data[line_end:end])
    rows = [behind[first:last] for first, last in row_ends(behind, Dialect(dialect.delimiter), final=True)]
    return bool(rows) and all(well_formed(row, dialect) for row in rows)


def well_formed(row: bytes | bytearray, dialect: Dialect) -> bool:
    """Return whether a row is as wide as the header, and nothing but a delimiter follows a closing quote."""
    csv.field_size_limit(MAX_RECORD_BYTES)
    text = row.decode("utf-8", "replace").rstrip("\r\n")
    try:
        return len(next(csv.reader([text], delimiter=dialect.delimiter, strict=True), [])) == dialect.columns
    except csv.Error:
        return False


def is_closed(row: bytes, delimiter: str) -> bool:
    """Whether every quoted field of the row ends."""
    return _row_pattern(delimiter).match(row) is not None


def fields_of(row: str, delimiter: str) -> list[str]:
    """Return the fields of one row.

    Raises:
        csv.Error: a field is larger than a record may be, or a line break stands outside quotes.
    """
    # The limit is a setting of the whole process; ours is the one that the design names.
    csv.field_size_limit(MAX_RECORD_BYTES)
    return next(csv.reader([row], delimiter=delimiter), [])


def cut_rows(
    blocks: Iterable[bytes], limits: CutLimits, dialect: Dialect, start: int = 0, place: int = 1
) -> Iterator[Cut]:
    """Yield the stream in stretches of whole rows; blank rows are not counted.

    Raises:
        InputError: the stream broke off; the whole rows before that have been yielded.
    """
    buffer, wanted = bytearray(), limits.bytes
    blocks = iter(blocks)
    try:
        for block in blocks:
            buffer += block
            if len(buffer) < wanted:
                continue
            held = len(buffer)
            for cut in _stretches(bytes(buffer), limits, dialect, start, place, final=False):
                yield cut
                del buffer[: cut.end - start]
                start, place = cut.end, cut.first_place + cut.records
            if len(buffer) > MAX_RECORD_BYTES:
                oversized, buffer = skip_line(buffer, blocks, start, place)
                yield oversized
                start, place = oversized.end, place + 1
            # A row that has not ended is tried again when it has doubled: its quotes are walked a few times only.
            wanted = max(limits.bytes, min(2 * held, MAX_RECORD_BYTES + 1) if len(buffer) == held else 0)
    except InputError:
        yield from _stretches(bytes(buffer), limits, dialect, start, place, final=False)
        raise
    yield from _stretches(bytes(buffer), limits, dialect, start, place, final=True)


def _stretches(
    data: bytes, limits: CutLimits, dialect: Dialect, start: int, place: int, *, final: bool
) -> Iterator[Cut]:
    first = last = records = 0
    for row_start, row_end in row_ends(data, dialect, final=final):
        large = row_end - row_start > MAX_RECORD_BYTES
        if records and (large or row_end - first > limits.bytes or records == limits.records):
            yield Cut(start + first, start + last, place, records, data[first:last])
            first, place, records = last, place + records, 0
        if large:
            body = data[row_start : row_start + MAX_PAYLOAD_BYTES]
            yield Cut(start + row_start, start + row_end, place, 1, body, oversized=True)
            first, last, place = row_end, row_end, place + 1
            continue
        records += bool(data[row_start:row_end].strip())
        last = row_end
    if records:
        yield Cut(start + first, start + last, place, records, data[first:last])


def header_of(text: str, delimiter: str = "") -> Header | None:
    """Return the header of a table whose beginning is `text` (at most some 64 KB), or None if it reads as no table.

    With no delimiter given, the one is taken under which most rows are as wide as the header.
    """
    tried = [_try(text, mark) for mark in ((delimiter,) if delimiter else DELIMITERS)]
    fitting = [(agreement, header) for agreement, header in tried if header]
    if not fitting:
        return None
    # A table of one column agrees with any delimiter that does not occur in it.
    return max(fitting, key=lambda found: (found[0] * (len(found[1].names) > 1), len(found[1].names)))[1]


def _try(text: str, delimiter: str) -> tuple[float, Header | None]:
    """Return what share of the first rows is as wide as the header, and the header."""
    data = text.encode("utf-8", "surrogatepass")
    rows: list[tuple[int, list[str]]] = []
    for start, end in row_ends(data, Dialect(delimiter), final=True):
        row = data[start:end].rstrip(b"\r\n").decode("utf-8", "surrogatepass")
        if row.strip():
            try:
                rows.append((end, fields_of(row, delimiter)))
            except csv.Error:
                return 0.0, None
        if len(rows) > _SAMPLE_ROWS:
            break
    if not rows:
        return 0.0, None
    end, names = rows[0]
    following = [len(fields) for _, fields in rows[1:]]
    agreement = (following.count(len(names)) + 1) / (len(following) + 1)
    return agreement, Header(_distinct(names), end, delimiter)


def _distinct(names: list[str]) -> tuple[str, ...]:
    """Return the names of a header without blanks around them; empty and repeated ones get their column's number."""
    seen: list[str] = []
    for number, name in enumerate((name.strip() for name in names), 1):
        seen.append(f"{name or 'column'}.{number}" if not name or name in seen else name)
    return tuple(seen)
