"""Lay days out as the columns of a chart: by day, week, month or year, whichever gives columns that can be seen."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

MOST_COLUMNS = 100
"""On a phone a column is then still three pixels wide."""

OUTLIERS = 0.01
"""The share of stories, at each end, that may be left out when their dates would squeeze all others together."""


@dataclass(frozen=True, slots=True)
class Bin:
    """The stories of one day, week, month or year."""

    first: date
    label: str
    articles: int
    duplicates: int


@dataclass(frozen=True, slots=True)
class Calendar:
    """Neighbouring bins without a gap, and how many stories are dated before and after them."""

    unit: str  # day, week, month, year
    bins: tuple[Bin, ...]
    before: int = 0
    after: int = 0


def calendar(days: Sequence[dict[str, Any]]) -> Calendar:
    """Return the columns for rows of `{day, articles, duplicates}` in order of day."""
    if not days:
        return Calendar("day", ())
    drawn = _without_outliers(days)
    first, last = drawn[0]["day"], drawn[-1]["day"]
    unit = _unit(first, last)
    return Calendar(
        unit,
        tuple(_bins(drawn, unit)),
        sum(_stories(row) for row in days if row["day"] < first),
        sum(_stories(row) for row in days if row["day"] > last),
    )


def _without_outliers(days: Sequence[dict[str, Any]]) -> Sequence[dict[str, Any]]:
    """Return the days without the few at both ends, if those take more than half of the time spanned."""
    # One story dated 1905 among those of a week would draw the week as a single line.
    total = sum(_stories(row) for row in days)
    low = _skippable(days, total)
    high = len(days) - _skippable(days[::-1], total)
    span = (days[-1]["day"] - days[0]["day"]).days
    kept = (days[high - 1]["day"] - days[low]["day"]).days
    return days[low:high] if span > MOST_COLUMNS and kept * 2 < span else days


def _skippable(days: Sequence[dict[str, Any]], total: int) -> int:
    """Return how many leading days hold at most the share of outliers together."""
    held = 0
    for count, row in enumerate(days):
        held += _stories(row)
        if held > total * OUTLIERS:
            return count
    return 0


def _unit(first: date, last: date) -> str:
    span = (last - first).days + 1
    for unit, length in (("day", 1), ("week", 7), ("month", 30.4)):
        if span / length <= MOST_COLUMNS:
            return unit
    return "year"


def _bins(days: Sequence[dict[str, Any]], unit: str) -> list[Bin]:
    starts = [_start(days[0]["day"], unit)]
    while (following := _next(starts[-1], unit)) <= days[-1]["day"]:
        starts.append(following)
    sums = {start: [0, 0] for start in starts}
    for row in days:
        held = sums[_start(row["day"], unit)]
        held[0] += row["articles"]
        held[1] += row["duplicates"]
    return [Bin(start, _label(start, unit), *held) for start, held in sums.items()]


def _start(value: date, unit: str) -> date:
    if unit == "week":
        return value - timedelta(days=min(value.weekday(), value.toordinal() - 1))
    return value.replace(day=1, month=1) if unit == "year" else value.replace(day=1) if unit == "month" else value


def _next(start: date, unit: str) -> date:
    if unit in ("day", "week"):
        return start + timedelta(days=1 if unit == "day" else 7 - start.weekday())
    if unit == "month" and start.month < 12:
        return start.replace(month=start.month + 1)
    return start.replace(year=start.year + 1, month=1)


def _label(start: date, unit: str) -> str:
    if unit == "year":
        return str(start.year)
    return f"{start:%b} {start.year}" if unit == "month" else f"{start.day} {start:%b}"


def _stories(row: dict[str, Any]) -> int:
    return int(row["articles"] + row["duplicates"])
