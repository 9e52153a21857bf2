"""A lake on an object store: only the Delta logs say what is there, so files come under their final names at once.

There is no rename, no folder and no lock there; there are a put that fails where something is already, and one that
fails where something else is by now. docs/decisions/object-stores.md tells how a commit is decided by these.
"""

from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pyarrow as pa
import pyarrow.dataset as ds
import pyarrow.fs as pafs
import pyarrow.parquet as pq

from schemas.errors import LakeError
from schemas.tables import PARTITIONS, SCHEMAS, STORY_TABLES, TABLES
from transforms.ahead import submitted_ahead
from transforms.lake.delta_table import file_system, newest_entry
from transforms.lake.intent import Change, DataFile, Intent, decoded, encoded
from transforms.lake.layout import MARKER, SHARED, Lake, marked_anew
from transforms.lake.lease import Lease, held, in_force
from transforms.lake.objects import Objects, delta_options, objects_at

_INTENTS = "_intents"
# A file up to this size is fetched whole, in one request; of a larger one what is asked for.
_WHOLE_BYTES = 8 * 1024 * 1024
_AHEAD = 8  # files that are fetched while one is read
# A writer that is away for longer between its upload and its intent has lost its lease long before.
_UNPUBLISHED = timedelta(days=1)
_HELD: dict[Path, Lease] = {}  # by lake, as long as this process is its writer


@dataclass(frozen=True, slots=True)
class Bucket:
    """The storage of a lake on an object store; what its methods are for says `storage.Storage`."""

    lake: Lake

    def mark_anew(self) -> None:
        """Give the marker a new mark."""
        found = self._objects.read(MARKER)
        self._objects.write(MARKER, marked_anew(found.content if found is not None else b""))

    @property
    def options(self) -> dict[str, str]:
        """What deltalake does not find in the environment."""
        return delta_options(self.lake.url)

    def identity(self) -> Hashable:
        """Return where the lake lies, and what its marker was when it was opened."""
        return self.lake.url, self.lake.mark

    def table_url(self, table: str) -> str:
        """Return the table's URL."""
        return f"{self.lake.url}/{table}"

    def new_table(self, table: str) -> str:
        """Return the table's URL: nothing needs to be made."""
        return self.table_url(table)

    def newest_version(self, table: str, known: int | None) -> int | None:
        """List the log from the known entry on; without one, look for any."""
        log = f"{table}/_delta_log"
        if known is None:
            return None if next(self._objects.list(log), None) is None else 0
        # From there on: a log of months has thousands of entries, and a page of a listing holds a thousand.
        newer = (entry.key for entry in self._objects.list(log, after=f"{log}/{known:020d}.json"))
        found = newest_entry(key.rpartition("/")[2] for key in newer)
        return known if found is None else found

    def sync_log(self, table: str) -> None:
        """Do nothing: what the store has confirmed, it keeps."""

    def settle(self, files: Sequence[DataFile]) -> None:
        """Upload files to where they will stay; no log lists them yet."""
        self._objects.upload((_key(file), self.lake.root / file.staged) for file in files)

    def write_intent(self, intent: Intent) -> None:
        """Create the intent of this number, which nobody else may have done.

        Raises:
            LakeError: another writer has decided a commit of this number, or has taken over the lake.
        """
        lease = _HELD.get(self.lake.root)
        if lease is not None:  # a worker of a runner holds none: the process that sent it the job does
            lease.check()
        if self._objects.create(_intent_key(intent.number), encoded(intent)) is None:
            raise LakeError(
                f"{self.lake.url}: another writer has decided commit {intent.number}; nothing of this one was "
                "published: run again"
            )

    def read_intent(self) -> Intent | None:
        """Return the intent of the lowest number."""
        for entry in self._objects.list(f"{_INTENTS}/"):
            found = self._objects.read(entry.key)
            if found is not None:  # else its writer has just finished it
                return decoded(found.content, f"{self.lake.url}/{entry.key}")
        return None

    def has_intent(self) -> bool:
        """Say whether there is an intent."""
        return next(self._objects.list(f"{_INTENTS}/"), None) is not None

    def remove_intent(self, intent: Intent) -> None:
        """Delete the intent."""
        self._objects.delete([_intent_key(intent.number)])

    def bring_in(self, intent: Intent, change: Change) -> None:
        """Do nothing: files are in their place before there is an intent."""

    def discard(self, files: Iterable[DataFile]) -> None:
        """Delete files, which are in their place until then."""
        self._objects.delete([_key(file) for file in files])

    def sweep(self, listed: AbstractSet[str]) -> int:
        """Delete old files that no log lists: of writers that died before their intent, or while they tidied up."""
        before = self._objects.now() - _UNPUBLISHED
        entries = (entry for table in TABLES for entry in self._objects.list(f"{table}/"))
        # Old ones alone: a writer uploads first and lists afterwards, and one of another machine may be at it now.
        stray = [
            entry.key
            for entry in entries
            if entry.key.endswith(".parquet")
            and "/_delta_log/" not in entry.key
            and entry.key not in listed
            and entry.written_at < before
        ]
        self._objects.delete(stray)
        return len(stray)

    def sweep_shared(self) -> None:
        """Delete what lies in shared staging."""
        self._objects.delete([entry.key for entry in self._objects.list(f"{SHARED}/")])

    def prepare_folders(self, number: int, replaced: Sequence[DataFile], kept: Iterable[DataFile]) -> None:
        """Do nothing: there are no folders."""

    def place(self, file: DataFile) -> str:
        """Return the file's URL."""
        return f"{self.lake.url}/{_key(file)}"

    def open(self, file: DataFile) -> pq.ParquetFile:
        """Open a file where it lies, or fetched as a whole if it is small."""
        # A Parquet file is read from its end and then by columns: three requests or more, in turn.
        if file.bytes <= _WHOLE_BYTES:
            return pq.ParquetFile(pa.BufferReader(self.read(file)))
        return pq.ParquetFile(self._files(file.table, [file]).open_input_file(file.path), pre_buffer=True)

    def open_all(self, files: Sequence[DataFile]) -> Iterator[Callable[[], pq.ParquetFile]]:
        """Yield what opens each file, with the next ones on their way."""
        with ThreadPoolExecutor(_AHEAD) as threads:
            for opened in submitted_ahead(lambda file: threads.submit(self.open, file), files, _AHEAD):
                yield opened.result

    def read(self, file: DataFile) -> pa.Buffer:
        """Fetch a file.

        Raises:
            FileNotFoundError: it is missing.
        """
        found = self._objects.read(_key(file))
        if found is None:
            raise FileNotFoundError(f"{self.place(file)} is missing")
        return pa.py_buffer(found.content)

    def relation(self, table: str, files: Sequence[DataFile]) -> ds.Dataset:
        """Return a data set of files, which reads the row groups and columns that a query needs."""
        system = self._files(table, files)
        layout = ds.ParquetFileFormat(default_fragment_scan_options=ds.ParquetFragmentScanOptions(pre_buffer=True))
        names = PARTITIONS if table in STORY_TABLES else ()
        folders = ds.partitioning(pa.schema([SCHEMAS[table].field(name) for name in names]), flavor="hive")
        fragments = [
            layout.make_fragment(
                file.path,
                filesystem=system,
                partition_expression=folders.parse(file.path),
                file_size=file.bytes,
            )
            for file in files
        ]
        return ds.FileSystemDataset(fragments, SCHEMAS[table], layout, system)

    def sizes(self, files: Sequence[DataFile]) -> list[int | None]:
        """Ask for the sizes of files, several at once."""
        return self._objects.sizes([_key(file) for file in files])

    def exposed(self, table: str) -> Iterator[str]:  # noqa: ARG002  globs are not promised
        """Yield nothing: whoever reads a lake on an object store reads its logs."""
        yield from ()

    @contextmanager
    def exclusive(self, owner: Mapping[str, object], *, break_lock: bool) -> Iterator[None]:
        """Hold the lake's lease."""
        with held(self._objects, owner, self.lake.root / "_lease", break_lock=break_lock) as lease:
            _HELD[self.lake.root] = lease
            try:
                yield
            finally:
                del _HELD[self.lake.root]

    def in_use(self) -> bool:
        """Say whether somebody holds the lease."""
        return in_force(self._objects)

    @property
    def _objects(self) -> Objects:
        return objects_at(self.lake.url)

    def _files(self, table: str, files: Sequence[DataFile]) -> pafs.PyFileSystem:
        return file_system(self.table_url(table), self.options, {file.path: file.bytes for file in files})


def _key(file: DataFile) -> str:
    return f"{file.table}/{file.path}"


def _intent_key(number: int) -> str:
    return f"{_INTENTS}/{number:08d}.json"
