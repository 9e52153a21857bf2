"""How a list of feeds is shown: what is known of each, and what a poll would do with it now."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from pipelines.query import escaped
from transforms.feeds.addresses import Resolver
from transforms.feeds.feed import Feed
from transforms.feeds.forecast import Forecast, forecast
from transforms.feeds.moments import Moment
from transforms.feeds.outcome import interval_of
from transforms.feeds.politeness import hosts_that_wait
from transforms.feeds.state import FeedState
from transforms.sources.redaction import scrubbed

Row = dict[str, Any]
_WOULD = {"ask": "would be asked", "wait": "waits", "never": "is never asked", "refuse": "is refused"}


def known_rows(feeds: Sequence[Feed], states: Mapping[str, FeedState]) -> list[Row]:
    """Return a row a feed: as listed, and what its polls have left."""
    return [_known(feed, states.get(feed.key, FeedState(feed.key))) for feed in feeds]


def forecasts(
    feeds: Sequence[Feed], states: Mapping[str, FeedState], moment: Moment, resolve: Resolver | None
) -> list[Forecast]:
    """Return what a poll at `moment` would do with each feed; names are resolved only where a resolver is given."""
    resting = hosts_that_wait(feeds, states, moment.now)
    return [forecast(feed, states.get(feed.key, FeedState(feed.key)), moment, resting, resolve) for feed in feeds]


def forecast_row(found: Forecast) -> Row:
    """Return a forecast as plain values."""
    return {
        "feed": found.feed,
        "would": found.verdict,
        "why": found.why,
        "due": _shown(found.due),
        "interval": spoken(found.interval),
        "interval_from": found.interval_from,
        "conditional": found.conditional,
        "asked_at": found.asked_at,
        "notes": "; ".join(found.notes) or None,
    }


def told(found: Forecast) -> str:
    """Return a forecast as lines of text for a terminal."""
    until = f" until {_shown(found.due)}" if found.due else ""
    asked = f" at {found.asked_at}" if found.asked_at != found.feed else ""
    how = "conditionally" if found.conditional else "in full"
    lines = [
        found.feed,
        f"  {_WOULD[found.verdict]}{until}: {found.why}",
        f"  every {spoken(found.interval)}, by {found.interval_from}; {how}{asked}",
        *(f"  {note}" for note in found.notes),
    ]
    return "".join(f"{escaped(line)}\n" for line in lines)


def spoken(span: timedelta) -> str:
    """Return a span as people write it: 90m, 2h, 1d."""
    minutes = round(span.total_seconds() / 60)  # the unit in which a list's every= is written back
    for unit, size in (("d", 1440), ("h", 60)):
        if minutes and minutes % size == 0:
            return f"{minutes // size}{unit}"
    return f"{minutes}m"


def _known(feed: Feed, state: FeedState) -> Row:
    status = str(state.status) if state.status is not None else None
    return {
        "feed": feed.key,
        "folder": scrubbed(feed.folder) or None,  # some programs write the address there
        "title": scrubbed(feed.title) or None,
        "allow_private": feed.allow_private,
        "state": "disabled" if state.disabled else "failing" if state.failures else "ok" if state.polled_at else "new",
        "last": state.reason or status,
        "polled_at": _shown(state.polled_at),
        "next_due": _shown(state.next_due),
        "interval": spoken(interval_of(state, feed.every)),
        "items": state.items_seen,
        "failures": state.failures,
    }


def _shown(at: datetime | None) -> str | None:
    return None if at is None else at.isoformat(timespec="seconds")
