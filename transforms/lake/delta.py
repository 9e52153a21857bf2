"""The seam to Delta Lake: commits with our own number, and what the log says is there.

Three traps are kept out here. deltalake accepts a transaction number twice, and a lower one: `commit` compares first,
and its caller holds the lock. It does not fsync its log: `commit` does. And file statistics for some columns only make
some readers drop rows silently: files carry their row count and nothing else.
"""

import json
import os
from pathlib import Path

import pyarrow as pa
from deltalake import DeltaTable, Schema
from deltalake.exceptions import DeltaError
from deltalake.transaction import (
    AddAction,
    CommitProperties,
    RemoveAction,
    Transaction,
    create_table_with_add_actions,
)

from schemas.errors import LakeError
from schemas.tables import PARTITIONS, SCHEMAS, STORY_TABLES
from transforms.lake.durable import sync
from transforms.lake.intent import Change, DataFile
from transforms.lake.layout import APP_ID, Lake

# Reading a log anew takes 4 to 10 ms, 25 times a commit; going on from where it was read takes 0.5. The marker's file
# tells one lake from another that lies in the same place later.
_OPENED: dict[str, tuple[tuple[int, int], DeltaTable]] = {}


def last_number(lake: Lake, table: str) -> int:
    """Return the number of the last commit of ours in a table, 0 if there is none.

    Raises:
        LakeError: the Delta log cannot be read.
    """
    opened = _open(lake, table)
    return 0 if opened is None else int(opened.transaction_version(APP_ID) or 0)


def list_files(lake: Lake, table: str) -> list[DataFile]:
    """Return the files that make up a table now, by path; checksums are in the ledger, not here.

    Raises:
        LakeError: the Delta log cannot be read.
    """
    opened = _open(lake, table)
    if opened is None:
        return []
    actions = pa.table(opened.get_add_actions(flatten=True))
    if not actions.num_rows:
        return []
    columns = (actions[name].to_pylist() for name in ("path", "size_bytes", "num_records"))
    return sorted((DataFile(table, *row) for row in zip(*columns, strict=True)), key=lambda file: file.path)


def commit(lake: Lake, change: Change, number: int, at_ms: int) -> None:
    """Commit a change of one table under `number`, whose files are in place; force the log to disk.

    Raises:
        LakeError: another process committed to the table meanwhile, or the log cannot be written.
    """
    news = change.rows_change or not change.removes  # to whoever follows the log for new rows
    adds = [_add(file, at_ms, news=news) for file in change.adds]
    removes = [_remove(file, at_ms, news=news) for file in change.removes]
    properties = CommitProperties(max_commit_retries=0, app_transactions=[Transaction(APP_ID, number)])
    try:
        _write(lake, change.table, adds, removes, properties)
    except (DeltaError, OSError) as error:
        raise LakeError(
            f"{lake.table(change.table)}: commit {number} was not written to the Delta log ({error}); "
            "it is prepared, and the next command that writes to the lake finishes it"
        ) from error


def sync_log(lake: Lake, table: str) -> None:
    """Force the newest log entry, a checkpoint with its number, and their names to disk."""
    log = lake.table(table) / "_delta_log"
    newest = max(entry.name[:20] for entry in log.iterdir() if entry.suffix == ".json" and entry.name[:20].isdigit())
    for entry in log.iterdir():
        if entry.name.startswith((newest, "_last_checkpoint")):
            sync(entry)
    sync(log)
    sync(log.parent)
    sync(lake.root)


def _open(lake: Lake, table: str) -> DeltaTable | None:
    folder = lake.table(table)
    version = _version(folder)
    if version is None:
        return None
    marker = lake.marker.stat()
    key, lake_is = str(folder), (marker.st_ino, marker.st_mtime_ns)
    try:
        known, opened = _OPENED.get(key, (None, None))
        if opened is None or known != lake_is or opened.version() > version:
            opened = DeltaTable(key)
        elif opened.version() < version:
            opened.update_incremental()
    except (DeltaError, OSError) as error:
        reason = " ".join(str(error).split())
        raise LakeError(f"{folder}: the Delta log cannot be read ({reason}); restore it from a backup") from error
    _OPENED[key] = lake_is, opened
    return opened


def _version(folder: Path) -> int | None:
    """Return the version of the newest log entry, None where there is no table yet."""
    log = folder / "_delta_log"
    names = os.listdir(log) if log.is_dir() else []  # noqa: PTH208  of thousands, some 20 times a commit
    return max((int(name[:-5]) for name in names if name.endswith(".json") and name[:-5].isdigit()), default=None)


def _write(
    lake: Lake, table: str, adds: list[AddAction], removes: list[RemoveAction], properties: CommitProperties
) -> None:
    schema = Schema.from_arrow(SCHEMAS[table])
    partitions = list(PARTITIONS) if table in STORY_TABLES else []
    opened = _open(lake, table)
    if opened is None:
        folder = lake.table(table)
        folder.mkdir(exist_ok=True)
        create_table_with_add_actions(str(folder), schema, adds, partition_by=partitions, commit_properties=properties)
        return
    _add_missing_columns(opened, schema)
    opened.create_write_transaction([*adds, *removes], "append", schema, partitions, commit_properties=properties)


def _add_missing_columns(opened: DeltaTable, schema: Schema) -> None:
    """Bring an older release's table up to this schema; nullable columns only are ever added."""
    known = {column.name for column in opened.schema().fields}
    missing = [column for column in schema.fields if column.name not in known]
    if missing:
        opened.alter.add_columns(missing)


def _add(file: DataFile, at_ms: int, *, news: bool) -> AddAction:
    return AddAction(
        path=file.path,
        size=file.bytes,
        partition_values=file.partition,
        modification_time=at_ms,
        data_change=news,
        stats=json.dumps({"numRecords": file.rows}),
    )


def _remove(file: DataFile, at_ms: int, *, news: bool) -> RemoveAction:
    return RemoveAction(
        file.path,
        deletion_timestamp=at_ms,
        size=file.bytes,
        partition_values=file.partition,
        data_change=news,
    )
