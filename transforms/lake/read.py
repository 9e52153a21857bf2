"""Read what is committed: always from the Delta log, never from a listing of folders."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from itertools import groupby

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from schemas.errors import LakeError
from schemas.tables import PARTITIONS, SCHEMAS, TABLES
from transforms.lake import delta
from transforms.lake.file_names import checksum_of_ledger_file
from transforms.lake.intent import DataFile
from transforms.lake.layout import Lake
from transforms.lake.ledger import COUNTS, STORED_IN_ARTICLES, STORED_IN_DUPLICATES
from transforms.lake.objects import gist
from transforms.lake.storage import storage_of

_Opens = Callable[[], pq.ParquetFile]
_LAST = (1 << 63) - 1
_FEW_ROWS = 2_000  # at once, where few of them are wanted
_TRIES = 50  # of a snapshot while a writer commits; each commit takes some 10 ms


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The committed state of all tables at one instant."""

    commit: int
    files: dict[str, list[DataFile]]


@dataclass(frozen=True, slots=True)
class RunProgress:
    """How far a run came that was not finished."""

    run_id: str
    slice_number: int  # of the last slice that was committed
    counts: dict[str, int]  # of all its slices so far, by the names of `ledger.COUNTS`


def last_commit(lake: Lake) -> int:
    """Return the number of the last finished commit, 0 for a new lake."""
    return delta.last_number(lake, "runs")


def last_change(lake: Lake, table: str) -> int:
    """Return the number of the last commit that changed a table, 0 if none did; its files are not listed."""
    return delta.last_number(lake, table)


def snapshot(lake: Lake, tables: Sequence[str] = TABLES) -> Snapshot:
    """Return the files of tables as of one finished commit, also while a writer is at work.

    Raises:
        LakeError: the lake changed faster than it could be listed.
    """
    # The number before and after: table by table is no snapshot if a commit ended meanwhile. Files of a commit that has
    # not ended are listed by some logs already, and their names say that they are of it.
    for _ in range(_TRIES):
        commit = last_commit(lake)
        listed = {table: [file for file in delta.list_files(lake, table) if file.newest <= commit] for table in tables}
        if last_commit(lake) == commit:
            return Snapshot(commit, listed)
    raise LakeError(f"{lake.name} changes too fast to be read; try again when less is being written")


def files(lake: Lake, table: str) -> list[DataFile]:
    """Return the committed files of one table, by path."""
    return snapshot(lake, [table]).files[table]


def scan(
    lake: Lake, table: str, columns: Sequence[str], after_commit: int = 0, last_commit: int = _LAST
) -> Iterator[pa.RecordBatch]:
    """Yield the rows of a table that were committed after one commit, up to another, in batches, file by file.

    Partition columns are filled in from the paths, and columns that an older release did not write are null.
    """
    wanted = [one for one in files(lake, table) if one.newest > after_commit and one.oldest <= last_commit]
    # A file whose name says that all in it is older is not opened: a round over years of rows reads its own commit.
    for file, opens in zip(wanted, storage_of(lake).open_all(wanted), strict=True):
        yield from _rows(lake, file, opens, columns, (after_commit, last_commit))


def stored_by_commit(lake: Lake, after_commit: int = 0) -> list[tuple[int, int]]:
    """Return the newer commits, in order, each with how many stories it stored, by the ledger."""
    names = (*STORED_IN_ARTICLES, *STORED_IN_DUPLICATES)
    rows = (row for batch in scan(lake, "runs", ["commit", *names], after_commit) for row in batch.to_pylist())
    return sorted((row["commit"], sum(row[name] or 0 for name in names)) for row in rows)


def ledger_checksums(lake: Lake) -> dict[str, str]:
    """Return the SHA-256 of every file ever published, by TABLE/path; files of the ledger carry it in their names."""
    listed = (row for batch in scan(lake, "runs", ["files"]) for row in batch.column(0).to_pylist())
    checksums = {f"{file['table']}/{file['path']}": file["sha256"] for rows in listed for file in rows or ()}
    # The ledger's row of a commit is in the file of the same commit, which it cannot list.
    own = {f"runs/{file.path}": checksum_of_ledger_file(file.path) for file in files(lake, "runs")}
    return checksums | own


def known_reject_ids(lake: Lake) -> set[str]:
    """Return the ids of all stored rejects."""
    return {reject for batch in scan(lake, "rejects", ["reject_id"]) for reject in batch.column(0).to_pylist()}


def last_run(lake: Lake, plan_digest: str) -> RunProgress | None:
    """Return the progress of the newest run with this digest, None if it was finished or there is none.

    A run is finished by a slice that says it is the last one.
    """
    columns = ["run_id", "commit", "plan_digest", "slice_number", "last_slice", *COUNTS]
    rows = [row for batch in scan(lake, "runs", columns) for row in batch.to_pylist()]
    same = sorted((row for row in rows if row["plan_digest"] == plan_digest), key=lambda row: row["commit"])
    by_run = [list(slices) for _, slices in groupby(same, key=lambda row: row["run_id"])]
    if not by_run or by_run[-1][-1]["last_slice"]:
        return None
    slices = by_run[-1]
    counts = {name: sum(row[name] for row in slices) for name in COUNTS}
    return RunProgress(slices[-1]["run_id"], slices[-1]["slice_number"], counts)


def scan_file(
    lake: Lake, file: DataFile, columns: Sequence[str], after_commit: int = 0, last_commit: int = _LAST
) -> Iterator[pa.RecordBatch]:
    """Yield the rows of one committed file as `scan` does.

    Raises:
        LakeError: it cannot be read.
    """
    yield from _rows(lake, file, partial(storage_of(lake).open, file), columns, (after_commit, last_commit))


def rows_at(lake: Lake, file: DataFile, columns: Sequence[str], places: Sequence[int]) -> Iterator[pa.RecordBatch]:
    """Yield the rows at some places, in rising order, of one committed file; of the others little is read.

    Raises:
        LakeError: the file cannot be read.
    """
    schema = pa.schema([SCHEMAS[file.table].field(name) for name in columns])
    wanted, begun = np.asarray(places, dtype=np.int64), 0
    with _opened(lake, file, partial(storage_of(lake).open, file)) as opened:
        stored = [name for name in columns if name in opened.schema_arrow.names]
        for group in range(opened.num_row_groups):
            end = begun + opened.metadata.row_group(group).num_rows
            if ((wanted >= begun) & (wanted < end)).any():
                for batch in opened.iter_batches(_FEW_ROWS, [group], stored):
                    here = wanted[(wanted >= begun) & (wanted < begun + len(batch))] - begun
                    yield _shaped(batch.take(pa.array(here)), schema, file.partition)
                    begun += len(batch)
            begun = end


def _rows(
    lake: Lake, file: DataFile, opens: _Opens, columns: Sequence[str], span: tuple[int, int]
) -> Iterator[pa.RecordBatch]:
    schema = pa.schema([SCHEMAS[file.table].field(name) for name in columns])
    with _opened(lake, file, opens) as opened:
        # `commit`, for a merged file holds rows of several; what an older release did not write is not asked for.
        stored = [name for name in dict.fromkeys([*columns, "commit"]) if name in opened.schema_arrow.names]
        for batch in opened.iter_batches(columns=stored):
            yield _shaped(_between(batch, *span), schema, file.partition)


@contextmanager
def _opened(lake: Lake, file: DataFile, opens: _Opens) -> Iterator[pq.ParquetFile]:
    try:
        with opens() as opened:
            yield opened
    except (OSError, pa.ArrowException) as error:
        raise LakeError(
            f"{storage_of(lake).place(file)} cannot be read ({gist(error)}); newsfold verify names all damaged files"
        ) from error


def _between(batch: pa.RecordBatch, after: int, last: int) -> pa.RecordBatch:
    if not after and last == _LAST:
        return batch
    commits = batch.column("commit")
    return batch.filter(pc.and_(pc.greater(commits, after), pc.less_equal(commits, last)))


def _shaped(batch: pa.RecordBatch, schema: pa.Schema, partition: dict[str, str | None]) -> pa.RecordBatch:
    return pa.record_batch([_column(batch, field, partition) for field in schema], schema=schema)


def _column(batch: pa.RecordBatch, field: pa.Field, partition: dict[str, str | None]) -> pa.Array:
    if field.name in PARTITIONS:
        return pa.repeat(pa.scalar(partition[field.name], field.type), len(batch))
    if field.name not in batch.schema.names:
        return pa.nulls(len(batch), field.type)
    return batch.column(field.name).cast(field.type)
