"""The intent: all that one commit will publish, written down before any of it is.

One JSON file, which is there whole or not at all. While it exists the commit is decided and whoever starts next
finishes it; before it exists nothing of the commit has happened.
"""

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from pathlib import PurePosixPath

from schemas.errors import LakeError
from schemas.tables import PARTITIONS, TABLES
from transforms.lake.file_names import newest_commit, oldest_commit
from transforms.lake.layout import NULL_PARTITION


@dataclass(frozen=True, slots=True)
class DataFile:
    """One Parquet file of a table; `path` is relative to the table's folder, its name one of `file_names`."""

    table: str
    path: str
    bytes: int
    rows: int
    sha256: str = ""  # hex; the Delta log does not know it, the ledger does
    staged: str = ""  # where it was prepared, relative to the lake

    @property
    def folder(self) -> str:
        """The partition's folder, `.` for a table without partitions."""
        return str(PurePosixPath(self.path).parent)

    @property
    def newest(self) -> int:
        """The highest commit among its rows."""
        return newest_commit(self.path)

    @property
    def oldest(self) -> int:
        """The lowest commit that may be among its rows."""
        return oldest_commit(self.path)

    @property
    def partition(self) -> dict[str, str | None]:
        """The partition values that stand in the path."""
        pairs = (part.split("=", 1) for part in PurePosixPath(self.path).parts[:-1])
        return {name: None if value == NULL_PARTITION else value for name, value in pairs if name in PARTITIONS}


@dataclass(frozen=True, slots=True)
class Change:
    """What a commit does to one table.

    With `removes`, rows move between files: the folders that lose files were prepared whole and are swapped. An added
    file that was staged elsewhere comes in after that.
    """

    table: str
    adds: tuple[DataFile, ...] = ()
    removes: tuple[DataFile, ...] = ()
    rows_change: bool = False  # with `removes`: the rows have other values now


@dataclass(frozen=True, slots=True)
class Intent:
    """A commit that will happen: `changes` are in publishing order, the ledger last."""

    number: int
    at_ms: int  # milliseconds since 1970
    staging: str  # the commit's folder, relative to the lake
    changes: tuple[Change, ...] = field(default=())
    # Of a takedown: files beside the tables that go with the rows, relative to the lake. What is derived goes too, also
    # where there are none: only None says that it is no takedown.
    erases: tuple[str, ...] | None = None


def encoded(intent: Intent) -> bytes:
    """Return the intent as the file that holds it."""
    return json.dumps(asdict(intent), indent=1).encode()


def decoded(content: bytes, place: str) -> Intent:
    """Return the intent of a file.

    Raises:
        LakeError: it is damaged; the message says its `place`.
    """
    try:
        told = json.loads(content)
        changes = tuple(
            Change(change["table"], _files(change["adds"]), _files(change["removes"]), change["rows_change"])
            for change in told["changes"]
        )
        erases = told.get("erases")  # older releases wrote none
        erased = None if erases is None else tuple(map(str, erases))
        return Intent(told["number"], told["at_ms"], told["staging"], changes, erased)
    except (ValueError, KeyError, TypeError) as error:
        raise LakeError(f"{place} is damaged ({error}); restore the lake from a backup") from error


def in_order(changes: Iterable[Change]) -> tuple[Change, ...]:
    """Return changes in publishing order: what is referred to comes first, the ledger last."""
    return tuple(sorted(changes, key=lambda change: TABLES.index(change.table)))


def _files(rows: list[dict[str, str | int]]) -> tuple[DataFile, ...]:
    return tuple(DataFile(**row) for row in rows)  # type: ignore[arg-type]  # as written by encoded
