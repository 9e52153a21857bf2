"""Rounds: what feeds said and what files hold becomes part of the lake, together with what the next polls depend on."""

import contextlib
from collections.abc import Generator, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import chain

from pipelines.graph import Graph
from pipelines.polling import PolledSlice, Polling, in_slices
from pipelines.progress import Report
from pipelines.slices import commit_slices
from pipelines.workers import Workers
from schemas.records import Chunk
from transforms.feeds.poll import Polled
from transforms.fold.waiting import write_polls
from transforms.lake.commit import commit_tables
from transforms.lake.layout import Lake

Polls = Generator[Polled, None, None]


@dataclass(frozen=True, slots=True)
class Rounds:
    """Where rounds go, and who carries them out; the lake's lock is held."""

    lake: Lake
    pool: Workers
    graph: Graph
    slice_records: int
    report: Report

    def poll_due(self, polling: Polling) -> None:
        """Poll once every feed that is due, round by round; what a crash left is committed first."""
        self.commit(polling, polling.recovered())
        # A round lasts a minute at most and may leave some over; none is asked twice, whatever its answer made of it.
        left = polling.due()
        while left:
            asked = {one.state.feed for one in self.commit(polling, polling.polls(left))}
            still_due = {feed.key for feed in polling.due()}
            left = [feed for feed in left if feed.key not in asked and feed.key in still_due]

    def commit(self, polling: Polling, polls: Polls, files: Iterator[Chunk] | None = None) -> list[Polled]:
        """Commit polls with their records, all or nothing a slice; return them without.

        The last slice of polls and the first of `files` are one commit. Polls without a record (unchanged, failed) are
        one without a graph, and of nothing there is none.
        """
        done: list[Polled] = []
        with contextlib.closing(polls):
            for part, last in _with_last(in_slices(polls, self.lake.staging, self.slice_records)):
                told = _at_once(self.graph, polling.round.clock().now)
                self._commit(part, chain(part.chunks, files or ()) if last else iter(part.chunks), told)
                polling.committed(part.polled)  # until here states and archive stay as they were
                done += part.polled
        return done

    def _commit(self, part: PolledSlice, chunks: Iterator[Chunk], graph: Graph) -> None:
        numbered = (replace(chunk, ordinal=ordinal) for ordinal, chunk in enumerate(chunks))
        first = next(numbered, None)
        if first is not None:
            told = chain([self._with_polls(first, part)], numbered)
            commit_slices(self.lake, told, self.pool, graph, self.report)
        elif part.polled:
            commit_tables(self.lake, {"polls": part.rows}, graph.run)

    def _with_polls(self, chunk: Chunk, part: PolledSlice) -> Chunk:
        """Let the rows of `polls` wait beside a chunk of the slice that they are committed with."""
        if not part.polled:
            return chunk
        # With whichever comes first: the rows belong to the slice, but only chunks travel to where it is committed.
        path = self.lake.staging / "polled" / "slice.polls"
        write_polls(path, part.rows)
        return replace(chunk, polls=str(path))


def _at_once(graph: Graph, now: datetime) -> Graph:
    """Return what the stages of a round are told: it begins now, and is never taken up again half-way."""
    run = replace(graph.run, started_at=now, plan_digest=None, slice_number=None, last_slice=True)
    run = replace(run, input_files=0, input_bytes=0)
    return replace(graph, now_us=int(now.timestamp() * 1_000_000), run=run)


def _with_last(parts: Iterator[PolledSlice]) -> Iterator[tuple[PolledSlice, bool]]:
    """Yield the parts, at least an empty one, each with whether it is the last."""
    held = next(parts, PolledSlice((), ()))
    for part in parts:
        yield held, False
        held = part
    yield held, True
