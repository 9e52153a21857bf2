"""Shapes of words: the quick look says what the pattern says."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transforms.entities.letters import UPPER, has_camel

CAMEL = re.compile(rf"\d|(?<=..){UPPER}")


@pytest.mark.parametrize("word", ["McDonald", "3M", "YouTube", "G20", "NATO"])
def test_a_capital_or_a_digit_inside_is_camel_case(word):
    assert has_camel(word)


@pytest.mark.parametrize("word", ["Paris", "IT", "Ё", "北京市"])
def test_plain_words_are_not(word):
    assert not has_camel(word)


@given(st.text(alphabet="aBcDéÉßжЖǅ7-'中_\u0301", max_size=8))
def test_the_quick_look_agrees_with_the_pattern(word):
    assert has_camel(word) == (CAMEL.search(word) is not None)
