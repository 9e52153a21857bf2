"""One file to the segments that workers read: cut in place where possible, else into pieces under staging."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import partial

from schemas.reasons import Reason
from schemas.records import Segment
from transforms.sources import parquet
from transforms.sources.damage import before_damage, line_ends
from transforms.sources.examine import Examined, examine, utf8_blocks
from transforms.sources.find import Found
from transforms.sources.jsonlines import is_record
from transforms.sources.jsonvalues import cut_values
from transforms.sources.lines import Cut, CutLimits, cut_lines
from transforms.sources.opening import MAX_RECORD_BYTES, InputError
from transforms.sources.pieces import write_piece
from transforms.sources.tables import Dialect, cut_rows, row_ends, well_formed


@dataclass(frozen=True, slots=True)
class Stretch:
    """A segment, and how much of a chunk it fills."""

    segment: Segment
    records: int
    bytes: int


def stretches(found: Found, limits: CutLimits, staging: str, mapping: Mapping[str, str]) -> Iterator[Stretch]:
    """Yield the segments of one file in order, reading ahead one at a time; what is wrong with it comes last.

    Raises:
        UsageError: it is a table with neither text nor title.
    """
    if found.refusal:
        yield _refused(found, found.refusal, found.refusal_detail)
        return
    try:
        examined = examine(found, mapping)
        yield from _whole(examined) if examined.format.shape == "whole" else _parts(examined, limits, staging)
    except InputError as error:
        yield _refused(found, error.reason, str(error))


def _refused(found: Found, reason: Reason, detail: str) -> Stretch:
    # What the kind would have been nobody knows; a reject has none. It counts as one record, read and rejected.
    return Stretch(Segment(found.uri, found.path, "text", refusal=reason, refusal_detail=detail), 1, 0)


def _whole(examined: Examined) -> Iterator[Stretch]:
    found, kind = examined.found, examined.format.kind
    assert kind is not None
    # As stored; of a compressed one Read tells when it inflates.
    if found.bytes > MAX_RECORD_BYTES:
        raise InputError(Reason.TOO_LARGE, f"{found.bytes:,} bytes; at most {MAX_RECORD_BYTES:,} are read as one")
    yield Stretch(Segment(found.uri, found.path, kind), 1, found.bytes)


def _parts(examined: Examined, limits: CutLimits, staging: str) -> Iterator[Stretch]:
    if examined.empty:
        return
    # A small table is read where it lies. A large one's row groups are decoded once, here: no worker can begin in one.
    if examined.format.kind == "parquet" and parquet.fits(examined.found.path, limits):
        _, rows = parquet.columns_of(examined.found.path)
        yield Stretch(_segment(examined, Cut(0, rows, 1, rows, b"")), rows, examined.found.bytes)
        return
    for number, cut in enumerate(cuts(examined, limits)):
        # A piece for what no worker can begin in the middle of: compressed, recoded, an array, a row group.
        staged = not examined.in_place or examined.format.kind == "parquet"
        piece = write_piece(staging, examined.found.uri, number, cut.body) if staged else None
        yield Stretch(_segment(examined, cut, piece), cut.records, len(cut.body))


def cuts(examined: Examined, limits: CutLimits) -> Iterator[Cut]:
    """Yield a record format's stretches of whole records; raises InputError where the file breaks off."""
    if examined.format.kind == "parquet":
        return parquet.cut_table(examined.found.path, limits)
    found = _cuts(examined, limits)
    if examined.codec is None:  # what is stored plainly is damaged where it is damaged, and nowhere else
        return found
    if examined.format.shape != "rows":
        return before_damage(found, line_ends, is_record)
    dialect = _dialect(examined)
    return before_damage(found, partial(row_ends, dialect=dialect, final=True), partial(well_formed, dialect=dialect))


def _dialect(examined: Examined) -> Dialect:
    return Dialect(examined.format.delimiter, len(examined.format.header))


def _cuts(examined: Examined, limits: CutLimits) -> Iterator[Cut]:
    form = examined.format
    if form.shape == "values":
        return cut_values(utf8_blocks(examined), limits)
    start = form.mark_bytes + form.header_bytes if examined.in_place else 0
    if form.shape == "rows":
        return cut_rows(utf8_blocks(examined), limits, _dialect(examined), start)
    return cut_lines(utf8_blocks(examined), limits, start)


def _segment(examined: Examined, cut: Cut, piece: str | None = None) -> Segment:
    found, form = examined.found, examined.format
    assert form.kind is not None
    place = "item" if form.shape == "values" else "row" if form.shape == "rows" else "line"
    in_bytes = piece is not None and form.kind != "parquet"
    size = cut.end - cut.start
    return Segment(
        uri=f"{found.uri}#{place}={cut.first_place}" if cut.oversized else found.uri,
        path=piece or found.path,
        kind=form.kind,
        start=0 if piece else cut.start,
        end=len(cut.body) if in_bytes else cut.end,
        first_place=cut.first_place,
        charset=form.charset,
        header=form.header,
        delimiter=form.delimiter or ",",
        refusal=Reason.TOO_LARGE if cut.oversized else None,
        refusal_detail=f"{size:,} bytes; at most {MAX_RECORD_BYTES:,} are read" if cut.oversized else "",
        place=place,
    )
