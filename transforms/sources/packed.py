"""Many records held as the bytes they travel as, taken out one at a time.

Python keeps a text at one, two or four bytes a letter, by its widest one: a feed of 15 MB with an emoji in each item is
60 MB of strings. As UTF-8 it is 15, and deflated no more than some megabytes, for a body has at most 5 MB as received.
"""

import json
import zlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar, overload

T = TypeVar("T")

# Below, deflating would cost more than it saves: most feeds have some 50 KB. Above, it costs what the archive of the
# body costs, 20 ms a megabyte.
_BLOCK_BYTES = 1 << 20
_FAST = 1
_ENCODE = json.JSONEncoder(ensure_ascii=False, check_circular=False).encode


@dataclass(frozen=True, slots=True)
class Packed(Sequence[T], Generic[T]):
    """Records, each a line; to read one is to decode it, so go through them in order and once.

    Attributes:
        decode: returns the record of a line; a function of a module, so that records can be sent on.
        number: how many there are.
        size: bytes of all lines, before deflating.
        blocks: deflated lines, each ended by a newline.
        rest: the last lines, as they are.
    """

    decode: Callable[[bytes], T]
    number: int = 0
    size: int = 0
    blocks: tuple[bytes, ...] = field(default=(), repr=False)
    rest: bytes = field(default=b"", repr=False)

    def lines(self) -> Iterator[bytes]:
        """Yield the records as lines, without their newlines."""
        # Inflated one at a time: whoever goes through them holds a megabyte.
        for block in self.blocks:
            yield from zlib.decompress(block).splitlines()
        yield from self.rest.splitlines()

    def __len__(self) -> int:
        return self.number

    def __iter__(self) -> Iterator[T]:
        return map(self.decode, self.lines())

    @overload
    def __getitem__(self, index: int) -> T: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[T]: ...
    def __getitem__(self, index: int | slice) -> T | Sequence[T]:
        """Return one or several; all before and after are decoded as well."""
        return tuple(self)[index]


def json_line(told: dict[str, Any] | str) -> bytes:
    """Return a record, or a text, as a line: JSON in UTF-8, lone surrogates as they are."""
    return _ENCODE(told).encode("utf-8", "surrogatepass")


def packed(lines: Iterable[bytes], decode: Callable[[bytes], T]) -> Packed[T]:
    """Return lines as records; none may hold a newline."""
    blocks: list[bytes] = []
    waiting = bytearray()
    number = size = 0
    for line in lines:
        waiting += line
        waiting += b"\n"
        number += 1
        if len(waiting) >= _BLOCK_BYTES:
            size += len(waiting)
            blocks.append(zlib.compress(waiting, _FAST))
            waiting.clear()
    return Packed(decode, number, size + len(waiting), tuple(blocks), bytes(waiting))
