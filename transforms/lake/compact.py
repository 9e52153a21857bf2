"""Merge small files, partition by partition, without a reader of the glob ever seeing a row twice.

The merged folder is built aside and swapped for the old one whole, through the same intent as every commit. Rows keep
their commit; files that are large enough are linked into the new folder as they are.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import count

import pyarrow as pa
import pyarrow.parquet as pq

from schemas.tables import STORY_TABLES
from transforms.lake import steps
from transforms.lake.commit import commit_changes
from transforms.lake.intent import Change, DataFile
from transforms.lake.layout import Lake
from transforms.lake.ledger import RunInfo
from transforms.lake.read import ledger_checksums, snapshot
from transforms.lake.rewrite import checked, shaped
from transforms.lake.storage import storage_of
from transforms.lake.write import TARGET_BYTES, stage_merged

CROWDED_FILES = 32
"""More small files than this in one folder are merged without being asked for: a query opens each of them."""

COMPACT_EVERY = CROWDED_FILES // 2
"""Commits between two looks for crowded folders, while commits go on: each look lists the files of all tables."""

_SMALL_BYTES = TARGET_BYTES // 2  # two of them fit into one file; what is larger would be rewritten for little
# One commit rewrites no more than this: so much disk is needed beside the lake, and so much is lost by a kill.
_COMMIT_BYTES = 1024 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Compaction:
    """What a compaction did."""

    commits: int = 0
    merged: int = 0  # files that are gone
    written: int = 0  # files that hold their rows now


@dataclass(frozen=True, slots=True)
class Mergeable:
    """The files of one folder, which is a partition or a table without partitions, as a merge divides them."""

    table: str
    name: str  # `.` of a table without partitions
    small: list[DataFile]  # these become one, or few
    kept: list[DataFile]


def compact(lake: Lake, *, only_crowded: bool = False) -> Compaction:
    """Merge the small files of every folder that has several, or only where they are more than CROWDED_FILES.

    Asked for (not `only_crowded`), files that writers of a lake on an object store left behind are deleted too.
    The ledger is merged only when crowded: each compaction adds a row to it. The caller holds the lock.

    Raises:
        LakeError: a file to be merged is damaged, the disk is full, or a commit is unfinished.
    """
    now = snapshot(lake)
    # What is merged is compared with what was published: one flipped bit would get a new, valid checksum otherwise.
    checksums = ledger_checksums(lake)
    done = Compaction()
    for number, folders in enumerate(_batches(worth_merging(now.files, only_crowded)), start=now.commit + 1):
        changes = _staged(lake, number, folders, checksums)
        commit_changes(lake, number, changes, RunInfo(command="compact", started_at=datetime.now(UTC)))
        gone = sum(len(change.removes) for change in changes)
        written = sum(len(change.adds) for change in changes)
        done = Compaction(done.commits + 1, done.merged + gone, done.written + written)
    # Not by itself: it lists all that lies on the store, which costs a request for a thousand objects.
    if not only_crowded:
        listed = {f"{table}/{file.path}" for table, some in snapshot(lake).files.items() for file in some}
        storage_of(lake).sweep(listed)
    return done


def worth_merging(files: Mapping[str, Sequence[DataFile]], only_crowded: bool) -> Iterator[Mergeable]:
    """Yield the folders of tables that a compaction merges, each with the small files to merge and all others."""
    for table, members in files.items():
        by_folder: dict[str, list[DataFile]] = defaultdict(list)
        for file in members:
            by_folder[file.folder].append(file)
        # Merging the ledger whenever asked would never end: each compaction leaves a row to merge.
        least = CROWDED_FILES + 1 if only_crowded or table == "runs" else 2
        for name, inside in sorted(by_folder.items()):
            small = [file for file in inside if file.bytes < _SMALL_BYTES]
            merged = light(small) if only_crowded else small
            # Full files do not crowd: no merge makes them fewer.
            if len(small) >= least and len(merged) > 1:
                yield Mergeable(table, name, merged, [file for file in inside if file not in merged])


def light(files: Sequence[DataFile]) -> list[DataFile]:
    """Return files, the smallest first, without those that weigh more than all smaller ones together.

    Merging one file again with each few that come would rewrite a row at every merge; so it is a few times in all, and
    what is left out doubles from file to file, which makes it few.
    """
    by_size = sorted(files, key=lambda file: file.bytes)
    while len(by_size) > 1 and by_size[-1].bytes > sum(file.bytes for file in by_size[:-1]):
        by_size.pop()
    return by_size


def _batches(folders: Iterator[Mergeable]) -> Iterator[list[Mergeable]]:
    waiting: list[Mergeable] = []
    size = 0
    for folder in folders:
        waiting.append(folder)
        size += sum(file.bytes for file in folder.small)
        if size > _COMMIT_BYTES:
            yield waiting
            waiting, size = [], 0
    if waiting:
        yield waiting


def _staged(lake: Lake, number: int, folders: Sequence[Mergeable], checksums: Mapping[str, str]) -> list[Change]:
    steps.reached("merging begun")
    indexes = count()
    adds: dict[str, list[DataFile]] = defaultdict(list)
    removes: dict[str, list[DataFile]] = defaultdict(list)
    for folder in folders:
        for files in _bins(folder.small):
            adds[folder.table].append(_merged(lake, number, next(indexes), files, checksums))
        removes[folder.table] += folder.small
    # The folder of a table without partitions holds its Delta log too, and so cannot be swapped for another one.
    swapped = [folder for folder in folders if folder.name != "."]
    replaced = [file for folder in swapped for file in folder.small]
    storage_of(lake).prepare_folders(number, replaced, [file for folder in swapped for file in folder.kept])
    return [Change(table, tuple(adds[table]), tuple(removes[table])) for table in adds]


def _bins(files: Sequence[DataFile]) -> Iterator[list[DataFile]]:
    """Group files up to the size of one, oldest first: who reads on from a commit passes over what is of before."""
    waiting: list[DataFile] = []
    for file in sorted(files, key=lambda file: (file.newest, file.path)):
        if waiting and sum(other.bytes for other in waiting) + file.bytes > TARGET_BYTES:
            yield waiting
            waiting = []
        waiting.append(file)
    yield waiting


def _merged(lake: Lake, number: int, index: int, files: Sequence[DataFile], checksums: Mapping[str, str]) -> DataFile:
    """Write the rows of `files` as one staged file, in the order in which a commit would have written them."""
    table = files[0].table
    order = ("published_at", "article_id") if table in STORY_TABLES else ("commit",)
    rows = pa.concat_tables(
        shaped(pq.read_table(pa.BufferReader(checked(lake, file, checksums))), table) for file in files
    )
    rows = rows.sort_by([(name, "ascending") for name in order])
    newest = max(file.newest for file in files)
    return stage_merged(lake, number, index, rows, (table, files[0].folder), newest)
