"""What a feed's own text asks of those who poll it: `ttl`, `sy:updatePeriod`, `skipHours` and `skipDays`.

feedparser keeps only the last `hour` and `day`, so they are read here, from what stands outside the entries: no parser,
and no more than one pass of linear patterns.
"""

import re
from dataclasses import dataclass
from datetime import timedelta

_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_PERIODS = {"hourly": 1, "daily": 24, "weekly": 168, "monthly": 720, "yearly": 8760}  # hours
_ENTRY = re.compile(rb"<(?:[\w.-]+:)?(?:item|entry)[\s>]")
_ENTRY_END = (b"</item>", b"</entry>")
_UNREAD = re.compile(r"<!--.*?(?:-->|\Z)|<!\[CDATA\[.*?(?:\]\]>|\Z)", re.DOTALL)
_TTL = re.compile(r"<ttl>\s*([0-9]{1,6})\s*</ttl>")
_PERIOD = re.compile(r"<sy:updatePeriod>\s*([A-Za-z]{1,10})\s*</sy:updatePeriod>")
_FREQUENCY = re.compile(r"<sy:updateFrequency>\s*([0-9]{1,4})\s*</sy:updateFrequency>")
_SKIP_HOURS = re.compile(r"<skipHours>([^&]{0,2000}?)</skipHours>", re.IGNORECASE)
_SKIP_DAYS = re.compile(r"<skipDays>([^&]{0,1000}?)</skipDays>", re.IGNORECASE)
_HOUR = re.compile(r"<hour>\s*([0-9]{1,2})\s*</hour>", re.IGNORECASE)
_DAY = re.compile(r"<day>\s*([A-Za-z]{6,9})\s*</day>", re.IGNORECASE)
_LOOKED_AT = 64 * 1024  # bytes, before the first entry and after the last


@dataclass(frozen=True, slots=True)
class Hints:
    """How often a feed wants to be asked, and when not at all (GMT)."""

    ttl: timedelta | None = None
    period: timedelta | None = None
    skip_hours: frozenset[int] = frozenset()
    skip_days: frozenset[int] = frozenset()  # 0 is Monday

    @property
    def interval(self) -> timedelta | None:
        """Return the longer of the stated intervals."""
        return max((stated for stated in (self.ttl, self.period) if stated is not None), default=None)


def read_hints(body: bytes) -> Hints:
    """Return what a feed in XML asks for; other documents ask for nothing."""
    text = _UNREAD.sub("", _outside_entries(body))
    hours = {int(hour) % 24 for hour in _HOUR.findall(_inside(_SKIP_HOURS, text))}  # 24 is how some write midnight
    days = {_DAYS.index(day.lower()) for day in _DAY.findall(_inside(_SKIP_DAYS, text)) if day.lower() in _DAYS}
    ttl = _TTL.search(text)
    # A feed that may never be asked has made a mistake.
    return Hints(
        ttl=timedelta(minutes=int(ttl[1])) if ttl else None,
        period=_period(text),
        skip_hours=frozenset(hours) if len(hours) < 24 else frozenset(),
        skip_days=frozenset(days) if len(days) < 7 else frozenset(),
    )


def _outside_entries(body: bytes) -> str:
    narrow = body if b"\0" not in body[:4] else body.replace(b"\0", b"")  # UTF-16: only ASCII is looked for
    # Entries may hold elements of the same names, which ask nothing of who polls this feed.
    first = _ENTRY.search(narrow)
    if first is None:
        return narrow[:_LOOKED_AT].decode("latin-1")
    end = max(narrow.rfind(mark) for mark in _ENTRY_END)
    after = narrow[max(end, first.start(), len(narrow) - _LOOKED_AT) :]
    return (narrow[: min(first.start(), _LOOKED_AT)] + after).decode("latin-1")


def _inside(pattern: re.Pattern[str], text: str) -> str:
    found = pattern.search(text)
    return found[1] if found else ""


def _period(text: str) -> timedelta | None:
    period, frequency = _PERIOD.search(text), _FREQUENCY.search(text)
    if period is None and frequency is None:
        return None
    hours = _PERIODS.get(period[1].lower()) if period else 24  # the module's default is daily
    return timedelta(hours=hours) / max(1, int(frequency[1]) if frequency else 1) if hours else None
