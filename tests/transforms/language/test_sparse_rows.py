"""Sums of weighted rows of a table of which little is stored."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from transforms.language.sparse_rows import RowTable, _distinct, weighted_sums

ROWS, COLUMNS = 12, 5


def table_of(steps, floor, step):
    row, column = np.nonzero(steps)
    starts = np.searchsorted(row, np.arange(len(steps) + 1))
    stored = steps[row, column].astype(np.int16)
    return RowTable.build(floor.astype(np.float32), starts, column.astype(np.int32), stored, step)


@given(st.integers(0, 2**32 - 1), st.integers(1, 5), st.sampled_from([1.0, 0.5, 1 / 512]))
def test_sums_equal_the_dense_product(seed, texts, step):
    random = np.random.default_rng(seed)
    steps = random.integers(0, 9, (ROWS, COLUMNS)) * random.integers(0, 2, (ROWS, COLUMNS))
    floor = random.normal(size=COLUMNS)
    weights = (random.random((texts, ROWS)) * random.integers(0, 2, (texts, ROWS))).astype(np.float32)
    text, row = np.nonzero(weights)
    sums, total = weighted_sums(table_of(steps, floor, step), text, row, weights[text, row], texts)
    np.testing.assert_allclose(sums, weights @ (floor + step * steps), rtol=1e-4, atol=1e-4)
    np.testing.assert_allclose(total, weights.sum(axis=1), rtol=1e-5)


def test_a_text_has_the_same_bits_in_any_company():
    random = np.random.default_rng(5)
    table = table_of(random.integers(0, 999, (ROWS, COLUMNS)), random.normal(size=COLUMNS), 1 / 512)
    weights = random.random((4, ROWS)).astype(np.float32)
    text, row = np.nonzero(weights)
    together, _ = weighted_sums(table, text, row, weights[text, row], 4)
    for number in range(4):
        (own,) = np.nonzero(weights[number])
        alone, _ = weighted_sums(table, np.zeros(len(own), int), own, weights[number, own], 1)
        assert alone[0].tobytes() == together[number].tobytes()


def test_a_text_without_addends_gets_nothing():
    table = table_of(np.ones((ROWS, COLUMNS), int), np.full(COLUMNS, -3.0), 1.0)
    one, total = weighted_sums(table, np.array([1]), np.array([0]), np.array([2.0], np.float32), 3)
    assert total.tolist() == [0.0, 2.0, 0.0]
    assert one.tolist() == [[0.0] * COLUMNS, [-4.0] * COLUMNS, [0.0] * COLUMNS]


def test_only_what_is_above_the_floor_is_stored():
    steps = np.zeros((ROWS, COLUMNS), int)
    steps[2, 3] = 7
    assert table_of(steps, np.zeros(COLUMNS), 1.0).above.nnz == 1


@pytest.mark.parametrize("values", [[], [3], [5, 1, 5, 0, 1], list(range(8))])
def test_distinct_values_rise_and_each_value_knows_its_place(values):
    used, place = _distinct(np.array(values, np.int64), 9)
    assert used.tolist() == sorted(set(values))
    assert [used[at] for at in place] == values
