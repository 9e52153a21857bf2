"""Worker processes that prepare chunks and live as long as the run.

Beam's own multi-processing mode starts its workers anew for every graph (2 s of CPU); these load models once.
"""

import contextlib
import multiprocessing
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import replace
from functools import partial

from pipelines import fork_server
from pipelines.graph import Graph
from pipelines.ingest import prepare
from pipelines.local import run_local
from pipelines.worker import begin, collect_seldom, prepare_share
from schemas.errors import LakeError
from schemas.records import Chunk, Spill
from transforms.ahead import DoneT, WorkT, submitted_ahead
from transforms.fold.tokens import make_tables
from transforms.lake.seen import SeenIndex
from transforms.normalize.batch import without_seen
from transforms.sources.parser_process import ParserProcess
from transforms.sources.read import read_chunk

_PROBED_FILES, _PROBED_BYTES = 10, 100_000  # some 30 articles, which cost a hundredth of starting a worker
_LINES = frozenset(("jsonl", "csv"))
_SHARES_PER_WORKER = 2  # so that a worker that finishes early takes some of the other's work


def prepare_here(graph: Graph, chunks: Sequence[Chunk]) -> list[Spill]:
    """Run the preparing half of the graph over `chunks` in this process."""
    return run_local(chunks, partial(prepare, graph=graph))


class Workers:
    """A pool of worker processes for one lake; with one worker the driver does the work itself."""

    def __init__(self, count: int, lake_root: str) -> None:
        self._count = count
        self._lake_root = lake_root
        collect_seldom()
        self._pool: ProcessPoolExecutor | None = None

    @property
    def running(self) -> bool:
        """Whether workers were started: then they cost nothing more than what is handed to them."""
        return self._pool is not None

    def submit(self, graph: Graph, chunks: Sequence[Chunk]) -> list[Future[list[Spill]]]:
        """Hand a slice's chunks out and return at once."""
        # To start workers takes longer than one chunk does, or files that hold nothing new.
        if self._count == 1 or (self._pool is None and (len(chunks) == 1 or _seem_seen(graph, chunks))):
            return [_done(prepare_here(graph, chunks))]
        shares = _shares(chunks, self._count * _SHARES_PER_WORKER)
        with _named_if_dead():
            submitted = [self._started().submit(prepare_share, graph, share) for share in shares]
        make_tables()  # of Fold, while the workers load theirs
        return submitted

    def map(self, work: Callable[[WorkT], DoneT], items: Iterable[WorkT]) -> Iterator[DoneT]:
        """Yield what `work` makes of each item, in order, a few items ahead.

        Raises:
            LakeError: a worker process died.
        """
        if self._count == 1:
            yield from map(work, items)
            return
        with _named_if_dead():
            # With nothing to do nothing is started.
            ahead = submitted_ahead(
                lambda item: self._started().submit(work, item), items, self._count * _SHARES_PER_WORKER
            )
            for done in ahead:
                yield done.result()

    def abandon(self) -> None:
        """End the workers at once, whatever they are at."""
        if self._pool is not None:
            for child in multiprocessing.active_children():  # else the pool would wait for what they are at
                child.kill()
        self.close()

    def close(self) -> None:
        """Stop the workers; what they have not begun is dropped."""
        if self._pool is not None:
            self._pool.shutdown(wait=True, cancel_futures=True)

    def _started(self) -> ProcessPoolExecutor:
        if self._pool is None:
            self._pool = ProcessPoolExecutor(
                self._count, mp_context=fork_server.context(), initializer=begin, initargs=(self._lake_root,)
            )
        return self._pool


@contextlib.contextmanager
def workers(count: int, lake_root: str) -> Iterator[Workers]:
    """Give workers and stop them in the end; nobody waits for what they are at when the run fails."""
    pool = Workers(count, lake_root)
    with contextlib.ExitStack() as on_failure:
        on_failure.callback(pool.abandon)
        yield pool
        on_failure.pop_all()
    pool.close()


def gathered(shares: Sequence[Future[list[Spill]]]) -> list[Spill]:
    """Wait for a slice that was handed out, and return its spills.

    Raises:
        LakeError: a worker process died.
    """
    with _named_if_dead():
        return [spill for share in shares for spill in share.result()]


@contextlib.contextmanager
def _named_if_dead() -> Iterator[None]:
    """Say what the death of a worker means; the pool tells of it wherever it is used next."""
    try:
        yield
    except BrokenProcessPool as error:
        raise LakeError(
            "a worker process died, most likely for want of memory; the same command goes on from the last slice, "
            "and --workers 1 needs least"
        ) from error


def _seem_seen(graph: Graph, chunks: Sequence[Chunk]) -> bool:
    """Tell whether first, middle and last chunk begin with nothing new: then workers cost more than the work."""
    index = SeenIndex.open(graph.lake)
    if not index.segments:
        return False
    with ParserProcess() as parser:
        probes = [_opening(chunk) for chunk in (chunks[0], chunks[len(chunks) // 2], chunks[-1])]
        return not any(without_seen(read_chunk(probe, dict(graph.mapping), parser), index).articles for probe in probes)


def _opening(chunk: Chunk) -> Chunk:
    """Return the beginning of a chunk. The line that it may break off in is no article, and so counts for nothing."""
    first = chunk.segments[:_PROBED_FILES]
    cut = [replace(s, end=min(s.end, s.start + _PROBED_BYTES)) if s.kind in _LINES else s for s in first]
    return replace(chunk, segments=tuple(cut))


def _shares(chunks: Sequence[Chunk], count: int) -> list[Sequence[Chunk]]:
    # Every so many-th chunk: neighbours come from one input, and one that is slow to read is spread over all.
    return [share for share in (chunks[start::count] for start in range(count)) if share]


def _done(spills: list[Spill]) -> Future[list[Spill]]:
    future: Future[list[Spill]] = Future()
    future.set_result(spills)
    return future
