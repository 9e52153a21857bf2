"""A lake on an object store holds what a lake in a folder holds, whatever happens to its writers."""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta
from pathlib import Path

import pytest
from small_lakes import content, ingest, run_killed, story, write

from schemas.errors import LakeError, UsageError
from transforms.fold.recall import recall
from transforms.lake import bucket as bucket_module
from transforms.lake import steps
from transforms.lake.intent import Change, Intent
from transforms.lake.layout import Lake, create_or_open, open_lake
from transforms.lake.lock import in_use, writer_lock
from transforms.lake.objects import objects_at
from transforms.lake.read import files, last_commit, snapshot
from transforms.lake.recover import recover
from transforms.lake.seen import SeenIndex
from transforms.lake.storage import storage_of
from transforms.lake.verify import verify
from transforms.lake.views import Session

FIRST, SECOND = range(20), range(16, 36)


@pytest.fixture
def remote(bucket: str) -> Lake:
    return create_or_open(f"{bucket}/news")


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[str]]:
    lake = create_or_open(tmp_path_factory.mktemp("undisturbed") / "lake")
    for numbers in (FIRST, SECOND):
        write(lake, "ingest", numbers)
    return content(lake)


@pytest.fixture
def elsewhere(remote: Lake, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Lake:
    """Return the same lake as another machine opens it: with nothing of its own yet."""
    with monkeypatch.context() as there:
        there.setenv("XDG_CACHE_HOME", str(tmp_path / "another machine"))
        return open_lake(remote.name)


def test_rows_are_those_of_a_folder(remote: Lake, undisturbed: dict[str, list[str]]) -> None:
    write(remote, "ingest", FIRST)
    write(remote, "ingest", SECOND)
    assert content(remote) == undisturbed
    before = snapshot(remote).files
    write(remote, "ingest", SECOND)  # again, which publishes nothing but a row of the ledger
    after = snapshot(remote).files
    assert {table for table in after if after[table] != before[table]} == {"runs"}
    write(remote, "compact")
    assert content(remote) == undisturbed
    assert len(files(remote, "articles")) < len(before["articles"])
    assert _stray(remote) == set()  # what was merged is gone
    assert verify(remote) == []


def test_another_machine_knows_what_is_stored(remote: Lake, elsewhere: Lake) -> None:
    write(remote, "ingest", FIRST)
    assert SeenIndex.open(elsewhere.name).contains(story(1).raw_sha256)
    assert len(recall(elsewhere)) == len(recall(remote)) > 0
    write(elsewhere, "ingest", range(8))
    assert [len(files(remote, table)) for table in ("runs", "polls")] == [2, 1]


# All steps are killed at by the long test below.
@pytest.mark.parametrize("step", ["staged", "articles committed"])
def test_a_killed_ingest_is_done_or_was_never_begun(step: str, remote: Lake, undisturbed: dict[str, list[str]]) -> None:
    write(remote, "ingest", FIRST)
    _kill_and_start_again(remote, step, undisturbed)


@pytest.mark.long
def test_a_killed_ingest_is_done_or_was_never_begun_at_every_step(
    remote: Lake, undisturbed: dict[str, list[str]]
) -> None:
    write(remote, "ingest", FIRST)
    for step in [step for step in steps.COMMIT_STEPS if not step.startswith("forgotten")]:
        _kill_and_start_again(_copy(remote, step.replace(" ", "-")), step, undisturbed)


@pytest.mark.long
def test_a_killed_compaction_changes_no_row(remote: Lake, undisturbed: dict[str, list[str]]) -> None:
    write(remote, "ingest", FIRST)
    write(remote, "ingest", SECOND)
    for step in ["merging begun", *(step for step in steps.COMMIT_STEPS if not step.startswith("forgotten"))]:
        lake = _copy(remote, step.replace(" ", "-"))
        assert run_killed(lake, step, "compact") == -9
        assert content(lake) == undisturbed
        write(lake, "nothing")
        assert content(lake) == undisturbed
        assert verify(lake) == []


@pytest.fixture(scope="module")
def rewritten(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[str]]:
    lake = create_or_open(tmp_path_factory.mktemp("rewritten") / "lake")
    write(lake, "ingest", FIRST)
    write(lake, "rewrite")
    return content(lake)


def test_rows_that_were_rewritten_are_those_of_a_folder(remote: Lake, rewritten: dict[str, list[str]]) -> None:
    write(remote, "ingest", FIRST)
    before = content(remote)
    write(remote, "rewrite")
    assert content(remote) == rewritten != before
    assert _stray(remote) == set()
    assert verify(remote) == []


@pytest.mark.long
def test_a_killed_rewrite_is_done_or_was_never_begun(remote: Lake, rewritten: dict[str, list[str]]) -> None:
    write(remote, "ingest", FIRST)
    before = content(remote)
    met = ("runs", "duplicates", "articles")
    tables = [f"{table} {what}" for table in met for what in ("begun", "moved", "committed", "synced")]
    for step in ["rewriting begun", "staged", "intent written", *tables, "published", "intent removed"]:
        lake = _copy(remote, step.replace(" ", "-"))
        assert run_killed(lake, step, "rewrite") == -9, step
        for table, rows in content(lake).items():  # each as it was or as it will be
            assert rows in (before[table], rewritten[table])
        write(lake, "rewrite")
        assert content(lake) == rewritten
        assert verify(lake) == []


def _kill_and_start_again(lake: Lake, step: str, undisturbed: dict[str, list[str]]) -> None:
    before = content(lake)
    assert run_killed(lake, step, "ingest", SECOND) == -9
    assert content(lake) in (before, undisturbed)  # a reader in between sees all of the commit or nothing
    write(lake, "ingest", SECOND)  # at once: the lease is one that a process of this machine left
    assert content(lake) == undisturbed
    assert verify(lake) == []


def test_writers_of_two_machines_take_turns(remote: Lake, elsewhere: Lake) -> None:
    with writer_lock(remote, "ingest"):
        assert in_use(elsewhere)
        with (
            pytest.raises(LakeError, match=rf"process {os.getpid()} on .* \(newsfold ingest\)"),
            writer_lock(elsewhere),
        ):
            pass
        with writer_lock(elsewhere, "compact", break_lock=True):
            pass
    with writer_lock(remote, "ingest"):
        pass
    assert not in_use(elsewhere)


class _Stopped(BaseException):
    """Ends a writer in this process as a kill would: nothing is cleared away that a decided commit needs."""


@contextmanager
def _at(step: str, happens: Callable[[], None]) -> Iterator[None]:
    """Let something happen, once, when a step is reached: the process sleeps there, and others go on."""
    usual = steps.reached

    def reached(name: str) -> None:
        if name == step:
            steps.reached = usual
            happens()

    steps.reached = reached
    try:
        yield
    finally:
        steps.reached = usual


def _take_over(lake: Lake, numbers: range) -> None:
    with writer_lock(lake, "ingest", break_lock=True):
        recover(lake)
        ingest(lake, numbers)


def _stop() -> None:
    raise _Stopped


def _take_over_and_stop(lake: Lake, numbers: range) -> None:
    with _at("intent written", _stop), suppress(_Stopped):
        _take_over(lake, numbers)


@pytest.mark.parametrize("take_over", [_take_over, _take_over_and_stop])
def test_a_writer_that_wakes_up_too_late_publishes_nothing(
    take_over: Callable[[Lake, range], None], remote: Lake, elsewhere: Lake, undisturbed: dict[str, list[str]]
) -> None:
    write(remote, "ingest", FIRST)
    late = range(100, 140)
    with _at("staged", lambda: take_over(elsewhere, SECOND)), pytest.raises(LakeError, match="another writer"):
        write(remote, "ingest", late)
    write(remote, "nothing")
    assert content(remote) == undisturbed
    assert verify(remote) == []


@pytest.mark.parametrize(
    "step", ["articles moved", *(pytest.param(step, marks=pytest.mark.long) for step in ("runs moved", "published"))]
)
def test_a_commit_that_was_decided_is_finished_once_though_two_finish_it(
    step: str, remote: Lake, elsewhere: Lake, undisturbed: dict[str, list[str]]
) -> None:
    with _at(step, lambda: _take_over(elsewhere, SECOND)):
        write(remote, "ingest", FIRST)
    assert last_commit(remote) == 2
    assert content(remote) == undisturbed
    assert verify(remote) == []


def test_a_writer_whose_intent_another_finishes_is_told(
    remote: Lake, elsewhere: Lake, undisturbed: dict[str, list[str]]
) -> None:
    with _at("intent written", lambda: _take_over(elsewhere, SECOND)), pytest.raises(LakeError, match="or finished it"):
        write(remote, "ingest", FIRST)
    assert content(remote) == undisturbed


def test_a_late_intent_is_swept_and_deletes_nothing(remote: Lake, undisturbed: dict[str, list[str]]) -> None:
    write(remote, "ingest", FIRST)
    write(remote, "ingest", SECOND)
    standing = [Change(table, (), tuple(files(remote, table))) for table in ("articles", "rejects")]
    late = Intent(2, 0, "_staging/commit-00000002", (*standing, Change("polls"), Change("runs")))
    storage_of(remote).write_intent(late)
    write(remote, "nothing")
    assert not storage_of(remote).has_intent()
    assert content(remote) == undisturbed
    assert verify(remote) == []


def test_what_was_uploaded_and_never_published_is_swept_when_it_is_old(
    remote: Lake, undisturbed: dict[str, list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    write(remote, "ingest", FIRST)
    with _at("staged", _stop), suppress(_Stopped):
        write(remote, "ingest", range(100, 140))
    left = _stray(remote)
    assert left
    write(remote, "compact")
    assert _stray(remote) == left  # it may be of a writer that is only slow
    monkeypatch.setattr(bucket_module, "_UNPUBLISHED", timedelta(seconds=-2))
    write(remote, "compact")
    assert _stray(remote) == set()
    write(remote, "ingest", SECOND)
    assert content(remote) == undisturbed
    assert verify(remote) == []


def test_duckdb_reads_what_a_query_needs(remote: Lake) -> None:
    write(remote, "ingest", range(60))
    with Session(remote) as session:
        (row,) = session.ask("select count(*) as stories, min(title) as title from stories").to_pylist()
        assert (row["stories"], row["title"]) == (55, "Title 0")
        (row,) = session.ask("select count(*) as n from articles where published_month is null").to_pylist()
        assert row["n"] > 0
        plan = session.ask("explain select title from articles where published_month = '2024-02'")
    told = " ".join(plan["explain_value"].to_pylist())
    assert "text" not in told
    assert "published_month" in told


def test_a_flipped_byte_and_a_missing_file_are_found(remote: Lake) -> None:
    write(remote, "ingest", FIRST)
    objects, (first, second) = objects_at(remote.name), files(remote, "articles")[:2]
    found = objects.read(f"articles/{first.path}")
    assert found is not None
    objects.write(f"articles/{first.path}", found.content[:-9] + bytes([found.content[-9] ^ 1]) + found.content[-8:])
    objects.delete([f"articles/{second.path}"])
    (fault,) = verify(remote)
    assert fault.startswith(f"{remote.name}/articles/{second.path}: the file is missing")
    with pytest.raises(LakeError, match="cannot be read"):
        content(remote)


def test_a_takedown_is_known_to_all_machines(remote: Lake, elsewhere: Lake) -> None:
    write(remote, "ingest", FIRST)
    recall(elsewhere, save=True)
    kept = list(elsewhere.memory.iterdir())
    write(remote, "forget", [1])
    assert story(1).article_id not in str(content(remote))
    assert _stray(remote) == set()  # the files that held it are deleted
    assert kept
    with pytest.MonkeyPatch.context() as there:
        there.setenv("XDG_CACHE_HOME", str(elsewhere.root.parent.parent))
        assert not list(open_lake(remote.name).memory.glob("*"))
    assert verify(remote) == []


def test_a_place_with_something_else_is_left_alone(bucket: str) -> None:
    objects_at(f"{bucket}/mine").write("notes.txt", b"mine")
    with pytest.raises(UsageError, match="not empty and no lake"):
        create_or_open(f"{bucket}/mine")
    with pytest.raises(UsageError, match="is no lake"):
        open_lake(f"{bucket}/nothing")


@pytest.mark.parametrize(
    "url", ["http://host/x", "s3://", "s3://key:secret@bucket/x", "s3://b/x?y", "s3://b//x", "s3://b/é"]
)
def test_what_is_no_place_for_a_lake_is_refused_without_being_shown(url: str) -> None:
    with pytest.raises(UsageError, match="no place for a lake") as refused:
        create_or_open(url)
    assert "secret" not in str(refused.value)


def test_a_store_that_refuses_or_is_away_is_one_clear_error(bucket: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(LakeError, match="gives no answer") as away:
        create_or_open(f"{bucket}-missing/news")
    assert "127.0.0.1" not in str(away.value)


def _copy(lake: Lake, name: str) -> Lake:
    """Return a copy of a lake that nobody has opened yet."""
    here, there = objects_at(lake.name), objects_at(f"{lake.name}-{name}")
    for entry in here.list(""):
        there.write(entry.key, _bytes(lake, entry.key))
    return open_lake(there.url)


def _bytes(lake: Lake, key: str) -> bytes:
    found = objects_at(lake.name).read(key)
    assert found is not None
    return found.content


def _stray(lake: Lake) -> set[str]:
    """Return the Parquet files that no log lists."""
    known = {f"{table}/{file.path}" for table, some in snapshot(lake).files.items() for file in some}
    there = {entry.key for entry in objects_at(lake.name).list("") if entry.key.endswith(".parquet")}
    return {key for key in there - known if "_delta_log" not in key}


def test_a_query_is_asked_again_when_a_merge_took_its_files_away(remote: Lake) -> None:
    write(remote, "ingest", FIRST)
    write(remote, "ingest", SECOND)
    with Session(remote) as session:
        before = session.ask("select count(*) as n, min(text) as text from stories").to_pylist()
        write(remote, "compact")
        assert session.ask("select count(*) as n, min(text) as text from stories").to_pylist() == before
