"""In which order feeds are asked, and how soon: a host gets one connection at a time and a start every two seconds."""

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from transforms.feeds.feed import Feed, host_of
from transforms.feeds.moments import Moment
from transforms.feeds.schedule import is_due, remaining
from transforms.feeds.state import FeedState

BETWEEN_STARTS = timedelta(seconds=2)
HOSTS_AT_ONCE = 16


@dataclass(frozen=True, slots=True)
class Start:
    """A feed that may be asked, not before `at` seconds from now and not before its host's last answer."""

    feed: Feed
    host: str
    at: float


def due(feeds: Iterable[Feed], states: Mapping[str, FeedState], moment: Moment) -> list[Feed]:
    """Return the feeds that may be asked now: due, and on no host that asked everyone to wait."""
    waiting = hosts_that_wait(feeds, states, moment.now)
    return [
        feed
        for feed in feeds
        if is_due(states.get(feed.key, FeedState(feed.key)), moment) and host_of(asked_url(feed, states)) not in waiting
    ]


def soonest(feeds: Iterable[Feed], states: Mapping[str, FeedState], moment: Moment) -> timedelta | None:
    """Return how long until one of the feeds may be asked, zero or less if one may be now; None: none ever will."""
    until: dict[str, datetime] = {}
    for host, then in _resting(feeds, states):
        until[host] = max(then, until.get(host, then))
    waits = []
    for feed in feeds:
        left = remaining(states.get(feed.key, FeedState(feed.key)), moment)
        # Most rounds find no host at rest, and a host is an address taken apart.
        host_free = until.get(host_of(asked_url(feed, states)), moment.now) if until else moment.now
        if left is not None:
            waits.append(max(left, host_free - moment.now))
    return min(waits, default=None)


def hosts_that_wait(feeds: Iterable[Feed], states: Mapping[str, FeedState], now: datetime) -> set[str]:
    """Return the hosts that answered 429 for any of their feeds and are still to be left alone."""
    return {host for host, until in _resting(feeds, states) if until > now}


def _resting(feeds: Iterable[Feed], states: Mapping[str, FeedState]) -> Iterator[tuple[str, datetime]]:
    """Yield the hosts that asked for rest, and until when."""
    for feed in feeds:
        until = states[feed.key].host_not_before if feed.key in states else None
        if until is not None:
            yield host_of(asked_url(feed, states)), until


def plan(
    feeds: Iterable[Feed], states: Mapping[str, FeedState], moment: Moment, last_starts: Mapping[str, float]
) -> list[Start]:
    """Return in which order to ask `feeds`, and when at the earliest.

    Args:
        feeds: those that are due.
        states: what is known of them; a feed that moved is asked at its new host.
        moment: now; with a feed's name it decides its turn, so that hosts mix and no feed is always last.
        last_starts: how many seconds ago each host was last asked, for hosts asked a moment ago.

    Returns:
        The starts by time; those of one host are two seconds apart. A start comes later where the host has not yet
        answered: whoever carries the plan out asks a host's feeds one after the other (`next_start`).
    """
    # Turn by turn over all hosts: were a host's feeds planned together, its last would always be the same ones.
    free = {host: max(0.0, BETWEEN_STARTS.total_seconds() - ago) for host, ago in last_starts.items()}
    starts: list[Start] = []
    for feed in sorted(feeds, key=lambda feed: _turn(feed, moment)):
        host = host_of(asked_url(feed, states))
        at = free.get(host, 0.0)
        free[host] = at + BETWEEN_STARTS.total_seconds()
        starts.append(Start(feed, host, at))
    return sorted(starts, key=lambda start: start.at)


def next_start(planned: float, last_start: float, last_end: float) -> float:
    """Return when a host may be asked again, all in seconds on one clock: never while it still answers."""
    return max(planned, last_start + BETWEEN_STARTS.total_seconds(), last_end)


def wants_rest(polled: FeedState) -> bool:
    """Return whether a feed's answer ends the turn of its host: what else is due there waits for a later round."""
    return polled.status == 429


def asked_url(feed: Feed, states: Mapping[str, FeedState]) -> str:
    """Return the address a feed is asked at: the listed one, or where it moved for good."""
    known = states.get(feed.key)
    return known.url if known is not None and known.url else feed.url


def _turn(feed: Feed, moment: Moment) -> bytes:
    return hashlib.sha256(f"{moment.now.isoformat()} {feed.key}".encode("utf-8", "surrogatepass")).digest()
