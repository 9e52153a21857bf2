from datetime import UTC, datetime, timedelta

import pyarrow as pa

from schemas.tables import POLLS
from transforms.feeds.known import Following, known_states, uncommitted
from transforms.feeds.state import FeedState, to_row
from transforms.lake.commit import commit_tables
from transforms.lake.compact import compact
from transforms.lake.layout import create_or_open
from transforms.lake.ledger import RunInfo

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)


def commit(lake, *states):
    rows = pa.Table.from_pylist([to_row(state) for state in states], schema=POLLS)
    commit_tables(lake, {"polls": rows}, RunInfo("watch", NOW))


def test_the_newest_row_of_each_feed_counts_before_and_after_a_compaction(tmp_path):
    lake = create_or_open(tmp_path / "lake")
    assert known_states(lake) == {}
    a, b = FeedState("a", NOW, etag='"1"'), FeedState("b", NOW, skip_hours=7, recent_items=b"\0\xff")
    commit(lake, a, b)
    later = FeedState("a", NOW + timedelta(hours=1), etag='"2"')
    commit(lake, later)
    assert known_states(lake) == {"a": later, "b": b}
    assert compact(lake).merged > 0
    assert known_states(lake) == {"a": later, "b": b}


def test_a_clock_that_was_set_back_does_not_bring_an_old_row_back(tmp_path):
    lake = create_or_open(tmp_path / "lake")
    commit(lake, FeedState("a", NOW, etag='"1"'))
    set_back = FeedState("a", NOW - timedelta(days=3), etag='"2"')
    commit(lake, set_back)
    assert known_states(lake) == {"a": set_back}


def test_what_others_commit_is_followed(tmp_path):
    lake = create_or_open(tmp_path / "lake")
    following = Following(lake)
    assert following.states() == {}
    first, second = FeedState("a", NOW), FeedState("a", NOW + timedelta(hours=1))
    for state in (first, second, FeedState("b", NOW)):
        commit(lake, state)
        assert following.states()[state.feed] == state
    assert following.states() == known_states(lake)


def test_the_same_request_is_one_row_and_another_one_of_the_same_feed_is_not():
    stored, other = FeedState("a", NOW, "boot", 5.0), FeedState("a", NOW, "boot", 6.0)
    rows = pa.Table.from_pylist([to_row(one) for one in (stored, other, FeedState("b", NOW))], schema=POLLS)
    assert uncommitted(rows, {"a": stored}).column("uptime").to_pylist() == [6.0, 0.0]
    assert len(uncommitted(rows.slice(0, 0), {})) == 0
