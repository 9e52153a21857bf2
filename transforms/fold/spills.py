"""What waits in staging between the maps and Fold: prepared columns and signature columns in one Arrow file a chunk."""

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from schemas.records import Article, Batch, Spill
from transforms.fold.fingerprint import BYTES, RECORD, Records, pack
from transforms.fold.ragged import Ragged
from transforms.fold.signature import UNDATED, Signatures, sign
from transforms.lake.rows import prepared_table, rejects_table

_PREFIX = "fold_"
REJECTS_SUFFIX = ".rejects"
_FINGERPRINT = "fingerprint"


def write_spill(batch: Batch[Article], staging: str, tags_version: str | None = None) -> Spill:
    """Write a batch to staging and say where: the articles with their signatures, the rejects beside them.

    A file is named by its chunk and renamed into place, so that a bundle that runs again writes the same file again.
    """
    path = Path(staging) / f"{batch.slice_number:06d}-{batch.ordinal:08d}.arrow"
    path.parent.mkdir(parents=True, exist_ok=True)
    articles = prepared_table(batch.articles, tags_version)
    published = articles.column("published_at").cast(pa.int64()).fill_null(UNDATED).to_numpy()
    signatures = sign(
        [article.title for article in batch.articles],
        [article.text for article in batch.articles],
        published,
        [article.content_hash for article in batch.articles],
    )
    for name, column in _columns(signatures).items():
        articles = articles.append_column(_PREFIX + name, column)
    _write(articles, path)
    _write(rejects_table(batch.rejects), path.with_name(path.name + REJECTS_SUFFIX))
    return Spill(
        slice_number=batch.slice_number,
        ordinal=batch.ordinal,
        path=str(path),
        read=batch.read,
        seen=batch.seen,
        articles=len(batch.articles),
        rejects=len(batch.rejects),
    )


def read_columns(spill: Spill, columns: Sequence[str]) -> pa.Table:
    """Return the given prepared columns of a spill; no other column is decompressed."""
    with pa.OSFile(spill.path) as source:
        names = pa.ipc.open_file(source).schema.names
        options = pa.ipc.IpcReadOptions(included_fields=sorted(names.index(name) for name in columns))
        return pa.ipc.open_file(source, options=options).read_all().select(list(columns))


def read_signatures(spill: Spill) -> tuple[Signatures, Records]:
    """Return the signatures and fingerprints of a spill."""
    names = tuple(Signatures.__dataclass_fields__)
    table = read_columns(spill, [_PREFIX + name for name in (*names, _FINGERPRINT)])
    columns: dict[str, Any] = {name: _array(table.column(_PREFIX + name)) for name in names}
    packed = b"".join(table.column(_PREFIX + _FINGERPRINT).to_pylist())
    return Signatures(**columns), np.frombuffer(packed, dtype=RECORD)


def _write(table: pa.Table, path: Path) -> None:
    new = path.with_name(f"{path.name}.{os.getpid()}.new")
    with (
        pa.OSFile(str(new), "wb") as sink,
        pa.ipc.new_file(sink, table.schema, options=pa.ipc.IpcWriteOptions(compression="zstd")) as writer,
    ):
        writer.write_table(table)
    new.replace(path)


def _columns(signatures: Signatures) -> dict[str, pa.Array]:
    columns: dict[str, pa.Array] = {}
    for name in Signatures.__dataclass_fields__:
        value = getattr(signatures, name)
        if isinstance(value, Ragged):
            columns[name] = pa.LargeListArray.from_arrays(value.offsets, value.values)
        elif value.ndim == 2:
            columns[name] = pa.FixedSizeListArray.from_arrays(value.reshape(-1), value.shape[1])
        else:
            columns[name] = pa.array(value)
    columns[_FINGERPRINT] = fingerprint_column(pack(signatures))
    return columns


def fingerprint_column(records: Records) -> pa.Array:
    """Return fingerprints as an Arrow array of binaries of one size."""
    return pa.Array.from_buffers(pa.binary(BYTES), len(records), [None, pa.py_buffer(records.tobytes())])


def _array(column: pa.ChunkedArray) -> Any:
    whole = column.combine_chunks()
    if pa.types.is_fixed_size_list(whole.type):
        return whole.flatten().to_numpy(zero_copy_only=False).reshape(len(whole), whole.type.list_size)
    if not pa.types.is_large_list(whole.type):
        return whole.to_numpy(zero_copy_only=False)
    offsets = whole.offsets.to_numpy().astype(np.int64)
    return Ragged(whole.values.to_numpy(zero_copy_only=False)[offsets[0] : offsets[-1]], offsets - offsets[0])
