from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transforms.feeds.hints import Hints
from transforms.feeds.moments import Moment
from transforms.feeds.overlap import Overlap
from transforms.feeds.schedule import (
    CEILING,
    DEFAULT,
    FLOOR,
    LONGEST,
    Wishes,
    adapted,
    after_failure,
    after_success,
    chance,
    is_due,
    remaining,
    wishes_of,
    with_hints,
)
from transforms.feeds.state import FeedState

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)  # a Saturday
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
SPANS = st.timedeltas(timedelta(0), timedelta(days=400))
ASKED = FeedState("f", NOW, "boot", 1000.0, NOW + HOUR)


def at(wall, uptime, boot="boot"):
    return Moment(NOW + wall, boot, 1000.0 + uptime.total_seconds())


def test_a_feed_that_was_never_asked_is_due():
    assert is_due(FeedState("f"), Moment(NOW))


def test_a_feed_is_due_when_its_time_has_come_and_not_before():
    assert not is_due(ASKED, at(59 * MINUTE, 59 * MINUTE))
    assert is_due(ASKED, at(HOUR, HOUR))
    assert remaining(ASKED, at(HOUR / 4, HOUR / 4)) == 45 * MINUTE


@pytest.mark.parametrize("step", [-400 * DAY, -DAY, -HOUR, HOUR, DAY, 400 * DAY])
def test_a_wall_clock_that_is_set_changes_nothing(step):
    assert not is_due(ASKED, at(step + 59 * MINUTE, 59 * MINUTE))
    assert is_due(ASKED, at(step + HOUR, HOUR))


def test_a_feed_that_nobody_asked_in_time_is_not_asked_in_an_hour_to_skip():
    skips = replace(ASKED, skip_hours=1 << 14 | 1 << 15, skip_days=1 << 6)  # 14 and 15 o'clock, Sundays
    assert is_due(skips, at(HOUR + 59 * MINUTE, HOUR + 59 * MINUTE))
    assert remaining(skips, at(2.5 * HOUR, 2.5 * HOUR)) == 1.5 * HOUR
    assert is_due(skips, at(4 * HOUR, 4 * HOUR))
    assert remaining(skips, at(12 * HOUR, 12 * HOUR)) == 24 * HOUR
    assert is_due(skips, at(36 * HOUR, 36 * HOUR))


def test_after_a_boot_with_a_clock_in_the_past_the_feed_waits_as_long_as_it_should():
    assert not is_due(ASKED, Moment(NOW - DAY, "next", 59 * 60))
    assert is_due(ASKED, Moment(NOW - DAY, "next", 60 * 60))


@given(st.none() | st.timedeltas(-30 * DAY, 30 * DAY), st.integers(0, 899))
def test_no_feed_is_asked_twice_in_a_quarter_of_an_hour_whatever_is_stored(due, seconds):
    state = replace(ASKED, next_due=None if due is None else NOW + due)
    assert not is_due(state, at(400 * DAY, timedelta(seconds=seconds)))


def test_a_disabled_feed_is_never_due():
    assert not is_due(replace(ASKED, disabled=True), at(DAY, DAY))
    assert remaining(replace(ASKED, disabled=True), at(DAY, DAY)) is None


@given(SPANS, st.none() | SPANS, st.none() | SPANS, st.text(max_size=9))
def test_the_wait_is_within_the_bounds_and_undercuts_no_wish(interval, fresh, stated, feed):
    wait = after_success(feed, NOW, interval, Wishes(fresh, stated)) - NOW
    assert FLOOR <= wait <= max(CEILING, min(LONGEST, fresh or FLOOR))
    assert wait >= min(CEILING, interval)
    assert wait >= min(CEILING, stated or FLOOR)
    assert wait >= min(LONGEST, fresh or FLOOR)


def test_the_wait_is_spread_a_little():
    waits = [after_success(f"feed {n}", NOW, HOUR, Wishes()) - NOW for n in range(100)]
    assert HOUR <= min(waits) < 61 * MINUTE
    assert 65 * MINUTE < max(waits) <= 66 * MINUTE
    assert len(set(waits)) == 100


@given(st.sets(st.integers(0, 23), max_size=23), st.sets(st.integers(0, 6), max_size=6))
def test_hours_and_days_to_skip_are_skipped(hours, days):
    due = after_success("f", NOW, HOUR, Wishes(skip_hours=frozenset(hours), skip_days=frozenset(days)))
    assert due.hour not in hours
    assert due.weekday() not in days
    assert HOUR <= due - NOW <= 8 * DAY


def test_the_next_hour_that_is_not_skipped_is_taken():
    due = after_success("f", NOW, HOUR, Wishes(skip_hours=frozenset({13, 14})))
    assert due.replace(minute=0, second=0, microsecond=0) == NOW + 3 * HOUR
    assert due.minute < 10


@given(st.integers(1, 60), st.floats(0, 60), SPANS, st.none() | SPANS)
def test_failures_wait_within_the_bounds_and_obey(failures, weight, interval, asked):
    state = replace(ASKED, failures=failures, failure_weight=weight)
    interval = max(FLOOR, min(CEILING, interval))
    wait = after_failure(state, interval, asked) - NOW
    assert wait >= (LONGEST if failures > 30 else max(interval, min(LONGEST, asked or FLOOR)))
    assert wait <= (LONGEST if failures > 30 else max(CEILING, min(LONGEST, asked or FLOOR)))


def test_each_failure_waits_longer_at_most():
    def longest(weight):
        states = [replace(ASKED, feed=f"f{n}", failures=1, failure_weight=weight) for n in range(200)]
        return max(after_failure(state, HOUR) - NOW for state in states)

    assert [round(longest(weight) / HOUR, 0) for weight in (0.25, 1, 2, 3, 4)] == [1, 1, 2, 4, 9]
    assert longest(40) == CEILING


def test_after_thirty_failures_a_feed_is_tried_once_a_week():
    assert after_failure(replace(ASKED, failures=31), HOUR) == NOW + LONGEST


@pytest.mark.parametrize(
    ("overlap", "interval", "expected"),
    [
        (None, HOUR, 66 * MINUTE),
        (Overlap(40, 0, 0, None), HOUR, 66 * MINUTE),
        (Overlap(40, 40, 9, None), HOUR, 15 * MINUTE),
        (Overlap(40, 40, 9, None), 4 * HOUR, HOUR),
        (Overlap(40, 30, 0, None), HOUR, 30 * MINUTE),
        (Overlap(40, 15, 0, None), 5 * HOUR, HOUR),
        (Overlap(40, 15, 0, None), 30 * MINUTE, 30 * MINUTE),
        (Overlap(40, 1, 0, None), 20 * MINUTE, 22 * MINUTE),
        (Overlap(40, 1, 0, None), 5 * HOUR, HOUR),
        (Overlap(40, 40, 9, None), 20 * MINUTE, FLOOR),
        (None, 23 * HOUR, CEILING),
        (Overlap(40, 40, 0, None, first=True), HOUR, HOUR),
    ],
)
def test_a_busy_feed_is_asked_sooner_and_a_quiet_one_later(overlap, interval, expected):
    assert adapted(interval, overlap) == expected


def test_ten_quiet_days_make_an_hour_a_day():
    interval, passed = DEFAULT, timedelta(0)
    while interval < CEILING:
        passed += interval
        interval = adapted(interval, None)
    assert 9 * DAY < passed < 12 * DAY


@given(st.none() | st.timedeltas(timedelta(0), DAY), st.sets(st.integers(0, 23)), st.sets(st.integers(0, 6)))
def test_wishes_survive_the_state(ttl, hours, days):
    found = wishes_of(with_hints(ASKED, Hints(ttl, None, frozenset(hours), frozenset(days))))
    assert (found.skip_hours, found.skip_days) == (hours, days)
    assert found.interval == (None if ttl is None else timedelta(seconds=int(ttl.total_seconds())))


def test_chance_is_even_and_the_same_every_time():
    shares = [chance(f"f{n}", NOW) for n in range(1000)]
    assert shares == [chance(f"f{n}", NOW) for n in range(1000)]
    assert 0 <= min(shares) < 0.02
    assert 0.98 < max(shares) < 1
    assert 0.45 < sum(shares) / 1000 < 0.55
