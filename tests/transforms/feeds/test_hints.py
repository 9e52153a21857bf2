import time
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transforms.feeds.hints import Hints, read_hints


def channel(inside, after=""):
    return f"<rss><channel>{inside}<item><ttl>1</ttl><title>t</title></item>{after}</channel></rss>".encode()


@pytest.mark.parametrize("place", ["before", "after"])
def test_a_channel_says_how_often_and_when_not(place):
    wishes = (
        "<ttl> 90 </ttl><skipHours><hour>0</hour><hour>1</hour><hour> 24</hour><hour>23</hour><hour>77</hour></skipHours>"
        "<skipDays><day>Saturday</day><day>SUNDAY</day><day>Caturday</day></skipDays>"
    )
    found = read_hints(channel(wishes) if place == "before" else channel("", wishes))
    assert found.ttl == timedelta(minutes=90)
    assert found.skip_days == {5, 6}
    assert found.skip_hours == {0, 1, 23, 77 % 24}


@pytest.mark.parametrize(
    ("inside", "hours"),
    [
        ("<sy:updatePeriod>hourly</sy:updatePeriod><sy:updateFrequency>2</sy:updateFrequency>", 0.5),
        ("<sy:updatePeriod>\n daily \n</sy:updatePeriod>", 24),
        ("<sy:updatePeriod>Weekly</sy:updatePeriod><sy:updateFrequency>7</sy:updateFrequency>", 24),
        ("<sy:updateFrequency>4</sy:updateFrequency>", 6),
        ("<sy:updatePeriod>hourly</sy:updatePeriod><sy:updateFrequency>0</sy:updateFrequency>", 1),
    ],
)
def test_a_period_is_divided_by_its_frequency(inside, hours):
    assert read_hints(channel(inside)).period == timedelta(hours=hours)


@pytest.mark.parametrize(
    "inside",
    [
        "",
        "<sy:updatePeriod>sometimes</sy:updatePeriod>",
        "<ttl>soon</ttl>",
        "<!-- <ttl>9</ttl> -->",
        "<description><![CDATA[<ttl>9</ttl>]]></description>",
        "<skipHours>" + "".join(f"<hour>{hour}</hour>" for hour in range(24)) + "</skipHours>",
        "<skipDays>"
        + "".join(f"<day>{d}day</day>" for d in "Mon Tues Wednes Thurs Fri Satur Sun".split())
        + "</skipDays>",
    ],
)
def test_what_is_no_wish_is_none(inside):
    assert read_hints(channel(inside)) == Hints()


def test_entries_wish_for_nothing():
    assert read_hints(channel("")).ttl is None
    assert read_hints(b"<feed><entry></entry></feed>") == Hints()


def test_a_feed_without_entries_and_one_in_utf16_are_read():
    assert read_hints(b"<rss><channel><ttl>5</ttl></channel></rss>").ttl == timedelta(minutes=5)
    assert read_hints(channel("<ttl>5</ttl>").decode().encode("utf-16")).ttl == timedelta(minutes=5)


def test_the_longer_interval_counts():
    assert Hints(timedelta(hours=1), timedelta(hours=3)).interval == timedelta(hours=3)
    assert Hints().interval is None


@given(st.binary(max_size=400))
def test_no_bytes_break_it(body):
    read_hints(body)


@pytest.mark.parametrize(
    "piece", [b"<skipHours>", b"<ttl>", b"<!--", b"<![CDATA[", b"<item>", b"</item>", b"<day>", b" "]
)
def test_a_megabyte_of_anything_takes_no_time(piece):
    body = b"<rss>" + piece * ((1 << 20) // len(piece))
    began = time.process_time()
    read_hints(body)
    assert time.process_time() - began < 1.0
