"""Give stored rows other values, some files a commit; a row whose partition changes moves there.

A folder that loses rows is prepared whole, without what leaves it, and swapped for the old one; what arrives somewhere
comes in files of its own once all have left. So a reader of the glob may miss a row on its way and never sees it twice;
a reader of the Delta log sees each commit whole.
"""

from collections import defaultdict, deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import count

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from schemas.errors import LakeError
from schemas.tables import PARTITIONS, SCHEMAS, STORY_TABLES
from transforms.lake import steps
from transforms.lake.intent import Change, DataFile
from transforms.lake.layout import Lake
from transforms.lake.read import files as committed
from transforms.lake.storage import storage_of
from transforms.lake.write import partition_folders, sha256_of, stage_merged

Rewrite = Callable[[Iterable[pa.Table]], Iterator[pa.Table]]
"""Takes tables with all columns of their schema, partitions included, and yields one of the same rows for each.

A takedown's leaves some out.
"""

_BATCH_ROWS = 500  # at once to a worker: what the language model is best evaluated by
# Three times what it takes compressed, and so about half of a full file: not to be merged again.
_BYTES_IN_MEMORY = 192 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Staged:
    """Rewritten files that wait for their commit."""

    changes: tuple[Change, ...]
    moved: int  # rows that change their partition


@dataclass(slots=True)
class _Pile:
    """Rows that wait to be written to one folder of one table: those that stay there, or those that arrive."""

    rows: list[pa.Table] = field(default_factory=list)
    bytes: int = 0


def stage_rewritten(
    lake: Lake,
    number: int,
    files: Sequence[DataFile],
    rewrite: Rewrite,
    checksums: Mapping[str, str],
    gone: frozenset[str] = frozenset(),
) -> Staged:
    """Write what `rewrite` makes of the rows of `files` to the staging of commit `number`.

    Args:
        lake: whose writer calls.
        number: of the next commit.
        files: of story tables; their rows are held in memory up to some 200 MB a folder.
        rewrite: must keep article_id and commit.
        checksums: of what was published, as `read.ledger_checksums` gives them.
        gone: the article ids that `rewrite` leaves out.

    Raises:
        LakeError: a file is damaged, the rows that `rewrite` gives are other ones.
    """
    steps.reached("rewriting begun")
    piles: dict[tuple[str, str, bool], _Pile] = defaultdict(_Pile)
    adds: list[DataFile] = []
    numbers, moved = count(), 0
    for file, rows in _rewritten(lake, files, rewrite, checksums, gone):
        for folder, some in _by_folder(rows):
            stays = folder == file.folder
            moved += 0 if stays else len(some)
            pile = piles[file.table, folder, stays]
            pile.rows.append(some)
            pile.bytes += some.nbytes
            if pile.bytes > _BYTES_IN_MEMORY:
                adds.append(_written(lake, number, next(numbers), (file.table, folder, stays), pile))
    adds += [_written(lake, number, next(numbers), key, pile) for key, pile in piles.items() if pile.rows]
    _prepare_folders(lake, number, files)
    changes = (Change(table, _of(table, adds), _of(table, files), rows_change=True) for table in STORY_TABLES)
    return Staged(tuple(change for change in changes if change.removes), moved)


def checked(lake: Lake, file: DataFile, checksums: Mapping[str, str]) -> pa.Buffer:
    """Return the bytes of a committed file, which are those that were published: a rewrite must not hide damage.

    Raises:
        LakeError: they are not.
    """
    storage = storage_of(lake)
    content = storage.read(file)
    if sha256_of(content) != checksums.get(f"{file.table}/{file.path}"):
        raise LakeError(
            f"{storage.place(file)} is not what was published, so nothing was rewritten; newsfold verify says more"
        )
    return content


def shaped(rows: pa.Table, table: str) -> pa.Table:
    """Return rows as read from a file in the schema of their table, less the partitions; null what was not written."""
    schema = pa.schema([column for column in SCHEMAS[table] if column.name not in PARTITIONS])
    columns = [
        rows[column.name].cast(column.type) if column.name in rows.column_names else pa.nulls(len(rows), column.type)
        for column in schema
    ]
    return pa.table(columns, schema=schema)


def _rewritten(
    lake: Lake, files: Sequence[DataFile], rewrite: Rewrite, checksums: Mapping[str, str], gone: frozenset[str]
) -> Iterator[tuple[DataFile, pa.Table]]:
    """Yield the new rows with the file that they were read from; `rewrite` may read ahead."""
    origins: deque[tuple[DataFile, pa.ChunkedArray]] = deque()

    def read() -> Iterator[pa.Table]:
        for file in files:
            for rows in _batches(checked(lake, file, checksums), file):
                origins.append((file, rows["article_id"]))
                yield rows

    # `rewrite` may be a pool of workers that reads ahead, so what was read waits here in order. That it gives the same
    # rows is checked against what was read, not believed.
    for rows in rewrite(read()):
        file, ids = origins.popleft()
        if sorted(set(ids.to_pylist()) - gone) != sorted(rows["article_id"].to_pylist()):
            raise LakeError(f"{file.path}: rows were lost, nothing was published: this is a fault in newsfold")
        yield file, rows


def _batches(content: pa.Buffer, file: DataFile) -> Iterator[pa.Table]:
    with pq.ParquetFile(pa.BufferReader(content)) as opened:
        for batch in opened.iter_batches(_BATCH_ROWS):
            rows = shaped(pa.table(batch), file.table)
            for name in PARTITIONS:
                value = pa.scalar(file.partition[name], pa.string())
                rows = rows.append_column(name, pa.repeat(value, len(rows)))
            yield rows


def _by_folder(rows: pa.Table) -> Iterator[tuple[str, pa.Table]]:
    folders = partition_folders(rows)
    for folder in sorted(folders.unique().to_pylist()):
        yield folder, rows.filter(pc.equal(folders, folder))


def _of(table: str, files: Sequence[DataFile]) -> tuple[DataFile, ...]:
    return tuple(file for file in files if file.table == table)


def _written(lake: Lake, number: int, index: int, key: tuple[str, str, bool], pile: _Pile) -> DataFile:
    """Write a pile, in the order in which a commit would have written it, and empty it."""
    table, folder, stays = key
    rows = pa.concat_tables(pile.rows)
    pile.rows.clear()
    pile.bytes = 0
    rows = rows.sort_by([("published_at", "ascending"), ("article_id", "ascending")])
    newest = pc.max(rows["commit"]).as_py()
    return stage_merged(lake, number, index, rows, (table, folder), newest, arriving=not stays)


def _prepare_folders(lake: Lake, number: int, replaced: Sequence[DataFile]) -> None:
    """Complete the folders that will be swapped for those of the replaced files."""
    # A folder is swapped whole, so what stays of it is linked into the new one.
    gone = {(file.table, file.path) for file in replaced}
    folders = {(file.table, file.folder) for file in replaced}
    standing = (file for table in sorted({table for table, _ in folders}) for file in committed(lake, table))
    kept = (f for f in standing if (f.table, f.folder) in folders and (f.table, f.path) not in gone)
    storage_of(lake).prepare_folders(number, replaced, kept)
