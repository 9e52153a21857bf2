from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transforms.feeds.freshness import fresh_for, http_date, retry_after

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
SERVER = "Sat, 21 Nov 2026 10:00:00 GMT"  # two hours behind
LATER = "Sat, 21 Nov 2026 11:30:00 GMT"
YEAR = timedelta(days=365)


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        ({}, None),
        ({"cache-control": "max-age=3600"}, timedelta(hours=1)),
        ({"cache-control": 'public, Max-Age="600" , must-revalidate'}, timedelta(minutes=10)),
        ({"cache-control": "max-age=3600", "age": "600"}, timedelta(minutes=50)),
        ({"cache-control": "max-age=60", "age": "600"}, timedelta(0)),
        ({"cache-control": "max-age=0", "expires": LATER}, timedelta(0)),
        ({"cache-control": "s-maxage=60, private"}, None),
        ({"cache-control": "no-cache, max-age=3600"}, None),
        ({"cache-control": "no-store", "expires": LATER}, None),
        ({"cache-control": "max-age=-1"}, None),
        ({"cache-control": "max-age=" + "9" * 30}, YEAR),
        ({"cache-control": "max-age=9999999999"}, YEAR),
        ({"cache-control": "max-age=x, ,=,;"}, None),
        ({"expires": LATER, "date": SERVER}, timedelta(minutes=90)),
        ({"expires": LATER}, timedelta(0)),
        ({"expires": "0", "date": SERVER}, None),
        ({"expires": SERVER, "date": LATER}, timedelta(0)),
    ],
)
def test_how_long_an_answer_is_good(headers, expected):
    assert fresh_for(headers, NOW) == expected


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        ({}, None),
        ({"retry-after": "120"}, timedelta(minutes=2)),
        ({"retry-after": " 0 "}, timedelta(0)),
        ({"retry-after": LATER, "date": SERVER}, timedelta(minutes=90)),
        ({"retry-after": LATER}, timedelta(0)),
        ({"retry-after": "Sat, 21 Nov 2026 13:00:00 GMT"}, timedelta(hours=1)),
        ({"retry-after": "soon"}, None),
        ({"retry-after": "-5"}, None),
        ({"retry-after": "1e9"}, None),
        ({"retry-after": "٣"}, None),
        ({"retry-after": "9" * 400}, YEAR),
    ],
)
def test_how_long_a_server_asks_to_wait(headers, expected):
    assert retry_after(headers, NOW) == expected


@pytest.mark.parametrize(
    "value", ["", None, "0", "Fri, 31 Feb 2026 10:00:00 GMT", "Sat, 21 Nov 99999 10:00:00 GMT", "\0"]
)
def test_what_is_no_date_is_none(value):
    assert http_date(value) is None


def test_zones_are_told():
    assert http_date("Sat, 21 Nov 2026 10:00:00 +0200") == datetime(2026, 11, 21, 8, tzinfo=UTC)
    assert http_date("Saturday, 21-Nov-26 10:00:00 GMT") == datetime(2026, 11, 21, 10, tzinfo=UTC)
    assert http_date("Sat, 21 Nov 2026 10:00:00") == datetime(2026, 11, 21, 10, tzinfo=UTC)


@given(
    st.dictionaries(st.sampled_from(["cache-control", "expires", "date", "age", "retry-after"]), st.text(max_size=40))
)
def test_no_header_breaks_anything(headers):
    for found in (fresh_for(headers, NOW), retry_after(headers, NOW)):
        assert found is None or found >= timedelta(0)
