"""One writer at a time, and none while worker processes of a killed writer still run.

Both locks are the kernel's (flock): they end with the processes that hold them, however those end. They lie in the
lake's folder; of a lake on an object store in this machine's own, and a lease keeps writers of other machines away.
"""

import contextlib
import fcntl
import json
import multiprocessing
import os
import signal
import socket
import threading
import time
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from multiprocessing.connection import wait
from pathlib import Path
from typing import TextIO

from schemas.errors import LakeError
from transforms.lake.layout import Lake, open_lake
from transforms.lake.storage import storage_of

_ORPHANS_SECONDS = 10.0  # our workers end at once with their driver, Beam's own within 3 s (tried)
_POLL_SECONDS = 0.05
_held_by_this_worker: dict[Path, TextIO] = {}  # by lake; open until the process ends
_written_by_this_process: set[Path] = set()


@contextlib.contextmanager
def writer_lock(lake: Lake, command: str = "", *, break_lock: bool = False) -> Iterator[None]:
    """Hold the lake for writing; `break_lock`: take the lease of an object store over, though its time is not over.

    Raises:
        LakeError: another process holds it, named in the message, or workers of a killed one do not end.
        UsageError: the lock of a folder is to be broken, which the system does by itself.
    """
    # Opened for appending: whoever is refused must not empty the file that names the holder.
    with _opened(lake.lock) as file:
        if not _try(file, fcntl.LOCK_EX):
            raise LakeError(f"{lake.name} is being written by {_owner(lake.lock)}; wait for it, or stop it")
        # The lock of a killed writer is free at once, its workers are not: they may still write into staging.
        wait_for_workers(lake)
        owner = _owner_of(command)
        _write_owner(file, owner)
        _written_by_this_process.add(lake.root)
        try:
            with storage_of(lake).exclusive(owner, break_lock=break_lock):
                yield
        finally:
            _written_by_this_process.discard(lake.root)
            file.truncate(0)  # whoever is refused by the next holder must not be told of this one


def hold_as_worker(lake_root: str) -> None:
    """Hold the workers' lock until this process ends, so that no new writer starts while it may still stage files.

    A worker process ends with the process that asked for it. Its parent in the system's eyes is the fork server, which
    in turn lives as long as a worker does: without a watch of our own both would outlive a killed driver for ever.
    A writer that does the work of a worker itself holds the lake already.
    """
    lake = open_lake(lake_root)
    if lake.root in _written_by_this_process or lake.root in _held_by_this_worker:
        return
    file = _opened(lake.workers)  # never closed: the lock ends with the process, however that ends
    fcntl.flock(file, fcntl.LOCK_SH)
    _held_by_this_worker[lake.root] = file
    driver = multiprocessing.parent_process()
    if driver is not None:
        threading.Thread(target=_end_with, args=(driver.sentinel,), daemon=True).start()


def _end_with(sentinel: int) -> None:
    """End this process when the other end of `sentinel` is gone; a closed pipe is told even to a late asker."""
    wait([sentinel])
    os.kill(os.getpid(), signal.SIGKILL)


@contextlib.contextmanager
def committing(lake: Lake) -> Iterator[None]:
    """Be the one that folds and commits among the workers of a writer; waits for the one before.

    A runner may give a bundle to a second worker while the first, which it believes dead, is still at it.
    """
    with _opened(lake.committer) as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def in_use(lake: Lake) -> bool:
    """Say whether a writer holds the lake now."""
    if storage_of(lake).in_use():
        return True
    if not lake.lock.exists():
        return False
    with lake.lock.open(encoding="utf-8") as file:
        return not _try(file, fcntl.LOCK_SH)


def wait_for_workers(lake: Lake, seconds: float = _ORPHANS_SECONDS) -> None:
    """Wait until no worker process of an earlier run, or of this one, is left.

    Raises:
        LakeError: one does not end.
    """
    deadline = time.monotonic() + seconds
    with _opened(lake.workers) as file:
        while not _try(file, fcntl.LOCK_EX):
            if time.monotonic() > deadline:
                raise LakeError(
                    f"worker processes of a run that was killed still hold {lake.workers}; end them and run again"
                )
            time.sleep(_POLL_SECONDS)


def _opened(path: Path) -> TextIO:
    try:
        return path.open("a+", encoding="utf-8")
    except OSError as error:
        raise LakeError(f"{path} cannot be opened for writing ({error.strerror}); check the folder's rights") from error


def _try(file: TextIO, kind: int) -> bool:
    try:
        fcntl.flock(file, kind | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _owner_of(command: str) -> dict[str, object]:
    started = datetime.now(UTC).isoformat(timespec="seconds")
    return {"pid": os.getpid(), "host": socket.gethostname(), "started": started, "command": command}


def _write_owner(file: TextIO, owner: Mapping[str, object]) -> None:
    file.truncate(0)
    with contextlib.suppress(OSError):  # a full disk: the lock holds all the same, and what comes next will say so
        os.write(file.fileno(), json.dumps(owner).encode())


def _owner(path: Path) -> str:
    try:
        owner = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError):  # it is just starting or ending
        return "another process"
    return f"process {owner['pid']} on {owner['host']} since {owner['started']} (newsfold {owner['command']})"
