"""A set of n-grams that is asked about in whole arrays."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from transforms.language.ngram_index import NgramIndex, key_of, keys_of

NGRAMS = st.text(min_size=1, max_size=3)


def keys(ngrams):
    return np.array([key_of(ngram) for ngram in ngrams], np.int64)


@given(st.sets(NGRAMS, max_size=200), st.lists(NGRAMS))
def test_the_index_finds_what_is_there_and_nothing_else(known, asked):
    ngrams = sorted(known)
    index = NgramIndex.build(keys(ngrams))
    wanted = ngrams + asked
    assert index.find(keys(wanted)).tolist() == [ngrams.index(ngram) if ngram in known else -1 for ngram in wanted]


@pytest.mark.parametrize("size", [0, 1, 2, 3, 4, 7, 8, 1000])
def test_the_table_is_at_most_half_full(size):
    index = NgramIndex.build(np.arange(1, size + 1))
    assert len(index.keys) == len(index.rows) == 1 << index.bits >= 2 * size
    assert np.count_nonzero(index.keys >= 0) == size


def test_keys_that_begin_their_search_at_one_slot_are_all_found():
    index = NgramIndex.build(np.arange(1, 9))
    home = index._home(np.arange(1, 100_000))
    crowd = (np.flatnonzero(home == home[0]) + 1)[:8]
    crowded = NgramIndex.build(crowd)
    assert len({*crowded._home(crowd).tolist()}) == 1
    assert crowded.find(crowd).tolist() == list(range(8))
    assert crowded.find(np.array([crowd[-1] + 1, 10**9])).tolist() == [-1, -1]


def test_a_search_goes_on_at_the_first_slot_after_the_last():
    index = NgramIndex.build(np.arange(1, 9))
    last = len(index.keys) - 1
    at_the_end = (np.flatnonzero(index._home(np.arange(1, 100_000)) == last) + 1)[:3]
    crowded = NgramIndex.build(at_the_end) if len(at_the_end) == 3 else None
    assert crowded is not None
    assert crowded.find(at_the_end).tolist() == [0, 1, 2]


@given(NGRAMS, NGRAMS)
def test_different_ngrams_have_different_keys(one, other):
    # a leading null character adds nothing, and no profile has one
    assert (key_of(one) == key_of(other)) == (one.lstrip("\0") == other.lstrip("\0"))


@given(st.lists(st.characters(), min_size=3, max_size=30))
def test_keys_of_whole_arrays_are_those_of_the_single_ngrams(characters):
    points = np.array([ord(character) for character in characters], np.int64)
    one, two, three = keys_of(points[:-2], points[1:-1], points[2:])
    for at in range(len(characters) - 2):
        window = "".join(characters[at : at + 3])
        assert (one[at], two[at], three[at]) == (key_of(window[2]), key_of(window[1:]), key_of(window))
