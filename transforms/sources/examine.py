"""What one file is, found out from its first bytes: compression, format, charset, and what its columns mean."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import islice

from schemas.reasons import Reason
from transforms.sources import charset, parquet
from transforms.sources.columns import layout_of, unreadable_table
from transforms.sources.compressed import Codec, codec_of, inflate, inflate_head
from transforms.sources.fields import RefusedRecord
from transforms.sources.find import Found
from transforms.sources.jsonlines import parse
from transforms.sources.jsonvalues import split_values
from transforms.sources.lines import CutLimits, cut_lines
from transforms.sources.opening import MAX_RECORD_BYTES, InputError, blocks_of, head_of
from transforms.sources.pieces import recode
from transforms.sources.sniff import HEAD_BYTES, Format, format_of, is_line_extension
from transforms.sources.tables import header_of

# How far the first byte that is not ASCII is looked for: English text may have its first one late.
_ASCII_BYTES = 16 * 1024 * 1024
_TESTED_RECORDS = 100
_TESTED = CutLimits(records=_TESTED_RECORDS, bytes=4 * 1024 * 1024)


@dataclass(frozen=True, slots=True)
class Examined:
    """One input, and what it turned out to be."""

    found: Found
    format: Format
    codec: Codec | None = None
    columns: tuple[str, ...] = ()  # of a table; of JSON, those seen in the first records
    empty: bool = False  # holds no bytes at all

    @property
    def in_place(self) -> bool:
        """Whether records can be read where they lie, without a piece in staging."""
        return self.codec is None and self.format.charset == "utf-8" and self.format.shape != "values"


def examine(found: Found, mapping: Mapping[str, str]) -> Examined:
    """Return what a file is.

    Raises:
        InputError: it cannot be opened, or is damaged before its first byte.
        UsageError: it is a table with neither text nor title.
    """
    # An empty table holds no record; an empty text file is one record, which is refused.
    head = head_of(found.path, HEAD_BYTES)
    codec = codec_of(head)
    if codec:
        head = inflate_head(found.path, codec, HEAD_BYTES)
    if not head and is_line_extension(found.path):
        return Examined(found, Format("jsonl", "lines"), codec, empty=True)
    form = format_of(head, found.path)
    if form.kind is None:
        raise InputError(Reason.UNKNOWN_FORMAT, form.detail)
    if form.kind == "parquet":
        return _examined_parquet(found, form, codec, mapping)
    if form.shape == "whole":
        return Examined(found, form, codec)
    return _examined_lines(Examined(found, _in_charset(found, form, codec, head), codec), mapping)


def _examined_parquet(found: Found, form: Format, codec: Codec | None, mapping: Mapping[str, str]) -> Examined:
    if codec:
        raise InputError(Reason.UNKNOWN_FORMAT, "a compressed Parquet file; unpack it first")
    columns, _ = parquet.columns_of(found.path)
    if not layout_of(columns, mapping).readable:
        raise unreadable_table(found.uri, columns)
    return Examined(found, form, None, columns)


def _in_charset(found: Found, form: Format, codec: Codec | None, head: bytes) -> Format:
    """Return the format with the charset that the file's lines are in, and its header read in that charset."""
    if form.charset != "utf-8" or form.mark_bytes:  # the bytes said so
        return form
    name = _charset_of_lines(stored_blocks(found, codec), lenient=form.kind == "csv")
    if name == "utf-8":
        return form
    header = header_of(head.decode(name, "replace"), form.delimiter) if form.kind == "csv" else None
    if header:
        return replace(form, charset=name, header=header.names, header_bytes=header.end)
    return replace(form, charset=name)


def _charset_of_lines(blocks: Iterable[bytes], *, lenient: bool) -> str:
    """Return the charset of a line format without a mark; one bad line in good ones does not decide.

    JSON is UTF-8 by its definition, so that there one line of two or more that is not is a broken line (`lenient`
    is False); tables come in any charset, and one line with one accent may be all there is to tell it by.
    """
    sample = _beyond_ascii(blocks)
    lines = [line for line in sample.split(b"\n") if not line.isascii()]
    whole = lines[1:-1] if len(lines) > 2 else lines  # the outer two may be cut
    bad = [line for line in whole if not charset.decodes(line, "utf-8")]
    few = len(bad) < 2 and sample.strip().count(b"\n") > 0 and not lenient
    if few or 2 * len(bad) <= len(whole) or _is_cut_utf8(sample):
        return "utf-8"
    return charset.detect(b"\n".join(bad)) or "utf-8"


def _is_cut_utf8(sample: bytes) -> bool:
    """Whether the sample is UTF-8 but for a character cut at its end."""
    try:
        sample.decode("utf-8")
    except UnicodeDecodeError as error:
        return error.start >= len(sample) - 3
    return True


def _beyond_ascii(blocks: Iterable[bytes]) -> bytes:
    seen = 0
    try:
        for block in blocks:
            if not block.isascii():
                return block
            seen += len(block)
            if seen >= _ASCII_BYTES:
                break
    except InputError:
        return b""  # the damage is met again, and told, when the records are read
    return b""


def stored_blocks(found: Found, codec: Codec | None) -> Iterator[bytes]:
    """Yield a file's bytes, decompressed; raises InputError."""
    return inflate(found.path, codec) if codec else blocks_of(found.path)


def utf8_blocks(examined: Examined) -> Iterator[bytes]:
    """Yield a line format's records as UTF-8, without byte order mark and header; raises InputError."""
    form = examined.format
    if examined.in_place:
        return blocks_of(examined.found.path, form.mark_bytes + form.header_bytes)
    blocks = stored_blocks(examined.found, examined.codec)
    if form.charset == "utf-8":
        return _skip(blocks, form.mark_bytes + form.header_bytes)
    return _skip(recode(blocks, form.charset, form.mark_bytes), form.header_bytes)


def _skip(blocks: Iterable[bytes], size: int) -> Iterator[bytes]:
    for block in blocks:
        yield block[size:]
        size = max(0, size - len(block))


def _examined_lines(examined: Examined, mapping: Mapping[str, str]) -> Examined:
    form = examined.format
    # Told before anything is read: a wrong name costs a million rejects otherwise.
    columns = form.header if form.kind == "csv" else _columns_of_records(examined, mapping)
    if columns and not layout_of(columns, mapping).readable:
        raise unreadable_table(examined.found.uri, columns)
    return replace(examined, columns=columns)


def _columns_of_records(examined: Examined, mapping: Mapping[str, str]) -> tuple[str, ...]:
    """Return the keys of the first records: of one if it has a text or title, else of up to a hundred."""
    columns: dict[str, None] = {}
    for line in islice(_first_records(examined), _TESTED_RECORDS):
        try:
            columns.update(dict.fromkeys(parse(line.strip())))
        except RefusedRecord:
            continue
        if columns and layout_of(tuple(columns), mapping).readable:
            break
    return tuple(columns)


def _first_records(examined: Examined) -> Iterator[bytes]:
    try:
        if examined.format.shape == "values":
            yield from split_values(utf8_blocks(examined))
            return
        for cut in cut_lines(_limited(utf8_blocks(examined)), _TESTED):
            yield from (line for line in cut.body.split(b"\n") if line.strip())
    except InputError:
        return


def _limited(blocks: Iterable[bytes]) -> Iterator[bytes]:
    seen = 0
    for block in blocks:
        yield block
        seen += len(block)
        if seen > MAX_RECORD_BYTES:
            return
