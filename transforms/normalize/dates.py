"""Dates: what a source wrote becomes a moment in UTC, or nothing. No date is invented.

A time without a zone is taken as UTC, a date without a time as midnight UTC. `03/04/2024` is nobody's guess and
becomes nothing, as do dates that cannot be (month 13, offset +99), that programs write where they know none
(1970-01-01), or that lie before the first newspaper or too far ahead of `now`.
"""

import re
from datetime import UTC, date, datetime, time, timedelta, timezone

from transforms.normalize.date_words import AMERICAN_ZONES, MONTHS, SILENT, ZONE_HOURS, fold

MAX_DATE_CHARS = 100
FIRST_YEAR = 1605  # of the first newspaper: archives hold what is older than any site
_FIRST_COUNTED_YEAR = 1990  # a smaller count of seconds is rather a number of something else
PLACEHOLDERS = frozenset(
    {  # the zeros of spreadsheets, of Unix (also west of Greenwich) and of archives of files
        *(date(1899, 12, 30), date(1899, 12, 31), date(1900, 1, 1), date(1904, 1, 1)),
        *(date(1969, 12, 31), date(1970, 1, 1), date(1980, 1, 1)),
    }
)
FUTURE_TOLERANCE = timedelta(hours=24)  # clocks and zones differ by less
_TUESDAY = 3  # "mar." is Tuesday in French, Spanish and Italian, and March
_MAX_OFFSET = timedelta(hours=14)  # Kiribati, the furthest there is

_CLOCK = (
    r"(?P<hour>\d{1,2})\s?[:h時时点點시]\s?(?P<minute>\d{1,2})?\s?(?:분|分|[:m]\s?(?=\d))?\s?"
    r"(?:(?P<second>\d{1,2})(?:[.,:](?P<fraction>\d{1,9}))?(?:\s?[초秒s])?)?"
)
_ZONE = r"\s?(?:(?P<zone>[a-z]{1,5})(?![a-z]))?\s?(?P<offset>[+\-−]\s?\d{1,2}(?::?\d{2})?(?::?\d{2})?(?!\d))?"
_HALF = r"(?:\s?(?P<half>[ap]\.?\s?m\b\.?))?"
_TIME = re.compile(rf"(?:(?P<early>上午|午前|오전|凌晨|早上)|(?P<late>下午|午後|오후|晚上))?\s?{_CLOCK}{_HALF}{_ZONE}")
_ISO = re.compile(
    r"(?P<year>\d{4})(?P<dash>-?)(?P<month>\d{2})(?P=dash)(?P<day>\d{2})"
    r"(?:[t ]\s?(?P<hour>\d{2}):?(?P<minute>\d{2})(?::?(?P<second>\d{2})(?:[.,](?P<fraction>\d{1,9}))?)?"
    r"\s?(?:(?P<zone>z|utc|gmt)|(?P<offset>[+\-−]\d{2}(?::?\d{2})?(?::?\d{2})?))?)?"
)
_WEEK = re.compile(r"(\d{4})-?w(\d{2})-?([1-7])")
_EPOCH = re.compile(r"(\d{9,10})(?:\.\d{1,9})?|(\d{12,13})|(\d{15,16})")
_CJK_DATE = re.compile(r"(\d{4})\s?[年년]\s?(\d{1,2})\s?[月월]\s?(\d{1,2})\s?[日일号號]")
_NUMERIC = re.compile(r"(\d{1,4})([./-])\s?(\d{1,2})(?:\2\s?(\d{4}|\d{1,2})|\2\s?(\d{4})\s?)")
_COMMENT = re.compile(r"[(\[（][^()\[\]（）]{0,40}[)\]）]")
_TOKEN = re.compile(r"\d+|[^\s\d,;|·•/]+")
_ORDINAL = frozenset({"st", "nd", "rd", "th", "er", "re", "o", "a", "-го", "го", "."})


def parse(raw: str | None, now: datetime) -> datetime | None:
    """Return the moment (UTC, microseconds) that `raw` names, or None when it names none that can be.

    Reads ISO 8601 and RFC 3339 with their common liberties, RFC 822 with named zones, epoch seconds to microseconds,
    and dates with month names of the major languages. `now` is when the run started.
    """
    # The strictest form first: what is ISO 8601 must not be read as words and figures.
    if not raw or len(raw) > MAX_DATE_CHARS:
        return None
    folded = " ".join(fold(raw).split())
    try:
        moment = _epoch(folded) or _iso(folded) or _week(folded) or _written(folded)
    except (ValueError, OverflowError):  # 31 February, hour 25, a year beyond 9999
        return None
    if moment is None or moment.year < FIRST_YEAR or moment > now + FUTURE_TOLERANCE:
        return None
    return None if moment.date() in PLACEHOLDERS else moment


def _epoch(text: str) -> datetime | None:
    match = _EPOCH.fullmatch(text)
    if match is None:
        return None
    digits = match[1] or match[2] or match[3]
    moment = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=int(digits) * _microseconds_each(match))
    # Twelve digits in a row may be a compact date with hours and minutes: 202411201015.
    compact = len(digits) == 12 and digits.startswith(("19", "20"))
    return None if compact or moment.year < _FIRST_COUNTED_YEAR else moment


def _microseconds_each(match: re.Match[str]) -> int:
    return 1_000_000 if match[1] else 1_000 if match[2] else 1


def _iso(text: str) -> datetime | None:
    match = _ISO.fullmatch(text) or _ISO.fullmatch(_COMMENT.sub("", text).rstrip())
    if match is None:
        return _compact(text) if text.isdecimal() else None
    return _moment(date(int(match["year"]), int(match["month"]), int(match["day"])), match)


def _compact(digits: str) -> datetime | None:
    formats = {12: "%Y%m%d%H%M", 14: "%Y%m%d%H%M%S"}
    pattern = formats.get(len(digits))
    return datetime.strptime(digits, pattern).replace(tzinfo=UTC) if pattern else None


def _week(text: str) -> datetime | None:
    match = _WEEK.fullmatch(text)
    if match is None:
        return None
    day = date.fromisocalendar(int(match[1]), int(match[2]), int(match[3]))
    return datetime.combine(day, time.min, UTC)


def _written(text: str) -> datetime | None:
    """Read a date in words or figures, with or without a time before or after it."""
    # An hour without minutes is one beside its sign only (20h, 20时): "20:" may be anything.
    text = _COMMENT.sub(" ", text)
    clock = _TIME.search(text)
    if clock is not None and clock["minute"] is None and clock["second"] is None and "h" not in clock[0]:
        clock = None if not re.search(r"[時时点點시]", clock[0]) else clock
    rest = text if clock is None else f"{text[: clock.start()]} {_unread(clock)} {text[clock.end() :]}"
    day = _day(rest)
    return None if day is None else _moment(day, clock)


def _unread(clock: re.Match[str]) -> str:
    """Return the word after a time that proved to be no zone: part of the date then."""
    zone = clock["zone"]
    return zone if zone and zone not in ZONE_HOURS else ""


def _day(text: str) -> date | None:
    match = _CJK_DATE.search(text)
    if match is not None:
        day = date(int(match[1]), int(match[2]), int(match[3]))
        return day if _says_nothing(text[: match.start()] + " " + text[match.end() :]) else None
    match = _NUMERIC.search(text)
    if match is not None:
        rest = text[: match.start()] + " " + text[match.end() :]
        return _figures(match[1], match[3], match[4], dotted=match[2] == ".") if _says_nothing(rest) else None
    return _named(text)


def _figures(first: str, second: str, third: str, *, dotted: bool) -> date | None:
    """Return the day of a date in three figures, None where day and month could change places.

    With dots the day comes first in every country that writes dates so.
    """
    if len(first) == 4:
        return date(int(first), int(second), int(third))
    if len(third) != 4 or len(first) > 2:
        return None
    day, month = int(first), int(second)
    if dotted or day > 12 or day == month:
        return date(int(third), month, day)
    return date(int(third), day, month) if month > 12 else None


def _named(text: str) -> date | None:
    months: list[int] = []
    figures: list[str] = []
    order = ""
    for token in _TOKEN.findall(text):
        word = token.strip(".'’")
        if token.isdecimal():
            figures.append(token)
            order += "f"
        elif word in MONTHS:
            months.append(MONTHS[word])
            order += "m"
        # One word that is not known, and it is no date: it may be what makes it another day.
        elif not (_is_silent(token) or (order.endswith("f") and token in _ORDINAL)):
            return None
    return _assembled(order, figures, months)


def _assembled(order: str, figures: list[str], months: list[int]) -> date | None:
    # "mar. 5 mars 2024": Tuesday first, and then the month.
    if order == "mfmf" and months[0] == _TUESDAY:
        order, months = order[1:], months[1:]
    if len(months) != 1 or len(figures) != 2:
        return None
    first, second = figures
    if len(first) == 4 and len(second) <= 2:
        return date(int(first), months[0], int(second))
    if len(first) > 2:
        return None
    if len(second) == 4:
        return date(int(second), months[0], int(first))
    # Two figures for the year are RFC 822's: 20 Nov 24.
    return date(2000 + int(second), months[0], int(first)) if order == "fmf" and len(second) == 2 else None


def _says_nothing(text: str) -> bool:
    return all(_is_silent(token) for token in _TOKEN.findall(text))


def _is_silent(token: str) -> bool:
    bare = token.strip(".,:'’-–—")
    return not bare or bare in SILENT or bare == "t"


def _moment(day: date, clock: re.Match[str] | None) -> datetime | None:
    if clock is None or clock["hour"] is None:
        return datetime.combine(day, time.min, UTC)
    offset = _offset(clock, day)
    if offset is None or abs(offset) > _MAX_OFFSET:
        return None
    fraction = int((clock["fraction"] or "0")[:6].ljust(6, "0"))
    second = min(int(clock["second"] or 0), 60)
    at = time(_hour(clock), int(clock["minute"] or 0), min(second, 59), fraction)  # a leap second has no datetime
    return datetime.combine(day, at, timezone(offset)).astimezone(UTC)


def _hour(clock: re.Match[str]) -> int:
    hour = int(clock["hour"])
    groups = clock.groupdict()
    half = (groups.get("half") or "")[:1]
    late, early = half == "p" or groups.get("late"), half == "a" or groups.get("early")
    if late and hour < 12:
        return hour + 12
    return 0 if early and hour == 12 else hour


def _offset(clock: re.Match[str], day: date) -> timedelta | None:
    """Return the distance from UTC, None when it cannot be."""
    zone = clock["zone"] or ""
    offset = clock["offset"]
    if offset is None:
        summer = zone in AMERICAN_ZONES and _is_american_summer(day)
        return timedelta(hours=ZONE_HOURS.get(zone, 0.0) + summer)
    digits = re.sub(r"\D", "", offset)
    minutes = int(digits[2:4] or 0)
    if minutes > 59:
        return None
    size = timedelta(hours=int(digits[:2]), minutes=minutes)
    return size if offset.startswith("+") else -size


def _is_american_summer(day: date) -> bool:
    """Return whether clocks in the United States are an hour ahead: second Sunday of March to first of November.

    That is the law since 2007; before, some weeks come out an hour off.
    """
    return _sunday(day.year, 3, 8) <= day < _sunday(day.year, 11, 1)


def _sunday(year: int, month: int, first: int) -> date:
    start = date(year, month, first)
    return start + timedelta(days=(6 - start.weekday()) % 7)
