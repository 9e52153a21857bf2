"""Words of Chinese texts: where they end, and of what kind they are."""

import subprocess
import sys

import numpy as np
import pytest
import rjieba
from hypothesis import given
from hypothesis import strategies as st

from transforms.entities.chinese_words import PERSON, PLACE, words


def split(text):
    return [
        text[end - length : end]
        for end, length in zip(words(text).ends, np.diff(words(text).ends, prepend=0), strict=True)
    ]


def test_a_sentence_is_cut_into_words():
    assert split("记者在香港采访市长。") == ["记者", "在", "香港", "采访", "市长", "。"]


def test_names_of_the_dictionary_have_their_kind():
    kinds = words("鲁迅在香港说").kinds
    assert (kinds[0], kinds[2]) == (PERSON, PLACE)


@pytest.mark.parametrize("common", ["文明", "城市", "治安"])
def test_a_common_word_that_the_dictionary_takes_for_a_name_is_none(common):
    assert words(common).kinds[0] not in {PERSON, PLACE}


CHARACTERS = "王小明在巴黎大学说他和文化部长会面高达作人一成这类·a1，"


@given(st.lists(st.text(st.sampled_from(CHARACTERS), max_size=12), max_size=8))
def test_the_dictionary_gives_a_word_one_part_of_speech_wherever_it_stands(texts):
    speeches: dict[str, str] = {}
    for form, speech in (word for text in texts for word in rjieba.tag(text)):
        assert speeches.setdefault(form, speech) == speech


def test_frequent_words_rank_above_rare_ones_and_unknown_ones_last():
    ranks = [words(word).ranks[0] for word in ("的", "雪山", "漳州", "邵立群")]
    assert ranks == sorted(ranks, reverse=True)
    assert ranks[-1] == 0


def test_half_a_character_costs_nothing_but_itself():
    assert split("香港\ud800北京") == ["香港", "\ud800", "北京"]


def test_a_long_text_is_not_remembered_and_cut_alike():
    text = "记者在香港采访市长。" * 1001
    assert words(text).ends[:6].tolist() == words(text[:10]).ends.tolist()
    assert words(text) is not words(text)


def test_texts_without_chinese_never_load_the_dictionary():
    code = (
        "import sys; from transforms.entities.titled import Titled; from transforms.entities.trained.model import load;"
        "from transforms.entities.trained.tag import tag; tag([Titled('', 'Ann Bell left Paris.', 'en')], load());"
        "sys.exit('rjieba' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
