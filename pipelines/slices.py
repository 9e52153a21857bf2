"""Carry chunks out slice by slice on this machine: the workers prepare the next while one is folded and committed."""

import contextlib
import errno
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, replace
from functools import partial
from itertools import groupby
from operator import attrgetter
from pathlib import Path

from pipelines.graph import Graph
from pipelines.ingest import decide
from pipelines.local import run_local
from pipelines.progress import Report
from pipelines.workers import Workers, gathered, workers
from schemas.errors import LakeError
from schemas.records import Chunk, Spill
from transforms.fold.spills import files_of
from transforms.lake.layout import Lake

Look = Callable[[Sequence[Spill]], None]


def _look_away(spills: Sequence[Spill]) -> None:
    del spills


@dataclass(frozen=True)
class _Slice:
    number: int
    chunks: Sequence[Chunk]
    last: bool


def run_slices(
    lake: Lake, chunks: Iterator[Chunk], worker_count: int, graph: Graph, report: Report, look: Look = _look_away
) -> None:
    """Commit slices with workers of their own; see `commit_slices`."""
    with workers(worker_count, graph.lake) as pool:
        commit_slices(lake, chunks, pool, graph, report, look)


def commit_slices(
    lake: Lake, chunks: Iterator[Chunk], pool: Workers, graph: Graph, report: Report, look: Look = _look_away
) -> None:
    """Fold and commit one slice here while the workers prepare the next; `look` sees each slice's spills before."""
    articles = 0
    with _named_if_full(lake):
        todo = _still_to_do(lake, graph.run.slice_number, _slices(chunks))
        for committed, (part, spills) in enumerate(_prepared(pool, graph, todo), start=1):
            look(spills)
            run = replace(graph.run, slice_number=part.number, last_slice=part.last)
            # A graph for each slice: memory stays that of one, and a kill loses no more.
            run_local(spills, partial(decide, graph=replace(graph, run=run)))
            _sweep(lake, part, spills)
            articles += sum(spill.read for spill in spills)
            report(articles, committed)


@contextlib.contextmanager
def _named_if_full(lake: Lake) -> Iterator[None]:
    """Say which disk is full; what writes a spill or an index knows only that one is."""
    try:
        yield
    except OSError as error:
        if error.errno != errno.ENOSPC:
            raise
        raise LakeError(
            f"{lake.name}: the disk is full; free some space and run again; what was committed stays"
        ) from error


def _slices(chunks: Iterator[Chunk]) -> Iterator[_Slice]:
    """Group chunks, which come in order, one slice ahead, so that the last one is known as such."""
    held: _Slice | None = None
    for number, members in groupby(chunks, key=attrgetter("slice_number")):
        part = _Slice(number, tuple(members), last=False)
        if held:
            yield held
        held = part
    if held:
        yield replace(held, last=True)


def _still_to_do(lake: Lake, done: int | None, slices: Iterator[_Slice]) -> Iterator[_Slice]:
    """Leave out the slices that an earlier, killed run has committed."""
    for part in slices:
        if done is None or part.number > done:
            yield part
        else:
            _sweep(lake, part, ())  # planning has unpacked its pieces all the same


def _prepared(pool: Workers, graph: Graph, slices: Iterator[_Slice]) -> Iterator[tuple[_Slice, list[Spill]]]:
    """Yield each slice with its spills, with the next slice already handed to the workers."""
    ahead: tuple[_Slice, list[Future[list[Spill]]]] | None = None
    for part in slices:
        submitted = part, pool.submit(graph, part.chunks)
        # One ahead and no more: two slices of spills lie in staging at the most.
        if ahead:
            yield ahead[0], gathered(ahead[1])
        ahead = submitted
    if ahead:
        yield ahead[0], gathered(ahead[1])


def _sweep(lake: Lake, part: _Slice, spills: Sequence[Spill]) -> None:
    """Delete what a committed slice left in staging: its spills, its polls and the pieces of its inputs."""
    pieces = {Path(segment.path) for chunk in part.chunks for segment in chunk.segments if segment.path != segment.uri}
    staged = {path for spill in spills for path in files_of(spill)}
    polls = {Path(chunk.polls) for chunk in part.chunks if chunk.polls}
    # What lies elsewhere is the user's.
    for path in pieces | staged | polls:
        if path.is_relative_to(lake.staging):
            path.unlink(missing_ok=True)
