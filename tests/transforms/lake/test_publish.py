"""Carrying an intent out: once, again, from any step, and never one whose time is past."""

from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pytest
from small_lakes import STARTED, run_info

from schemas.errors import LakeError
from schemas.tables import SCHEMAS
from transforms.lake import delta, steps
from transforms.lake.intent import Change, DataFile, Intent, in_order
from transforms.lake.layout import Lake
from transforms.lake.ledger import Stamp, ledger_row
from transforms.lake.publish import _unlisted, publish
from transforms.lake.read import last_commit, scan
from transforms.lake.storage import storage_of
from transforms.lake.write import commit_folder, stage


def decided(lake: Lake, number: int = 1, table: str = "polls", **given: object) -> Intent:
    """Stage a row of a table and that of the ledger, and decide their commit."""
    rows = pa.Table.from_pylist([{"feed": f"feed {number}", "commit": number}], SCHEMAS[table])
    changes = [Change(table, tuple(stage(lake, number, [(table, rows)])))]
    ledger = ledger_row(Stamp(number, "00000001", STARTED), run_info(), {}, changes)
    changes.append(Change("runs", tuple(stage(lake, number, [("runs", ledger)]))))
    staging = str(commit_folder(lake, number).relative_to(lake.root))
    intent = Intent(number, 1_000, staging, in_order(changes), **given)  # type: ignore[arg-type]
    storage_of(lake).write_intent(intent)
    return intent


def feeds(lake: Lake) -> list[str]:
    return [feed for batch in scan(lake, "polls", ["feed"]) for feed in batch.column(0).to_pylist()]


def files(lake: Lake) -> dict[str, bytes]:
    return {str(path.relative_to(lake.root)): path.read_bytes() for path in lake.root.rglob("*") if path.is_file()}


def test_a_published_intent_is_in_all_tables_and_leaves_nothing(lake: Lake) -> None:
    intent = decided(lake)
    publish(lake, intent)
    assert (feeds(lake), last_commit(lake)) == (["feed 1"], 1)
    assert not storage_of(lake).has_intent()
    assert not (lake.root / intent.staging).exists()


def test_published_again_it_changes_nothing(lake: Lake) -> None:
    intent = decided(lake)
    publish(lake, intent)
    before = files(lake)
    (lake.root / intent.staging).mkdir()
    storage_of(lake).write_intent(intent)
    publish(lake, intent)
    assert files(lake) == before


class _Killed(BaseException):
    pass


@pytest.mark.parametrize(
    "at", [step for step in steps.COMMIT_STEPS if step.split()[0] in {"polls", "runs", "published"}]
)
def test_cut_short_at_any_step_it_is_finished_by_whoever_comes_next(
    lake: Lake, monkeypatch: pytest.MonkeyPatch, at: str
) -> None:
    intent = decided(lake)

    def reached(step: str) -> None:
        if step == at:
            raise _Killed

    monkeypatch.setattr(steps, "reached", reached)
    with pytest.raises(_Killed):
        publish(lake, intent)
    monkeypatch.undo()
    assert storage_of(lake).read_intent() == intent
    publish(lake, intent)
    assert (feeds(lake), last_commit(lake), storage_of(lake).has_intent()) == (["feed 1"], 1, False)


def test_tables_come_in_their_order_and_the_ledger_last(lake: Lake, monkeypatch: pytest.MonkeyPatch) -> None:
    met: list[str] = []
    monkeypatch.setattr(steps, "reached", met.append)
    publish(lake, decided(lake))
    of_tables = [f"{table} {what}" for table in ("polls", "runs") for what in ("begun", "moved", "committed", "synced")]
    assert met == [*of_tables, "published", "intent removed", "swept"]


def test_an_intent_that_the_ledger_has_passed_publishes_nothing(lake: Lake) -> None:
    """A writer that was overtaken wakes up: its number is another's commit now."""
    publish(lake, decided(lake, 1, "furniture"))
    publish(lake, decided(lake, 3))
    for table in ("polls", "furniture"):  # also of a table that the later commit did not touch
        publish(lake, decided(lake, 2, table))
        assert (feeds(lake), last_commit(lake), delta.last_number(lake, "furniture")) == (["feed 3"], 3, 1)
    assert not storage_of(lake).has_intent()


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (lambda path: path.unlink(), "has -1 bytes instead of"),
        (
            lambda path: path.write_bytes(path.read_bytes()[:-1]),
            r"bytes instead of \d+ .*restore the file from a backup",
        ),
        (lambda path: path.write_bytes(path.read_bytes() + b"x"), "bytes instead of"),
    ],
)
def test_a_file_that_is_not_whole_stops_it_and_the_intent_stays(
    lake: Lake, spoil: Callable[[Path], object], said: str
) -> None:
    intent = decided(lake)
    spoil(lake.root / intent.changes[0].adds[0].staged)
    with pytest.raises(LakeError, match=said):
        publish(lake, intent)
    assert delta.last_number(lake, "polls") == 0
    assert storage_of(lake).read_intent() == intent


def test_a_takedown_erases_what_it_names_and_all_that_was_derived_before_it_is_done(
    lake: Lake, monkeypatch: pytest.MonkeyPatch
) -> None:
    archive = lake.archive / "2024-01-01"
    for path in (archive / "gone", archive / "kept", lake.memory / "index"):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("x")
    before = storage_of(lake).identity()
    intent = decided(lake, erases=(str((archive / "gone").relative_to(lake.root)), "_archive/2024-01-01/never-was"))
    met: list[str] = []

    def reached(step: str) -> None:
        met.append(step)
        if step == "erased":
            assert [path.name for path in archive.iterdir()] == ["kept"]
            assert not lake.memory.exists()
            assert not (lake.root / intent.staging).exists()
            assert storage_of(lake).identity() != before
            assert storage_of(lake).has_intent()

    monkeypatch.setattr(steps, "reached", reached)
    publish(lake, intent)
    assert met[-3:] == ["erased", "intent removed", "swept"]


def test_without_a_takedown_what_was_derived_stays(lake: Lake) -> None:
    lake.memory.mkdir()
    (lake.memory / "index").write_text("x")
    before = storage_of(lake).identity()
    publish(lake, decided(lake))
    assert (lake.memory / "index").exists()
    assert storage_of(lake).identity() == before


def test_replaced_files_are_told_that_no_log_lists(lake: Lake) -> None:
    publish(lake, decided(lake))
    (listed,) = delta.list_files(lake, "polls")
    gone = DataFile("polls", "part-00000000-00000.parquet", 1, 1)
    assert _unlisted(lake, [Change("polls", removes=(listed, gone)), Change("runs", (gone,))]) == [gone]
