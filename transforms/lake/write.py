"""Write tables as Hive-partitioned Parquet into staging: sorted, hashed, on disk, but not yet part of any table."""

import hashlib
import re
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path, PurePosixPath

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from schemas.tables import PARTITIONS, STORY_TABLES
from transforms.ahead import submitted_ahead
from transforms.lake.file_names import file_name, merged_name
from transforms.lake.intent import DataFile
from transforms.lake.layout import NULL_PARTITION, Lake

TARGET_BYTES = 128 * 1024 * 1024
"""Size of a file that need not grow further."""

# 30 of DuckDB's vectors of 2,048 rows. Its usual 122,880 rows would be 300 MB of text, and one thread decodes a group.
ROW_GROUP_ROWS = 61_440
# Text compresses to about a third; a file is cut by what it holds in memory.
_BYTES_IN_MEMORY = 3 * TARGET_BYTES
# Below this many rows a compressor's start (12 µs a column, 45 columns) costs more than the small columns give back;
# 10,000 rows in 384 files: 0.43 s instead of 0.85 s, 26 MB instead of 19. Compaction compresses everything.
_FEW_ROWS = 256
_LARGE_COLUMNS = ("text", "payload", "sample")
# Columns that repeat within a file; on ids, hashes and text a dictionary costs time and gives nothing.
_REPEATING = (
    *("source", "source_kind", "text_kind", "published_source", "language_runner_up", "declared_language"),
    *("tags_version", "run_id", "relation", "stage", "reason", "feed", "scope"),
    *(f"entities.list.element.{name}" for name in ("type", "name", "id")),
    *(f"entities.list.element.mentions.list.element.{name}" for name in ("field", "text")),
)
_WITH_STATISTICS = ("published_at", "commit")  # what readers prune by; min and max of ids and text serve nobody
_ENCODERS = 2  # files encoded while the rows of the next are sorted: Arrow and SHA-256 work without Python's lock
_PARTITION = re.compile(rf"language=[a-z-]+/published_month=(\d{{4}}-\d{{2}}|{NULL_PARTITION})")


def stage(lake: Lake, number: int, parts: Iterable[tuple[str, pa.Table]]) -> list[DataFile]:
    """Write named tables, in the schemas of `schemas.tables`, as files of commit `number`; return them in order.

    Nothing is forced to disk yet: `settle` does that for all of them together.

    Raises:
        ValueError: a partition value is no language code or month.
    """
    folder = commit_folder(lake, number)
    folder.mkdir(parents=True, exist_ok=True)
    # Rows are cut here and encoded there, a few ahead: all files of a slice at once would be all of its text once more.
    with ThreadPoolExecutor(_ENCODERS) as threads:
        pieces = enumerate(_cut(parts))
        files = submitted_ahead(lambda piece: threads.submit(_write_piece, lake, number, piece), pieces, _ENCODERS)
        return [file.result() for file in files]


def _cut(parts: Iterable[tuple[str, pa.Table]]) -> Iterator[tuple[str, str, pa.Table]]:
    """Yield (table, folder in it, rows of one file)."""
    for table, rows in parts:
        for folder, some in _partitions(rows) if table in STORY_TABLES else _pieces(".", rows, _rows_a_file(rows)):
            yield table, folder, some


def _write_piece(lake: Lake, number: int, piece: tuple[int, tuple[str, str, pa.Table]]) -> DataFile:
    index, (table, folder, rows) = piece
    file = _encoded(rows)
    # Without folders: making and removing one for each partition took longer than writing the files.
    staged = commit_folder(lake, number) / f"{table}-{index:05d}.staged"
    return _staged(lake, file, (table, folder), file_name(table, number, index, file.checksum), staged)


def stage_merged(
    lake: Lake, number: int, index: int, rows: pa.Table, into: tuple[str, str], newest: int, *, arriving: bool = False
) -> DataFile:
    """Write rows of older files as one staged file of commit `number`.

    Args:
        lake: whose writer calls.
        number: of the next commit.
        index: of the file within the commit.
        rows: in the order in which they are stored.
        into: the table, and the folder in it.
        newest: the commit of the newest row.
        arriving: whether the file comes to a folder that the commit does not prepare whole.
    """
    table, folder = into
    file = _encoded(rows)
    name, home = merged_name(table, newest, index, number, file.checksum), commit_folder(lake, number)
    # Under its final name, in the folder that is swapped whole for the one of the table.
    staged = home / "arriving" / f"{table}-{index:05d}.staged" if arriving else home / table / folder / name
    staged.parent.mkdir(parents=True, exist_ok=True)
    return _staged(lake, file, into, name, staged)


@dataclass(frozen=True, slots=True)
class _Encoded:
    """One Parquet file that is not written yet; the checksum is of what was meant, not of what is read back."""

    content: pa.Buffer
    rows: int
    checksum: str


def _encoded(rows: pa.Table) -> _Encoded:
    content = encode(rows)
    return _Encoded(content, len(rows), sha256_of(content))


def _staged(lake: Lake, file: _Encoded, into: tuple[str, str], name: str, staged: Path) -> DataFile:
    """Write a file to `staged`, and return what an intent says of it: it will have `name` in a folder of a table."""
    staged.write_bytes(file.content)
    table, folder = into
    path = str(PurePosixPath(folder, name))
    return DataFile(table, path, len(file.content), file.rows, file.checksum, str(staged.relative_to(lake.root)))


def commit_folder(lake: Lake, number: int) -> Path:
    """Return the staging folder of a commit."""
    return lake.staging / f"commit-{number:08d}"


def sha256_of(content: pa.Buffer) -> str:
    """Return the checksum that the ledger keeps."""
    return hashlib.sha256(content).hexdigest()


def encode(rows: pa.Table) -> pa.Buffer:
    """Return rows as one Parquet file; partition columns stand in the path and are left out."""
    body = rows.drop_columns([name for name in PARTITIONS if name in rows.column_names])
    sink = pa.BufferOutputStream()
    pq.write_table(
        body,
        sink,
        row_group_size=ROW_GROUP_ROWS,
        compression="zstd" if len(rows) >= _FEW_ROWS else _only_large(body),
        use_dictionary=list(_REPEATING),
        write_statistics=list(_WITH_STATISTICS),
        store_schema=False,  # 5 KB a file for what Parquet's own types already say
    )
    return sink.getvalue()


def _only_large(body: pa.Table) -> dict[str, str] | str:
    large = {name: "zstd" for name in body.column_names if name in _LARGE_COLUMNS}
    return large or "zstd"


def _partitions(rows: pa.Table) -> Iterator[tuple[str, pa.Table]]:
    """Yield (folder, its rows by published_at and article_id), in order of the folders."""
    if not len(rows):
        return
    keys = [(name, "ascending") for name in (*PARTITIONS, "published_at", "article_id")]
    most = _rows_a_file(rows)
    rows = rows.take(pc.sort_indices(rows, keys)).combine_chunks()
    # Sorted by partition, the rows of a folder lie side by side and are sliced, not filtered out for each of hundreds.
    runs = pc.run_end_encode(partition_folders(rows).combine_chunks())
    for folder, (start, end) in zip(runs.values.to_pylist(), pairwise([0, *runs.run_ends.to_pylist()]), strict=True):
        yield from _pieces(folder, rows.slice(start, end - start), most)


def partition_folders(rows: pa.Table) -> pa.ChunkedArray:
    """Return the folder that each row of a story table belongs into, such as language=fr/published_month=2024-11.

    Raises:
        ValueError: a partition value is no language code or month.
    """
    month = pc.fill_null(rows["published_month"], NULL_PARTITION)
    folders = pc.binary_join_element_wise("language=", rows["language"], "/published_month=", month, "")
    for folder in folders.unique().to_pylist():
        if not _PARTITION.fullmatch(folder or ""):  # anything else would be escaped on disk, and again in the log
            raise ValueError(f"{folder} is no partition: language and month are of the forms fr and 2024-11")
    return folders


def _rows_a_file(rows: pa.Table) -> int:
    """Return how many rows of the table's mean size make a file of the target size."""
    size = int(rows.nbytes)
    return max(1, _BYTES_IN_MEMORY * max(1, len(rows)) // max(1, size))


def _pieces(folder: str, rows: pa.Table, most: int) -> Iterator[tuple[str, pa.Table]]:
    """Cut rows into files of at most `most` rows."""
    for start in range(0, len(rows), most):
        yield folder, rows.slice(start, most)
