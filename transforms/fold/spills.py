"""What waits in staging between the maps and Fold: prepared columns and signature columns in one Arrow file a chunk."""

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from schemas.records import Article, Batch, Spill
from transforms.fold.ragged import Ragged
from transforms.fold.signature import Signatures, sign
from transforms.lake.rows import prepared_table, rejects_table

_PREFIX = "fold_"
REJECTS_SUFFIX = ".rejects"
_FIXED = ("keys", "title_hash", "text_hash", "characters")


def write_spill(batch: Batch[Article], staging: str) -> Spill:
    """Write a batch to staging and say where: the articles with their signatures, the rejects beside them.

    A file is named by its chunk and renamed into place, so that a bundle that runs again writes the same file again.
    """
    path = Path(staging) / f"{batch.slice_number:06d}-{batch.ordinal:08d}.arrow"
    path.parent.mkdir(parents=True, exist_ok=True)
    articles = prepared_table(batch.articles)
    signatures = sign([article.title for article in batch.articles], [article.text for article in batch.articles])
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


def read_signatures(spill: Spill) -> Signatures:
    """Return the signatures of a spill."""
    names = tuple(Signatures.__dataclass_fields__)
    table = read_columns(spill, [_PREFIX + name for name in names])
    columns: dict[str, Any] = {name: _array(name, table.column(_PREFIX + name)) for name in names}
    return Signatures(**columns)


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
    return columns


def _array(name: str, column: pa.ChunkedArray) -> Any:
    whole = column.combine_chunks()
    if name == "keys":
        flat = whole.flatten().to_numpy(zero_copy_only=False)
        return flat.reshape(len(whole), -1) if len(whole) else flat.reshape(0, 64)
    if name in _FIXED:
        return whole.to_numpy(zero_copy_only=False)
    offsets = whole.offsets.to_numpy().astype(np.int64)
    return Ragged(whole.values.to_numpy(zero_copy_only=False)[offsets[0] : offsets[-1]], offsets - offsets[0])
