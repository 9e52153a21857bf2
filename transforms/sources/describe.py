"""What an ingest would read, for --dry-run: formats, columns and their meaning, counts, problems; writes nothing."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from schemas.errors import UsageError
from transforms.sources import charset, parquet
from transforms.sources.columns import check_mapping, meaning
from transforms.sources.compressed import inflate_head
from transforms.sources.examine import Examined, examine
from transforms.sources.find import Found, find
from transforms.sources.lines import Cut, CutLimits
from transforms.sources.opening import InputError, head_of
from transforms.sources.prepass import decode_html, decode_xml
from transforms.sources.segments import cuts

# Up to this size records are counted; beyond it they are estimated from those before it.
_COUNTED_BYTES = 64 * 1024 * 1024
_HEAD_BYTES = 256 * 1024
_LIMITS = CutLimits(records=1_000, bytes=4 * 1024 * 1024)


@dataclass(frozen=True, slots=True)
class InputReport:
    """What one file is; `records` is None where only reading it tells (feeds)."""

    uri: str
    format: str  # a source kind, "" if it is refused
    bytes: int
    compression: str | None = None
    charset: str = "utf-8"
    records: int | None = None
    exact: bool = True
    columns: tuple[tuple[str, str], ...] = ()  # (column, field or "extra")
    problems: tuple[str, ...] = ()


def describe(inputs: Sequence[str], mapping: Mapping[str, str]) -> Iterator[InputReport]:
    """Return a report on each file of the inputs, in reading order, made as it is asked for.

    Raises:
        UsageError: an input does not exist, or a field of the mapping. A table without text or title is a problem here.
    """
    # By the functions that an ingest reads by, so that both say the same.
    check_mapping(mapping)
    return (_report(found, mapping) for found in find(inputs))


def _report(found: Found, mapping: Mapping[str, str]) -> InputReport:
    if found.refusal:
        return InputReport(found.uri, "", found.bytes, problems=(f"{found.refusal}: {found.refusal_detail}",))
    try:
        return _report_of(examine(found, mapping), mapping)
    except InputError as error:
        return InputReport(found.uri, "", found.bytes, problems=(f"{error.reason}: {error}",))
    except UsageError as error:
        return InputReport(found.uri, "", found.bytes, problems=(str(error),))


def _report_of(examined: Examined, mapping: Mapping[str, str]) -> InputReport:
    records, exact, problem = _counted(examined)
    absent = [f"no column {column!r} for {target}" for target, column in mapping.items() if _lacks(examined, column)]
    return InputReport(
        uri=examined.found.uri,
        format=examined.format.kind or "",
        bytes=examined.found.bytes,
        compression=examined.codec,
        charset=_charset_of(examined),
        records=records,
        exact=exact,
        columns=meaning(examined.columns, mapping),
        problems=tuple(absent + ([problem] if problem else [])),
    )


def _charset_of(examined: Examined) -> str:
    """Return the charset; of a whole file as far as its beginning shows it."""
    form, found = examined.format, examined.found
    if form.shape != "whole" or form.kind is None:
        return form.charset
    head = inflate_head(found.path, examined.codec, _HEAD_BYTES) if examined.codec else head_of(found.path, _HEAD_BYTES)
    if len(head) == _HEAD_BYTES:
        head = _without_cut_character(head)
    if form.kind == "text":
        try:
            return charset.decide(head).name
        except charset.UndecodableError:
            return "unknown"
    return (decode_html(head) if form.kind == "html" else decode_xml(head)).charset


def _without_cut_character(head: bytes) -> bytes:
    for cut in range(4):  # a character of UTF-8 has four bytes at most
        if charset.decodes(head[: len(head) - cut], "utf-8"):
            return head[: len(head) - cut]
    return head[: head.rfind(b"\n") + 1] or head


def _lacks(examined: Examined, column: str) -> bool:
    # The keys of JSON records vary; those of the first ones prove nothing about the others.
    return bool(examined.columns) and examined.format.kind != "jsonl" and column not in examined.columns


def _counted(examined: Examined) -> tuple[int | None, bool, str]:
    """Return how many records there are, whether they were counted, and what went wrong counting."""
    form = examined.format
    if examined.empty:
        return 0, True, "the file is empty"
    if form.shape == "whole":
        return (1 if form.kind in {"text", "html"} else None), True, ""
    if form.kind == "parquet":
        return parquet.columns_of(examined.found.path)[1], True, ""
    records = size = 0
    try:
        for cut in cuts(examined, _LIMITS):
            records, size = records + _held(cut, examined), size + len(cut.body)
            if size > _COUNTED_BYTES:
                return _estimate(examined, records, size), False, ""
    except InputError as error:
        return records, False, f"{error.reason}: {error}"
    return records, True, "" if records else "the file holds no records"


def _held(cut: Cut, examined: Examined) -> int:
    # A cut of lines counts blank ones too.
    lines = examined.format.shape == "lines" and not cut.oversized
    return sum(bool(line.strip()) for line in cut.body.split(b"\n")) if lines else cut.records


def _estimate(examined: Examined, records: int, size: int) -> int | None:
    return records * examined.found.bytes // size if examined.codec is None else None
