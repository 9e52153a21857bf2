"""Go on until stopped: round after round over the feeds that are due and the files that are new.

list changed? ── files new? ── feeds due? ── one round, one commit ── wait ── again
"""

import contextlib
import gc
import logging
import threading
import time
from collections.abc import Generator, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from pipelines.new_files import NewFiles
from pipelines.options import IngestOptions
from pipelines.polling import Polling, fetcher_of, listed_feeds, polling
from pipelines.progress import no_report
from pipelines.rounds import Rounds
from pipelines.run import check_names, counts_since, graph_of, limits_of, summary_of
from pipelines.status import POLL_COUNTS, Activity, Observer, Status
from pipelines.summary import Summary, count_polls
from pipelines.workers import workers
from schemas.errors import UsageError
from schemas.records import Chunk
from transforms.feeds.feed import Feed
from transforms.feeds.fetch import Fetcher
from transforms.feeds.moments import system_moment
from transforms.feeds.poll import Fetches, Polled
from transforms.feeds.rounds import Round
from transforms.lake.compact import COMPACT_EVERY, compact
from transforms.lake.layout import create_or_open
from transforms.lake.lock import writer_lock
from transforms.lake.read import last_commit
from transforms.lake.recover import recover
from transforms.sources.find import find
from transforms.sources.plan import plan_files

LOOK_SECONDS = 2.0  # between two looks at the list and the inputs
# Between the beginnings of two rounds: what is due a little later joins the next commit instead of having its own.
ROUND_SECONDS = 30.0
# Files of so many bytes do not wait for that: a commit of theirs (0.35 s of CPU) costs an eighth of reading them.
_WORTH_A_ROUND_BYTES = 4 * 1024 * 1024
_LOOK_FOR_DUE_SECONDS = 60.0
_WORKING_SECONDS, _WAITING_SECONDS = 1.0, 10.0  # between two tellings
_LOG = logging.getLogger(__name__)


def watch(
    options: IngestOptions,
    observe: Observer,
    stop: threading.Event,
    round_: Round | None = None,
    fetcher: Fetches | None = None,
    round_seconds: float = ROUND_SECONDS,
) -> Summary:
    """Poll what is due and read what is new until `stop` is set; return what was done.

    Args:
        options: what is watched, and where it goes.
        observe: is told how things are, every second while something is done and every ten while nothing is.
        stop: ends the watch; what was asked is waited for and committed.
        round_: clock, waiting and lanes of the polls, if they are not this machine's.
        fetcher: what asks, if it is not the network.
        round_seconds: how far apart rounds begin at least, unless more files wait than a commit is worth for.

    Raises:
        UsageError: an input, the list or the lake is not what it must be.
        LakeError: another writer is at work, the lake is damaged or the disk is full.
    """
    begun = time.monotonic()
    check_names(options)
    feeds = listed_feeds(options)
    find(options.inputs)  # tells what does not exist
    if not feeds and not options.inputs:
        raise UsageError("nothing to watch: name folders, or feeds by --feeds LIST")
    asks = fetcher or (fetcher_of(options) if feeds else Fetcher(""))
    lake = create_or_open(options.lake)
    # Held throughout, and not round by round: between two rounds nobody may commit what a poll's state does not know.
    lock = writer_lock(lake, "watch", break_lock=options.break_lock)
    with lock, workers(options.worker_count, lake.name) as pool:
        recover(lake)
        graph = graph_of(lake, options, [], "watch")
        rounds = Rounds(lake, pool, graph, options.slice_records, no_report)
        turns, keep, pages = round_ or Round(system_moment, stop=stop), options.keep_archive, options.fetch_articles
        with polling(lake, feeds, asks, keep_archive=keep, fetch_articles=pages, round_=turns) as polls:
            _Watch(options, rounds, polls, observe, round_seconds).run()
        compact(lake, only_crowded=True)
        return summary_of(lake, str(graph.run.run_id), time.monotonic() - begun, len(feeds))


@dataclass(slots=True)
class _Watch:
    options: IngestOptions
    rounds: Rounds
    polling: Polling
    observe: Observer
    round_seconds: float
    files: NewFiles = field(init=False)
    status: Status = field(init=False)
    list_stamp: tuple[int, ...] | None = None
    due_at: float = 0.0  # seconds of uptime, when it is worth looking for feeds that are due
    told_at: float = float("-inf")
    compacted: int = 0  # the last commit before which small files were merged

    def __post_init__(self) -> None:
        now = self.polling.round.clock().now
        commit = last_commit(self.rounds.lake)
        self.files = NewFiles(self.options.inputs, self.options.mapping)
        self.status = Status(now, now, feeds_listed=len(self.polling.feeds), last_commit=commit)
        self.list_stamp, self.compacted = _stamp(self.options.feeds), commit

    def run(self) -> None:
        """Go round until the round's `stop` is set."""
        round_ = self.polling.round
        # What a crash left first: a feed must not be asked again before its last answer is committed.
        self._account(self.rounds.commit(self.polling, self.polling.recovered()))
        not_before = 0.0
        while not round_.stop.is_set():
            self._follow_list()
            self.files.look_if_due(lambda: round_.clock().uptime)
            now = round_.clock().uptime
            if (now >= not_before or self.files.ready_bytes >= _WORTH_A_ROUND_BYTES) and self._round(now):
                not_before = now + self.round_seconds
            self._tell("waiting")
            round_.wait(round_.stop, LOOK_SECONDS)
        self._tell("stopped")

    def _round(self, now: float) -> bool:
        """Do what there is to do; return whether there was anything."""
        files = self.files.take()
        feeds = self._due(now)
        if not files and not feeds:
            return False
        self.status = replace(self.status, feeds_due=len(feeds))
        self._tell("working")
        # Shared among workers only if they run: to start them takes longer than to read a few files here.
        waiting_bytes = sum(found.bytes for found in files) if self.rounds.pool.running else None
        limits = limits_of(self.options, waiting_bytes)
        chunks = plan_files(files, limits, str(self.rounds.lake.staging), self.options.mapping)
        polls = self.rounds.commit(self.polling, self._watched(feeds), self._until_stopped(chunks))
        self._account(polls)
        _collect_garbage()
        return True

    def _due(self, now: float) -> list[Feed]:
        if now < self.due_at:
            return []
        feeds = self.polling.due()
        left = self.polling.soonest()
        # The wall clock, by which hosts rest, may be set meanwhile.
        self.due_at = now + min(_LOOK_FOR_DUE_SECONDS, left.total_seconds() if left is not None else float("inf"))
        return feeds

    def _watched(self, feeds: Sequence[Feed]) -> Generator[Polled, None, None]:
        with contextlib.closing(self.polling.polls(feeds)) as polls:
            for one in polls:
                self.status = replace(self.status, feeds_due=self.status.feeds_due - 1)
                self._tell("working")
                yield one

    def _until_stopped(self, chunks: Iterator[Chunk]) -> Iterator[Chunk]:
        """Yield chunks, no further than to the end of the slice in which the stop comes."""
        # A slice is committed whole or not at all, so it is read to its end; what follows is found again as new files.
        number = 0
        for chunk in chunks:
            if chunk.slice_number != number and self.polling.round.stop.is_set():
                return
            number = chunk.slice_number
            yield chunk

    def _follow_list(self) -> None:
        """Read the list again where it has changed; one that cannot be read changes nothing."""
        stamp = _stamp(self.options.feeds)
        if stamp == self.list_stamp:
            return
        self.list_stamp, self.due_at = stamp, 0.0
        try:
            self.polling.feeds = listed_feeds(self.options)
        except UsageError as error:
            _LOG.warning("%s; the list as it was is used", error)
        self.status = replace(self.status, feeds_listed=len(self.polling.feeds))

    def _account(self, polls: Sequence[Polled]) -> None:
        """Take into the status what was committed, and merge small files now and then."""
        lake, before = self.rounds.lake, self.status
        done = counts_since(lake, before.last_commit, str(self.rounds.graph.run.run_id))
        counted = count_polls((one.row for one in polls), len(self.polling.feeds))
        states = [self.polling.states[feed.key] for feed in self.polling.feeds if feed.key in self.polling.states]
        moment = self.polling.round.clock()
        left = self.polling.soonest()
        self.status = replace(
            before,
            feeds_due=0,
            feeds_failing=sum(state.failures > 0 and not state.disabled for state in states),
            feeds_disabled=sum(state.disabled for state in states),
            next_due=None if left is None else moment.now + left,
            rounds=before.rounds + (done.commits > 0),
            commits=before.commits + done.commits,
            last_commit=max(before.last_commit, done.last),
            last_commit_at=moment.now if done.commits else before.last_commit_at,
            items={name: before.items[name] + done.counts[name] for name in before.items},
            polls={name: before.polls[name] + counted[name] for name in POLL_COUNTS},
        )
        if self.status.last_commit - self.compacted >= COMPACT_EVERY:
            compact(lake, only_crowded=True)
            self.compacted = last_commit(lake)
            self.status = replace(self.status, last_commit=self.compacted)

    def _tell(self, activity: Activity) -> None:
        moment = self.polling.round.clock()
        pause = _WORKING_SECONDS if activity == "working" else _WAITING_SECONDS
        if activity == self.status.activity and moment.uptime - self.told_at < pause:
            return
        self.told_at = moment.uptime
        in_flight = len(self.polling.in_flight)
        self.status = replace(self.status, activity=activity, updated_at=moment.now, feeds_in_flight=in_flight)
        self.observe(self.status)


def _collect_garbage() -> None:
    """Let go of a round's graphs: they are circles, and at the collector's own pace they pile up 2.6 MB a round.

    What is still there after the first round are models, which are not walked again and again.
    """
    gc.collect()
    if not gc.get_freeze_count():
        gc.freeze()


def _stamp(given: str) -> tuple[int, ...] | None:
    """Return what changes when the file of a list is written anew; None where there is no such file."""
    try:
        status = Path(given).stat()
    except (OSError, ValueError):
        return None
    # The inode too: editors write a new file and rename it, and two may have one size within a tick of the clock.
    return status.st_mtime_ns, status.st_size, status.st_ino
