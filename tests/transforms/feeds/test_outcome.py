from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from transforms.feeds.attempt import Attempt
from transforms.feeds.failures import FetchReason
from transforms.feeds.hints import Hints
from transforms.feeds.moments import Moment
from transforms.feeds.outcome import changed, interval_of, refused, unchanged
from transforms.feeds.overlap import Overlap
from transforms.feeds.state import FeedState

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
URL = "https://example.org/feed"
ASKED = FeedState(
    URL,
    NOW,
    status=200,
    etag='"1"',
    answered_by=URL,
    body_sha256="old",
    recent_items=b"123456",
    items_seen=1,
    in_full_at=NOW - DAY,
)
NEW = Overlap(4, 1, 0, 0.5)


def attempt(status=304, at=NOW, in_full=False, **named):
    headers = {name.replace("_", "-"): value for name, value in named.pop("headers", {}).items()}
    return Attempt(URL, Moment(at), in_full, status, headers, answered_by=URL, **named)


def decide(state, status, at=NOW, **named):
    return refused(replace(state, polled_at=at), attempt(status, at, **named), None)


def test_an_unchanged_feed_keeps_what_a_304_leaves_out():
    state = replace(ASKED, fresh_seconds=7200, failures=3, failure_weight=2.0, last_modified="monday")
    found = unchanged(state, attempt(headers={"etag": '"2"'}), None).state
    assert (found.etag, found.last_modified, found.fresh_seconds) == ('"2"', "monday", 7200)
    assert (found.failures, found.failure_weight, found.status, found.body_sha256) == (0, 0.0, 304, "old")
    assert found.next_due - NOW == 2 * HOUR
    assert found.interval_seconds == 66 * 60
    assert (found.conditional_polls, found.in_full_at) == (1, NOW - DAY)


def test_an_unchanged_body_replaces_both_validators():
    found = unchanged(replace(ASKED, fresh_seconds=7200), attempt(200, in_full=True), None).state
    assert (found.etag, found.fresh_seconds, found.in_full_at, found.conditional_polls) == (None, None, NOW, 0)


def test_a_changed_document_is_remembered_with_its_wishes():
    hints = Hints(ttl=3 * HOUR, skip_hours=frozenset({15}))
    found = changed(ASKED, attempt(200, headers={"etag": '"2"'}), None, "new", hints, NEW, b"sample").state
    assert (found.etag, found.body_sha256, found.recent_items, found.items_seen) == ('"2"', "new", b"sample", 4)
    assert (found.stated_seconds, found.skip_hours, found.items_per_hour) == (3 * 3600, 1 << 15, 0.5)
    assert (found.next_due - NOW).total_seconds() // 3600 == 4  # three hours later is an hour to skip
    assert found.changed_at == found.answered_at == NOW


def test_what_the_user_asks_for_goes_before_what_was_learned():
    found = unchanged(replace(ASKED, interval_seconds=9 * 3600), attempt(), 30 * MINUTE).state
    assert 30 * MINUTE <= found.next_due - NOW <= 33 * MINUTE
    assert interval_of(found, None) > 9 * HOUR


def test_a_server_that_lies_is_noticed_and_told_once():
    same_tag = attempt(200, in_full=True, headers={"etag": '"1"'})
    decided = changed(ASKED, same_tag, None, "new", Hints(), NEW, b"s")
    assert decided.state.validators_lie
    assert "not used any more" in decided.warnings[0]
    assert changed(decided.state, same_tag, None, "newer", Hints(), NEW, b"s").warnings == ()


@pytest.mark.parametrize(
    ("asked", "overlap"),
    [
        (attempt(200, in_full=True, headers={"etag": '"2"'}), NEW),
        (attempt(200, in_full=False, headers={"etag": '"1"'}), NEW),
        (attempt(200, in_full=True, headers={"etag": '"1"'}), replace(NEW, new=0)),
    ],
)
def test_a_server_that_does_not_lie_is_trusted(asked, overlap):
    assert not changed(ASKED, asked, None, "new", Hints(), overlap, b"s").state.validators_lie


def test_items_that_passed_by_are_told_and_hasten_the_next_poll():
    decided = changed(ASKED, attempt(200), None, "new", Hints(), Overlap(4, 4, 7, 1.0), b"s")
    assert decided.warnings == ("about 7 items came and went between two polls",)
    assert decided.state.interval_seconds == 900


def test_a_long_promise_is_kept_for_a_week_and_told():
    decided = unchanged(ASKED, attempt(headers={"cache_control": "max-age=31536000"}), None)
    assert decided.state.next_due - NOW == 7 * DAY
    assert "7 days" in decided.warnings[0]


@pytest.mark.parametrize(
    ("named", "weight"),
    [
        ({"status": 404}, 0.5),
        ({"status": 408}, 0.5),
        ({"status": 425}, 0.5),
        ({"status": 500}, 0.5),
        ({"status": 503}, 0.5),
        ({"status": 401}, 1.0),
        ({"status": 403}, 1.0),
        ({"status": 200}, 1.0),
        ({"status": 226}, 1.0),
        ({"status": None, "reason": FetchReason.DNS_TEMPORARY}, 0.25),
        ({"status": None, "reason": FetchReason.TIMEOUT}, 0.5),
        ({"status": None, "reason": FetchReason.TLS}, 1.0),
        ({"status": None, "reason": FetchReason.BOMB}, 1.0),
    ],
)
def test_what_passes_by_itself_counts_less(named, weight):
    found = decide(ASKED, **named).state
    assert (found.failures, found.failure_weight) == (1, weight)
    assert found.etag == '"1"'
    assert found.body_sha256 == "old"
    assert found.reason


def test_being_stopped_is_no_failure_and_still_a_request():
    found = decide(ASKED, None, reason=FetchReason.INTERRUPTED).state
    assert found.failures == 0
    assert 15 * MINUTE <= found.next_due - NOW <= 17 * MINUTE
    wished = decide(replace(ASKED, fresh_seconds=7200), None, reason=FetchReason.INTERRUPTED).state
    assert wished.next_due - NOW == 2 * HOUR


@pytest.mark.parametrize(("status", "whole_host"), [(429, True), (503, False)])
@pytest.mark.parametrize("value", ["7200", "Sat, 21 Nov 2026 14:00:00 GMT"])
def test_a_server_that_asks_for_rest_gets_it(status, whole_host, value):
    found = decide(ASKED, status, headers={"retry_after": value}).state
    assert found.next_due - NOW == 2 * HOUR
    assert found.host_not_before == (NOW + 2 * HOUR if whole_host else None)


def test_only_429_and_503_may_ask_for_rest_and_at_most_for_a_week():
    assert decide(ASKED, 500, headers={"retry_after": "864000"}).state.next_due - NOW < 2 * HOUR
    decided = decide(ASKED, 429, headers={"retry_after": "864000"})
    assert decided.state.next_due - NOW == 7 * DAY
    assert decided.warnings


def test_a_host_that_does_not_say_how_long_rests_for_a_quarter_of_an_hour():
    assert decide(ASKED, 429).state.host_not_before == NOW + 15 * MINUTE


def test_a_short_rest_does_not_hasten_anything():
    assert decide(ASKED, 429, headers={"retry_after": "1"}).state.next_due - NOW >= HOUR


def sight(state, target, days):
    at = NOW + days * DAY
    return unchanged(replace(state, polled_at=at), attempt(at=at, moved_to=target), None)


def test_a_permanent_redirect_is_believed_after_five_sightings_over_three_days():
    state = ASKED
    for day in (0, 0.5, 1, 1.5, 2.9):
        decided = sight(state, "https://new.org/", day)
        state = decided.state
        assert state.url is None
    decided = sight(state, "https://new.org/", 3)
    assert decided.state.url == "https://new.org/"
    assert decided.warnings == ("moved for good to https://new.org/",)
    assert (decided.state.moved_to, decided.state.moved_sightings) == (None, 0)


def test_a_feed_that_is_lost_where_it_moved_to_is_asked_where_it_is_listed():
    state = replace(ASKED, url="https://new.org/")
    for failure in range(1, 6):
        state = decide(state, 404).state
        assert state.url == ("https://new.org/" if failure < 5 else None)


def test_days_alone_and_changing_targets_are_not_believed():
    state = ASKED
    for day, target in enumerate(("https://a.org/", "https://b.org/") * 10):
        state = sight(state, target, day).state
        assert (state.url, state.moved_sightings) == (None, 1)
    for day in (30, 35, 40):
        state = sight(state, "https://c.org/", day).state
    assert state.url is None
    assert sight(state, None, 41).state.moved_sightings == 0


def test_a_feed_that_is_gone_twice_a_day_apart_is_not_asked_again():
    first = decide(ASKED, 410).state
    assert not first.disabled
    assert first.next_due - NOW >= DAY
    early = decide(first, 410, NOW + 23 * HOUR).state
    assert not early.disabled
    assert early.next_due >= NOW + DAY
    assert decide(early, 410, NOW + 25 * HOUR).state.disabled


def test_a_feed_that_comes_back_is_not_gone():
    first = decide(ASKED, 410).state
    assert unchanged(first, attempt(at=NOW + DAY), None).state.gone_since is None
    assert decide(first, 500, NOW + DAY).state.gone_since is None
