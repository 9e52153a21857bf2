"""Carry an intent out, from wherever it stands: every step may be repeated, and a repeated one changes nothing."""

import shutil
from collections.abc import Iterable, Sequence

from schemas.errors import LakeError
from transforms.lake import delta, steps
from transforms.lake.durable import sync_all
from transforms.lake.intent import Change, DataFile, Intent
from transforms.lake.layout import Lake
from transforms.lake.storage import Storage, storage_of


def publish(lake: Lake, intent: Intent) -> None:
    """Publish all tables of `intent`, the ledger last, and remove it. The caller holds the lock.

    Raises:
        LakeError: a prepared file is missing or has another size, or a Delta log refuses the commit.
    """
    storage = storage_of(lake)
    # Once the ledger has the number nothing is left to publish; a stray intent of a writer that was overtaken must not.
    open_still = delta.last_number(lake, "runs") < intent.number
    for change in intent.changes:
        steps.reached(f"{change.table} begun")
        if open_still and delta.last_number(lake, change.table) < intent.number:
            _publish_table(lake, storage, intent, change)
        # Also of a table that was committed before this start: the kill may have come between the entry and its fsync.
        storage.sync_log(change.table)
        steps.reached(f"{change.table} synced")
    steps.reached("published")
    storage.discard(_unlisted(lake, intent.changes))
    # Before the intent goes: a kill in between would leave the documents of a takedown with nobody to delete them.
    if intent.erases is not None:
        _erase(lake, storage, intent, intent.erases)
        steps.reached("erased")
    storage.remove_intent(intent)
    steps.reached("intent removed")
    shutil.rmtree(lake.root / intent.staging, ignore_errors=True)  # the next start sweeps what is left
    steps.reached("swept")


def _erase(lake: Lake, storage: Storage, intent: Intent, files: Iterable[str]) -> None:
    """Delete what a takedown replaced, the files that go with it, and all that was derived from the rows.

    The lake is marked anew, so that no process goes on from what it remembers of it.
    """
    # Repeated from wherever it was cut short, so each step may find its work done.
    beside = [lake.root / name for name in files]
    for path in beside:
        path.unlink(missing_ok=True)
    for folder in (lake.root / intent.staging, lake.memory):
        if folder.exists():
            shutil.rmtree(folder)
    storage.mark_anew()
    sync_all(sorted({path.parent for path in beside if path.parent.is_dir()} | {lake.staging, lake.root}))


def _publish_table(lake: Lake, storage: Storage, intent: Intent, change: Change) -> None:
    storage.bring_in(intent, change)
    steps.reached(f"{change.table} moved")
    _check(storage, change.adds)
    delta.commit(lake, change, intent.number, intent.at_ms)
    steps.reached(f"{change.table} committed")


def _check(storage: Storage, files: Sequence[DataFile]) -> None:
    """Refuse to commit what is not there: Delta would accept it, and every later read would fail."""
    for file, size in zip(files, storage.sizes(files), strict=True):
        if size != file.bytes:
            raise LakeError(
                f"{storage.place(file)} has {-1 if size is None else size} bytes instead of {file.bytes} (-1: it is "
                "missing); the commit stays unfinished: restore the file from a backup and run again"
            )


def _unlisted(lake: Lake, changes: Sequence[Change]) -> list[DataFile]:
    """Return the replaced files that no log lists any more; a stray intent of an overtaken writer may name others."""
    losing = [change for change in changes if change.removes]
    listed = {(change.table, file.path) for change in losing for file in delta.list_files(lake, change.table)}
    return [file for change in losing for file in change.removes if (change.table, file.path) not in listed]
