"""Draw charts as SVG: pure functions from numbers to markup.

Widths and places are percentages and heights are pixels, so that a chart fits a phone as it fits a desk while its
letters keep their size. Colours are classes (`c0`, `c1`, …) that the page's style sheet fills for light and dark.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from pipelines.report.elements import Attributes, Markup, element, joined, plain

LEAST_SHARE = 0.4
"""Percent of the width: a part that is not 0 is never thinner, or 2 in 10,000 would be drawn as none."""

_PLOT_TOP = 8.0  # pixels: half a label
_PLOT_BOTTOM = 24.0  # and for the labels below the axis
_GAP = 0.18  # of a column's place, between columns
_LABELS = 5  # that fit below a chart 320 pixels wide


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a whole, or one layer of a stack: its name, value and colour class."""

    name: str
    value: float
    colour: str


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a stack: the label below it and its parts, bottom first."""

    label: str
    parts: tuple[Part, ...]

    @property
    def total(self) -> float:
        """The column's height in the unit of its values."""
        return sum(part.value for part in self.parts)


def ticks(highest: float, most: int = 4) -> list[int]:
    """Return round whole numbers from 0 to at least `highest`, in at most `most` steps of 1, 2, 5, 10, 20 and so on."""
    least_step = max(highest, 1) / most
    power = 10 ** math.floor(math.log10(least_step))
    step = max(1, math.ceil(next(factor * power for factor in (1, 2, 5, 10) if factor * power >= least_step)))
    return [step * count for count in range(math.ceil(max(highest, 1) / step) + 1)]


def shares(values: Sequence[float], least: float = LEAST_SHARE) -> list[float]:
    """Return percentages that sum to 100 (all 0 for no values), none but zeros below `least`."""
    total = sum(values)
    if not total:
        return [0.0] * len(values)
    raw = [100 * value / total for value in values]
    lifted = [max(share, least) if share else 0.0 for share in raw]
    excess = sum(lifted) - 100
    # Those that are wide enough give what the thin ones were lifted by, each in proportion to what it has to spare.
    spare = sum(share - least for share in lifted if share > least)
    return [share - excess * (share - least) / spare if share > least else share for share in lifted]


def strip(parts: Sequence[Part], title: str, description: str, height: int = 36) -> Markup:
    """Return one bar in which each part has its share of the width."""
    widths = shares([part.value for part in parts])
    at = 0.0
    drawn: list[Markup] = []
    for part, width in zip(parts, widths, strict=True):
        if width:
            drawn.append(_box(part, at, width, 0, height, f"{part.name}: {part.value:,.0f}"))
        at += width
    return _svg("strip", height, title, description, drawn)


def columns(stack: Sequence[Column], title: str, description: str, height: int = 240) -> Markup:
    """Return stacked columns over a shared axis, with grid lines, their values, and a label under some columns."""
    scale = ticks(max((column.total for column in stack), default=0))
    drawn = [_line(tick, _level(tick, scale[-1], height)) for tick in scale]
    slot = 100 / max(len(stack), 1)
    for number, column in enumerate(stack):
        drawn.append(_column(column, number * slot, slot, scale[-1], height))
    drawn += [_below(stack[number].label, number, len(stack), height) for number in labelled(len(stack))]
    return _svg("columns", height, title, description, drawn)


def labelled(count: int, most: int = _LABELS) -> list[int]:
    """Return which of `count` columns carry a label: evenly spaced, the first among them, at most `most`."""
    return list(range(0, count, max(1, math.ceil(count / most))))


def bar(value: float, highest: float, colour: str = "c0") -> Markup:
    """Return the bar of one table row; it is decoration, for the number stands beside it."""
    width = 100 * value / highest if highest else 0.0
    box: Attributes = {"class": colour, "width": f"{width:.2f}%", "height": 10, "rx": 1.5}
    return element("svg", {"class": "bar", "height": 10, "aria-hidden": "true"}, element("rect", box))


def split(parts: Sequence[Part], highest: float) -> Markup:
    """Return the bar of one table row, divided into parts; as long as its sum is of `highest`."""
    total = sum(part.value for part in parts)
    length = 100 * total / highest if highest else 0.0
    at = 0.0
    boxes: list[Markup] = []
    for part in parts:
        width = length * part.value / total if total else 0.0
        box: Attributes = {"class": part.colour, "x": f"{at:.2f}%", "width": f"{width:.2f}%", "height": 10}
        boxes.append(element("rect", box))
        at += width
    return element("svg", {"class": "bar", "height": 10, "aria-hidden": "true"}, *boxes)


def trend(values: Sequence[float], said: str, colour: str = "c0") -> Markup:
    """Return the small columns of one table row, each of the row's own highest value, with words for all of them."""
    height, highest, slot = 18, max(values, default=0), 100 / max(len(values), 1)
    boxes = [
        _rectangle(colour, at * slot, slot * (1 - _GAP), height * (1 - value / highest), height * value / highest)
        for at, value in enumerate(values)
        if value
    ]
    title = element("title", None, plain(said))
    return element("svg", {"class": "bar", "height": height, "role": "img", "aria-label": said}, title, *boxes)


def _level(value: float, highest: float, height: int) -> float:
    """Return the pixel row of a value."""
    return height - _PLOT_BOTTOM - (height - _PLOT_TOP - _PLOT_BOTTOM) * value / highest


def _column(column: Column, left: float, slot: float, highest: float, height: int) -> Markup:
    boxes: list[Markup] = []
    stacked = 0.0
    for part in column.parts:
        bottom, top = _level(stacked, highest, height), _level(stacked + part.value, highest, height)
        stacked += part.value
        if part.value:
            boxes.append(_rectangle(part.colour, left + slot * _GAP / 2, slot * (1 - _GAP), top, bottom - top))
    said = ", ".join(f"{part.name} {part.value:,.0f}" for part in column.parts)
    return element("g", None, element("title", None, plain(f"{column.label}: {said}")), *boxes)


def _box(part: Part, left: float, width: float, top: float, height: float, said: str) -> Markup:
    title = element("title", None, plain(said))
    return element("g", None, title, _rectangle(part.colour, left, width, top, height))


def _rectangle(colour: str, left: float, width: float, top: float, height: float) -> Markup:
    place: Attributes = {"x": f"{left:.3f}%", "y": top, "width": f"{width:.3f}%", "height": height}
    return element("rect", {"class": colour, **place})


def _line(tick: int, level: float) -> Markup:
    """Return a grid line; its value stands left of the chart, where the style sheet keeps room."""
    place: Attributes = {"class": "grid" if tick else "axis", "x1": 0, "x2": "100%", "y1": level, "y2": level}
    value: Attributes = {"class": "tick", "x": -8, "y": level + 4, "text-anchor": "end"}
    return joined([element("line", place), element("text", value, plain(f"{tick:,}"))])


def _below(label: str, number: int, count: int, height: int) -> Markup:
    """Return the label of a column, kept inside the chart at its right edge; left of it there is room."""
    middle = 100 * (number + 0.5) / count
    at_edge = middle > 93  # percent: half a label on a phone
    place: Attributes = {"x": f"{100 if at_edge else middle:.3f}%", "y": height - 7}
    return element("text", {**place, "text-anchor": "end" if at_edge else "middle"}, plain(label))


def _svg(kind: str, height: int, title: str, description: str, drawn: Sequence[Markup]) -> Markup:
    names = [element("title", None, plain(title)), element("desc", None, plain(description))]
    given: Attributes = {
        "class": f"chart {kind}",
        "height": height,
        "role": "img",
        "aria-label": f"{title}. {description}",
    }
    return element("svg", given, *names, joined(drawn))
