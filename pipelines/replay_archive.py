"""Parse again what live feeds said: the documents that were kept for ever, through the same graph as the first time."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from pipelines.options import IngestOptions
from pipelines.polling import in_slices
from pipelines.progress import Report
from pipelines.run import graph_of
from pipelines.slices import Look, commit_slices
from pipelines.workers import workers
from transforms.feeds.archive import kept_for_ever
from transforms.feeds.attempt import Attempt
from transforms.feeds.poll import Polled, parsed
from transforms.feeds.state import FeedState
from transforms.lake.layout import Lake
from transforms.sources.parser_process import ParserProcess


@dataclass(frozen=True, slots=True)
class ReadAgain:
    """What was parsed again."""

    documents: int
    sources: frozenset[str]  # the addresses that answered, as `source_uri` begins


def replay_archive(lake: Lake, options: IngestOptions, report: Report, look: Look) -> ReadAgain:
    """Read every kept document again and store what is new in it; the caller holds the lake's lock.

    Items that are stored already are seen, and what the next polls depend on stays as it is.
    """
    sources: list[str] = []
    graph = graph_of(lake, options, [], "replay")
    graph = replace(graph, run=replace(graph.run, plan_digest=None, slice_number=None))
    with workers(options.worker_count, graph.lake) as pool, ParserProcess() as parser:
        polls = _noted(_again(kept_for_ever(lake.archive), parser), sources)
        for part in in_slices(polls, lake.staging, options.slice_records):
            commit_slices(lake, iter(part.chunks), pool, graph, report, look)
    return ReadAgain(len(sources), frozenset(sources))


def _again(attempts: Iterable[Attempt], parser: ParserProcess) -> Iterator[Polled]:
    for attempt in attempts:
        articles, rejects, _ = parsed(attempt, parser)
        # With no state: what the next polls depend on is not of today, and is not committed again.
        light = replace(attempt, body=b"")
        yield Polled(light, FeedState(attempt.feed), articles, rejects)


def _noted(polls: Iterable[Polled], sources: list[str]) -> Iterator[Polled]:
    for one in polls:
        sources.append(one.attempt.answered_by)
        yield one
