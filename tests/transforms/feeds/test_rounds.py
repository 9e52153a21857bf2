import threading
import time
from dataclasses import replace
from datetime import UTC, datetime
from itertools import pairwise

import pytest

from transforms.feeds.attempt import Attempt
from transforms.feeds.feed import Feed
from transforms.feeds.moments import Moment
from transforms.feeds.politeness import Start
from transforms.feeds.poll import Polled
from transforms.feeds.rounds import Round
from transforms.feeds.state import FeedState

NOW = datetime(2026, 11, 21, tzinfo=UTC)


def hurried():
    """Return a clock on which a minute and a half passes in a second."""
    return Moment(NOW, "boot", time.monotonic() * 100)


def hurried_round(longest_seconds=float("inf")):
    return Round(hurried, lambda stop, seconds: stop.wait(seconds / 100), longest_seconds=longest_seconds)


def starts(*hosts):
    turns = {}
    for number, host in enumerate(hosts):
        turns[host] = turns.get(host, -2.0) + 2.0
        yield Start(Feed(f"https://{host}/{number}"), host, turns[host])


class Server:
    """Notes when it is asked, on the round's own clock."""

    def __init__(self, together=1):
        self.asked, self.busy, self.most, self.overlaps = [], set(), 0, 0
        self.together = threading.Barrier(together)
        self.lock = threading.Lock()

    def poll(self, start):
        with self.lock:
            self.overlaps += start.host in self.busy
            self.busy.add(start.host)
            self.most = max(self.most, len(self.busy))
            self.asked.append((start.host, hurried().uptime))
        self.together.wait(5)  # so many are asked at one time, or this fails
        with self.lock:
            self.busy.discard(start.host)
        key = start.feed.key
        return Polled(Attempt(key, Moment(NOW)), FeedState(key))


def test_every_feed_is_asked_once_and_hosts_are_two_seconds_apart():
    server, round_ = Server(), hurried_round()
    planned = list(starts(*[f"h{number % 20}.org" for number in range(100)]))
    found = list(round_.run(planned, server.poll))
    assert sorted(polled.state.feed for polled in found) == sorted(start.feed.key for start in planned)
    for host in {start.host for start in planned}:
        times = [at for asked, at in server.asked if asked == host]
        assert all(later - earlier >= 2.0 for earlier, later in pairwise(times))
    assert all(round_.since_last()[start.host] >= 0 for start in planned)


def test_what_a_crowded_host_keeps_waiting_for_more_than_a_minute_is_left_for_a_later_round():
    server = Server()
    found = list(hurried_round(60.0).run(list(starts(*["a.org"] * 100, "b.org")), server.poll))
    assert 1 <= sum(polled.state.feed.startswith("https://a.org") for polled in found) <= 31
    assert "https://b.org/100" in {polled.state.feed for polled in found}


def test_one_connection_a_host_and_sixteen_hosts_at_once():
    server = Server(together=16)
    list(hurried_round().run(list(starts(*[f"h{number % 32}.org" for number in range(96)])), server.poll))
    assert (server.overlaps, server.most) == (0, 16)


def test_a_host_that_was_asked_a_moment_ago_waits():
    server, round_ = Server(), hurried_round()
    round_.last_starts["a.org"] = began = hurried().uptime
    list(round_.run(list(starts("a.org")), server.poll))
    assert server.asked[0][1] - began >= 2.0


def test_a_host_that_asks_for_rest_is_left_alone_at_once():
    server = Server()

    def poll(start):
        polled = server.poll(start)
        resting = replace(polled.state, status=429, host_not_before=NOW)
        return replace(polled, state=resting) if start.host == "a.org" else polled

    found = list(hurried_round().run(list(starts("a.org", "b.org", "a.org", "b.org", "a.org")), poll))
    assert sorted(polled.state.feed for polled in found) == ["https://a.org/0", "https://b.org/1", "https://b.org/3"]


def test_what_may_not_be_asked_any_more_when_its_turn_comes_gives_nothing():
    server = Server()

    def poll(start):
        return None if start.feed.key.endswith("/1") else server.poll(start)

    found = list(hurried_round().run(list(starts("a.org", "a.org", "a.org")), poll))
    assert [polled.state.feed for polled in found] == ["https://a.org/0", "https://a.org/2"]


def test_a_round_that_is_stopped_finishes_what_it_asked():
    server, round_ = Server(), hurried_round()
    results = round_.run(list(starts(*["a.org"] * 5000)), server.poll)
    first = next(results)
    round_.stop.set()
    found = [first, *results]
    assert len(found) == len(server.asked) < 5000


def test_a_round_that_nobody_listens_to_any_more_stops():
    server, round_ = Server(), hurried_round()
    results = round_.run(list(starts(*["a.org"] * 5000)), server.poll)
    next(results)
    results.close()
    assert len(server.asked) < 5000


def test_an_interrupt_does_not_wait_for_lanes_that_wait_for_it():
    class Interrupt(BaseException):
        pass

    server, round_ = Server(), hurried_round()
    results = round_.run(list(starts(*[f"h{number}.org" for number in range(400)])), server.poll)
    next(results)
    with pytest.raises(Interrupt):
        results.throw(Interrupt())
    assert round_.stop.is_set()
    assert len(server.asked) < 400


def test_an_error_of_ours_stops_the_round_and_is_told():
    def poll(start):
        raise OSError(28, "disk full")

    round_ = hurried_round()
    with pytest.raises(OSError, match="disk full"):
        list(round_.run(list(starts(*["a.org"] * 10, "b.org")), poll))
    assert round_.stop.is_set()


def test_nothing_to_ask_is_a_round_too():
    assert list(hurried_round().run([], Server().poll)) == []
