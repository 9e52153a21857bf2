"""The geometry of charts: shares, axes, stacks."""

import itertools
import math
import re
import xml.etree.ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.report.charts import LEAST_SHARE, Column, Part, bar, columns, labelled, shares, split, strip, ticks

COUNTS = st.lists(st.integers(0, 10**9), min_size=1, max_size=12)


def boxes(svg):
    return ET.fromstring(svg).iter("rect")


def percents(svg, name):
    return [float(box.get(name).rstrip("%")) for box in boxes(svg)]


def stack(*heights):
    return [
        Column(f"day {n}", (Part("a", low, "new"), Part("b", high, "near"))) for n, (low, high) in enumerate(heights)
    ]


@given(COUNTS)
def test_shares_fill_the_whole_width_and_nothing_more(values):
    assert sum(shares(values)) == pytest.approx(100 if any(values) else 0)


@given(COUNTS)
def test_a_share_that_is_not_nothing_can_be_seen(values):
    assert all(
        share >= LEAST_SHARE - 1e-9 if value else share == 0
        for value, share in zip(values, shares(values), strict=True)
    )


@given(COUNTS)
def test_a_larger_value_never_has_the_smaller_share(values):
    drawn = shares(values)
    for one, other in itertools.pairwise(values):
        if one < other:
            assert drawn[values.index(one)] <= drawn[values.index(other)] + 1e-9


def test_shares_are_exact_where_nothing_is_thin():
    assert shares([1, 1, 2]) == [25, 25, 50]


@given(st.integers(0, 10**12))
def test_ticks_begin_at_zero_and_reach_the_highest_in_few_even_steps(highest):
    scale = ticks(highest)
    steps = {after - before for before, after in itertools.pairwise(scale)}
    assert scale[0] == 0
    assert scale[-1] >= highest
    assert len(steps) == 1
    assert 2 <= len(scale) <= 5


@given(st.integers(1, 10**12))
def test_steps_are_one_two_or_five_times_a_power_of_ten(highest):
    step = ticks(highest)[1]
    assert step // 10 ** int(math.log10(step)) in (1, 2, 5)
    assert re.fullmatch("[125]0*", str(step))


@pytest.mark.parametrize(
    ("highest", "scale"),
    [
        (0, [0, 1]),
        (1, [0, 1]),
        (3, [0, 1, 2, 3]),
        (7, [0, 2, 4, 6, 8]),
        (411, [0, 200, 400, 600]),
        (1000, [0, 500, 1000]),
    ],
)
def test_ticks_of_known_heights(highest, scale):
    assert ticks(highest) == scale


def test_a_strip_lays_its_parts_side_by_side():
    svg = strip([Part("one", 3, "new"), Part("none", 0, "seen"), Part("two", 1, "near")], "Title", "Words")
    assert percents(svg, "x") == [0, 75]
    assert percents(svg, "width") == [75, 25]
    assert [box.get("class") for box in boxes(svg)] == ["new", "near"]


def test_a_chart_says_what_it_shows():
    root = ET.fromstring(strip([Part("one", 3000, "new")], "A <title>", 'Words & "more"'))
    assert (root.findtext("title"), root.findtext("desc")) == ("A <title>", 'Words & "more"')
    assert root.get("role") == "img"
    assert root.find("g/title").text == "one: 3,000"


def test_columns_stand_on_the_axis_and_on_one_another():
    root = ET.fromstring(columns(stack((4, 2), (1, 0)), "Title", "Words", height=240))
    axis = float(next(line for line in root.iter("line") if line.get("class") == "axis").get("y1"))
    low, high, alone = root.iter("rect")
    assert float(low.get("y")) + float(low.get("height")) == pytest.approx(axis)
    assert float(high.get("y")) + float(high.get("height")) == pytest.approx(float(low.get("y")))
    assert float(low.get("height")) == pytest.approx(2 * float(high.get("height")), abs=0.01)
    assert float(low.get("height")) == pytest.approx(4 * float(alone.get("height")), abs=0.01)


def test_the_highest_tick_has_the_height_of_its_value():
    root = ET.fromstring(columns(stack((8, 0)), "Title", "Words"))
    top = min(float(line.get("y1")) for line in root.iter("line"))
    assert float(next(root.iter("rect")).get("y")) == pytest.approx(top)


@given(st.lists(st.tuples(st.integers(0, 999), st.integers(0, 999)), max_size=120))
def test_columns_stay_inside_the_chart_and_apart(heights):
    drawn = list(boxes(columns(stack(*heights), "t", "d", height=240)))
    edges = sorted({(float(box.get("x")[:-1]), float(box.get("width")[:-1])) for box in drawn})
    assert all(left >= 0 and left + width <= 100 for left, width in edges)
    assert all(one[0] + one[1] < other[0] for one, other in itertools.pairwise(edges))
    assert all(8 - 1e-6 <= float(box.get("y")) <= 216 for box in drawn)


def test_no_columns_give_an_axis_all_the_same():
    assert [text.text for text in ET.fromstring(columns([], "t", "d")).iter("text")] == ["0", "1"]


@given(st.integers(0, 5000))
def test_labels_are_few_and_evenly_spaced(count):
    chosen = labelled(count)
    assert len(chosen) <= 5
    assert len({after - before for before, after in itertools.pairwise(chosen)}) <= 1
    assert chosen[:1] == ([0] if count else [])


@given(st.integers(0, 1000), st.integers(1000, 2000))
def test_a_bar_is_as_long_as_its_value(value, highest):
    assert percents(bar(value, highest), "width") == [pytest.approx(100 * value / highest, abs=0.01)]


def test_a_bar_of_nothing_has_no_length():
    assert percents(bar(0, 0), "width") == [0]
    assert percents(split([Part("a", 0, "new")], 0), "width") == [0]


def test_a_split_bar_is_as_long_as_its_sum():
    svg = split([Part("a", 30, "new"), Part("b", 20, "near")], 100)
    assert percents(svg, "width") == [30, 20]
    assert percents(svg, "x") == [0, 30]
