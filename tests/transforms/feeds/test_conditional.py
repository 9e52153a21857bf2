from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transforms.feeds.conditional import (
    Validators,
    after_answer,
    after_unchanged,
    asks_in_full,
    body_hash,
    same,
    weekly_slot,
)

URL = "https://example.org/feed?token=secret"
NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)


def test_both_validators_go_to_the_address_that_gave_them():
    known = after_answer(URL, {"etag": 'W/"a"', "last-modified": "yesterday"})
    assert known.headers_for(URL) == {"If-None-Match": 'W/"a"', "If-Modified-Since": "yesterday"}
    assert known.headers_for(URL + "2") == {}
    assert "secret" not in repr(known)


@pytest.mark.parametrize("value", ["", "a\rb", "a\nX: y", "\x00", "\u20ac", "x" * 2000])
def test_what_cannot_be_sent_back_is_not_kept(value):
    assert not after_answer(URL, {"etag": value}).known


def test_an_answer_replaces_both_and_an_unchanged_one_what_it_brings():
    known = Validators("u", '"1"', "monday")
    assert after_answer("u", {"last-modified": "tuesday"}) == Validators("u", None, "tuesday")
    assert after_answer("u", {}) == Validators("u")
    assert after_unchanged(known, {"etag": '"2"'}) == Validators("u", '"2"', "monday")
    assert after_unchanged(known, {}) == known


@pytest.mark.parametrize(
    ("fresh", "expected"),
    [
        (Validators("u", '"1"', "tuesday"), True),
        (Validators("u", '"2"', "monday"), False),
        (Validators("v", '"1"', "monday"), False),
        (Validators("u"), False),
    ],
)
def test_the_tag_goes_before_the_date(fresh, expected):
    assert same(Validators("u", '"1"', "monday"), fresh) is expected


def test_without_a_tag_the_date_tells_and_without_both_nothing_does():
    assert same(Validators("u", None, "monday"), Validators("u", None, "monday"))
    assert not same(Validators("u"), Validators("u"))


@given(st.text(max_size=20), st.integers(0, 10_000))
def test_every_feed_is_asked_in_full_once_in_each_of_its_weeks(feed, start):
    last, times = NOW + start * HOUR, []
    for hour in range(start, start + 24 * 7 * 4):
        if asks_in_full(feed, last, NOW + hour * HOUR):
            last = NOW + hour * HOUR
            times.append(hour)
    assert len(times) in {3, 4}
    assert {later - earlier for earlier, later in pairwise(times)} <= {24 * 7}


def test_a_feed_that_was_never_asked_is_asked_in_full():
    assert asks_in_full("f", None, NOW)


def test_feeds_have_their_turn_at_different_hours():
    slots = {weekly_slot(f"feed {number}", NOW) for number in range(50)}
    assert len(slots) == 2


def test_a_body_is_known_by_its_hash():
    assert body_hash(b"a") == body_hash(b"a") != body_hash(b"b")
