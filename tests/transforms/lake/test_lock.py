"""One writer at a time, and none beside the workers of a killed one."""

import multiprocessing
from multiprocessing.connection import Connection

import pytest

from schemas.errors import LakeError
from transforms.lake import lock
from transforms.lake.layout import Lake, open_lake
from transforms.lake.lock import hold_as_worker, in_use, writer_lock

_CONTEXT = multiprocessing.get_context("forkserver")


def _hold_as_writer(root: str, pipe: Connection) -> None:
    with writer_lock(open_lake(root), "ingest"):
        pipe.send("held")
        pipe.recv()


def _hold_as_worker(root: str, pipe: Connection) -> None:
    hold_as_worker(root)
    pipe.send("held")
    pipe.recv()


_pipes: list[Connection] = []  # a pipe that nobody holds is closed, and the child with it


def _started(target, lake: Lake):
    ours, theirs = _CONTEXT.Pipe()
    process = _CONTEXT.Process(target=target, args=(str(lake.root), theirs), daemon=True)
    process.start()
    _pipes.append(ours)
    assert ours.recv() == "held"
    return process


def test_a_second_writer_is_refused_and_told_who_the_first_is(lake: Lake) -> None:
    process = _started(_hold_as_writer, lake)
    assert in_use(lake)
    with (
        pytest.raises(LakeError, match=rf"being written by process {process.pid} on .* \(newsfold ingest\)"),
        writer_lock(lake),
    ):
        pass
    process.kill()
    process.join()
    with writer_lock(lake):  # the lock of a killed writer is gone with it
        assert in_use(lake)
    assert not in_use(lake)


def test_workers_of_a_killed_writer_are_waited_for(lake: Lake, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lock, "_ORPHANS_SECONDS", 0.2)
    process = _started(_hold_as_worker, lake)
    with pytest.raises(LakeError, match="worker processes of a run that was killed"), writer_lock(lake):
        pass
    process.kill()
    process.join()
    with writer_lock(lake):
        pass


def test_workers_may_come_while_their_writer_is_at_work(lake: Lake) -> None:
    with writer_lock(lake, "ingest"):
        for process in [_started(_hold_as_worker, lake) for _ in range(2)]:
            process.kill()
            process.join()


def test_a_lock_file_that_cannot_be_opened_is_one_clear_error(lake: Lake) -> None:
    lake.lock.mkdir()
    with pytest.raises(LakeError, match="_lock cannot be opened for writing"), writer_lock(lake):
        pass


def _drive_a_worker(root: str, pipe: Connection) -> None:
    with writer_lock(open_lake(root), "ingest"):
        ours, theirs = _CONTEXT.Pipe()
        _CONTEXT.Process(target=_hold_as_worker, args=(root, theirs)).start()
        pipe.send(ours.recv())
        pipe.recv()


def test_a_worker_ends_with_the_driver_that_was_killed(lake: Lake) -> None:
    ours, theirs = _CONTEXT.Pipe()
    driver = _CONTEXT.Process(target=_drive_a_worker, args=(str(lake.root), theirs))
    driver.start()
    assert ours.recv() == "held"
    driver.kill()
    driver.join()
    with writer_lock(lake):  # waits for the worker, and would be refused if that lived on
        pass
