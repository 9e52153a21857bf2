"""The words by which two versions of a story differ."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from transforms.fold.differences import differing_words, words_of


def between(copy, original, **limit):
    return differing_words(words_of(copy), words_of(original), **limit)


def test_words_stand_once_each_in_reading_order_over_all_parts():
    assert list(words_of("b a", "c\na  b")) == ["b", "a", "c"]


@pytest.mark.parametrize(
    ("copy", "original", "told"),
    [
        ("the mayor spoke", "the mayor spoke", []),
        ("the mayor sang", "the mayor spoke", ["sang", "spoke"]),  # what the copy has, then what it lacks
        ("b a", "a", ["b"]),
        ("a", "b a", ["b"]),
        ("The Mayor, spoke!", "the mayor spoke", []),  # case and punctuation are no difference
        ("(mayor)", "«Mayor»", []),
        ("x mayor", "x — mayor …", []),  # nothing but punctuation is no word
        ("new words 7 here", "old words 12 here", ["7", "12", "new", "old"]),  # numbers first
        ("sum of 3,5 paid", "sum of 35 paid", ["3,5", "35"]),
        ("covid19 came", "rain came", ["covid19", "rain"]),
        ("STRASSE", "straße", []),  # folded as Unicode has it
        ("市長が話した。", "市長が歌った。", ["市長が話した", "市長が歌った"]),  # a stretch without spaces is one word
        ("", "", []),
    ],
)
def test_words_of_one_side_only_are_told(copy, original, told):
    assert between(copy, original) == told


def test_no_more_than_ten_are_told_and_numbers_do_not_go_beyond_it():
    words = " ".join(f"word{'' if number < 3 else number}x{number}" for number in range(20))
    assert len(between(words, "")) == 10
    assert between("a b c 1 2 3", "", limit=2) == ["1", "2"]
    assert between("a b c 1", "", limit=3) == ["1", "a", "b"]


TEXTS = st.lists(st.sampled_from("Rain rain, rain 7 12. wind Wind! sun «sun» 7,".split())).map(" ".join)


@settings(max_examples=40)
@given(TEXTS, TEXTS)
def test_the_two_sides_tell_the_same_words(one, other):
    assert sorted(between(one, other, limit=100)) == sorted(between(other, one, limit=100))


@settings(max_examples=40)
@given(TEXTS, TEXTS)
def test_what_is_told_stands_on_exactly_one_side(one, other):
    sides = [{word.strip(".,!«»").casefold() for word in text.split()} for text in (one, other)]
    assert set(between(one, other, limit=100)) == sides[0] ^ sides[1]
