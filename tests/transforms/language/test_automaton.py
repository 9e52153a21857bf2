"""Stepping many texts side by side counts what stepping one byte after the other does."""

from collections import Counter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.transforms.language.small_automaton import ends, small_automaton
from transforms.language.automaton import STRETCH_BYTES, feature_counts
from transforms.language.py3langid_model import BYTES_REMEMBERED

PATTERNS = [b"a", b"ab", b"abcabc", b"bcabca", b"b ", b"c"]
MODEL = small_automaton(PATTERNS)


def counted(texts, model=MODEL):
    text, feature, count = feature_counts(model, texts)
    order = list(zip(text.tolist(), feature.tolist(), strict=True))
    assert order == sorted(set(order))
    return [
        {f: c for t, f, c in zip(text.tolist(), feature.tolist(), count.tolist(), strict=True) if t == number}
        for number in range(len(texts))
    ]


def by_bytes(text, patterns=PATTERNS):
    return {feature: count for feature, count in Counter(ends(patterns, text)).items() if feature >= 0}


TEXTS = st.text("abc ", max_size=40).map(str.encode)
LONG = st.tuples(TEXTS.filter(bool), st.integers(1, 9)).map(lambda part: part[0] * part[1])


@given(st.lists(TEXTS | LONG, max_size=5))
def test_features_are_counted_as_one_byte_after_the_other_does(texts):
    assert counted(texts) == list(map(by_bytes, texts))


@pytest.mark.parametrize("size", [0, 1, 63, 64, 65, 69, 70, 71, 127, 128, 129, 500])
@pytest.mark.parametrize("around", [[], [b"abcabc" * 20]])
def test_a_pattern_is_found_across_the_ends_of_stretches(size, around):
    text = (b"abcabc" * 100)[:size]
    assert counted([*around, text, *around])[len(around)] == by_bytes(text)


def test_nothing_reaches_from_one_text_into_the_next():
    assert counted([b"abcab", b"c"]) == [by_bytes(b"abcab"), {PATTERNS.index(b"c"): 1}]
    assert counted([b"", b"a", b""]) == [{}, {0: 1}, {}]


def test_no_texts_have_no_features():
    assert [column.tolist() for column in feature_counts(MODEL, [])] == [[], [], []]


def test_a_stretch_begins_as_many_bytes_early_as_the_longest_pattern_has():
    assert max(map(len, PATTERNS)) == BYTES_REMEMBERED
    text = b"x" * (STRETCH_BYTES - 5) + b"abcabc"  # its last byte opens the second stretch
    assert counted([text])[0][PATTERNS.index(b"abcabc")] == 1


def test_high_feature_numbers_are_told_from_the_text():
    model = small_automaton([b"ab"])
    last = (1 << 20) - 1
    shifted = type(model)(
        model.first_of_byte,
        model.next_place,
        model.row_of_state,
        np.where(model.feature_of_state >= 0, last, -1).astype(np.int32),
    )
    assert counted([b"ab", b"abab"], shifted) == [{last: 1}, {last: 2}]
