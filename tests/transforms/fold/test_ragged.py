"""Rows of different lengths in one array, against lists of lists."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from transforms.fold.ragged import Ragged, concatenate, firsts, offsets_of, portions, runs, share, spans

LISTS = st.lists(st.lists(st.integers(0, 9), max_size=6), max_size=8)


def ragged(lists):
    flat = [value for row in lists for value in row]
    return Ragged(np.array(flat, dtype=np.int64), offsets_of(np.array([len(row) for row in lists], dtype=np.int64)))


def lists_of(rows):
    return [rows.row(index).tolist() for index in range(len(rows))]


@settings(max_examples=30)
@given(LISTS)
def test_rows_sizes_and_owners_are_those_of_the_lists(lists):
    rows = ragged(lists)
    assert lists_of(rows) == lists
    assert rows.sizes.tolist() == [len(row) for row in lists]
    assert rows.owners.tolist() == [number for number, row in enumerate(lists) for _ in row]


@settings(max_examples=30)
@given(LISTS, st.data())
def test_rows_are_taken_in_any_order_and_any_number_of_times(lists, data):
    chosen = data.draw(st.lists(st.integers(0, len(lists) - 1), max_size=12)) if lists else []
    places = np.array(chosen, dtype=np.int64)
    assert lists_of(ragged(lists).take(places)) == [lists[place] for place in chosen]
    assert ragged(lists).sizes_of(places).tolist() == [len(lists[place]) for place in chosen]


@settings(max_examples=30)
@given(LISTS)
def test_values_are_kept_where_the_mask_holds_and_rows_stay(lists):
    rows = ragged(lists)
    assert lists_of(rows.keep(rows.values % 2 == 0)) == [[value for value in row if value % 2 == 0] for row in lists]


@settings(max_examples=30)
@given(LISTS, st.data())
def test_owners_of_some_places_are_the_owners_there(lists, data):
    rows = ragged(lists)
    places = sorted(data.draw(st.sets(st.integers(0, len(rows.values) - 1)))) if len(rows.values) else []
    assert rows.owners_of(np.array(places, dtype=np.int64)).tolist() == rows.owners[places].tolist()


@settings(max_examples=30)
@given(st.lists(LISTS, min_size=1, max_size=4))
def test_parts_are_joined_in_order(parts):
    joined = concatenate([ragged(part) for part in parts], np.int64)
    assert lists_of(joined) == [row for part in parts for row in part]


def test_nothing_joined_has_the_type_that_was_asked_for():
    joined = concatenate([], np.uint32)
    assert (len(joined), joined.values.dtype) == (0, np.uint32)


@settings(max_examples=30)
@given(st.lists(st.tuples(st.integers(0, 50), st.integers(0, 5)), max_size=8))
def test_spans_are_ranges_one_after_the_other(pairs):
    starts, sizes = np.array(pairs, dtype=np.int64).reshape(-1, 2).T
    assert spans(starts, sizes).tolist() == [start + step for start, size in pairs for step in range(size)]


@settings(max_examples=30)
@given(st.lists(st.tuples(st.integers(0, 5), st.integers(1, 9)), min_size=1, max_size=20), st.integers(1, 30))
def test_a_portion_holds_whole_owners_and_no_more_than_one_owner_past_the_limit(pairs, most):
    owners, sizes = np.array(pairs, dtype=np.int64).T
    found = list(portions(owners, sizes, most))
    assert sorted(place for places in found for place in places.tolist()) == list(range(len(owners)))
    seen = [set(owners[places].tolist()) for places in found]
    assert all(one.isdisjoint(other) for at, one in enumerate(seen) for other in seen[:at])
    largest = max(sum(size for owner, size in pairs if owner == one) for one in set(owners.tolist()))
    assert all(sizes[places].sum() < most + largest for places in found)


@pytest.mark.parametrize(
    ("lists", "marks", "first"),
    [
        ([[1, 1, 2], [2, 2]], [1, 1, 2, 2, 2], [True, False, True, True, False]),
        ([[], [1], [], [1]], [1, 1], [True, True]),
        ([[1, 2]], [7, 7], [True, False]),  # what is marked decides, not the value
        ([], [], []),
    ],
)
def test_firsts_begin_a_row_or_another_mark(lists, marks, first):
    assert firsts(ragged(lists), np.array(marks, dtype=np.int64)).tolist() == first


@settings(max_examples=30)
@given(st.lists(st.integers(0, 3), max_size=12).map(sorted))
def test_runs_are_told_by_start_and_length(values):
    starts, sizes = runs(np.array(values, dtype=np.int64))
    assert [value for start, size in zip(starts, sizes, strict=True) for value in [values[start]] * size] == values
    assert len(starts) == len(set(values))


def test_a_share_of_nothing_is_none():
    assert share(np.array([0, 1, 3, 1]), np.array([0, 2, 3, 1])).tolist() == [0, 0.5, 1, 1]
