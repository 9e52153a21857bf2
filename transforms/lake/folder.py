"""A lake in a folder: every step is forced to disk, folders are swapped whole, and a glob may read at any time."""

import os
import shutil
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from contextlib import AbstractContextManager, nullcontext, suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from schemas.errors import UsageError
from transforms.lake.delta_table import newest_entry
from transforms.lake.durable import exchange, headroom, sync, sync_all, write_durably
from transforms.lake.intent import Change, DataFile, Intent, decoded, encoded
from transforms.lake.layout import Lake
from transforms.lake.write import commit_folder

# What publishing takes beside the files that are staged already: folders, Delta's log entries, the intent.
_HEADROOM_BYTES = 256 * 1024
_HEADROOM_BYTES_A_FILE = 5 * 1024


@dataclass(frozen=True, slots=True)
class Folder:
    """The storage of a lake in a folder; what its methods are for says `storage.Storage`."""

    lake: Lake

    def identity(self) -> Hashable:
        """Return which file the marker is: a new lake has a new one."""
        # The inode alone may be given to the next file, and so to the next lake, at once.
        marker = self.lake.marker.stat()
        return str(self.lake.root), marker.st_ino, marker.st_mtime_ns

    def mark_anew(self) -> None:
        """Write the marker again."""
        write_durably(self.lake.marker, self.lake.marker.read_bytes())

    @property
    def options(self) -> None:
        """Nothing is to be told."""

    def table_url(self, table: str) -> str:
        """Return the table's folder."""
        return str(self.lake.table(table))

    def new_table(self, table: str) -> str:
        """Return the table's folder, made where it is missing."""
        self.lake.table(table).mkdir(exist_ok=True)
        return self.table_url(table)

    def newest_version(self, table: str, known: int | None) -> int | None:  # noqa: ARG002  a listing costs 0.1 ms
        """Return the number of the newest log entry."""
        log = self.lake.table(table) / "_delta_log"
        return newest_entry(os.listdir(log) if log.is_dir() else [])  # noqa: PTH208  of thousands, some 20 times a commit

    def sync_log(self, table: str) -> None:
        """Force the newest log entry, a checkpoint with its number, and their names to disk; deltalake does not."""
        log = self.lake.table(table) / "_delta_log"
        entries = list(log.iterdir())
        newest = newest_entry(entry.name for entry in entries)
        for entry in entries:
            if entry.name.startswith((f"{newest:020d}", "_last_checkpoint")):
                sync(entry)
        sync(log)
        sync(log.parent)
        sync(self.lake.root)

    def settle(self, files: Sequence[DataFile]) -> None:
        """Force staged files and the folders they lie in to disk."""
        # Up to the lake's own folder: a file whose folder's name is lost in a power cut is lost too.
        paths = [self.lake.root / file.staged for file in files]
        folders = {folder for parent in {path.parent for path in paths} for folder in (parent, *parent.parents)}
        sync_all([*paths, *sorted(folder for folder in folders if folder.is_relative_to(self.lake.root))])

    def write_intent(self, intent: Intent) -> None:
        """Write the intent's file, whole or not at all, with room on the disk for what follows it."""
        added = sum(len(change.adds) for change in intent.changes)
        room = self.lake.root / intent.staging / "headroom"
        # A disk that is full is met before the commit is decided, while it can still be given up.
        with headroom(room, _HEADROOM_BYTES + added * _HEADROOM_BYTES_A_FILE):
            write_durably(self.lake.intent, encoded(intent))

    def read_intent(self) -> Intent | None:
        """Return what the intent's file holds.

        Raises:
            LakeError: it is damaged.
        """
        try:
            return decoded(self.lake.intent.read_bytes(), str(self.lake.intent))
        except FileNotFoundError:
            return None

    def has_intent(self) -> bool:
        """Say whether the intent's file is there."""
        return self.lake.intent.exists()

    def remove_intent(self, intent: Intent) -> None:  # noqa: ARG002  there is one at a time
        """Remove the intent's file."""
        self.lake.intent.unlink()
        sync(self.lake.root)

    def bring_in(self, intent: Intent, change: Change) -> None:
        """Move files in, or swap folders; then force their names to disk and look whether all are whole."""
        table = self.lake.table(change.table)
        if change.removes:
            self._replace(intent, change)
        else:
            self._move_in(change.adds)
        sync_all(_folders(table, (*change.adds, *change.removes)))

    def discard(self, files: Iterable[DataFile]) -> None:
        """Do nothing: the swap has taken the files out of their table, into staging."""

    def sweep(self, listed: AbstractSet[str]) -> int:  # noqa: ARG002  as below
        """Do nothing: what is not published never lies in a table."""
        return 0

    def sweep_shared(self) -> None:
        """Do nothing: all machines prepare in the one folder, which is swept by whoever starts."""

    def prepare_folders(self, number: int, replaced: Sequence[DataFile], kept: Iterable[DataFile]) -> None:
        """Link what stays into the folders that will be swapped, and force their names to disk."""
        home = commit_folder(self.lake, number)
        prepared = {home / file.table / file.folder for file in replaced}
        for folder in prepared:
            folder.mkdir(parents=True, exist_ok=True)
        for file in kept:
            _link(self.lake.table(file.table) / file.path, home / file.table / file.path)
        above = {path for one in prepared for path in (one, *one.parents)}
        sync_all(sorted(path for path in above if path.is_relative_to(self.lake.root)))

    def place(self, file: DataFile) -> str:
        """Return the file's path."""
        return str(self._path(file))

    def open(self, file: DataFile) -> pq.ParquetFile:
        """Open the file where it lies."""
        return pq.ParquetFile(self._path(file))

    def open_all(self, files: Sequence[DataFile]) -> Iterator[Callable[[], pq.ParquetFile]]:
        """Yield what opens each file."""
        return (partial(self.open, file) for file in files)

    def read(self, file: DataFile) -> pa.Buffer:
        """Return the file mapped."""
        with pa.memory_map(str(self._path(file))) as mapped:
            return mapped.read_buffer()

    def relation(self, table: str, files: Sequence[DataFile]) -> list[str]:  # noqa: ARG002  all are of one table
        """Return the paths of files: DuckDB reads them itself."""
        return [self.place(file) for file in files]

    def sizes(self, files: Sequence[DataFile]) -> list[int | None]:
        """Return the sizes of files in their table."""
        paths = (self.lake.table(file.table) / file.path for file in files)
        return [path.stat().st_size if path.is_file() else None for path in paths]

    def exposed(self, table: str) -> Iterator[str]:
        """Yield all Parquet files in the table's folder but the log's."""
        for path in sorted(self.lake.table(table).rglob("*.parquet")):
            if path.parent.name != "_delta_log":
                yield str(path.relative_to(self.lake.root))

    def exclusive(self, owner: Mapping[str, object], *, break_lock: bool) -> AbstractContextManager[None]:  # noqa: ARG002  the lock tells
        """Do nothing: the lock of the folder is enough.

        Raises:
            UsageError: the lock is to be broken, which the system does by itself.
        """
        if break_lock:
            raise UsageError("--break-lock: the lock of a folder ends with the process that holds it; leave it out")
        return nullcontext()

    def in_use(self) -> bool:
        """Say no: the lock of the folder is enough."""
        return False

    def _path(self, file: DataFile) -> Path:
        """Return where a file lies: in its table, or set aside by a compaction that was cut short."""
        path = self.lake.table(file.table) / file.path
        if path.exists():
            return path
        intent = self.read_intent()
        aside = None if intent is None else self._aside(intent, file)
        return aside if aside is not None and aside.exists() else path

    def _aside(self, intent: Intent, file: DataFile) -> Path | None:
        folder = self.lake.root / intent.staging / file.table
        removed = {gone.path for change in intent.changes if change.table == file.table for gone in change.removes}
        if file.path not in removed:
            return None
        return folder / "replaced" / file.path if file.folder == "." else folder / file.path

    def _move_in(self, files: Sequence[DataFile]) -> None:
        for folder in {file.folder for file in files}:
            self.lake.table(files[0].table).joinpath(folder).mkdir(parents=True, exist_ok=True)
        for file in files:
            with suppress(FileNotFoundError):  # moved before this start; whether it is there is checked later
                os.replace(self.lake.root / file.staged, self.lake.table(file.table) / file.path)  # noqa: PTH105  twice as fast

    def _replace(self, intent: Intent, change: Change) -> None:
        """Put rewritten files in the place of those they were made of, folder by folder.

        A partition's folder was prepared whole and is swapped, so that no reader of a glob sees a row twice. A table
        without partitions keeps its log in its folder: there the old files leave before the merged one comes.
        """
        table, prepared = self.lake.table(change.table), self.lake.root / intent.staging / change.table
        for name in sorted({file.folder for file in change.removes}):
            if name == ".":
                _move_out(table, prepared / "replaced", change.removes)
            else:
                _swap(prepared, table, name, [file for file in change.removes if file.folder == name])
        self._move_in([file for file in change.adds if not self._was_prepared(prepared, file)])

    def _was_prepared(self, prepared: Path, file: DataFile) -> bool:
        return file.folder != "." and self.lake.root / file.staged == prepared / file.path


def _link(source: Path, target: Path) -> None:
    try:
        os.link(source, target)
    except PermissionError:  # a file system without hard links
        shutil.copy2(source, target)


def _move_out(table: Path, aside: Path, files: Iterable[DataFile]) -> None:
    aside.mkdir(parents=True, exist_ok=True)
    for file in files:
        if (table / file.path).exists():
            (table / file.path).replace(aside / file.path)


def _swap(prepared: Path, table: Path, name: str, removed: Iterable[DataFile]) -> None:
    # A file that was removed lies in the prepared folder once the two have changed places: that tells a repeated start.
    new, old = prepared / name, table / name
    if not new.exists() or any((prepared / file.path).exists() for file in removed):
        return  # done before this start
    if old.exists():
        exchange(new, old)
    else:  # a swap by two renames was cut short
        new.rename(old)
    with suppress(OSError):  # it is empty: all its rows have left
        old.rmdir()


def _folders(table: Path, files: Iterable[DataFile]) -> list[Path]:
    """Return the folders whose names changed: those of the files, and all above them up to the lake."""
    names = {table / folder for folder in {file.folder for file in files}}
    folders = {table, table.parent}.union(*((folder, folder.parent) for folder in names))
    return sorted(folder for folder in folders if folder.is_dir())
