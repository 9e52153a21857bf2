"""Turns of one host, where the lake is the truth and workers come and go."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest

from transforms.feeds.archive import Archive
from transforms.feeds.attempt import failed
from transforms.feeds.failures import FetchFailed, FetchReason
from transforms.feeds.feed import Feed
from transforms.feeds.fetch import Response
from transforms.feeds.moments import Moment
from transforms.feeds.poll import Polled
from transforms.feeds.state import FeedState
from transforms.feeds.turns import Host, Turns, by_host

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)


class World:
    """One host, one lake, and workers that have nothing but what is given to them."""

    def __init__(self, folder, *names, status=200):
        self.feeds = tuple(Feed(f"https://paper.example/{name}") for name in names)
        self.archive = Archive(folder)
        self.lake = {}
        self.seconds = 0.0
        self.asked = []
        self.status = status
        self.validators = []

    def clock(self):
        return Moment(NOW + timedelta(seconds=self.seconds), "boot", self.seconds)

    def fetch(self, request):
        self.asked.append((self.seconds, request.url.rpartition("/")[2]))
        self.validators.append(request.validators.etag)
        if self.status is None:
            raise Killed
        return Response(self.status, {"etag": '"new"'}, b"<rss/>", request.url)

    def settle(self, feed, state, attempt):
        asked = state.asked_at(attempt.moment)
        rest = attempt.moment.now + HOUR if attempt.status == 429 else None
        told = FeedState(
            feed.key,
            asked.polled_at,
            asked.boot,
            asked.uptime,
            attempt.moment.now + HOUR,
            status=attempt.status,
            etag='"new"',
            host_not_before=rest,
        )
        return Polled(attempt, told)

    def turn(self, host=None):
        turns = Turns(lambda: self.lake, self.archive, self, self.settle, self.clock)
        return turns.take("paper.example", (host or Host()).told(self.feeds, self.clock()))

    def commit(self, polled):
        self.lake = {**self.lake, polled.state.feed: polled.state}

    def waits(self):
        return [attempt.feed for attempt in self.archive.waiting()]


class Killed(BaseException):
    """The worker is gone in the middle of a request."""


@pytest.fixture
def world(tmp_path):
    return World(tmp_path, "a")


def test_a_feed_that_is_due_is_asked_once_and_not_again_before_its_poll_is_committed(world):
    first = world.turn()
    world.seconds += 50 * 60
    again = world.turn(first.host)
    assert again.polled is None
    assert len(world.asked) == 1
    world.commit(first.polled)
    world.seconds += 50 * 60
    third = world.turn(again.host)
    assert third.polled is not None
    assert world.validators == [None, '"new"']
    assert len(world.waits()) == 1  # the first answer went with its commit


def test_a_poll_that_a_runner_lost_is_sent_again_and_nobody_is_asked(world):
    host, sent = world.turn().host, []
    for _ in range(50):
        world.seconds += 300
        took = world.turn(host)
        host = took.host
        sent += [took.polled] if took.polled else []
    assert len(world.asked) == 1
    assert [one.state.polled_at for one in sent] == [NOW] * 4


def test_feeds_of_one_host_come_two_seconds_apart(tmp_path):
    world, host = World(tmp_path, "a", "b", "c"), Host()
    for _ in range(12):
        took = world.turn(host)
        host = took.host
        world.seconds += 0.5
    assert sorted(name for _, name in world.asked) == ["a", "b", "c"]
    times = [at for at, _ in world.asked]
    assert all(later - earlier >= 2 for earlier, later in pairwise(times))


def test_a_host_that_wants_rest_is_left_alone_before_that_is_committed(tmp_path):
    world = World(tmp_path, "a", "b", status=429)
    took = world.turn()
    world.seconds += 60
    assert world.turn(took.host).polled is None
    assert len(world.asked) == 1


def test_what_a_worker_asked_before_it_was_lost_is_settled_by_the_next_and_not_asked_again(world):
    lost = world.turn()  # its state is lost with the worker, and so is what it sent on
    found = world.turn()
    assert len(world.asked) == 1
    assert found.polled.state == lost.polled.state


def test_a_request_that_was_cut_off_counts_as_asked(world):
    world.status = None
    with pytest.raises(Killed):
        world.turn()
    world.status = 200
    settled = world.turn()
    assert len(world.asked) == 1
    assert settled.polled.attempt.reason == FetchReason.INTERRUPTED


def test_a_state_older_than_the_lake_asks_nobody_too_early(world):
    old = Host()
    first = world.turn(old)
    world.commit(first.polled)
    world.seconds += 60
    back = world.turn(old)  # a checkpoint from before the request
    assert back.polled is None
    assert len(world.asked) == 1
    assert world.waits() == []


def test_a_poll_that_another_worker_committed_does_not_hold_a_feed_back(world):
    first = world.turn()
    world.seconds += 2 * 3600
    world.commit(world.settle(world.feeds[0], FeedState(world.feeds[0].key), failed_at(world)))
    world.seconds += 2 * 3600
    assert world.turn(first.host).polled is not None


def failed_at(world):
    return failed(world.feeds[0].key, world.feeds[0].url, world.clock(), FetchFailed(FetchReason.TIMEOUT, "slow"))


def test_a_list_that_is_told_no_more_is_forgotten(world):
    told = Host().told(world.feeds, world.clock())
    world.seconds += 200
    turns = Turns(lambda: world.lake, world.archive, world, world.settle, world.clock)
    assert turns.take("paper.example", told).polled is None
    assert world.asked == []


def test_feeds_go_by_the_host_they_are_asked_at():
    stays, moved = Feed("https://www.one.example/a"), Feed("https://one.example/b")
    known = {moved.key: FeedState(moved.key, url="https://two.example/b")}
    assert by_host([stays, moved], known) == {"one.example": (stays,), "two.example": (moved,)}
