"""What a poll would do with a feed now, and why: decided by the same functions as a poll, with nobody asked."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from transforms.feeds.addresses import Resolver, target_of, vetted
from transforms.feeds.failures import FetchError
from transforms.feeds.feed import Feed, host_of
from transforms.feeds.moments import Moment
from transforms.feeds.outcome import interval_of
from transforms.feeds.poll import request_of
from transforms.feeds.schedule import WEEKLY_PROBE_AFTER, remaining
from transforms.feeds.state import FeedState
from transforms.sources.redaction import redacted

Verdict = Literal["ask", "wait", "never", "refuse"]
_SOME_PUBLIC = "1.1.1.1"  # stands for what a name was not asked for; nothing is sent there


@dataclass(frozen=True, slots=True)
class Forecast:
    """What is decided for one feed; addresses are without secrets."""

    feed: str
    asked_at: str  # the address a request would go to
    verdict: Verdict
    why: str
    due: datetime | None  # when it may be asked; None: now, or never
    interval: timedelta
    interval_from: str
    conditional: bool  # whether the server may say "unchanged"
    notes: tuple[str, ...] = ()


def forecast(
    feed: Feed, state: FeedState, moment: Moment, resting: Collection[str], resolve: Resolver | None
) -> Forecast:
    """Return what a poll at `moment` would do.

    Args:
        feed: as listed.
        state: what is known of it.
        moment: now.
        resting: hosts that asked everyone to wait, see `politeness.hosts_that_wait`.
        resolve: how names are resolved, for a look at every address; None leaves names as they are.
    """
    url = state.url or feed.url
    verdict, why, due = _verdict(feed, state, moment, resting, _refusal(feed, url, resolve))
    interval, source = _interval(feed, state)
    conditional = bool(request_of(feed, state, moment).validators.headers_for(target_of(url).url))
    return Forecast(feed.key, redacted(url), verdict, why, due, interval, source, conditional, tuple(_notes(state)))


def _verdict(
    feed: Feed, state: FeedState, moment: Moment, resting: Collection[str], refusal: str | None
) -> tuple[Verdict, str, datetime | None]:
    # In the order in which a poll would meet them.
    left = remaining(state, moment)
    if left is None:
        return "never", "disabled: it answered 410 (gone for good) twice, a day apart", None
    if refusal:
        return "refuse", refusal, None
    if left > timedelta(0):
        return "wait", _reason_to_wait(state), moment.now + left
    host = host_of(state.url or feed.url)
    if host in resting:
        return "wait", f"{host} answered 429 and asked everyone to wait", state.host_not_before
    return "ask", "never asked before" if state.polled_at is None else "due", None


def _refusal(feed: Feed, url: str, resolve: Resolver | None) -> str | None:
    """Return why the address may not be asked; without a resolver a name stands for a public address."""
    try:
        vetted(target_of(url), feed.policy, resolve or _unasked)
    except FetchError as error:
        return f"{error.reason}: {error}"
    return None


def _unasked(_host: str, _port: int) -> list[str]:
    return [_SOME_PUBLIC]


def _reason_to_wait(state: FeedState) -> str:
    if state.failures:
        return f"{_failure(state)}: backs off"
    if state.skip_hours or state.skip_days:
        return "asked a while ago; it also names hours or days at which it is not to be asked"
    return "asked a while ago"


def _failure(state: FeedState) -> str:
    answered = f"status {state.status}" if state.status is not None else ""
    times = "once" if state.failures == 1 else f"{state.failures} times in a row"
    return f"failed {times}, last {' '.join(filter(None, (answered, state.reason))) or 'without an answer'}"


def _interval(feed: Feed, state: FeedState) -> tuple[timedelta, str]:
    """Return the longest wait that anyone asks for, and who does."""
    own = interval_of(state, feed.every)
    learned = "what its answers taught" if state.interval_seconds is not None else "the default"
    asked = [
        (own, "every= of the list" if feed.every else learned),
        (timedelta(seconds=state.stated_seconds or 0), "what its text states (ttl, updatePeriod)"),
        (timedelta(seconds=state.fresh_seconds or 0), "its headers (max-age, Expires)"),
    ]
    return max(asked, key=lambda one: one[0])


def _notes(state: FeedState) -> list[str]:
    notes = []
    if state.url:
        notes.append("moved for good")
    if state.moved_to:
        notes.append(f"permanent redirect to {redacted(state.moved_to)}, seen {state.moved_sightings} of 5 times")
    if state.validators_lie:
        notes.append("its validators are not used: it said unchanged when it was not")
    if state.gone_since:
        notes.append(f"answered 410 on {state.gone_since:%Y-%m-%d}; the next one a day later ends its polling")
    if state.failures > WEEKLY_PROBE_AFTER:
        notes.append(f"asked once a week after {WEEKLY_PROBE_AFTER} failures")
    return notes
