"""Tokens have true offsets in any text, and cut names apart from what touches them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transforms.entities.trained.tokens import tokenize


def cut(text, language):
    tokens = tokenize(text, language)
    return [text[start:end] for start, end in zip(tokens.starts, tokens.ends, strict=True)]


@pytest.mark.parametrize(
    ("text", "language", "tokens"),
    [
        (
            "Ankara'da O'Neil,\n\nca\u0301fe\xa012",
            "tr",
            ["Ankara", "'", "da", "O", "'", "Neil", ",", "\n\n", "ca\u0301fe", "12"],
        ),
        ("東京タワーへ行くABC", "ja", ["東", "京", "タワー", "へ", "行", "く", "ABC"]),
        ("양복순 씨는", "ko", ["양", "복", "순", "씨", "는"]),
        ("في وبيروت", "ar", ["في", "و", "بيروت"]),
        ("नई दिल्ली में", "hi", ["नई", "दिल्ली", "में"]),
    ],
)
def test_a_text_is_cut_where_names_may_end(text, language, tokens):
    assert cut(text, language) == tokens


def test_a_single_character_is_known_by_what_follows():
    assert tokenize("京都 東", "ja").forms == ["京都", "都 ", "東"]


@given(st.text(), st.sampled_from(["en", "ar", "ja", "hi"]))
def test_all_but_space_is_in_one_token(text, language):
    tokens = tokenize(text, language)
    assert "".join(cut(text, language)) == "".join(c for c in text if not c.isspace() or c == "\n")
    assert all(a <= b for a, b in zip(tokens.ends, tokens.starts[1:], strict=False))


def test_a_stretch_that_cuts_a_token_covers_it():
    tokens = tokenize("one two three", "en")
    assert tokens.covered(4, 7) == (1, 2)
    assert tokens.covered(2, 5) == (0, 2)
