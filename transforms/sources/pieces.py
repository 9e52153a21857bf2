"""Decompressed, recoded or taken-apart stretches of inputs, written under staging until their slice is committed."""

import codecs
import hashlib
from collections.abc import Iterable, Iterator
from pathlib import Path

from transforms.sources.opening import is_remote


def write_piece(staging: str, uri: str, number: int, body: bytes) -> str:
    """Write one piece and return its path; the same input gives the same path on every run."""
    # One folder an input: a folder of a million files is slow on most file systems.
    name = hashlib.sha256(uri.encode("utf-8", "surrogatepass")).hexdigest()[:24]
    if is_remote(staging):
        return _write_remote(f"{staging.rstrip('/')}/inputs/{name}/{number:08d}", body)
    path = Path(staging, "inputs", name, f"{number:08d}")
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(body)
    return str(path)


def _write_remote(path: str, body: bytes) -> str:
    from apache_beam.io.filesystem import CompressionTypes  # noqa: PLC0415  Beam is slow to import
    from apache_beam.io.filesystems import FileSystems  # noqa: PLC0415

    with FileSystems.create(path, compression_type=CompressionTypes.UNCOMPRESSED) as file:
        file.write(body)
    return path


def recode(blocks: Iterable[bytes], charset: str, mark_bytes: int) -> Iterator[bytes]:
    """Yield blocks in another charset as UTF-8; bytes that are not valid in it become U+FFFD."""
    decoder = codecs.getincrementaldecoder(charset)("replace")  # a character may be cut between two blocks
    skip = mark_bytes
    for block in blocks:
        yield decoder.decode(block[skip:]).encode("utf-8", "surrogatepass")
        skip = max(0, skip - len(block))
    yield decoder.decode(b"", final=True).encode("utf-8", "surrogatepass")
