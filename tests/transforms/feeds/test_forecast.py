"""What a poll would do is said by the functions that a poll decides by."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from transforms.feeds.failures import FetchFailed, FetchReason
from transforms.feeds.feed import Feed
from transforms.feeds.forecast import forecast
from transforms.feeds.moments import Moment
from transforms.feeds.state import FeedState

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
FEED = Feed("https://news.example/f?token=CANARY")
ASKED = FeedState(
    FEED.key, polled_at=NOON - timedelta(minutes=20), next_due=NOON + timedelta(minutes=40), status=200, etag='"1"'
)
ASKED = replace(ASKED, answered_by=FEED.key)


def told(state, feed=FEED, resting=(), resolve=None, now=NOON):
    return forecast(feed, state, Moment(now), resting, resolve)


def test_a_feed_that_was_never_asked_is_asked_in_full():
    found = told(FeedState(FEED.key))
    assert (found.verdict, found.why, found.due, found.conditional) == ("ask", "never asked before", None, False)
    assert (found.interval, found.interval_from) == (timedelta(hours=1), "the default")
    assert "CANARY" not in repr(found)


def test_a_feed_waits_until_it_is_due():
    found = told(ASKED)
    assert (found.verdict, found.due, found.conditional) == ("wait", NOON + timedelta(minutes=40), True)
    assert told(ASKED, now=NOON + timedelta(minutes=40)).verdict == "ask"


def test_a_feed_that_failed_says_how():
    assert told(replace(ASKED, failures=3, status=503)).why == "failed 3 times in a row, last status 503: backs off"
    assert told(replace(ASKED, failures=1, status=None, reason="timeout")).why == "failed once, last timeout: backs off"
    assert told(replace(ASKED, failures=31)).notes == ("asked once a week after 30 failures",)


def test_a_feed_that_is_gone_is_never_asked():
    found = told(replace(ASKED, disabled=True, gone_since=NOON))
    assert (found.verdict, found.due) == ("never", None)


def test_a_host_that_asked_for_rest_has_it():
    late = NOON + timedelta(hours=1)
    found = told(replace(ASKED, host_not_before=late + timedelta(minutes=5)), resting={"news.example"}, now=late)
    assert (found.verdict, found.due) == ("wait", late + timedelta(minutes=5))


@pytest.mark.parametrize(
    ("feed", "state", "minutes", "source"),
    [
        (replace(FEED, every=timedelta(minutes=30)), ASKED, 30, "every= of the list"),
        (FEED, replace(ASKED, interval_seconds=1800), 30, "what its answers taught"),
        (FEED, replace(ASKED, stated_seconds=7200), 120, "what its text states (ttl, updatePeriod)"),
        (FEED, replace(ASKED, fresh_seconds=9000), 150, "its headers (max-age, Expires)"),
    ],
)
def test_the_interval_is_the_longest_that_anyone_asks_for(feed, state, minutes, source):
    found = told(state, feed)
    assert (found.interval, found.interval_from) == (timedelta(minutes=minutes), source)


def test_redirects_and_lies_are_noted():
    state = replace(ASKED, moved_to="https://new.example/f", moved_sightings=3, validators_lie=True)
    assert told(state).notes == (
        "permanent redirect to https://new.example/f, seen 3 of 5 times",
        "its validators are not used: it said unchanged when it was not",
    )
    assert not told(state).conditional
    moved = told(replace(ASKED, url="https://new.example/f"))
    assert (moved.asked_at, moved.notes) == ("https://new.example/f", ("moved for good",))


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("http://10.0.0.1/f", "private_address"),
        ("http://0x7f.1/f", "private_address"),
        ("https://news.example:25/f", "port"),
    ],
)
def test_an_address_that_may_not_be_asked_is_refused_with_nobody_asked(url, reason):
    found = told(FeedState(url), Feed(url))
    assert (found.verdict, found.why.partition(":")[0]) == ("refuse", reason)


def test_names_are_looked_up_only_where_a_resolver_is_given():
    def resolve(host, port):
        if host == "none.example":
            raise FetchFailed(FetchReason.DNS, "none.example does not resolve")
        return ["93.184.216.34", "10.0.0.1"]

    assert told(FeedState(FEED.key), resolve=resolve).why.startswith("private_address")
    assert told(FeedState("x"), Feed("https://none.example/"), resolve=resolve).why.startswith("dns:")
    assert told(FeedState("x"), Feed("https://none.example/")).verdict == "ask"
