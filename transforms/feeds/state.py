"""What is known about a feed between two polls: one frozen record, kept as the newest row of the table `polls`."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields, replace
from datetime import UTC, datetime
from typing import Any

from transforms.feeds.conditional import Validators
from transforms.feeds.moments import Moment


@dataclass(frozen=True, slots=True)
class FeedState:
    """A feed's past, as far as it decides its future. Names are those of the columns of `polls`."""

    feed: str  # its listed address without secrets
    polled_at: datetime | None = None  # when the last request began
    boot: str = ""  # and by the machine's own clock
    uptime: float = 0.0
    next_due: datetime | None = None  # by the wall clock of `polled_at`
    answered_at: datetime | None = None  # the last request that told what the feed holds
    changed_at: datetime | None = None  # the last one that brought another document
    status: int | None = None  # of the last answer; None where there was none
    reason: str | None = None  # why there was none, or nothing in it
    etag: str | None = None
    last_modified: str | None = None
    answered_by: str | None = None  # whose validators these are, without secrets
    in_full_at: datetime | None = None  # the last request without validators
    conditional_polls: int = 0  # since then
    validators_lie: bool = False
    body_sha256: str | None = None
    interval_seconds: int | None = None  # how often it is asked by what was learned
    fresh_seconds: int | None = None  # how long its last answer was good for, by its headers
    stated_seconds: int | None = None  # the interval its text asks for
    skip_hours: int = 0  # bits: when its text asks not to be asked (GMT)
    skip_days: int = 0  # bits, 0 is Monday
    items_per_hour: float | None = None
    items_seen: int = 0  # in the last document that was read
    recent_items: bytes = b""  # a sample of its items, see overlap
    failures: int = 0  # in a row
    failure_weight: float = 0.0  # the same, some counting less
    moved_to: str | None = None  # a permanent redirect that is watched
    moved_sightings: int = 0
    moved_since: datetime | None = None
    url: str | None = None  # where it moved for good; None: as listed
    gone_since: datetime | None = None  # the first 410 in a row
    disabled: bool = False
    host_not_before: datetime | None = None  # its host asked everyone to wait (429)

    @property
    def validators(self) -> Validators:
        """Return what the next request is made conditional with."""
        return Validators(self.answered_by, self.etag, self.last_modified)

    def with_validators(self, known: Validators) -> "FeedState":
        """Return the state with these validators."""
        return replace(self, answered_by=known.answered_by, etag=known.etag, last_modified=known.last_modified)

    def asked_at(self, moment: Moment) -> "FeedState":
        """Return the state with a request that begins at `moment`."""
        return replace(self, polled_at=moment.now, boot=moment.boot, uptime=moment.uptime)


def to_row(state: FeedState) -> dict[str, Any]:
    """Return the part of a row of `polls` that the state is made of."""
    return {name.name: getattr(state, name.name) for name in fields(state)}


def from_row(row: Mapping[str, Any]) -> FeedState:
    """Return the state that a row of `polls` holds; columns that an older release did not write have their defaults."""
    found = {name.name: row.get(name.name) for name in fields(FeedState)}
    return FeedState(**{name: _in_utc(value) for name, value in found.items() if value is not None})


def newest(rows: Iterable[Mapping[str, Any]]) -> dict[str, FeedState]:
    """Return the state of every feed: its row of the highest commit, and of the latest poll within it."""
    best: dict[str, tuple[tuple[int, datetime], Mapping[str, Any]]] = {}
    for row in rows:
        # By the commit first: the wall clock may have been set back between two polls.
        rank = (row.get("commit") or 0, _in_utc(row["polled_at"]))
        if row["feed"] not in best or rank >= best[row["feed"]][0]:
            best[row["feed"]] = (rank, row)
    return {feed: from_row(row) for feed, (_, row) in best.items()}


def same_request(one: FeedState, other: FeedState) -> bool:
    """Return whether two states of a feed come of the same request."""
    return (one.polled_at, one.boot, one.uptime) == (other.polled_at, other.boot, other.uptime)


def covers(known: FeedState, asked: Moment) -> bool:
    """Return whether what is known of a feed includes the request that began then: that one itself, or a later one.

    By the machine's own clock where both are of one boot, and by the wall clock elsewhere.
    """
    if known.polled_at is None:
        return False
    if known.boot and known.boot == asked.boot:
        return known.uptime >= asked.uptime
    return known.polled_at >= asked.now


def _in_utc(value: Any) -> Any:
    if not isinstance(value, datetime):
        return value
    return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)
