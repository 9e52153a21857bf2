"""Reading through .gz, .zst and .bz2 in bounded memory. The seam of zstandard."""

import bz2
import zlib
from collections.abc import Iterable, Iterator
from typing import Any, Literal, Protocol

from schemas.reasons import Reason
from transforms.sources.opening import BLOCK_BYTES, InputError, blocks_of

Codec = Literal["gzip", "zstd", "bzip2"]
# News text shrinks 3 to 10 times; a file that is past 100 MB and still above 200:1 was made to fill disks.
MAX_RATIO, RATIO_FREE_BYTES = 200, 100 * 1024 * 1024
# `zstd --long` goes up to 2 GB of window, which a reader must hold; up to 128 MB every zstd reads without being asked.
_ZSTD_WINDOW_BYTES = 128 * 1024 * 1024
_MAGIC: tuple[tuple[bytes, Codec], ...] = (
    (b"\x1f\x8b\x08", "gzip"),
    (b"\x28\xb5\x2f\xfd", "zstd"),
    (b"BZh", "bzip2"),
)


class DamagedError(InputError):
    """Compressed bytes are not what was written; what was inflated shortly before may be nonsense."""


def codec_of(head: bytes) -> Codec | None:
    """Return how a file that begins so is compressed, or None."""
    # By content, for files are misnamed and renamed more often than their first bytes lie.
    codec = next((codec for magic, codec in _MAGIC if head.startswith(magic)), None)
    # "BZh" also begins words; the block size and the block's own mark follow it.
    return None if codec == "bzip2" and not (head[3:4].isdigit() and head[4:10] in _BZIP2_BLOCKS) else codec


_BZIP2_BLOCKS = (b"\x31\x41\x59\x26\x53\x59", b"\x17\x72\x45\x38\x50\x90")


def inflate(path: str, codec: Codec) -> Iterator[bytes]:
    """Yield what a compressed file holds in blocks of some 256 KB (zstd: at most 17 MB).

    Raises:
        InputError: it cannot be opened, is damaged (DamagedError) or cut short, or inflates beyond 200:1; what came
            before that has been yielded.
    """
    inflated = 0
    counted = _Counted(blocks_of(path))
    for block in _members(counted, _PARTS[codec]):
        inflated += len(block)
        # Against what was taken of the file so far: told before a disk is full, not at the end.
        if inflated > RATIO_FREE_BYTES and inflated > MAX_RATIO * counted.bytes:
            raise InputError(Reason.BROKEN_ARCHIVE, f"inflates more than {MAX_RATIO}:1 ({inflated:,} bytes so far)")
        yield block


def inflate_head(path: str, codec: Codec, size: int) -> bytes:
    """Return the first `size` bytes of what a compressed file holds, fewer where it is shorter or damaged.

    Raises:
        InputError: it cannot be opened, or is damaged before its first byte.
    """
    head = b""
    try:
        for block in inflate(path, codec):
            head += block
            if len(head) >= size:
                break
    except InputError:
        if not head:
            raise
    return head[:size]


class _Counted:
    """The blocks of a file, and how many bytes of them were taken."""

    def __init__(self, blocks: Iterable[bytes]) -> None:
        self._blocks, self.bytes = iter(blocks), 0

    def __iter__(self) -> Iterator[bytes]:
        for block in self._blocks:
            self.bytes += len(block)
            yield block


class _Inflater(Protocol):
    """What zlib, bz2 and zstandard have in common once adapted: bounded output, the end seen, the rest kept."""

    @property
    def eof(self) -> bool: ...
    @property
    def unused_data(self) -> bytes: ...
    def feed(self, data: bytes) -> Iterator[bytes]: ...


class _OfPython:
    """What zlib's and bz2's inflaters share."""

    _inflater: Any

    @property
    def eof(self) -> bool:
        return bool(self._inflater.eof)

    @property
    def unused_data(self) -> bytes:
        return bytes(self._inflater.unused_data)


class _Gzip(_OfPython):
    def __init__(self) -> None:
        self._inflater = zlib.decompressobj(wbits=31)

    def feed(self, data: bytes) -> Iterator[bytes]:
        while data and not self.eof:  # a block at most each time: 1 KB may become 1 MB
            yield self._inflater.decompress(data, BLOCK_BYTES)
            data = self._inflater.unconsumed_tail


class _Bzip2(_OfPython):
    def __init__(self) -> None:
        self._inflater = bz2.BZ2Decompressor()

    def feed(self, data: bytes) -> Iterator[bytes]:
        yield self._inflater.decompress(data, BLOCK_BYTES)
        while not self.eof and not self._inflater.needs_input:
            yield self._inflater.decompress(b"", BLOCK_BYTES)


class _Zstd:
    """One frame. Fed 512 bytes at a time, because a piece's output cannot be bounded: 4 bytes may become 128 KB."""

    def __init__(self) -> None:
        import zstandard  # noqa: PLC0415  only where a file needs it

        self._inflater = zstandard.ZstdDecompressor(max_window_size=_ZSTD_WINDOW_BYTES).decompressobj()
        self._error: type[Exception] = zstandard.ZstdError
        self.eof, self.unused_data = False, b""

    def feed(self, data: bytes) -> Iterator[bytes]:
        ready = b""
        for at in range(0, len(data), 512):
            ready += self._piece(data[at : at + 512])
            if self._inflater.eof:
                self.eof, self.unused_data = True, self._inflater.unused_data + data[at + 512 :]
                break
            if len(ready) >= BLOCK_BYTES:
                yield ready
                ready = b""
        yield ready

    def _piece(self, data: bytes) -> bytes:
        try:
            return self._inflater.decompress(data)
        except self._error as error:
            raise DamagedError(Reason.BROKEN_ARCHIVE, f"damaged: {error}") from error


def _members(blocks: Iterable[bytes], make: type[_Gzip] | type[_Bzip2] | type[_Zstd]) -> Iterator[bytes]:
    """Yield the content of one or more members on end; zeros after the last one are padding."""
    inflater: _Inflater = make()
    fresh = True
    for block in blocks:
        data = block
        while data:
            if fresh and not (data := data.lstrip(b"\0")):
                break
            fresh = False
            try:
                yield from inflater.feed(data)
            except (zlib.error, OSError, EOFError) as error:
                raise DamagedError(Reason.BROKEN_ARCHIVE, f"damaged: {error}") from error
            # Files of several members are what `cat a.gz b.gz` and parallel compressors write.
            data = inflater.unused_data
            if inflater.eof:
                inflater, fresh = make(), True
    if not fresh:
        raise InputError(Reason.BROKEN_ARCHIVE, "cut short")


_PARTS: dict[Codec, type[_Gzip] | type[_Bzip2] | type[_Zstd]] = {"gzip": _Gzip, "bzip2": _Bzip2, "zstd": _Zstd}
