"""Carry an intent out, from wherever it stands: every step may be repeated, and a repeated one changes nothing."""

import os
import shutil
from collections.abc import Iterable, Sequence
from contextlib import suppress
from pathlib import Path

from schemas.errors import LakeError
from transforms.lake import delta, steps
from transforms.lake.durable import exchange, sync_all
from transforms.lake.intent import Change, DataFile, Intent, remove_intent
from transforms.lake.layout import Lake, mark_anew


def publish(lake: Lake, intent: Intent) -> None:
    """Publish all tables of `intent`, the ledger last, and remove it. The caller holds the lock.

    Raises:
        LakeError: a prepared file is missing or has another size, or a Delta log refuses the commit.
    """
    for change in intent.changes:
        steps.reached(f"{change.table} begun")
        if delta.last_number(lake, change.table) < intent.number:
            _publish_table(lake, intent, change)
        delta.sync_log(lake, change.table)
        steps.reached(f"{change.table} synced")
    steps.reached("published")
    if intent.erases is not None:
        _erase(lake, intent, intent.erases)
        steps.reached("erased")
    remove_intent(lake)
    steps.reached("intent removed")
    shutil.rmtree(lake.root / intent.staging, ignore_errors=True)  # the next start sweeps what is left
    steps.reached("swept")


def _erase(lake: Lake, intent: Intent, files: Iterable[str]) -> None:
    """Delete what a takedown replaced, the files that go with it, and all that was derived from the rows.

    The lake is marked anew, so that no process goes on from what it remembers of it.
    """
    beside = [lake.root / name for name in files]
    for path in beside:
        path.unlink(missing_ok=True)
    for folder in (lake.root / intent.staging, lake.memory):
        if folder.exists():
            shutil.rmtree(folder)
    mark_anew(lake)
    sync_all(sorted({path.parent for path in beside if path.parent.is_dir()} | {lake.staging, lake.root}))


def _publish_table(lake: Lake, intent: Intent, change: Change) -> None:
    folder = lake.table(change.table)
    if change.removes:
        _replace(lake, intent, change)
    else:
        _move_in(lake, change.adds)
    sync_all(_folders(folder, (*change.adds, *change.removes)))
    steps.reached(f"{change.table} moved")
    _check(folder, change.adds)
    delta.commit(lake, change, intent.number, intent.at_ms)
    steps.reached(f"{change.table} committed")


def _move_in(lake: Lake, files: Sequence[DataFile]) -> None:
    for folder in {file.folder for file in files}:
        lake.table(files[0].table).joinpath(folder).mkdir(parents=True, exist_ok=True)
    for file in files:
        with suppress(FileNotFoundError):  # moved before this start; whether it is there is checked below
            os.replace(lake.root / file.staged, lake.table(file.table) / file.path)  # noqa: PTH105  twice as fast


def _replace(lake: Lake, intent: Intent, change: Change) -> None:
    """Put rewritten files in the place of those they were made of, folder by folder.

    A partition's folder was prepared whole and is swapped, so that no reader of a glob sees a row twice. A table
    without partitions keeps its log in its folder: there the old files leave before the merged one comes.
    """
    table, prepared = lake.table(change.table), lake.root / intent.staging / change.table
    for name in sorted({file.folder for file in change.removes}):
        if name == ".":
            _move_out(table, prepared / "replaced", change.removes)
        else:
            _swap(prepared, table, name, [file for file in change.removes if file.folder == name])
    _move_in(lake, [file for file in change.adds if not _was_prepared(lake, prepared, file)])


def _move_out(table: Path, aside: Path, files: Iterable[DataFile]) -> None:
    aside.mkdir(parents=True, exist_ok=True)
    for file in files:
        if (table / file.path).exists():
            (table / file.path).replace(aside / file.path)


def _was_prepared(lake: Lake, prepared: Path, file: DataFile) -> bool:
    return file.folder != "." and lake.root / file.staged == prepared / file.path


def _swap(prepared: Path, table: Path, name: str, removed: Iterable[DataFile]) -> None:
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


def _check(table: Path, files: Iterable[DataFile]) -> None:
    """Refuse to commit what is not there: Delta would accept it, and every later read would fail."""
    for file in files:
        path = table / file.path
        size = path.stat().st_size if path.is_file() else -1
        if size != file.bytes:
            raise LakeError(
                f"{path} has {size} bytes instead of {file.bytes} (-1: it is missing); "
                "the commit stays unfinished: restore the file from a backup and run again"
            )
