"""Poll the feeds of a list, round by round, and commit what they say together with what the next polls depend on.

due ── plan ── ask, archive (16 hosts at once) ── settle ── records to staging ── commit, with polls ── release
"""

import contextlib
import importlib.metadata
import logging
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from itertools import chain, count
from pathlib import Path
from typing import TypeVar

import pyarrow as pa

from pipelines.options import IngestOptions
from schemas.errors import UsageError
from schemas.records import Chunk, RawArticle, Segment
from schemas.tables import POLLS
from transforms.feeds import steps
from transforms.feeds.archive import Archive
from transforms.feeds.feed import Feed
from transforms.feeds.fetch import Fetcher, user_agent
from transforms.feeds.known import known_states
from transforms.feeds.lists import read_list
from transforms.feeds.moments import system_moment
from transforms.feeds.pages import PAGE_LIMITS, Known, Pages
from transforms.feeds.parsing import Parsers, parsers
from transforms.feeds.permission import Pace, Permission
from transforms.feeds.politeness import Start, due, plan, soonest
from transforms.feeds.poll import NO_ARTICLES, NO_REJECTS, Fetches, Polled, ask, recover
from transforms.feeds.rounds import Round
from transforms.feeds.schedule import is_due
from transforms.feeds.state import FeedState
from transforms.lake.layout import Lake
from transforms.lake.seen import SeenIndex
from transforms.normalize.identity import item_key
from transforms.normalize.urls import page_url
from transforms.sources.plan import PlanLimits
from transforms.sources.polled import write_polled
from transforms.sources.redaction import redacted

_LIMITS = PlanLimits()  # of a chunk, as of any other input: a worker holds one as strings
_LOG = logging.getLogger(__name__)
T = TypeVar("T")


def listed_feeds(options: IngestOptions) -> tuple[Feed, ...]:
    """Return the feeds of the list that the options name; none where they name none.

    Raises:
        UsageError: the list cannot be read or is empty, or nobody says whom polled sites may turn to.
    """
    if not options.feeds:
        return ()
    fetcher_of(options)
    listed = read_list(options.feeds)
    for warning in listed.warnings:
        _LOG.warning("--feeds: %s", warning)
    if not listed.feeds:
        raise UsageError(f"--feeds {redacted(options.feeds)}: no feed is listed there")
    return listed.feeds


def fetcher_of(options: IngestOptions) -> Fetcher:
    """Return what asks, under the name that the options give.

    Raises:
        UsageError: they give none.
    """
    if not options.contact:
        raise UsageError(
            "--contact is missing: polled sites must know whom to turn to; give a mail address or the address of a "
            "page, such as --contact you@example.org"
        )
    return Fetcher(user_agent(importlib.metadata.version("newsfold"), options.contact))


@dataclass(slots=True)
class Polling:
    """The feeds of a list, and what is known of them from round to round.

    Attributes:
        feeds: those that are listed now; may be replaced between rounds.
        states: what is committed of every feed, by its key.
        pages: completes items that feeds only summarise, if that is wanted.
        in_flight: the keys of the feeds that are being asked.
    """

    feeds: Sequence[Feed]
    states: dict[str, FeedState]
    archive: Archive
    fetcher: Fetches
    parsers: Parsers
    round: Round
    pages: Pages | None = None
    in_flight: set[str] = field(default_factory=set)

    def due(self) -> list[Feed]:
        """Return the feeds that may be asked now."""
        return due(self.feeds, self.states, self.round.clock())

    def soonest(self) -> timedelta | None:
        """Return how long until a feed may be asked; None: none ever will."""
        return soonest(self.feeds, self.states, self.round.clock())

    def recovered(self) -> Generator[Polled, None, None]:
        """Yield what was asked before a crash and never committed; to be committed before anything is asked."""
        return self._completed(recover(self.feeds, self.states, self.archive, self.parsers.settle))

    def polls(self, feeds: Iterable[Feed]) -> Generator[Polled, None, None]:
        """Ask feeds that are due, for a minute at most; yield what came of each as it comes."""
        starts = plan(feeds, self.states, self.round.clock(), self.round.since_last())
        return self._completed(self.round.run(starts, self._poll))

    def committed(self, polled: Sequence[Polled]) -> None:
        """Let what is committed now decide from here on, and let go of the answers."""
        if not polled:
            return
        steps.reached("polls committed")
        # In this order: a crash between the two finds answers that the states cover, and lets go of them.
        for one in polled:
            self.states[one.state.feed] = one.state
            self.archive.release([one.attempt])
        steps.reached("polls released")

    def _completed(self, polls: Generator[Polled, None, None]) -> Generator[Polled, None, None]:
        return polls if self.pages is None else self.pages.completed(polls, self.feeds)

    def _poll(self, start: Start) -> Polled | None:
        feed, state = start.feed, self.states.get(start.feed.key, FeedState(start.feed.key))
        # Its turn may come a minute after the plan was made: by then an hour that it wants to be skipped has begun.
        if not is_due(state, self.round.clock()):
            return None
        # A set, touched by all lanes: adding and discarding one key each is whole under Python's lock.
        self.in_flight.add(feed.key)
        try:
            attempt = ask(feed, state, self.round.clock, self.fetcher, self.archive)
        finally:
            self.in_flight.discard(feed.key)
        return self.parsers.settle(feed, state, attempt)


@contextlib.contextmanager
def polling(
    lake: Lake,
    feeds: Sequence[Feed],
    fetcher: Fetches,
    *,
    keep_archive: bool,
    fetch_articles: bool = False,
    round_: Round | None = None,
) -> Iterator[Polling]:
    """Give what polls `feeds` into a lake, and end its parsers; the caller holds the lake's lock."""
    archive = Archive(lake.fetched, lake.archive if keep_archive else None)
    turns = round_ or Round(system_moment)
    with parsers() as started:
        pages = _pages(lake, fetcher, started, turns) if fetch_articles else None
        yield Polling(feeds, known_states(lake), archive, fetcher, started, turns, pages)


def _pages(lake: Lake, fetcher: Fetches, parsers_: Parsers, turns: Round) -> Pages:
    """Return what asks for the pages of items, in turn with the polls of a round."""
    pace = Pace(turns.clock, lambda seconds: turns.wait(turns.stop, seconds), turns.last_starts)
    # Under the limits of pages: a body that no page may have need not be received.
    asks = replace(fetcher, limits=PAGE_LIMITS) if isinstance(fetcher, Fetcher) else fetcher
    permission = Permission(asks, pace, lake.memory / "robots.json")
    return Pages(asks, permission, parsers_.read_page, needing_no_page(lake), turns.stop)


def needing_no_page(lake: Lake) -> Known:
    """Return what tells which items are stored already, or at an address that is to stay forgotten."""

    def known(articles: Sequence[RawArticle]) -> list[bool]:
        # By what is committed: a page is worth asking for unless its item, word for word as the feed has it, is stored.
        index = SeenIndex.open(lake.name)
        stored = index.contains_many([article.raw_sha256 for article in articles])
        pages = (page_url(article.url, article.canonical_link) for article in articles)
        forgotten = index.contains_many([item_key("", page) for page in pages])
        return [either or other for either, other in zip(stored, forgotten, strict=True)]

    return known


@dataclass(frozen=True, slots=True)
class PolledSlice:
    """What is committed as one: polls, and where their records wait in staging."""

    polled: tuple[Polled, ...]  # without records
    chunks: tuple[Chunk, ...]

    @property
    def rows(self) -> pa.Table:
        """Return the rows of `polls`."""
        return pa.Table.from_pylist([one.row for one in self.polled], schema=POLLS)


def in_slices(polls: Iterable[Polled], staging: Path, slice_records: int) -> Iterator[PolledSlice]:
    """Write the records of polls to staging as they come; yield a slice when it is full, and what is left at the end.

    A feed is never divided between slices; between chunks it is, where it is longer than one.
    """
    polled: list[Polled] = []
    chunks: list[Chunk] = []
    records, numbers = 0, count()
    for waiting in _filling(polls, _of_poll, min(_LIMITS.chunk_records, slice_records)):
        polled += [_without_records(one) for one in waiting]
        # Records are written as they come and let go of; what the next poll depends on waits without them.
        lines = chain.from_iterable(chain(one.articles.lines(), one.rejects.lines()) for one in waiting)
        chunks += (_staged(part, staging, next(numbers)) for part in _filling(lines, _of_line, _LIMITS.chunk_records))
        records += sum(_of_poll(one)[0] for one in waiting)
        if records >= slice_records:
            yield PolledSlice(tuple(polled), tuple(chunks))
            polled, chunks, records = [], [], 0
    if polled:
        yield PolledSlice(tuple(polled), tuple(chunks))


def _filling(items: Iterable[T], weigh: Callable[[T], tuple[int, int]], chunk_records: int) -> Iterator[list[T]]:
    """Group what comes until it fills a chunk, by its records or its size; `weigh` tells both, in bytes."""
    waiting: list[T] = []
    records = size = 0
    for one in items:
        waiting.append(one)
        more, longer = weigh(one)
        records, size = records + more, size + longer
        if records >= chunk_records or size >= _LIMITS.chunk_bytes:
            yield waiting
            waiting, records, size = [], 0, 0
    if waiting:
        yield waiting


def _of_poll(polled: Polled) -> tuple[int, int]:
    return len(polled.articles) + len(polled.rejects), polled.articles.size + polled.rejects.size


def _of_line(line: bytes) -> tuple[int, int]:
    return 1, len(line)


def _staged(lines: Sequence[bytes], staging: Path, ordinal: int) -> Chunk:
    path = staging / "polled" / f"{ordinal:08d}.jsonl"
    write_polled(path, lines)
    steps.reached("records staged")
    return Chunk(0, ordinal, (Segment("feeds", str(path), "polled"),))


def _without_records(polled: Polled) -> Polled:
    return replace(polled, articles=NO_ARTICLES, rejects=NO_REJECTS)
