"""What waits in staging between the maps and Fold: for each chunk its articles, their signatures, and its rejects."""

import os
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import pyarrow as pa

from schemas.records import Article, Batch, Spill
from transforms.fold.fingerprint import BYTES, RECORD, Records, pack
from transforms.fold.ragged import Ragged
from transforms.fold.signature import UNDATED, Signatures, sign
from transforms.lake.objects import is_url
from transforms.lake.rows import prepared_table, rejects_table
from transforms.lake.shared import fetch, send

# What waits here for a minute is written and read once: as it is, it is mapped and not read. lz4 would make it 0.15
# smaller and cost 0.011 ms an article to write and 0.005 to read. Arrow's threads would take turns with other workers.
_OPTIONS = pa.ipc.IpcWriteOptions(use_threads=False)
SIGNATURES_SUFFIX, REJECTS_SUFFIX = ".signatures", ".rejects"
_FINGERPRINT = "fingerprint"
_SIGNATURES = tuple(Signatures.__dataclass_fields__)
_FOLDERS = "newsfold-"  # of temporary folders, so that who finds one knows whose it is


def write_spill(batch: Batch[Article], staging: str, tags_version: str | None = None) -> Spill:
    """Write a batch to staging and say where: the articles, and beside them their signatures and the rejects.

    Files are named by their chunk and renamed into place, so that a bundle that runs again writes the same files again.
    `staging` is a folder, or a URL of shared staging.
    """
    if not is_url(staging):
        return _written(batch, Path(staging), tags_version)
    with TemporaryDirectory(prefix=_FOLDERS) as folder:
        spill = _written(batch, Path(folder), tags_version)
        return replace(spill, path=send(files_of(spill), Path(folder), staging)[0])


@contextmanager
def at_hand(spills: Sequence[Spill]) -> Iterator[list[Spill]]:
    """Give spills whose files are on this machine: those of shared staging are fetched for the time of the block.

    Raises:
        LakeError: one is gone.
    """
    # Fold maps signatures, and an object store cannot be mapped.
    shared = [spill for spill in spills if is_url(spill.path)]
    with ExitStack() as fetched:
        folder = Path(fetched.enter_context(TemporaryDirectory(prefix=_FOLDERS)) if shared else "")
        fetch([spill.path + suffix for spill in shared for suffix in ("", SIGNATURES_SUFFIX, REJECTS_SUFFIX)], folder)
        yield [
            replace(spill, path=str(folder / Path(spill.path).name)) if is_url(spill.path) else spill
            for spill in spills
        ]


def _written(batch: Batch[Article], staging: Path, tags_version: str | None) -> Spill:
    path = staging / spill_name(batch.slice_number, batch.ordinal)
    articles = prepared_table(batch.articles, tags_version)
    published = articles.column("published_at").cast(pa.int64()).fill_null(UNDATED).to_numpy()
    signatures = sign(
        [article.title for article in batch.articles],
        [article.text for article in batch.articles],
        published,
        [article.content_hash for article in batch.articles],
    )
    # Three files: Fold maps the signatures and little else, Commit reads articles and rejects and no signature.
    write_whole(articles, path)
    write_whole(pa.table(_columns(signatures)), _beside(path, SIGNATURES_SUFFIX))
    write_whole(rejects_table(batch.rejects), _beside(path, REJECTS_SUFFIX))
    return Spill(
        slice_number=batch.slice_number,
        ordinal=batch.ordinal,
        path=str(path),
        read=batch.read,
        seen=batch.seen,
        articles=len(batch.articles),
        rejects=len(batch.rejects),
        polls=batch.polls,
        staged=batch.staged,
    )


def spill_name(slice_number: int, ordinal: int) -> str:
    """Return the name of a chunk's spill."""
    return f"{slice_number:06d}-{ordinal:08d}.arrow"


def files_of(spill: Spill) -> tuple[Path, ...]:
    """Return the files in which a spill waits."""
    path = Path(spill.path)
    return path, _beside(path, SIGNATURES_SUFFIX), _beside(path, REJECTS_SUFFIX)


def read_columns(spill: Spill, columns: Sequence[str]) -> pa.Table:
    """Return the given prepared columns of a spill; no other column is read.

    Without threads: in a worker they would take turns with those of the other workers.
    """
    with pa.memory_map(spill.path) as source:
        names = pa.ipc.open_file(source).schema.names
        options = pa.ipc.IpcReadOptions(included_fields=sorted(map(names.index, columns)), use_threads=False)
        return pa.ipc.open_file(source, options=options).read_all().select(list(columns))


def read_rows(spills: Sequence[Spill], rows: Sequence[int], columns: Sequence[str]) -> dict[int, tuple[Any, ...]]:
    """Return the given columns of the given rows of a slice, whose rows are counted over its spills in order."""
    found: dict[int, tuple[Any, ...]] = {}
    first, wanted = 0, np.unique(np.array(rows, dtype=np.int64))
    for spill in spills:
        here = wanted[(wanted >= first) & (wanted < first + spill.articles)]
        if len(here):
            table = read_columns(spill, columns).take(pa.array(here - first))
            values = zip(*(table.column(name).to_pylist() for name in columns), strict=True)
            found.update(zip(here.tolist(), values, strict=True))
        first += spill.articles
    return found


def read_signatures(spills: Sequence[Spill]) -> tuple[list[Signatures], Records]:
    """Return the signatures of the articles of each spill, mapped, and the fingerprints of all of them, in order."""
    # A spill of rejects alone has no batch to map; with an empty part in front there is always one to join.
    none = pa.RecordBatch.from_pydict(_columns(sign([], [], np.empty(0, np.int64))))
    batches = [none, *(_mapped(spill) for spill in spills if spill.articles)]
    parts = [Signatures(**{name: _array(batch.column(name)) for name in _SIGNATURES}) for batch in batches]
    return parts, np.concatenate([_array(batch.column(_FINGERPRINT)) for batch in batches])


def _mapped(spill: Spill) -> pa.RecordBatch:
    with pa.memory_map(spill.path + SIGNATURES_SUFFIX) as source:
        return pa.ipc.open_file(source).get_batch(0)  # a table of one chunk is written as one batch


def _beside(path: Path, suffix: str) -> Path:
    return path.with_name(path.name + suffix)


def write_whole(table: pa.Table, path: Path) -> None:
    """Write an Arrow file that is there whole or not at all, also where two workers were given the same bundle."""
    path.parent.mkdir(parents=True, exist_ok=True)
    new = _beside(path, f".{os.getpid()}.new")
    with (
        pa.OSFile(str(new), "wb") as sink,
        pa.ipc.new_file(sink, table.schema, options=_OPTIONS) as writer,
    ):
        writer.write_table(table)
    new.replace(path)


def _columns(signatures: Signatures) -> dict[str, pa.Array]:
    columns: dict[str, pa.Array] = {}
    for name in _SIGNATURES:
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


def _array(column: pa.Array) -> Any:
    """Return a column as numpy has it, without a copy."""
    return _ragged(column) if pa.types.is_large_list(column.type) else _flat(column)


def _ragged(part: pa.LargeListArray) -> Ragged:
    offsets = part.offsets.to_numpy()
    return Ragged(part.values.to_numpy()[offsets[0] : offsets[-1]], offsets - offsets[0])


def _flat(part: pa.Array) -> Any:
    if pa.types.is_fixed_size_binary(part.type):
        return np.frombuffer(part.buffers()[1], dtype=RECORD)[part.offset : part.offset + len(part)]
    if pa.types.is_fixed_size_list(part.type):
        return part.flatten().to_numpy().reshape(len(part), part.type.list_size)
    return part.to_numpy(zero_copy_only=False)
