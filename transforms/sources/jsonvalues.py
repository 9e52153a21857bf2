"""JSON that is not one object a line: an array, or objects written over several lines, taken apart as it streams.

Each element becomes a line of its own, so that the reader of JSON lines reads it; memory holds one element.
"""

import re
from collections.abc import Iterable, Iterator

from schemas.reasons import Reason
from transforms.sources.lines import Cut, CutLimits
from transforms.sources.opening import MAX_RECORD_BYTES, InputError

# A string, a string that has not ended yet, or a bracket. Possessive, so that no input makes it backtrack.
_TOKEN = re.compile(rb'"[^"\\]*+(?:\\.[^"\\]*+)*+"|"|[\[\]{}]', re.DOTALL)
_BETWEEN = b" \t\r\n,"
_BREAKS = bytes.maketrans(b"\r\n", b"  ")


def cut_values(blocks: Iterable[bytes], limits: CutLimits) -> Iterator[Cut]:
    """Yield the elements of the stream as stretches of lines; `first_place` counts elements from 1.

    Raises:
        InputError: the stream broke off, or an element is larger than a record may be, so that its end cannot be
            looked for; the whole elements before that have been yielded.
    """
    held: list[bytes] = []
    size, place = 0, 1
    try:
        for value in split_values(blocks):
            if held and (size + len(value) >= limits.bytes or len(held) == limits.records):
                yield _joined(held, place)
                held, size, place = [], 0, place + len(held)
            # In JSON a line break stands between tokens only; in a string it is escaped, or the string is broken.
            held.append(value.translate(_BREAKS) + b"\n")
            size += len(value) + 1
    except InputError:
        if held:
            yield _joined(held, place)
        raise
    if held:
        yield _joined(held, place)


def _joined(lines: list[bytes], place: int) -> Cut:
    body = b"".join(lines)
    return Cut(0, len(body), place, len(lines), body)


def split_values(blocks: Iterable[bytes]) -> Iterator[bytes]:
    """Yield each element of the outermost array, or each value outside one, as it stands; raises as `cut_values`."""
    scan, held, size = _Scan(), [], 0
    for block in blocks:
        held.append(block)
        size += len(block)
        # A string that has not ended is looked at again only when the bytes have doubled.
        if size >= len(scan.buffer):
            yield from scan.feed(b"".join(held))
            held, size = [], 0
    yield from scan.feed(b"".join(held))
    if rest := scan.buffer.strip(_BETWEEN):
        yield rest


class _Scan:
    """Where the scan stands: the bytes not yielded yet, how far they were looked at, how deep that is."""

    def __init__(self) -> None:
        self.buffer = b""
        self._at = 0  # looked at up to here
        self._begin = 0  # of the element under way, or of what follows the last one
        self._depth = 0
        self._floor: int | None = None  # depth at which elements stand: 1 inside an outermost array

    def feed(self, block: bytes) -> Iterator[bytes]:
        self.buffer += block
        for token in _TOKEN.finditer(self.buffer, self._at):
            if token[0] == b'"':
                self._at = token.start()
                break
            self._at = token.end()
            if not token[0].startswith(b'"'):
                yield from self._bracket(token[0], token.start())
        # Cut once a block and not once an element, which would copy what is left for each.
        self.buffer = self.buffer[self._begin :]
        self._at, self._begin = max(self._at - self._begin, 0), 0
        if len(self.buffer) > MAX_RECORD_BYTES:
            raise InputError(
                Reason.TOO_LARGE, f"an element is larger than {MAX_RECORD_BYTES:,} bytes; it and what follows is unread"
            )

    def _bracket(self, bracket: bytes, start: int) -> Iterator[bytes]:
        opens = bracket in b"[{"
        if self._floor is None:
            self._floor = 1 if bracket == b"[" else 0
            yield from self._between(start, start + (bracket == b"["))
        elif opens and self._depth == self._floor:
            yield from self._between(start, start)
        self._depth += 1 if opens else -1
        if opens or self._depth > self._floor:
            return
        if self._depth == self._floor:
            yield self.buffer[self._begin : start + 1]
            self._begin = start + 1
        else:  # the outermost array ends, or a bracket closes what was never opened
            yield from self._between(start, start + 1)
            self._depth = self._floor = 0

    def _between(self, end: int, begin: int) -> Iterator[bytes]:
        stray = self.buffer[self._begin : end].strip(_BETWEEN)
        self._begin = begin
        if stray:
            yield stray
