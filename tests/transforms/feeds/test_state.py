from dataclasses import fields
from datetime import UTC, datetime, timedelta
from typing import get_args, get_type_hints

import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from schemas.tables import POLLS
from transforms.feeds.conditional import Validators
from transforms.feeds.moments import Moment, system_moment
from transforms.feeds.state import FeedState, from_row, newest, to_row

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
KINDS = {
    str: st.text(max_size=20),
    int: st.integers(0, 2**24),
    float: st.floats(0, 1e9),
    bool: st.booleans(),
    bytes: st.binary(max_size=12),
    datetime: st.datetimes(NOW.replace(1990, tzinfo=None), NOW.replace(2100, tzinfo=None), timezones=st.just(UTC)),
}


def anything_of(kind):
    optional = get_args(kind)
    return st.none() | KINDS[optional[0]] if optional else KINDS[kind]


STATES = st.builds(FeedState, **{name: anything_of(kind) for name, kind in get_type_hints(FeedState).items()})


@given(STATES)
def test_a_state_survives_the_table(state):
    row = {**to_row(state), "seconds": 0.5, "items_new": 1, "warnings": ["w"]}
    table = pa.Table.from_pylist([row], schema=POLLS)
    assert from_row(table.to_pylist()[0]) == state


def test_every_field_has_its_column():
    assert {name.name for name in fields(FeedState)} <= set(POLLS.names)


def test_rows_of_an_older_release_have_defaults():
    old = {"feed": "f", "polled_at": NOW.replace(tzinfo=None), "failures": 2, "disabled": None}
    assert from_row(old) == FeedState("f", NOW, failures=2)


def test_the_newest_row_of_a_feed_counts_whatever_the_order():
    rows = [
        {"feed": feed, "commit": commit, "polled_at": NOW + timedelta(hours=hour), "failures": failures}
        for feed, commit, hour, failures in (("a", 2, 0, 3), ("b", 1, 0, 1), ("a", 1, 5, 1), ("a", 2, 1, 4))
    ]
    found = newest(rows)
    assert found == newest(reversed(rows))
    assert (found["a"].failures, found["b"].failures) == (4, 1)


def test_validators_and_the_time_of_asking_are_replaced():
    state = FeedState("f", etag='"1"').with_validators(Validators("u", None, "m")).asked_at(Moment(NOW, "b", 7.0))
    assert state.validators == Validators("u", None, "m")
    assert (state.polled_at, state.boot, state.uptime) == (NOW, "b", 7.0)


def test_time_passes_by_the_clock_that_cannot_be_set():
    begun = Moment(NOW, "boot", 1000.0)
    hour = timedelta(hours=1)
    for stepped in (-10 * hour, timedelta(0), 10 * hour):
        assert Moment(NOW + hour + stepped, "boot", 4600.0).since(begun.now, "boot", 1000.0) == hour


def test_across_boots_the_wall_clock_tells_and_else_the_time_since_the_boot():
    assert Moment(NOW + timedelta(hours=2), "next", 60.0).since(NOW, "boot", 1000.0) == timedelta(hours=2)
    assert Moment(NOW - timedelta(days=1), "next", 60.0).since(NOW, "boot", 1000.0) == timedelta(minutes=1)
    assert Moment(NOW + timedelta(hours=2)).since(NOW, "", 0.0) == timedelta(hours=2)


def test_the_machine_tells_both_clocks():
    first, second = system_moment(), system_moment()
    assert first.boot == second.boot
    assert first.uptime <= second.uptime
    assert first.now.tzinfo is UTC
