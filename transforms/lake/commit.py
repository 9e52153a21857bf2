"""Commit: all of a slice becomes part of the lake, or nothing does.

    stage ── fsync ── conservation ── intent ── per table: move, fsync, check, Delta commit, fsync ── remove intent

Why each step is there: docs/decisions/commit-protocol.md. Killed before the intent, a commit never was; killed after
it, the next start finishes it (`recover`).
"""

import errno
import shutil
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime

import pyarrow as pa
import pyarrow.compute as pc

from schemas.errors import LakeError
from schemas.reasons import Reason
from schemas.records import Spill
from schemas.tables import SCHEMAS, TABLES
from transforms.fold.decided import DecidedSlice
from transforms.lake import steps
from transforms.lake.intent import Change, DataFile, Intent, in_order
from transforms.lake.layout import Lake
from transforms.lake.ledger import (
    OUTCOMES,
    ConservationError,
    RunInfo,
    Stamp,
    check_conservation,
    ledger_row,
    stamp_of,
)
from transforms.lake.publish import publish
from transforms.lake.read import last_commit
from transforms.lake.seen import SeenIndex
from transforms.lake.storage import Storage, storage_of
from transforms.lake.stories import joined, read_rejects, stamped
from transforms.lake.write import commit_folder, stage

_IN_EVERY_LAKE = ("duplicates", "rejects", "articles")  # so that a reader's query fails on none of them
_MAX_WAITING_BYTES = 64 * 1024 * 1024  # of rejects: a thousand payloads of the largest size


@dataclass(frozen=True, slots=True)
class Commitment:
    """A commit that is done."""

    number: int
    run_id: str
    counts: Mapping[str, int]  # by the names of `ledger.COUNTS`
    files: int  # published, the ledger's own not counted


@dataclass(slots=True)
class _Tally:
    """What went by while a slice was staged."""

    outcomes: Counter[str] = field(default_factory=Counter)
    digests: list[str] = field(default_factory=list)
    rejects: int = 0
    forgotten: int = 0


def commit_slice(
    lake: Lake, decided: DecidedSlice, run: RunInfo, beside: Mapping[str, pa.Table] | None = None
) -> Commitment:
    """Publish a decided slice, with the rows of further tables `beside` it. The caller holds the lock.

    What was stored before (seen articles, known rejects) is counted and not stored again. The ledger gets its row in
    any case: a run that found nothing new is one line there and changes nothing else.

    Raises:
        ConservationError: an item was lost or invented on the way; nothing was published.
        LakeError: the disk is full or a commit is unfinished.
    """
    number = _next_number(lake)
    stamp = stamp_of(number, run, datetime.now(UTC))
    index, tally = SeenIndex.open(lake.name), _Tally()
    with _staging(lake, number):
        parts = _parts(decided, index, stamp, tally)
        learned = {"furniture": decided.furniture} if len(decided.furniture) else {}
        files = stage(lake, number, _with(parts, {**learned, **(beside or {})}, stamp))
        # Only now has all gone by that is counted; nothing is published before the sum is right.
        counts = _counts(decided, tally)
        check_conservation(counts)
        _publish(lake, stamp, run, counts, _changes(files))
    # After the commit: were the index ahead of the tables, a kill in between would have articles taken for seen.
    index.advance(number, tally.digests)
    return Commitment(number, stamp.run_id, counts, len(files))


def commit_tables(lake: Lake, tables: Mapping[str, pa.Table], run: RunInfo) -> Commitment:
    """Publish rows of tables that no slice brought, such as polls. The caller holds the lock.

    Raises:
        LakeError: the disk is full or a commit is unfinished.
    """
    number = _next_number(lake)
    stamp = stamp_of(number, run, datetime.now(UTC))
    with _staging(lake, number):
        files = stage(lake, number, _with((), tables, stamp))
        _publish(lake, stamp, run, {}, _changes(files))
    SeenIndex.open(lake.name)  # which takes this commit in
    return Commitment(number, stamp.run_id, {}, len(files))


def commit_changes(
    lake: Lake, number: int, changes: Sequence[Change], run: RunInfo, counts: Mapping[str, int] | None = None
) -> None:
    """Publish changes whose files were staged by the caller under `number`, which holds the lock.

    `counts`: by the names of `ledger.FURTHER_COUNTS`.

    Raises:
        LakeError: the disk is full or a commit is unfinished.
    """
    _check_number(lake, number)
    with _staging(lake, number):
        _publish(lake, stamp_of(number, run, datetime.now(UTC)), run, counts or {}, changes)


def commit_takedown(
    lake: Lake, number: int, changes: Sequence[Change], tombstones: pa.Table, erases: Sequence[str], run: RunInfo
) -> None:
    """Publish a takedown whose files were staged by the caller under `number`, which holds the lock.

    Args:
        lake: whose rows go.
        number: of the commit.
        changes: the files without these rows.
        tombstones: rows of `forgotten`; what only a commit knows may be missing.
        erases: files beside the tables that go too, relative to the lake.
        run: says which rows go.

    Raises:
        LakeError: the disk is full or a commit is unfinished.
    """
    _check_number(lake, number)
    stamp = stamp_of(number, run, datetime.now(UTC))
    with _staging(lake, number):
        stones = _changes(stage(lake, number, _with((), {"forgotten": tombstones}, stamp)))
        _publish(lake, stamp, run, {}, [*changes, *stones], tuple(erases))


def _check_number(lake: Lake, number: int) -> None:
    """Refuse files that were prepared as another commit than the next: their number stands in their names."""
    if number != _next_number(lake):
        raise LakeError(f"{lake.name}: commit {number} was prepared, but another came first; run again")


def _next_number(lake: Lake) -> int:
    if storage_of(lake).has_intent():
        raise LakeError(f"{lake.name} has an unfinished commit; run the command again, its start finishes it")
    return last_commit(lake) + 1


@contextmanager
def _staging(lake: Lake, number: int) -> Iterator[None]:
    """Drop what was staged if the commit fails before it is decided; afterwards the intent needs it."""
    steps.reached("staging begun")
    try:
        yield
    except OSError as error:
        if error.errno in {errno.ENOSPC, errno.EDQUOT}:
            raise LakeError(f"{lake.name}: the disk is full; free some space and run again{_state(lake)}") from error
        raise
    finally:
        if not storage_of(lake).has_intent():
            shutil.rmtree(commit_folder(lake, number), ignore_errors=True)


def _state(lake: Lake) -> str:
    return (
        "; the commit under way will be finished then" if storage_of(lake).has_intent() else "; nothing was published"
    )


def _publish(
    lake: Lake,
    stamp: Stamp,
    run: RunInfo,
    counts: Mapping[str, int],
    changes: Sequence[Change],
    erases: tuple[str, ...] | None = None,
) -> None:
    # The ledger's file lists all others and so is made last; itself it lists in its name alone.
    rows = ledger_row(stamp, run, counts, in_order(changes))
    ledger = tuple(stage(lake, stamp.number, [("runs", rows)]))
    storage = storage_of(lake)
    storage.settle([file for change in changes for file in change.adds] + list(ledger))
    steps.reached("staged")
    every = _with_ledger(changes if stamp.number > 1 else _with_empty_tables(changes), ledger)
    folder = commit_folder(lake, stamp.number)
    staging, at_ms = str(folder.relative_to(lake.root)), int(stamp.at.timestamp() * 1000)
    intent = Intent(stamp.number, at_ms, staging, in_order(every), erases)
    storage.write_intent(intent)
    steps.reached("intent written")
    _check_not_overtaken(lake, storage, intent)
    publish(lake, intent)


def _check_not_overtaken(lake: Lake, storage: Storage, intent: Intent) -> None:
    """Refuse an intent whose number was used up before it was written, which the lock of a folder rules out."""
    if last_commit(lake) >= intent.number:
        storage.remove_intent(intent)
        raise LakeError(
            f"{lake.name}: another writer came first with commit {intent.number}, or finished it; run again"
        )


def _with_ledger(changes: Sequence[Change], ledger: tuple[DataFile, ...]) -> list[Change]:
    """Add the ledger's file to the change of table runs."""
    of_runs = [change for change in changes if change.table == "runs"]
    merged = Change(
        "runs",
        (*(file for change in of_runs for file in change.adds), *ledger),
        tuple(file for change in of_runs for file in change.removes),
    )
    return [*(change for change in changes if change.table != "runs"), merged]


def _with_empty_tables(changes: Sequence[Change]) -> list[Change]:
    """Let the first commit make the tables that every lake has, also where it brings no row."""
    given = {change.table for change in changes}
    return [*changes, *(Change(table) for table in _IN_EVERY_LAKE if table not in given)]


def _changes(files: Sequence[DataFile]) -> list[Change]:
    by_table = {table: tuple(file for file in files if file.table == table) for table in TABLES}
    return [Change(table, adds) for table, adds in by_table.items() if adds]


def _with(
    parts: Iterable[tuple[str, pa.Table]], beside: Mapping[str, pa.Table], stamp: Stamp
) -> Iterator[tuple[str, pa.Table]]:
    yield from parts
    for table in TABLES:
        if table in beside:
            yield table, stamped(beside[table], SCHEMAS[table], stamp)


def _parts(decided: DecidedSlice, index: SeenIndex, stamp: Stamp, tally: _Tally) -> Iterator[tuple[str, pa.Table]]:
    """Yield the slice's rows table by table, counting what goes by."""
    for group in joined(decided.spills, decided.decisions, stamp):
        tally.outcomes.update(group.outcomes)
        for table, rows in (("articles", group.articles), ("duplicates", group.duplicates)):
            tally.digests += rows["raw_sha256"].to_pylist()
            yield table, rows
    for rejects in _new_rejects(decided.spills, index, tally):
        tally.rejects += len(rejects)
        tally.digests += rejects["reject_id"].to_pylist()
        yield "rejects", stamped(rejects, SCHEMAS["rejects"], stamp)


def _new_rejects(spills: Sequence[Spill], index: SeenIndex, tally: _Tally) -> Iterator[pa.Table]:
    """Yield the rejects that are not stored yet, each once, in one table unless their payloads are large.

    What is to stay forgotten is counted alone: where it was met would tell of it.
    """
    met: set[str] = set()
    waiting: list[pa.Table] = []
    for spill in spills:
        refused = read_rejects(spill)
        rejects = refused.filter(pc.not_equal(refused["reason"], Reason.FORGOTTEN.value))
        tally.forgotten += len(refused) - len(rejects)
        ids = rejects["reject_id"].to_pylist()
        known = index.contains_many(ids)
        # Of equal ones the first, as they came: a record that stands twice in its file is refused twice and kept once.
        fresh = {one: at for at, one in reversed(list(enumerate(ids))) if not known[at] and one not in met}
        met |= fresh.keys()
        waiting.append(rejects.take(pa.array(sorted(fresh.values()), pa.int64())))
        if sum(table.nbytes for table in waiting) > _MAX_WAITING_BYTES:
            yield pa.concat_tables(waiting)
            waiting = []
    if waiting:
        yield pa.concat_tables(waiting)


def _counts(decided: DecidedSlice, tally: _Tally) -> dict[str, int]:
    """Return the counts of promise 1, from what is staged and what reached the reducer."""
    spills = decided.spills
    said = {str(name): number for name, number in decided.counts.items()}
    # What Fold said it decided against what is about to be stored: two countings of one thing, or the sum of promise 1
    # would hold for rows that were lost on the way here.
    stray = set(tally.outcomes) - set(OUTCOMES)
    if stray or any(tally.outcomes[name] != said.get(name, 0) for name in OUTCOMES):
        raise ConservationError(f"Fold counted {said} and decided {dict(tally.outcomes)}")
    counts = {name: tally.outcomes[name] for name in OUTCOMES}
    counts["read"] = sum(spill.read for spill in spills)
    counts["seen"] += sum(spill.seen for spill in spills)
    counts["rejected"] = sum(spill.rejects for spill in spills)
    counts["published_rejects"] = tally.rejects
    counts["forgotten"] = tally.forgotten
    return counts
