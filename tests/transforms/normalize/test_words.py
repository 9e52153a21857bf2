"""Words are counted alike in every script."""

import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transforms.normalize.words import count_words


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", 0),
        (" \n—!?", 0),
        ("one", 1),
        ("Two words, really: l'eau and snake_case 3.14", 9),
        ("大桥关闭", 4),
        ("東京タワー2024年", 7),
        ("한국어 단어", 2),
        ("नमस्ते दुनिया", 2),
        ("الجسر مغلق", 2),
        ("สวัสดี", 4),
        ("ສະບາຍດີ", 6),
        ("mixed 中文 text", 4),
        ("\U00020000\U00020001", 2),
        ("👩‍🚒 emoji ❤️", 1),
        ("葛\ufe00城", 2),
    ],
)
def test_counts(text, words):
    assert count_words(text) == words


def one_by_one(text):
    """The same count, character by character, for scripts with spaces."""
    spelled = "".join(c if c.isalnum() or c == "_" or unicodedata.category(c)[0] == "M" else " " for c in text)
    return len(spelled.split())


spaced = st.text(st.characters(max_codepoint=0x0DFF) | st.sampled_from("ሀ한é\U0001f600 \n_"))


@given(spaced)
def test_agrees_with_a_plain_count(text):
    assert count_words(text) == one_by_one(text)


@given(st.text(st.characters(categories=("Lu", "Ll", "Zs", "Po", "Nd"), max_codepoint=0x0DFF)))
def test_is_the_number_of_word_runs(text):
    assert count_words(text) == len(re.findall(r"\w+", text))
