"""Bytes of local files and of Beam file systems through one door; whatever names a `scheme://` goes to Beam."""

# Paths are strings here: they may be URLs or hold bytes that are no UTF-8, and they come by the million.
# ruff: noqa: PTH116, PTH123

import hashlib
import os
import re
from collections.abc import Iterator
from typing import BinaryIO

from schemas.reasons import Reason
from schemas.rejects import MAX_PAYLOAD_BYTES
from transforms.sources.redaction import scrubbed

BLOCK_BYTES = 256 * 1024
MAX_RECORD_BYTES = 16 * 1024 * 1024  # room for a text of a million characters, each of them escaped in JSON
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]+://")


class InputError(Exception):
    """An input cannot be read, or not further; `reason` and the message say why."""

    def __init__(self, reason: Reason, detail: str) -> None:
        super().__init__(detail)
        self.reason = reason


def _unreadable(error: OSError) -> InputError:
    return InputError(Reason.UNREADABLE, reason_of(error))


def is_remote(path: str) -> bool:
    """Whether `path` is a URL of a file system rather than a local path."""
    return _SCHEME.match(path) is not None


def open_bytes(path: str) -> BinaryIO:
    """Open a file for reading bytes, without decompressing anything.

    Raises:
        InputError: it cannot be opened.
    """
    try:
        return _open_remote(path) if is_remote(path) else open(path, "rb")
    except OSError as error:
        raise _unreadable(error) from error


def _open_remote(path: str) -> BinaryIO:
    from apache_beam.io.filesystem import BeamIOError, CompressionTypes  # noqa: PLC0415  Beam is slow to import
    from apache_beam.io.filesystems import FileSystems  # noqa: PLC0415

    # Beam would decompress by the file's name, without a bound; what it holds is found out and read by us.
    try:
        return FileSystems.open(path, compression_type=CompressionTypes.UNCOMPRESSED)
    except (BeamIOError, ValueError) as error:
        raise InputError(Reason.UNREADABLE, scrubbed(str(error))) from error


def size_of(path: str) -> int:
    """Return the size of a file in bytes.

    Raises:
        InputError: it cannot be opened.
    """
    if not is_remote(path):
        try:
            return os.stat(path).st_size
        except OSError as error:
            raise _unreadable(error) from error
    with open_bytes(path) as file:
        return file.seek(0, os.SEEK_END)


def head_of(path: str, size: int) -> bytes:
    """Return the first `size` bytes, fewer where the file is shorter; raises InputError."""
    return read_range(path, 0, size)


def read_range(path: str, start: int, end: int) -> bytes:
    """Return the bytes from `start` to `end`, fewer where the file is shorter; raises InputError."""
    with open_bytes(path) as file:
        try:
            file.seek(start)
            return file.read(end - start)
        except OSError as error:
            raise _unreadable(error) from error


def blocks_of(path: str, start: int = 0, end: int = -1) -> Iterator[bytes]:
    """Yield the bytes from `start` to `end` (-1: the end of the file) in blocks; raises InputError."""
    left = end - start if end >= 0 else -1
    with open_bytes(path) as file:
        try:
            file.seek(start)
            while left and (block := file.read(BLOCK_BYTES if left < 0 else min(BLOCK_BYTES, left))):
                left -= len(block) if left > 0 else 0
                yield block
        except OSError as error:
            raise _unreadable(error) from error


def sample_of(path: str, start: int, end: int) -> tuple[bytes, int, str]:
    """Return the beginning, the size and the SHA-256 of a stretch of any size, without holding it."""
    head, size, digest = b"", 0, hashlib.sha256()
    for block in blocks_of(path, start, end):
        if len(head) < MAX_PAYLOAD_BYTES:
            head += block[: MAX_PAYLOAD_BYTES - len(head)]
        size += len(block)
        digest.update(block)
    return head, size, digest.hexdigest()


def reason_of(error: OSError) -> str:
    """Return what the system says went wrong, without the path, which stands elsewhere."""
    return scrubbed(error.strerror or str(error) or type(error).__name__).lower()


def shown(path: str) -> str:
    """Return a path as valid Unicode: bytes of a file name that are no UTF-8 are written as escapes."""
    return os.fsencode(path).decode("utf-8", "backslashreplace")
