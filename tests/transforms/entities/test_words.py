"""Words as columns of numbers, whatever language cut them."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from transforms.entities import chinese_words, japanese_words, korean_words
from transforms.entities.words import FORMS, LAST_FORMS, RANKS, joined, part, without_halves

LETTERS = "김수연은서울에서말했다鈴木は東京都議会でコローさん王小明在巴黎说a1 \n,、\ud800龘뷁"


@pytest.mark.parametrize("language", [chinese_words, japanese_words, korean_words])
@given(text=st.text(st.sampled_from(LETTERS), max_size=40))
def test_words_make_up_the_text_and_numbers_stay_within_their_range(language, text):
    found = language.words(text)
    assert (found.ends[-1] if text else 0) == len(text)
    assert (np.diff(found.ends, prepend=0) > 0).all()
    below = ((found.kinds, language.KINDS), (found.ranks, RANKS), (found.forms, FORMS), (found.lasts, LAST_FORMS))
    for column, most in below:
        assert len(column) == len(found.ends)
        assert (column < most).all()


def test_words_are_joined_one_after_the_other():
    found = joined([part("서울", 3, 1) + part("에", 4, 0), part("간다", 5, 2)])
    assert (found.lengths.tolist(), found.ends.tolist()) == ([2, 1, 2], [2, 3, 5])
    assert (found.kinds.tolist(), found.ranks.tolist()) == ([3, 4, 5], [1, 0, 2])
    assert joined([]).ends.tolist() == []


def test_a_character_of_two_languages_is_two_words():
    assert part("東", 1, 0) != part("東", 1, 0, "ja ")


def test_half_a_character_is_a_mark():
    assert without_halves("a\ud800b") == "a?b"
