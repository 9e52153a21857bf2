"""The stage Fold and commit: what waits in staging becomes rows of the lake, by what the lake remembers.

One stage, because nobody may commit between the two: what Fold remembers is what was committed last. Whatever becomes
of a bundle, it may come again, here or on another worker: the stage waits for the one before, finishes the commit that
it left, and finds what is stored in the memory.
"""

import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from operator import attrgetter
from typing import Any

import apache_beam as beam
import pyarrow as pa
from apache_beam.pvalue import PCollection

from schemas.errors import LakeError
from schemas.records import Spill
from transforms.counters import count, observe
from transforms.feeds.known import Following, uncommitted
from transforms.fold.against_lake import fold_spills
from transforms.fold.decided import DecidedSlice
from transforms.fold.expected import committed
from transforms.fold.settings import FoldSettings
from transforms.fold.spills import at_hand
from transforms.fold.waiting import clear, may_come_again, names_of, read_polls, still_waiting
from transforms.lake.commit import Commitment, commit_slice
from transforms.lake.layout import open_lake
from transforms.lake.ledger import STORED_IN_ARTICLES, STORED_IN_DUPLICATES, RunInfo
from transforms.lake.lock import committing, hold_as_worker
from transforms.lake.recover import finish


@dataclass
class FoldAndCommit(beam.PTransform[PCollection[tuple[int, Iterable[Spill]]], PCollection[int]]):
    """(slice number, spills) → the number of its commit; all of a slice is published, or nothing.

    With `most_batches` a slice that holds more spills is cut into several, each a commit. With `all_batches` a slice
    must hold so many: some runners lose what they take for late.

    Rows of `polls` are committed with the slice that they wait for: what the next requests are made conditional on
    never outlives lost items. The process that started the run holds the lake's lock; this one may run elsewhere.
    """

    lake_root: str
    settings: FoldSettings
    run: RunInfo
    most_batches: int | None = None
    all_batches: int | None = None

    def expand(self, slices: PCollection[Any]) -> PCollection[Any]:
        """Return the commit numbers, one for each slice that holds something."""
        each: Any = beam.ParDo(_FoldAndCommit(self))
        numbers: PCollection[Any] = slices | "Decide and publish" >> each.with_output_types(int)
        return numbers


class _FoldAndCommit(beam.DoFn):
    def __init__(self, told: FoldAndCommit) -> None:
        self._lake_root = told.lake_root
        self._settings = told.settings
        self._run = told.run
        self._most = told.most_batches
        self._all = told.all_batches

    def setup(self) -> None:
        hold_as_worker(self._lake_root)
        self._feeds = Following(open_lake(self._lake_root))

    def process(self, gathered: tuple[int, Iterable[Spill]]) -> Iterator[int]:
        # A runner gives them in any order, and may cut them elsewhere the next time: commits must not depend on it.
        slice_number, spills = gathered[0], sorted(gathered[1], key=attrgetter("path"))
        check_complete(spills, self._all)
        for start in range(0, len(spills), self._most or len(spills) or 1):
            part = spills[start:][: self._most]
            with at_hand(part) as here:
                number = fold_and_commit(self._feeds, slice_number, here, self._settings, self._run)
            yield number


def check_complete(spills: Sequence[Spill], expected: int | None) -> None:
    """Refuse a slice of which batches are missing; one that came twice counts once.

    Raises:
        LakeError: there are fewer than `expected`.
    """
    came = len({spill.path for spill in spills})
    if expected is not None and came < expected:
        raise LakeError(
            f"only {came} of {expected} batches came to the commit, nothing was published: the runner lost the others; "
            "docs/deploying.md says with which flags runners do"
        )


def fold_and_commit(
    feeds: Following, slice_number: int, spills: Iterable[Spill], settings: FoldSettings, run: RunInfo
) -> int:
    """Fold spills and commit them into the lake whose feeds are followed; return the number of the commit.

    Raises:
        LakeError: the lake is damaged, the disk is full, or staged files are gone that no commit holds.
    """
    lake = feeds.lake
    with committing(lake):
        finish(lake)  # of a worker that died in its commit: Fold must know what it stored
        waiting = still_waiting(lake, tuple(spills))
        begun = time.perf_counter()
        decided = fold_spills(lake, slice_number, waiting, settings)
        folded = time.perf_counter()
        told = replace(run, spills=names_of(lake, waiting))
        done = commit_slice(lake, decided, told, _beside(feeds, waiting))
        committed(lake, done.number)  # only now: a commit that failed is read back, or decided again
        _tell(decided, done, folded - begun, time.perf_counter() - folded)
        clear(lake, waiting)  # last: until the ledger names a batch its files are all there is of it
        return done.number


def _tell(decided: DecidedSlice, done: Commitment, fold_seconds: float, commit_seconds: float) -> None:
    observe("fold", slice_articles=len(decided.decisions), decide_ms=1_000 * fold_seconds)
    count("fold", **decided.counts)
    observe("commit", publish_ms=1_000 * commit_seconds)
    count(
        "commit",
        articles=sum(done.counts[name] for name in STORED_IN_ARTICLES),
        duplicates=sum(done.counts[name] for name in STORED_IN_DUPLICATES),
        rejects=done.counts["published_rejects"],
        files=done.files,
    )


def _beside(feeds: Following, spills: Sequence[Spill]) -> Mapping[str, pa.Table]:
    # A round's polls come once. On a runner a bundle may come again, and a poll twice in the table would count twice.
    polls = read_polls(spills)
    if len(polls) and any(may_come_again(feeds.lake, spill) for spill in spills):
        polls = uncommitted(polls, feeds.states())
    return {"polls": polls} if len(polls) else {}
