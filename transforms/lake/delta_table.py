"""The seam to deltalake: one table, anywhere; what it is told, what it says, and its errors as ours.

Traps are kept out here. Columns are not added on append. And file statistics for some columns only make some readers
drop rows silently: files carry their row count and nothing else.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import pyarrow as pa
import pyarrow.fs as pafs
from deltalake import DeltaTable, PostCommitHookProperties, Schema
from deltalake.exceptions import DeltaError
from deltalake.fs import DeltaStorageHandler
from deltalake.transaction import (
    AddAction,
    CommitProperties,
    RemoveAction,
    Transaction,
    create_table_with_add_actions,
)

from schemas.errors import LakeError
from schemas.tables import PARTITIONS, SCHEMAS, STORY_TABLES
from transforms.lake.intent import Change, DataFile
from transforms.lake.layout import APP_ID
from transforms.lake.objects import gist

# Entries older than 30 days are looked for as often as checkpoints are written; deltalake would list the log each time.
_CLEANED_EVERY = 100

Options = dict[str, str] | None
"""What deltalake is told of an object store beside the environment."""


@dataclass(slots=True)
class Opened:
    """A table as of one version of its log, which moves on with `open_table` and `write`."""

    handle: Any
    # The version of which the number was asked, and the number: deltalake reads up to 100 log entries to tell it.
    numbered: tuple[int, int] | None = None

    @property
    def version(self) -> int:
        """The number of the newest log entry that was read."""
        return int(self.handle.version())

    def number(self) -> int:
        """Return the number of our last commit, 0 if there is none."""
        version = self.version
        if self.numbered is None or self.numbered[0] != version:
            self.numbered = version, int(self.handle.transaction_version(APP_ID) or 0)
        return self.numbered[1]

    def files(self, table: str) -> list[DataFile]:
        """Return the files of the table, in no order."""
        actions = pa.table(self.handle.get_add_actions(flatten=True))
        if not actions.num_rows:
            return []
        columns = (actions[name].to_pylist() for name in ("path", "size_bytes", "num_records"))
        return [DataFile(table, *row) for row in zip(*columns, strict=True)]


def open_table(url: str, options: Options, known: Opened | None = None) -> Opened:
    """Return a table as of its newest log entry, read on from where it was `known`.

    Raises:
        LakeError: the log cannot be read.
    """
    try:
        if known is None:
            return Opened(DeltaTable(url, storage_options=options))
        known.handle.update_incremental()
    except (DeltaError, OSError) as error:
        raise LakeError(f"{url}: the Delta log cannot be read ({gist(error)}); restore it from a backup") from error
    return known


def write(url: str, options: Options, opened: Opened | None, change: Change, number: int, at_ms: int) -> None:
    """Write one log entry for a change, that of a new table where none is `opened`; nothing if `number` is there.

    Raises:
        LakeError: another entry came first, or the log cannot be written.
    """
    # To whoever follows the log for new rows (`dataChange`): merged files hold none.
    news = change.rows_change or not change.removes
    adds = [_add(file, at_ms, news=news) for file in change.adds]
    removes = [_remove(file, at_ms, news=news) for file in change.removes]
    # No retry: deltalake would write behind an entry of another writer, under a number that may be used up by it.
    told = CommitProperties(max_commit_retries=0, app_transactions=[Transaction(APP_ID, number)])
    schema = Schema.from_arrow(SCHEMAS[change.table])
    partitions = list(PARTITIONS) if change.table in STORY_TABLES else []
    try:
        if opened is None:
            create_table_with_add_actions(
                url, schema, adds, partition_by=partitions, storage_options=options, commit_properties=told
            )
            return
        _add_missing_columns(opened.handle, schema)  # an entry of its own, and so before the version is looked at
        if opened.number() >= number:  # by whoever took over; asked of the very version that is written after
            return
        after = opened.version + 1
        hooks = PostCommitHookProperties(cleanup_expired_logs=after % _CLEANED_EVERY == 0)
        actions = [*adds, *removes]
        opened.handle.create_write_transaction(
            actions, "append", schema, partitions, commit_properties=told, post_commithook_properties=hooks
        )
        if opened.version == after:
            opened.numbered = after, number
    except (DeltaError, OSError) as error:
        raise LakeError(
            f"{url}: commit {number} was not written to the Delta log ({gist(error)}); "
            "it is prepared, and the next command that writes to the lake finishes it"
        ) from error


def newest_entry(names: Iterable[str]) -> int | None:
    """Return the version of the newest log entry among the names of a log's files, None where there is no entry."""
    return max((int(name[:-5]) for name in names if name.endswith(".json") and name[:-5].isdigit()), default=None)


def file_system(url: str, options: Options, sizes: Mapping[str, int]) -> pafs.PyFileSystem:
    """Return the files of a table as pyarrow reads them; `sizes`, in bytes, spare a request a file."""
    return pafs.PyFileSystem(DeltaStorageHandler(url, options, dict(sizes)))


def _add_missing_columns(handle: DeltaTable, schema: Schema) -> None:
    """Bring an older release's table up to this schema; nullable columns only are ever added."""
    known = {column.name for column in handle.schema().fields}
    missing = [column for column in schema.fields if column.name not in known]
    if missing:
        handle.alter.add_columns(missing)


def _add(file: DataFile, at_ms: int, *, news: bool) -> AddAction:
    return AddAction(
        path=file.path,
        size=file.bytes,
        partition_values=file.partition,
        modification_time=at_ms,
        data_change=news,
        stats=json.dumps({"numRecords": file.rows}),  # and no more, as said above
    )


def _remove(file: DataFile, at_ms: int, *, news: bool) -> RemoveAction:
    return RemoveAction(
        file.path,
        deletion_timestamp=at_ms,
        size=file.bytes,
        partition_values=file.partition,
        data_change=news,
    )
