from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transforms.feeds.feed import Feed
from transforms.feeds.moments import Moment
from transforms.feeds.politeness import due, next_start, plan, soonest, wants_rest
from transforms.feeds.state import FeedState

NOW = Moment(datetime(2026, 11, 21, 12, tzinfo=UTC))
HOUR = timedelta(hours=1)


def feeds_on(*hosts):
    return [Feed(f"https://{host}/{number}") for number, host in enumerate(hosts)]


@given(
    st.lists(st.sampled_from(["a.org", "www.a.org", "b.org", "c.org"]), max_size=30),
    st.dictionaries(st.sampled_from(["a.org", "b.org"]), st.floats(0, 5)),
)
def test_starts_on_one_host_are_two_seconds_apart(hosts, last_starts):
    feeds = feeds_on(*hosts)
    starts = plan(feeds, {}, NOW, last_starts)
    assert sorted(start.feed.url for start in starts) == sorted(feed.url for feed in feeds)
    assert [start.at for start in starts] == sorted(start.at for start in starts)
    by_host = {}
    for start in starts:
        by_host.setdefault(start.host, []).append(start.at)
    for host, times in by_host.items():
        first = max(0.0, 2.0 - last_starts.get(host, 9.0))
        assert times == pytest.approx([first + 2.0 * turn for turn in range(len(times))])


def test_the_soonest_feed_says_how_long_nothing_is_due():
    feeds = feeds_on("a.org", "b.org", "b.org", "c.org")
    asked = {feed.key: FeedState(feed.key, NOW.now, next_due=NOW.now + 3 * HOUR) for feed in feeds}
    assert soonest([], {}, NOW) is None
    assert soonest(feeds, {}, NOW) == timedelta(0)
    assert soonest(feeds, asked, NOW) == 3 * HOUR
    gone = {key: replace(state, disabled=True) for key, state in asked.items()}
    assert soonest(feeds, gone, NOW) is None
    # One feed of b.org is due, but its neighbour was told to leave the host alone.
    rests = asked | {
        feeds[1].key: FeedState(feeds[1].key),
        feeds[2].key: replace(asked[feeds[2].key], host_not_before=NOW.now + 2 * HOUR),
    }
    assert soonest(feeds, rests, NOW) == 2 * HOUR
    assert due(feeds, rests, NOW) == []


def test_the_order_changes_with_the_time_and_not_with_the_list():
    feeds = feeds_on(*[f"h{number}.org" for number in range(20)])
    later = Moment(NOW.now + HOUR)
    assert plan(feeds, {}, NOW, {}) == plan(feeds[::-1], {}, NOW, {})
    assert plan(feeds, {}, NOW, {}) != plan(feeds, {}, later, {})


def test_a_host_that_still_answers_is_not_asked():
    assert next_start(planned=2.0, last_start=0.0, last_end=7.5) == 7.5
    assert next_start(planned=2.0, last_start=1.0, last_end=1.1) == 3.0
    assert next_start(planned=9.0, last_start=1.0, last_end=1.1) == 9.0


def test_only_what_is_due_is_asked():
    feeds = feeds_on("a.org", "b.org", "c.org")
    states = {
        feeds[0].key: FeedState(feeds[0].key, NOW.now - 2 * HOUR, next_due=NOW.now - HOUR),
        feeds[1].key: FeedState(feeds[1].key, NOW.now - HOUR, next_due=NOW.now + HOUR),
    }
    assert due(feeds, states, NOW) == [feeds[0], feeds[2]]


def test_a_host_that_asked_for_rest_is_left_alone_for_all_its_feeds():
    feeds = feeds_on("a.org", "www.a.org", "b.org")
    limited = FeedState(feeds[0].key, NOW.now - HOUR, status=429, host_not_before=NOW.now + HOUR)
    assert due(feeds, {feeds[0].key: limited}, NOW) == [feeds[2]]
    assert due(feeds, {feeds[0].key: limited}, Moment(NOW.now + 2 * HOUR)) == feeds


def test_only_a_host_that_asks_for_rest_now_ends_its_turn():
    assert wants_rest(FeedState("f", status=429))
    assert not wants_rest(FeedState("f", status=500, host_not_before=NOW.now))


def test_a_feed_that_moved_counts_at_its_new_host():
    (feed,) = feeds_on("a.org")
    moved = {feed.key: FeedState(feed.key, url="https://new.org/feed")}
    assert [start.host for start in plan([feed], moved, NOW, {})] == ["new.org"]
