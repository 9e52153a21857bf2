import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from transforms.fold import sketch
from transforms.fold.shingles import shingle_sets
from transforms.fold.sketch import BINS, EMPTY, HOT_WINDOW, candidate_pairs, resemblance, shared, sketches
from transforms.fold.tokens import tokenize


def keys_of(texts):
    return sketches(shingle_sets(tokenize(texts).words, 5))


@given(st.lists(st.lists(st.integers(0, 8), min_size=BINS, max_size=BINS), min_size=1, max_size=12), st.booleans())
def test_candidates_are_the_pairs_with_two_keys_in_common(rows, few_at_once):
    places = np.arange(BINS, dtype=np.uint32) << 26
    keys = np.where(np.array(rows, dtype=np.uint32) == 0, EMPTY, places | (np.array(rows, dtype=np.uint32) << 2))
    expected = {
        (a, b)
        for b in range(len(rows))
        for a in range(b)
        if sum(x == y != 0 for x, y in zip(rows[a], rows[b], strict=True)) >= 2
    }
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sketch, "AT_ONCE", 10 if few_at_once else sketch.AT_ONCE)
        found = list(map(tuple, candidate_pairs(keys).tolist()))
    assert found == sorted(expected, key=lambda pair: (pair[1], pair[0]))


def test_a_sketch_holds_the_smallest_window_of_each_bin(words):
    windows = shingle_sets(tokenize([" ".join(words(1, 300))]).words, 5).values
    keys = keys_of([" ".join(words(1, 300))])[0]
    for place in range(BINS):
        inside = windows[windows >> 26 == place]
        assert keys[place] == (inside.min() & 0xFFFFFFFC if len(inside) else EMPTY)


def test_resemblance_estimates_the_share_of_windows_in_common(words):
    text, half = words(2, 1000), words(2, 1000)[:500] + words(3, 500)
    keys = keys_of([" ".join(text), " ".join(half), " ".join(words(4, 1000))])
    found = resemblance(keys, np.array([0, 0, 0]), np.array([0, 1, 2]))
    assert found[0] == 1
    assert abs(found[1] - 1 / 3) < 0.15
    assert found[2] < 0.05


def test_a_hot_run_costs_linear_time():
    for size in (1_000, 4_000, 50_000):
        keys = np.tile((np.arange(BINS, dtype=np.uint32) << 26) + 4, (size, 1))
        assert len(candidate_pairs(keys)) == size * HOT_WINDOW - HOT_WINDOW * (HOT_WINDOW + 1) // 2


def test_nothing_gives_no_pairs():
    assert candidate_pairs(np.empty((0, BINS), dtype=np.uint32)).shape == (0, 2)
    assert candidate_pairs(np.full((3, BINS), EMPTY)).shape == (0, 2)
    assert shared(np.empty((0, 2), dtype=np.int64), 0).shape == (0, 2)
