"""Cutting line formats at record boundaries, reading ahead one chunk and never more than one record's limit."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from schemas.rejects import MAX_PAYLOAD_BYTES
from transforms.sources.opening import MAX_RECORD_BYTES, InputError


@dataclass(frozen=True, slots=True)
class CutLimits:
    """How much one cut holds at most, unless a single record is larger."""

    records: int
    bytes: int


@dataclass(frozen=True, slots=True)
class Cut:
    """A stretch of whole records; offsets count bytes of the stream that was cut."""

    start: int
    end: int
    first_place: int
    records: int  # at most so many: blank lines are counted here
    body: bytes  # the bytes from start to end; of an oversized record only the beginning
    oversized: bool = False  # one record larger than the limit


def cut_lines(blocks: Iterable[bytes], limits: CutLimits, start: int = 0) -> Iterator[Cut]:
    """Yield the stream in stretches of whole lines.

    Raises:
        InputError: the stream broke off; the whole lines before that have been yielded.
    """
    # Counted as blocks come and never from the beginning again: a line of 16 MB is 64 blocks.
    buffer, place, held = bytearray(), 1, 0
    blocks = iter(blocks)
    try:
        for block in blocks:
            buffer += block
            held += block.count(b"\n")
            while held and (len(buffer) >= limits.bytes or held >= limits.records):
                cut = _full_cut(buffer, limits, start, place)
                if not cut.body.isspace():
                    yield cut
                del buffer[: len(cut.body)]
                start, place, held = cut.end, place + cut.records, held - cut.records
            if not held and len(buffer) > MAX_RECORD_BYTES:
                oversized, buffer = skip_line(buffer, blocks, start, place)
                yield oversized
                start, place, held = oversized.end, place + 1, buffer.count(b"\n")
    except InputError:  # the line that it broke off in is no record
        yield from _rest(bytes(buffer[: buffer.rfind(b"\n") + 1]), start, place)
        raise
    yield from _rest(bytes(buffer), start, place)


def _full_cut(buffer: bytearray, limits: CutLimits, start: int, place: int) -> Cut:
    """Return the next cut of a buffer that holds at least one whole line."""
    # The last line end within the limit, else the first one behind it: no line is divided.
    end = buffer.rfind(b"\n", 0, limits.bytes) + 1 or buffer.find(b"\n", limits.bytes) + 1
    records = buffer.count(b"\n", 0, end)
    if records > limits.records:
        end, records = 0, limits.records
        for _ in range(records):
            end = buffer.find(b"\n", end) + 1
    return Cut(start, start + end, place, records, bytes(buffer[:end]))


def skip_line(head: bytearray, blocks: Iterator[bytes], start: int, place: int) -> tuple[Cut, bytearray]:
    """Pass over a line that is too large, counting it; return it as an oversized cut, and what follows it."""
    size, rest = len(head), bytearray()
    for block in blocks:
        ended = block.find(b"\n") + 1
        size += ended or len(block)
        if ended:
            rest = bytearray(block[ended:])
            break
    return Cut(start, start + size, place, 1, bytes(head[:MAX_PAYLOAD_BYTES]), oversized=True), rest


def _rest(rest: bytes, start: int, place: int) -> Iterator[Cut]:
    if rest.strip():
        records = rest.count(b"\n") + (not rest.endswith(b"\n"))
        yield Cut(start, start + len(rest), place, records, rest)
