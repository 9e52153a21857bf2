"""What differs between a lake in a folder and one on an object store: how files get there, stay there, and are read.

All else of the commit protocol is written once, over this interface.
"""

from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from contextlib import AbstractContextManager
from typing import Protocol

import pyarrow as pa
import pyarrow.dataset as ds
import pyarrow.parquet as pq

from transforms.lake.bucket import Bucket
from transforms.lake.folder import Folder
from transforms.lake.intent import Change, DataFile, Intent
from transforms.lake.layout import Lake


class Storage(Protocol):
    """One lake's tables and intents. What takes a number of files may use threads of its own."""

    def identity(self) -> Hashable:
        """Return what tells this lake from another that lies in the same place later."""

    def mark_anew(self) -> None:
        """Let whoever remembers something of this lake take it for another one from here on."""

    @property
    def options(self) -> dict[str, str] | None:
        """What deltalake is told beside a table's place."""

    def table_url(self, table: str) -> str:
        """Return where a table lies, as deltalake takes it."""

    def new_table(self, table: str) -> str:
        """Return the same of a table that is to be made."""

    def newest_version(self, table: str, known: int | None) -> int | None:
        """Return the version of a table's newest log entry, None where there is no table.

        `known` is the newest one as of before; without it an object store tells no more than that there is an entry: 0.
        """

    def sync_log(self, table: str) -> None:
        """Make the newest log entry outlive a power cut."""

    def settle(self, files: Sequence[DataFile]) -> None:
        """Bring staged files where an intent may name them: nothing can take them away from there any more."""

    def write_intent(self, intent: Intent) -> None:
        """Decide a commit: from here on it will be finished, by this process or the next."""

    def read_intent(self) -> Intent | None:
        """Return the first commit that was decided and not finished, if there is one."""

    def has_intent(self) -> bool:
        """Say whether there is a commit that was decided and not finished."""

    def remove_intent(self, intent: Intent) -> None:
        """Declare a commit finished."""

    def bring_in(self, intent: Intent, change: Change) -> None:
        """Put the files of a change in their final place, wherever that was interrupted before.

        Raises:
            LakeError: one is missing, or has another size.
        """

    def discard(self, files: Iterable[DataFile]) -> None:
        """Delete files that no table lists any more."""

    def sweep(self, listed: AbstractSet[str]) -> int:
        """Delete what lies in tables, was never published, and is too old to be of a commit under way; return how much.

        `listed`: all that the logs list, as TABLE/path.
        """

    def sweep_shared(self) -> None:
        """Delete what workers on other machines prepared for a run that is over."""

    def prepare_folders(self, number: int, replaced: Sequence[DataFile], kept: Iterable[DataFile]) -> None:
        """Complete the folders of commit `number` that come in the place of those of replaced files."""

    def place(self, file: DataFile) -> str:
        """Return where a file lies, for a message."""

    def open(self, file: DataFile) -> pq.ParquetFile:
        """Open a committed file.

        Raises:
            OSError: it cannot be read.
        """

    def open_all(self, files: Sequence[DataFile]) -> Iterator[Callable[[], pq.ParquetFile]]:
        """Yield what opens each file as `open` does, some of them fetched ahead where that takes time."""

    def read(self, file: DataFile) -> pa.Buffer:
        """Return the bytes of a committed file."""

    def relation(self, table: str, files: Sequence[DataFile]) -> list[str] | ds.Dataset:
        """Return files of a table as DuckDB takes them: paths, or a data set that reads what a query needs."""

    def sizes(self, files: Sequence[DataFile]) -> list[int | None]:
        """Return the bytes that files have where they lie, None for one that is missing."""

    def exposed(self, table: str) -> Iterator[str]:
        """Yield the Parquet files that a glob over the table would read, as paths below the lake."""

    def exclusive(self, owner: Mapping[str, object], *, break_lock: bool) -> AbstractContextManager[None]:
        """Keep writers of other machines away.

        Raises:
            LakeError: one of them is at work.
            UsageError: there is no lock that could be broken.
        """

    def in_use(self) -> bool:
        """Say whether a writer of another machine may be at work."""


def storage_of(lake: Lake) -> Storage:
    """Return the storage of a lake."""
    # Made anew each time: they hold nothing, and a lake that travels to a worker takes no connection along.
    return Bucket(lake) if lake.url else Folder(lake)
