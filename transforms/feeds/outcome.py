"""What an answer means for a feed: pure decisions over its state, one function for each kind of answer."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from transforms.feeds.attempt import Attempt
from transforms.feeds.conditional import after_answer, after_unchanged, same
from transforms.feeds.failures import FetchReason
from transforms.feeds.freshness import fresh_for, retry_after
from transforms.feeds.hints import Hints
from transforms.feeds.overlap import Overlap
from transforms.feeds.schedule import (
    CEILING,
    DEFAULT,
    FLOOR,
    LONGEST,
    adapted,
    after_failure,
    after_success,
    wishes_of,
    with_hints,
)
from transforms.feeds.state import FeedState

# Login pages of networks redirect for good, and servers say "gone" while they are rebuilt: to believe either at once
# would lose a feed for a passing fault.
MOVED_SIGHTINGS = 5
MOVED_FOR = timedelta(days=3)
GONE_FOR = timedelta(hours=24)
_NOT_COUNTED = {FetchReason.INTERRUPTED: 0.0, FetchReason.DNS_TEMPORARY: 0.25}
_SOFT_REASONS = {
    *(FetchReason.TIMEOUT, FetchReason.CONNECT, FetchReason.RESET, FetchReason.SHORT_BODY, FetchReason.DNS),
}
_SOFT_STATUSES = {404, 408, 425}  # feeds do come back; so do servers (all of 5xx)


@dataclass(frozen=True, slots=True)
class Decided:
    """A feed's new state, and what a person may want to know about it."""

    state: FeedState
    warnings: tuple[str, ...] = ()


def unchanged(state: FeedState, attempt: Attempt, every: timedelta | None) -> Decided:
    """Decide after a 304, or a 200 whose body is the one we had."""
    known = state.with_validators(
        after_unchanged(state.validators, attempt.headers)
        if attempt.status == 304
        else after_answer(attempt.answered_by, attempt.headers)
    )
    fresh = fresh_for(attempt.headers, attempt.moment.now)
    if fresh is None and attempt.status == 304:  # what a 304 leaves out stays as it was
        fresh = None if state.fresh_seconds is None else timedelta(seconds=state.fresh_seconds)
    return _succeeded(_fresh(known, fresh), attempt, every, None)


def changed(
    state: FeedState,
    attempt: Attempt,
    every: timedelta | None,
    body_sha256: str,
    hints: Hints,
    overlap: Overlap,
    sample: bytes,
) -> Decided:
    """Decide after a 200 with a document that was read."""
    fresh = after_answer(attempt.answered_by, attempt.headers)
    # Asked in full, it brings new items under the very validators that it would have called unchanged.
    lied = attempt.in_full and bool(state.recent_items) and overlap.new > 0 and same(state.validators, fresh)
    known = replace(
        _fresh(with_hints(state.with_validators(fresh), hints), fresh_for(attempt.headers, attempt.moment.now)),
        changed_at=attempt.moment.now,
        validators_lie=state.validators_lie or lied,
        body_sha256=body_sha256,
        items_seen=overlap.items,
        items_per_hour=overlap.items_per_hour,
        recent_items=sample,
    )
    decided = _succeeded(known, attempt, every, overlap)
    warnings = []
    if lied and not state.validators_lie:
        warnings.append("the server says unchanged when it is not: its validators are not used any more")
    if overlap.missed:
        warnings.append(f"about {overlap.missed} items came and went between two polls")
    return replace(decided, warnings=(*warnings, *decided.warnings))


def refused(state: FeedState, attempt: Attempt, every: timedelta | None) -> Decided:
    """Decide after any other status, after no answer at all, and after a document that is no feed."""
    weight = _weight(attempt)
    counted = replace(
        state,
        status=attempt.status,
        reason=_reason(attempt),
        failures=state.failures + (weight > 0),
        failure_weight=state.failure_weight + weight,
    )
    if attempt.reason == FetchReason.INTERRUPTED:
        # What the answer asked for is lost with it; what earlier ones asked for still holds.
        soon = after_success(state.feed, attempt.moment.now, FLOOR, wishes_of(state))
        return Decided(replace(counted, next_due=soon))
    if attempt.status == 410:
        return _gone(counted, attempt)
    # What moved may have moved on: its listed address knows where to.
    lost = counted.failures >= MOVED_SIGHTINGS
    counted = replace(counted, gone_since=None, url=None if lost else counted.url)
    asked = retry_after(attempt.headers, attempt.moment.now) if attempt.status in {429, 503} else None
    decided = replace(counted, next_due=after_failure(counted, interval_of(state, every), asked))
    if attempt.status == 429:
        decided = replace(decided, host_not_before=attempt.moment.now + max(FLOOR, min(asked or FLOOR, LONGEST)))
    too_long = asked is not None and asked > LONGEST
    return Decided(decided, ("the server asks for more than 7 days of rest; it gets 7",) if too_long else ())


def interval_of(state: FeedState, every: timedelta | None) -> timedelta:
    """Return how often a feed is asked: as the user wants, else as was learned, else every hour."""
    learned = DEFAULT if state.interval_seconds is None else timedelta(seconds=state.interval_seconds)
    return max(FLOOR, min(CEILING, every or learned))


def _succeeded(state: FeedState, attempt: Attempt, every: timedelta | None, overlap: Overlap | None) -> Decided:
    interval = adapted(interval_of(state, None), overlap)
    moved, warnings = _moved(state, attempt)
    wishes = wishes_of(moved)
    due = after_success(state.feed, attempt.moment.now, every or interval, wishes)
    if wishes.fresh_for is not None and wishes.fresh_for > LONGEST:
        warnings = (*warnings, "the server calls its answer good for more than 7 days; it is asked after 7")
    settled = replace(
        moved,
        status=attempt.status,
        reason=None,
        interval_seconds=int(interval.total_seconds()),
        next_due=due,
        failures=0,
        failure_weight=0.0,
        gone_since=None,
        host_not_before=None,
        answered_at=attempt.moment.now,
        in_full_at=attempt.moment.now if attempt.in_full else state.in_full_at,
        conditional_polls=0 if attempt.in_full else state.conditional_polls + 1,
    )
    return Decided(settled, warnings)


def _moved(state: FeedState, attempt: Attempt) -> tuple[FeedState, tuple[str, ...]]:
    """Count a permanent redirect; after five sightings over three days it is believed."""
    if attempt.moved_to is None:
        return replace(state, moved_to=None, moved_sightings=0, moved_since=None), ()
    now = attempt.moment.now
    again = attempt.moved_to == state.moved_to
    sightings = state.moved_sightings + 1 if again else 1
    since = state.moved_since if again and state.moved_since else now
    if sightings < MOVED_SIGHTINGS or now - since < MOVED_FOR:
        return replace(state, moved_to=attempt.moved_to, moved_sightings=sightings, moved_since=since), ()
    there = replace(state, url=attempt.moved_to, moved_to=None, moved_sightings=0, moved_since=None)
    return there, (f"moved for good to {attempt.moved_to}",)


def _gone(state: FeedState, attempt: Attempt) -> Decided:
    """Count a 410: the second one, a day or more after the first, ends the polling; what was stored stays."""
    now: datetime = attempt.moment.now
    since = state.gone_since or now
    if now - since >= GONE_FOR:
        return Decided(replace(state, gone_since=since, disabled=True), ("gone for good (410): not asked any more",))
    return Decided(replace(state, gone_since=since, next_due=since + GONE_FOR + FLOOR), ("says it is gone (410)",))


def _fresh(state: FeedState, fresh: timedelta | None) -> FeedState:
    return replace(state, fresh_seconds=None if fresh is None else int(fresh.total_seconds()))


def _weight(attempt: Attempt) -> float:
    """Return how much a failure counts towards waiting longer: what passes by itself counts less."""
    if attempt.reason is not None:
        return _NOT_COUNTED.get(attempt.reason, 0.5 if attempt.reason in _SOFT_REASONS else 1.0)
    soft = attempt.status in _SOFT_STATUSES or (attempt.status or 0) >= 500
    return 0.5 if soft else 1.0


def _reason(attempt: Attempt) -> str:
    if attempt.reason is not None:
        return attempt.reason.value
    return "not_a_feed" if attempt.status == 200 else f"status_{attempt.status}"
