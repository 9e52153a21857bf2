"""One host's turns, where hosts are spread over workers: what to ask it next, and when, by what the lake holds.

The lake is the truth. A feed is asked again only when the lake holds its last poll, so a request is made with
validators that were committed with their items, whatever happened to workers meanwhile. What a worker that is gone has
asked waits in the archive and is settled, not asked again.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from transforms.feeds.archive import Archive
from transforms.feeds.attempt import Attempt
from transforms.feeds.feed import Feed, host_of
from transforms.feeds.moments import Clock, Moment
from transforms.feeds.politeness import BETWEEN_STARTS, asked_url, due, plan, soonest
from transforms.feeds.poll import Fetches, Polled, Settles, ask
from transforms.feeds.state import FeedState, covers, same_request

LIST_SECONDS = 30.0  # between two tellings of which feeds there are
# A runner may lose what it was given. A poll that is not committed by then is sent again, from the archive.
_SENT_AGAIN = timedelta(hours=1)
# A list that was not told for so long is forgotten: its feeds were dropped, or moved to another host.
_LIST_HOLDS = timedelta(seconds=3 * LIST_SECONDS)


@dataclass(frozen=True, slots=True)
class InFlight:
    """A poll on its way to the lake."""

    before: FeedState  # what the lake held when it was asked: until that changes it is not committed
    state: FeedState
    sent_at: Moment


@dataclass(frozen=True, slots=True)
class Host:
    """What is remembered of a host from turn to turn; all else the lake knows."""

    feeds: tuple[Feed, ...] = ()
    told_at: Moment | None = None
    asked_at: Moment | None = None
    in_flight: Mapping[str, InFlight] | None = None  # by the feed's key

    def told(self, feeds: Sequence[Feed], moment: Moment) -> "Host":
        """Return the host with the feeds that the list has for it now."""
        return replace(self, feeds=tuple(feeds), told_at=moment)


@dataclass(frozen=True, slots=True)
class Turn:
    """What came of a turn."""

    host: Host
    polled: Polled | None = None
    again_seconds: float | None = None  # when the next turn is wanted; None: when the list is told again


@dataclass(frozen=True, slots=True)
class Turns:
    """What a worker takes turns with.

    Attributes:
        states: returns what the lake holds now of every feed.
        settle: `poll.settle`, with a parser.
    """

    states: Callable[[], Mapping[str, FeedState]]
    archive: Archive
    fetcher: Fetches
    settle: Settles
    clock: Clock

    def take(self, name: str, host: Host) -> Turn:
        """Ask the host called `name` for at most one feed."""
        moment, committed = self.clock(), self.states()
        host = _current(host, committed, moment)
        flying = host.in_flight or {}
        known = {**committed, **{key: one.state for key, one in flying.items()}}
        free = [feed for feed in host.feeds if feed.key not in flying and host_of(asked_url(feed, committed)) == name]
        # What was asked and is on its way nowhere comes before anything is asked.
        left = self._left(free, committed)
        if left is not None:
            return self._settled(host, *left, committed)
        may = {feed.key for feed in free}
        ready = [feed for feed in due(host.feeds, known, moment) if feed.key in may]
        starts = plan(ready, known, moment, _ago(name, host, moment))
        if not starts:
            return Turn(host, again_seconds=_seconds(soonest(free, known, moment)))
        if starts[0].at > 0:
            return Turn(host, again_seconds=starts[0].at)
        feed = starts[0].feed
        attempt = ask(feed, committed.get(feed.key, FeedState(feed.key)), self.clock, self.fetcher, self.archive)
        return self._settled(replace(host, asked_at=moment), feed, attempt, committed)

    def _left(self, feeds: Sequence[Feed], committed: Mapping[str, FeedState]) -> tuple[Feed, Attempt] | None:
        """Return what was asked and is on its way nowhere; let go of what is committed."""
        by_key = {feed.key: feed for feed in feeds}
        for attempt in self.archive.waiting(by_key):
            if covers(committed.get(attempt.feed, FeedState(attempt.feed)), attempt.moment):
                self.archive.release([attempt])
            else:
                return by_key[attempt.feed], attempt
        return None

    def _settled(self, host: Host, feed: Feed, attempt: Attempt, committed: Mapping[str, FeedState]) -> Turn:
        before = committed.get(feed.key, FeedState(feed.key))
        polled = self.settle(feed, before, attempt)
        flying = {**(host.in_flight or {}), feed.key: InFlight(before, polled.state, self.clock())}
        return Turn(replace(host, in_flight=flying), polled, BETWEEN_STARTS.total_seconds())


def by_host(feeds: Sequence[Feed], states: Mapping[str, FeedState]) -> dict[str, tuple[Feed, ...]]:
    """Return the feeds of a list by the host that each is asked at."""
    hosts: dict[str, list[Feed]] = {}
    for feed in feeds:
        hosts.setdefault(host_of(asked_url(feed, states)), []).append(feed)
    return {host: tuple(listed) for host, listed in hosts.items()}


def _current(host: Host, committed: Mapping[str, FeedState], moment: Moment) -> Host:
    """Return the host without polls that are committed, and without feeds of a list that is no longer told."""
    flying = {
        key: one
        for key, one in (host.in_flight or {}).items()
        if same_request(committed.get(key, FeedState(key)), one.before) and _since(moment, one.sent_at) < _SENT_AGAIN
    }
    stale = host.told_at is None or _since(moment, host.told_at) > _LIST_HOLDS
    return replace(host, in_flight=flying, feeds=() if stale else host.feeds)


def _ago(name: str, host: Host, moment: Moment) -> dict[str, float]:
    return {} if host.asked_at is None else {name: _since(moment, host.asked_at).total_seconds()}


def _since(moment: Moment, earlier: Moment) -> timedelta:
    return moment.since(earlier.now, earlier.boot, earlier.uptime)


def _seconds(left: timedelta | None) -> float | None:
    """Return when to look again, where that is before the list is told again."""
    return left.total_seconds() if left is not None and timedelta(0) < left < timedelta(seconds=LIST_SECONDS) else None
