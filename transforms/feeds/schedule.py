"""When a feed is asked next: a pure decision of what is known about it, without any clock of its own.

The publisher may ask for longer waits; we never ask sooner than every 15 minutes, whatever anyone says.
"""

import hashlib
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from transforms.feeds.hints import Hints
from transforms.feeds.moments import Moment
from transforms.feeds.overlap import Overlap
from transforms.feeds.state import FeedState

FLOOR = timedelta(minutes=15)
DEFAULT = timedelta(minutes=60)
CEILING = timedelta(hours=24)  # a feed that was quiet for a year may wake today
LONGEST = timedelta(days=7)  # that a server may make us wait, by Retry-After or max-age
WEEKLY_PROBE_AFTER = 30  # failures in a row
_JITTER = 0.1  # of the wait, on top: feeds that were listed together would be asked together for ever


@dataclass(frozen=True, slots=True)
class Wishes:
    """What the publisher asks for."""

    fresh_for: timedelta | None = None  # max-age or Expires: a promise that asking sooner is of no use
    interval: timedelta | None = None  # ttl, sy:updatePeriod
    skip_hours: frozenset[int] = frozenset()
    skip_days: frozenset[int] = frozenset()


def remaining(state: FeedState, moment: Moment) -> timedelta | None:
    """Return how long until the feed is due, zero or less when it is; None where it is never asked again.

    What counts is the time that passed since the last request, by the clock that cannot be set where that is known: a
    wall clock that was set forward makes nothing due, one that was set back puts nothing off. A feed that became due a
    while ago, when nobody was there to ask it, is still not asked in an hour or on a day that it wants to be skipped.
    """
    if state.disabled:
        return None
    if state.polled_at is None:
        return timedelta(0)
    planned = (state.next_due or state.polled_at) - state.polled_at
    left = max(planned, FLOOR) - moment.since(state.polled_at, state.boot, state.uptime)
    if left > timedelta(0) or not (state.skip_hours or state.skip_days):
        return left
    return max(left, _outside(moment.now, wishes_of(state), 0.0) - moment.now)


def is_due(state: FeedState, moment: Moment) -> bool:
    """Return whether the feed may be asked now."""
    left = remaining(state, moment)
    return left is not None and left <= timedelta(0)


def after_success(feed: str, asked: datetime, interval: timedelta, wishes: Wishes) -> datetime:
    """Return when a feed that answered is due: the longest of our interval and the publisher's, a little spread.

    Text in a feed may ask for a day at most; headers, which caches obey, for a week.
    """
    wait = max(FLOOR, min(CEILING, max(interval, wishes.interval or FLOOR)))
    wait = min(CEILING, wait * (1 + _JITTER * chance(feed, asked)))
    wait = max(wait, min(LONGEST, wishes.fresh_for or FLOOR))
    return _outside(asked + wait, wishes, chance(feed, asked))


def after_failure(state: FeedState, interval: timedelta, asked_to_wait: timedelta | None = None) -> datetime:
    """Return when a feed that failed is due: later with every failure in a row, up to a day; a week after 30 of them.

    Args:
        state: with this failure counted, and with the time of the request.
        interval: how often it is asked when it works.
        asked_to_wait: Retry-After; never undercut up to a week.
    """
    assert state.polled_at is not None
    if state.failures > WEEKLY_PROBE_AFTER:
        return state.polled_at + LONGEST
    most = min(CEILING, max(interval, interval * 2 ** min(10.0, max(0.0, state.failure_weight - 1))))
    # Anywhere between the usual wait and the longest: when a host comes back, not all of its feeds ask at once.
    wait = max(FLOOR, interval + (most - interval) * chance(state.feed, state.polled_at))
    wait = min(CEILING, wait * (1 + _JITTER * chance(state.feed, state.polled_at)))
    return state.polled_at + max(wait, min(LONGEST, asked_to_wait or FLOOR))


def adapted(interval: timedelta, overlap: Overlap | None) -> timedelta:
    """Return how often to ask after what the last answer showed, within the bounds.

    Args:
        interval: as it was.
        overlap: of the document with the one before; None where it had not changed.

    Items that were missed quarter the interval, a document of mostly new ones halves it, one with some brings it back
    to the default at most, and an unchanged one stretches it: an hour grows to a day in ten quiet days.
    """
    if overlap is not None and overlap.first:
        wanted = interval
    elif overlap is None or not overlap.new:
        wanted = interval * 1.1
    elif overlap.missed:
        wanted = interval / 4
    elif overlap.new * 3 >= overlap.items * 2:
        wanted = interval / 2
    else:
        wanted = min(interval, DEFAULT) if overlap.new * 3 >= overlap.items else min(interval * 1.1, DEFAULT)
    return max(FLOOR, min(CEILING, wanted))


def wishes_of(state: FeedState) -> Wishes:
    """Return what a publisher asked for, as the state remembers it."""
    return Wishes(
        _maybe_seconds(state.fresh_seconds),
        _maybe_seconds(state.stated_seconds),
        frozenset(hour for hour in range(24) if state.skip_hours >> hour & 1),
        frozenset(day for day in range(7) if state.skip_days >> day & 1),
    )


def with_hints(state: FeedState, hints: Hints) -> FeedState:
    """Return the state with what a document asks for."""
    stated = min(hints.interval, LONGEST) if hints.interval is not None else None
    return replace(
        state,
        stated_seconds=None if stated is None else int(stated.total_seconds()),
        skip_hours=sum(1 << hour for hour in hints.skip_hours),
        skip_days=sum(1 << day for day in hints.skip_days),
    )


def chance(feed: str, asked: datetime) -> float:
    """Return a number from 0 up to 1 that only the feed and the time decide: retries of a run decide the same."""
    digest = hashlib.sha256(f"{feed} {asked.isoformat()}".encode("utf-8", "surrogatepass")).digest()
    return int.from_bytes(digest[:8], "big") / 2**64


def _outside(due: datetime, wishes: Wishes, share: float) -> datetime:
    """Return the first time from `due` on that is in no hour or day to skip."""
    moved = due
    for _ in range(8 * 24):
        if moved.hour not in wishes.skip_hours and moved.weekday() not in wishes.skip_days:
            break
        moved = moved.replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)
    return moved if moved == due else moved + timedelta(minutes=10) * share


def _maybe_seconds(seconds: int | None) -> timedelta | None:
    return None if seconds is None else timedelta(seconds=seconds)
