"""How a list of feeds is shown, to a person and to a program."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from pipelines.feed_views import forecast_row, forecasts, known_rows, spoken, told
from transforms.feeds.feed import Feed
from transforms.feeds.forecast import Forecast, forecast
from transforms.feeds.moments import Moment
from transforms.feeds.state import FeedState

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
FEED = Feed("https://news.example/f?token=CANARY", title="News", folder="Press/Daily")
ASKED = FeedState(
    FEED.key,
    polled_at=NOON - timedelta(minutes=20),
    next_due=NOON + timedelta(minutes=40),
    status=200,
    items_seen=12,
    interval_seconds=3600,
)


def row(state=None, feed=FEED):
    (found,) = known_rows([feed], {} if state is None else {feed.key: state})
    return found


@pytest.mark.parametrize(
    ("minutes", "text"),
    [
        (0, "0m"),
        (1, "1m"),
        (59.6, "1h"),
        (60, "1h"),
        (90, "90m"),
        (120, "2h"),
        (1440, "1d"),
        (2880, "2d"),
        (1500, "25h"),
    ],
)
def test_a_span_is_written_in_the_largest_unit_that_it_is_a_multiple_of(minutes, text):
    assert spoken(timedelta(minutes=minutes)) == text


def test_a_feed_that_was_asked_shows_what_its_polls_have_left():
    assert row(ASKED) == {
        "feed": FEED.key,
        "folder": "Press/Daily",
        "title": "News",
        "allow_private": False,
        "state": "ok",
        "last": "200",
        "polled_at": "2026-03-01T11:40:00+00:00",
        "next_due": "2026-03-01T12:40:00+00:00",
        "interval": "1h",
        "items": 12,
        "failures": 0,
    }


@pytest.mark.parametrize(
    ("state", "shown", "last"),
    [
        (None, "new", None),
        (replace(ASKED, failures=2, reason="timeout"), "failing", "timeout"),  # a reason says more than a status
        (replace(ASKED, failures=2, status=503), "failing", "503"),
        (replace(ASKED, failures=2, disabled=True, status=410), "disabled", "410"),
    ],
)
def test_the_state_of_a_feed_is_one_word(state, shown, last):
    assert (row(state)["state"], row(state)["last"]) == (shown, last)


def test_no_secret_is_shown_wherever_it_was_written():
    told_everywhere = replace(FEED, title=f"Feed {FEED.url}", folder=FEED.url)
    assert "CANARY" not in repr(row(ASKED, told_everywhere))
    assert row(ASKED, replace(FEED, title="", folder=""))["title"] is None


def test_an_interval_of_the_list_is_shown_before_what_was_learned():
    assert row(ASKED, replace(FEED, every=timedelta(minutes=90)))["interval"] == "90m"


def test_each_feed_is_forecast_and_a_host_that_rests_rests_for_all_its_feeds():
    other = Feed("https://www.news.example/g")
    resting = replace(ASKED, host_not_before=NOON + timedelta(hours=2))
    found = forecasts([FEED, other], {FEED.key: resting}, Moment(NOON + timedelta(hours=1)), None)
    assert [one.feed for one in found] == [FEED.key, other.key]
    assert [one.verdict for one in found] == ["wait", "wait"]
    assert forecasts([other], {}, Moment(NOON), None)[0].verdict == "ask"


def test_a_forecast_is_plain_values():
    found = forecast(FEED, replace(ASKED, validators_lie=True, failures=31), Moment(NOON), (), None)
    shown = forecast_row(found)
    assert (shown["feed"], shown["would"], shown["why"]) == (FEED.key, "wait", found.why)
    assert (shown["due"], shown["interval"], shown["interval_from"]) == (
        "2026-03-01T12:40:00+00:00",
        "1h",
        found.interval_from,
    )
    assert shown["notes"] == "; ".join(found.notes)
    assert forecast_row(forecast(FEED, ASKED, Moment(NOON), (), None))["notes"] is None


PLAIN = Forecast(
    feed=FEED.key,
    verdict="wait",
    why="asked a while ago",
    due=NOON,
    interval=timedelta(hours=1),
    interval_from="the default",
    conditional=True,
    asked_at=FEED.key,
    notes=("one", "two"),
)


@pytest.mark.parametrize(
    ("given", "line", "text"),
    [
        ({}, 1, "  waits until 2026-03-01T12:00:00+00:00: asked a while ago"),
        ({"verdict": "ask", "due": None}, 1, "  would be asked: asked a while ago"),
        ({"verdict": "never", "due": None}, 1, "  is never asked: asked a while ago"),
        ({"verdict": "refuse", "due": None}, 1, "  is refused: asked a while ago"),
        ({}, 2, "  every 1h, by the default; conditionally"),
        (
            {"conditional": False, "asked_at": "https://b.example/"},
            2,
            "  every 1h, by the default; in full at https://b.example/",
        ),
        ({}, 3, "  one"),
        ({"notes": ("bad \x1b[31m red",)}, 3, "  bad \\x1b[31m red"),  # a terminal must not act on it
    ],
)
def test_a_forecast_is_some_lines_for_a_terminal(given, line, text):
    assert told(replace(PLAIN, **given)).splitlines()[line] == text
    assert told(PLAIN).splitlines()[0] == FEED.key
