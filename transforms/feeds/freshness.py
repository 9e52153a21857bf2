"""What an answer's headers ask of the next request: how long the answer is good for, and when to come again.

Times are measured against the server's own `Date`, because its clock and ours need not agree.
"""

import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

_DIRECTIVE = re.compile(r"\s*([a-z-]+)\s*(?:=\s*\"?([^\",]*)\"?)?\s*(?:,|$)", re.IGNORECASE)
_DIGITS = re.compile(r"[0-9]{1,10}")
_LATEST_YEAR = 9000  # room for what is added to it


def http_date(value: str | None) -> datetime | None:
    """Return the time that an HTTP date names, None where it is none."""
    try:
        # Without a zone it is GMT, as HTTP dates are; year 9999 would overflow with any wait added.
        found = parsedate_to_datetime(value or "")
        aware = found if found.tzinfo else found.replace(tzinfo=UTC)
        return aware.astimezone(UTC) if found.year < _LATEST_YEAR else None
    except (ValueError, OverflowError, TypeError, IndexError):
        return None


def fresh_for(headers: Mapping[str, str], now: datetime) -> timedelta | None:
    """Return for how long the answer is good: max-age less age, else Expires less Date; None where nobody says.

    `no-cache` and `no-store` say that it is good for no time at all, which is the same as not saying anything.
    """
    directives = _directives(headers.get("cache-control", ""))
    if directives.keys() & {"no-cache", "no-store"}:
        return None
    age = _seconds(headers.get("age")) or timedelta(0)
    stated = _seconds(directives.get("max-age"))
    if stated is not None:
        return max(timedelta(0), stated - age)
    expires = http_date(headers.get("expires"))
    if expires is None:
        return None
    return max(timedelta(0), expires - (http_date(headers.get("date")) or now))


def retry_after(headers: Mapping[str, str], now: datetime) -> timedelta | None:
    """Return how long the server asks to wait, given in seconds or as a date; None where it does not ask."""
    value = headers.get("retry-after", "").strip()
    seconds = _seconds(value)
    if seconds is not None:
        return seconds
    then = http_date(value)
    return None if then is None else max(timedelta(0), then - (http_date(headers.get("date")) or now))


def _directives(value: str) -> dict[str, str]:
    return {found[1].lower(): found[2] or "" for found in _DIRECTIVE.finditer(value)}


def _seconds(value: str | None) -> timedelta | None:
    """Return a number of seconds; what is too large to count means what it says: very long."""
    text = (value or "").strip()
    if text.isascii() and text.isdigit() and not _DIGITS.fullmatch(text):
        return timedelta(days=365)
    return min(timedelta(seconds=int(text)), timedelta(days=365)) if _DIGITS.fullmatch(text) else None
