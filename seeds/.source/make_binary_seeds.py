"""Make the seeds that no text editor can change: compressed, Parquet and files in older charsets.

Edit the readable text beside this script, then run `python seeds/.source/make_binary_seeds.py`.
The same text gives the same bytes: no file times are stored, and a file that already says the same is left alone.
"""

import gzip
import io
import json
import zlib
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import zstandard

SOURCE = Path(__file__).resolve().parent
SEEDS = SOURCE.parent

CHARSETS = {
    "texts/fr-atlas.txt": "windows-1252",
    "texts/ru-magnolia.txt": "windows-1251",
    "texts/el-shepherd.txt": "utf-16",
    "pages/cs-orloj.html": "windows-1250",
}
DESK = pa.schema(
    [
        ("id", pa.string()),
        ("url", pa.string()),
        ("title", pa.string()),
        ("text", pa.string()),
        ("published_at", pa.timestamp("us", tz="UTC")),
        ("source", pa.string()),
        ("language", pa.string()),
        ("authors", pa.list_(pa.string())),
        ("edition", pa.int32()),
    ]
)


def encoded(text: str, charset: str) -> bytes:
    """Return `text` in `charset`; UTF-16 is little-endian with its byte order mark on every machine."""
    if charset == "utf-16":
        return b"\xff\xfe" + text.encode("utf-16-le")
    return text.encode(charset)


def zipped(content: bytes) -> bytes:
    """Return a gzip file without name and time."""
    return gzip.compress(content, mtime=0)


def zipped_and_cut(content: bytes) -> bytes:
    """Return a gzip file whose first line is whole and whose rest breaks off in the middle."""
    first, rest = content.split(b"\n", 1)
    packer = zlib.compressobj(wbits=31)
    whole = packer.compress(first + b"\n") + packer.flush(zlib.Z_FULL_FLUSH)
    tail = packer.compress(rest) + packer.flush()
    return whole + tail[: len(tail) // 2]


def squeezed(content: bytes) -> bytes:
    """Return a Zstandard frame with its content size."""
    return zstandard.ZstdCompressor(level=9).compress(content)


def parquet(content: bytes) -> bytes:
    """Return the JSON lines as a Parquet file of two row groups, as an export of an editing system would be."""
    rows = [json.loads(line) for line in content.splitlines()]
    for row in rows:
        row["published_at"] = row["published_at"] and datetime.fromisoformat(row["published_at"])
    out = io.BytesIO()
    pq.write_table(pa.Table.from_pylist(rows, schema=DESK), out, compression="zstd", row_group_size=4)
    return out.getvalue()


PACKERS: dict[str, tuple[str, Callable[[bytes], bytes]]] = {
    "wire/archive.jsonl.gz": ("archive.jsonl", zipped),
    "wire/asia.jsonl.zst": ("asia.jsonl", squeezed),
    "tables/desk.parquet": ("desk.jsonl", parquet),
    "broken/half.jsonl.gz": ("half.jsonl", zipped_and_cut),
}


def made() -> dict[str, bytes]:
    """Return the bytes of every seed that is made, by its path under `seeds`."""
    files = {target: pack((SOURCE / name).read_bytes()) for target, (name, pack) in PACKERS.items()}
    for target, charset in CHARSETS.items():
        text = (SOURCE / Path(target).name).read_text(encoding="utf-8")
        files[target] = encoded(text, charset)
    return files


def main() -> None:
    """Write the files that differ from what lies there."""
    for target, content in made().items():
        path = SEEDS / target
        path.parent.mkdir(parents=True, exist_ok=True)
        if not path.exists() or path.read_bytes() != content:
            path.write_bytes(content)


if __name__ == "__main__":
    main()
