from collections import Counter

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from transforms.fold.evidence import common
from transforms.fold.ragged import Ragged, offsets_of
from transforms.fold.shingles import bags, distinct, shingle_sets, windows
from transforms.fold.tokens import identity, tokenize

TEXTS = st.lists(st.lists(st.sampled_from("a b c d e f".split()), max_size=14).map(" ".join), min_size=1, max_size=6)


def windows_of(text, width):
    tokens = text.split()
    return {tuple(tokens[i : i + width]) for i in range(max(len(tokens) - width + 1, min(len(tokens), 1)))}


@given(TEXTS, st.sampled_from([3, 5]))
def test_windows_are_as_many_as_there_are_different_ones(texts, width):
    found = shingle_sets(tokenize(texts).words, width)
    assert found.sizes.tolist() == [len(windows_of(text, width)) for text in texts]


@given(TEXTS)
def test_common_windows_agree_with_sets(texts):
    found = shingle_sets(tokenize(texts).words, 3)
    left, right = np.zeros(len(texts), dtype=np.int64), np.arange(len(texts))
    expected = [len(windows_of(texts[0], 3) & windows_of(text, 3)) for text in texts]
    assert common(found, left, right).tolist() == expected


@given(TEXTS)
def test_bags_keep_multiplicity(texts):
    found = bags(tokenize(texts).words)
    left, right = np.zeros(len(texts), dtype=np.int64), np.arange(len(texts))
    expected = [(Counter(texts[0].split()) & Counter(text.split())).total() for text in texts]
    assert common(Ragged(identity(found.values), found.offsets), left, right).tolist() == expected


def test_windows_do_not_reach_into_the_next_text():
    alone = shingle_sets(tokenize(["a b"]).words, 3).values.tolist()
    assert shingle_sets(tokenize(["a b", "c d e"]).words, 3).row(0).tolist() == alone


def test_rows_are_sorted():
    found = shingle_sets(tokenize(["the quick brown fox jumps over the lazy dog"]).words, 3).values
    assert (np.diff(found.astype(np.int64)) > 0).all()


def test_taking_rows_keeps_their_values():
    rows = Ragged(np.arange(6), offsets_of(np.array([1, 0, 3, 2])))
    taken = rows.take(np.array([2, 1, 0, 2]))
    assert [taken.row(place).tolist() for place in range(4)] == [[1, 2, 3], [], [0], [1, 2, 3]]
    kept = rows.keep(rows.values % 2 == 0)
    assert [kept.row(place).tolist() for place in range(4)] == [[0], [], [2], [4]]


def test_a_text_of_a_million_characters_has_as_many_windows_as_words():
    """Its cost is linear: each array that is made of it is as long as the text has words, or characters."""
    text = " ".join(map(str, range(145_000)))[:1_000_000]
    found = tokenize([text]).words
    narrow, wide = windows(found, [3, 5])
    assert [len(part.values) for part in (found, narrow, wide)] == [len(text.split()) - short for short in (0, 2, 4)]


@given(texts=st.lists(st.text(alphabet="ab c", max_size=40), max_size=5))
def test_windows_of_several_widths_are_those_of_each(texts):
    found = tokenize(texts).words
    both = [distinct(part) for part in windows(found, [3, 5])]
    alone = [shingle_sets(found, width) for width in (3, 5)]
    assert [part.values.tolist() for part in both] == [part.values.tolist() for part in alone]
    assert [part.offsets.tolist() for part in both] == [part.offsets.tolist() for part in alone]
