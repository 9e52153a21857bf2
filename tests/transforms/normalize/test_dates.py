"""Dates are read as written, and never invented."""

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transforms.normalize.date_words import MONTHS, fold
from transforms.normalize.dates import FIRST_YEAR, FUTURE_TOLERANCE, PLACEHOLDERS, parse

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
TEN = datetime(2024, 11, 20, 10, 30, tzinfo=UTC)
MIDNIGHT = datetime(2024, 11, 20, tzinfo=UTC)


@pytest.mark.parametrize(
    "written",
    [
        "2024-11-20T10:30:00Z",
        "2024-11-20t10:30:00.000z",
        "2024-11-20 10:30",
        "2024-11-20T11:30+01:00",
        "2024-11-20 11:30:00 +0100",
        "2024-11-20T11:30:00+01:00[Europe/Paris]",
        "2024-11-20 10:30:00 UTC",
        "20241120T103000Z",
        "20241120103000",
        "202411201030",
        "2024/11/20 10:30:00",
        "Wed, 20 Nov 2024 10:30:00 GMT",
        "Wed, 20 Nov 2024 11:30:00 +0100",
        "Wed, 20 Nov 2024 05:30:00 EST",
        "20 Nov 24 10:30 UT",
        "Wed Nov 20 10:30:00 2024",
        "Wed Nov 20 10:30:00 UTC 2024",
        "Wed Nov 20 2024 11:30:00 GMT+0100 (Central European Standard Time)",
        "November 20, 2024 at 10:30 a.m.",
        "Nov. 20, 2024, 10:30 AM",
        "November 20, 2024 at 5:30 a.m. ET",
        "20. November 2024, 10:30 Uhr",
        "Le mercredi 20 novembre 2024 à 10h30",
        "mar. 20 nov. 2024 10:30",
        "Miércoles, 20 de noviembre de 2024 - 10:30",
        "quarta-feira, 20 de novembro de 2024 às 10h30",
        "20 ноября 2024 г., 10:30",
        "20 листопада 2024 р. 10:30",
        "20 listopada 2024, 10:30",
        "20 Kasım 2024 10:30",
        "20.11.2024 10:30",
        "2024年11月20日 10:30",
        "2024年11月20日（水）10時30分",
        "2024年11月20日 上午10点30分",
        "2024년 11월 20일 오전 10시 30분",
        "٢٠ نوفمبر ٢٠٢٤ 10:30",
        "1732098600",
        "1732098600000",
        "1732098600.0",
        "1732098600000000",
        "Published 10:30 GMT, 20 November 2024",
    ],
)
def test_moments(written):
    assert parse(written, NOW) == TEN


@pytest.mark.parametrize(
    "written",
    [
        *("2024-11-20", "20241120", "2024/11/20", "2024.11.20", "20.11.2024", "20/11/2024", "11/20/2024", "2024-W47-3"),
        *("20 November 2024", "November 20th, 2024", "20 novembre 2024", "20. listopadu 2024", "20 noiembrie 2024"),
        *("20 de noviembre de 2024", "20 novembre 2024", "20 de novembro de 2024", "20 november 2024", "20 kasım 2024"),
        *("20 ноября 2024", "20 листопада 2024", "20 listopada 2024", "20 Νοεμβρίου 2024", "20 marraskuuta 2024"),
        *(
            "٢٠ نوفمبر ٢٠٢٤",
            "2024年11月20日",
            "2024년 11월 20일",
            "２０２４年１１月２０日",
            "20 नवंबर 2024",
            "20 בנובמבר 2024"[:2] + " נובמבר 2024",
        ),
    ],
)
def test_days_begin_at_midnight_utc(written):
    assert parse(written, NOW) == MIDNIGHT


def test_first_of_the_month_with_its_ordinals():
    first = datetime(2024, 11, 1, tzinfo=UTC)
    for written in (
        "1er novembre 2024",
        "1st November 2024",
        "1. November 2024",
        "1º novembre 2024",
        "1 de novembro de 2024",
    ):
        assert parse(written, NOW) == first


@pytest.mark.parametrize(
    "written",
    [
        *("", " ", "today", "2 hours ago", "2024", "November 2024", "2024-11", "20 November", "10:30", "Wednesday"),
        *("03/04/2024", "3-4-2024", "20/11/24", "2024-13-01", "2024-02-30", "31 November 2024", "13/13/2024"),
        *("0000-00-00", "10000-01-01", "0001-01-01T00:00:00Z", "1970-01-01", "0", "-1", "1e9", "99999999999999999999"),
        *("2024-11-20T10:30:00+99:99", "2024-11-20T25:00:00Z", "2024-11-20T10:61:00Z", "2024-W60-1"),
        *("Wed, 20 Nov 2024 10:30:00 QQQ", "20 Brumaire 2024", "by John, 20 November 2024", "20 mars novembre 2024"),
        *("2024-11-20 2024-11-21", "20 21 November 2024", "令和6年11月20日", "x" * 1000, "\x00", "٢٠"),
    ],
)
def test_what_names_no_sure_day_is_no_date(written):
    assert parse(written, NOW) is None


def test_equal_figures_or_dots_leave_no_doubt():
    assert parse("04/04/2024", NOW) == datetime(2024, 4, 4, tzinfo=UTC)
    assert parse("03.04.2024", NOW) == datetime(2024, 4, 3, tzinfo=UTC)


def test_a_day_ahead_is_a_clock_two_days_ahead_is_none():
    assert parse((NOW + FUTURE_TOLERANCE).isoformat(), NOW) == NOW + FUTURE_TOLERANCE
    assert parse((NOW + FUTURE_TOLERANCE + timedelta(seconds=1)).isoformat(), NOW) is None


def test_an_archive_has_its_dates():
    assert parse("1987-03-04T13:18:38", NOW) == datetime(1987, 3, 4, 13, 18, 38, tzinfo=UTC)
    assert parse("4 March 1951", NOW) == datetime(1951, 3, 4, tzinfo=UTC)
    assert parse("1604-12-31", NOW) is None
    assert parse("1605-01-01", NOW) == datetime(FIRST_YEAR, 1, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    "written", ["1970-01-01T00:00:01Z", "1969-12-31T19:00:00", "1899-12-30", "1980-01-01T00:00:00", "123456789"]
)
def test_what_programs_write_without_a_date_is_none(written):
    assert parse(written, NOW) is None


def test_fractions_are_cut_to_microseconds_and_leap_seconds_read():
    assert parse("2024-11-20T10:30:00.1234567Z", NOW) == TEN.replace(microsecond=123456)
    assert parse("Sat, 31 Dec 2016 23:59:60 GMT", NOW) == datetime(2016, 12, 31, 23, 59, 59, tzinfo=UTC)


@pytest.mark.parametrize(
    ("day", "hour"), [("March 9", 15), ("March 10", 14), ("July 1", 14), ("November 2", 14), ("November 3", 15)]
)
def test_american_summer_time_goes_by_the_day(day, hour):
    assert parse(f"{day}, 2024, 10:00 AM ET", NOW).hour == hour
    assert parse(f"{day}, 2024, 10:00 AM EST", NOW).hour == 15


moments = st.datetimes(datetime(FIRST_YEAR, 1, 2), datetime(2026, 11, 20), timezones=st.timezones()).map(  # noqa: DTZ001
    lambda moment: moment.astimezone(UTC)
)


@given(moments.filter(lambda moment: moment.date() not in PLACEHOLDERS))
def test_iso_round_trip(moment):
    assert parse(moment.isoformat(), NOW) == moment
    assert parse(moment.isoformat(" "), NOW) == moment
    assert parse(moment.strftime("%Y%m%dT%H%M%SZ"), NOW) == moment.replace(microsecond=0)
    assert parse(format_datetime(moment), NOW) == moment.replace(microsecond=0)
    assert parse(format_datetime(moment, usegmt=True), NOW) == moment.replace(microsecond=0)


@given(st.text(max_size=120) | st.text("0123456789-:./TZ+ 年月日novembrgmtapm", max_size=40))
def test_parsing_never_raises_and_stays_in_range(text):
    moment = parse(text, NOW)
    assert moment is None or (moment.tzinfo is UTC and moment.year >= FIRST_YEAR and moment <= NOW + FUTURE_TOLERANCE)


def test_every_month_name_is_folded_and_in_range():
    assert set(MONTHS.values()) == set(range(1, 13))
    assert all(fold(word) == word for word in MONTHS)
