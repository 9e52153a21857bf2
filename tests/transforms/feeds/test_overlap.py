import pytest
from hypothesis import given
from hypothesis import strategies as st

from transforms.feeds.overlap import SAMPLE_ITEMS, Gap, compare, sample

HOUR = Gap(1.0, 1.0)
ITEMS = st.sets(st.text(min_size=1, max_size=8), min_size=1, max_size=60)


def named(first, last):
    return [f"item {number}" for number in range(first, last)]


@given(ITEMS, ITEMS)
def test_new_items_are_counted_exactly_in_feeds_of_common_size(before, now):
    found = compare(sample(before), len(before), now, HOUR, 1.0)
    assert (found.items, found.new) == (len(now), len(now - before))
    assert bool(found.missed) == (not before & now)


def test_the_first_document_misses_nothing():
    found = compare(b"", 0, named(0, 40), Gap(0.0, 0.0), None)
    assert (found.items, found.new, found.missed, found.items_per_hour) == (40, 40, 0, None)


def test_an_empty_document_misses_nothing():
    assert compare(sample(named(0, 10)), 10, [], HOUR, 5.0).missed == 0


def test_the_sample_does_not_depend_on_order_and_stays_small():
    assert sample(named(0, 500)) == sample(named(0, 500)[::-1])
    assert len(sample(named(0, 500))) == SAMPLE_ITEMS * 6


@pytest.mark.parametrize("moved_on", [0, 100, 400, 900])
def test_large_feeds_are_estimated_from_the_sample(moved_on):
    found = compare(sample(named(0, 1000)), 1000, named(moved_on, 1000 + moved_on), HOUR, None)
    assert abs(found.new - moved_on) <= 120
    assert found.missed == 0


@pytest.mark.parametrize(("rate", "hours", "missed"), [(10.0, 10.0, 60), (10.0, 4.5, 5), (1.0, 1.0, 1), (None, 9.0, 1)])
def test_items_missed_are_what_the_rate_makes_expect(rate, hours, missed):
    assert compare(sample(named(0, 40)), 40, named(100, 140), Gap(hours, hours), rate).missed == missed


def test_quiet_polls_in_between_do_not_raise_the_rate():
    found = compare(sample(named(0, 40)), 40, named(1, 41), Gap(1.0, 24.0), None)
    assert found.items_per_hour == pytest.approx(1 / 24)


def test_the_rate_follows_within_a_few_polls():
    rate = 1.0
    for _ in range(10):
        rate = compare(sample(named(0, 40)), 40, named(9, 49), HOUR, rate).items_per_hour
    assert 8.5 < rate < 9.1
