import re
import unicodedata

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from transforms.fold.tokens import CAPITAL, DIGIT, identity, tokenize


def tokens(text):
    return tokenize([text]).words.row(0).tolist()


def same(text, other):
    return identity(np.array(tokens(text))).tolist() == identity(np.array(tokens(other))).tolist()


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("", 0),
        (" \n . ", 0),
        ("one", 1),
        ("It's late, isn't it?", 6),
        ("snake_case stays 12.5", 4),
        ("政府星期一表示", 7),
        ("テスト です", 5),
        ("กขค", 3),
        ("हिन्दी भाषा", 2),
        ("한국어 단어", 2),
        ("AP通信 reports", 4),
        ("𠀀𠀁", 2),
    ],
)
def test_words_are_counted_in_every_script(text, count):
    assert len(tokens(text)) == count


@pytest.mark.parametrize(
    ("text", "other"),
    [
        ("Parliament VOTED", "parliament voted"),
        ("ﬁnance", "finance"),
        ("１２３", "123"),
        ("cafe\u0301", "café"),
        ("ПРЕЗИДЕНТ", "президент"),
        ("one — two", "one, two"),
        ("ΟΔΟΣ", "οδοσ"),
    ],
)
def test_case_width_and_composition_do_not_matter(text, other):
    assert same(text, other)


def test_order_and_letters_matter():
    assert not same("man bites dog", "dog bites man")
    assert tokens("ab") != tokens("ba")
    assert tokens("straße") != tokens("strase")


def test_flags_tell_digits_and_capitals():
    flags = [value & (DIGIT | CAPITAL) for value in tokens("Rates rose 5 percent to B2")]
    assert flags == [CAPITAL, 0, DIGIT, 0, 0, DIGIT | CAPITAL]


def test_characters_are_counted_apart():
    assert tokenize(["政府 says no", "plain"]).characters.tolist() == [2, 0]


def test_lines_are_numbered_within_their_text():
    found = tokenize(["a b\n\nc", "d\ne"])
    assert [found.lines.row(0).tolist(), found.lines.row(1).tolist()] == [[0, 0, 2], [0, 1]]


def test_lone_surrogates_do_no_harm():
    assert len(tokens("broken \ud800 text")) == 2


@given(st.lists(st.text(st.characters(categories=["L", "N", "P", "Z"], max_codepoint=0x24F), max_size=60), max_size=8))
def test_boundaries_agree_with_a_pattern(texts):
    found = tokenize(texts)
    expected = [re.findall(r"\w+", unicodedata.normalize("NFKC", text)) for text in texts]
    assert found.words.sizes.tolist() == list(map(len, expected))


@given(st.lists(st.text(max_size=40), min_size=1, max_size=12))
def test_a_text_has_the_same_tokens_in_any_company(texts):
    together = tokenize(texts)
    for place, text in enumerate(texts):
        assert together.words.row(place).tolist() == tokens(text)


@given(
    st.lists(
        st.text("aé1.\n ½ﬁｗ가¨\u1100\u1161\u0301\u0323\u0e33\U0001d7d8\U00020000", max_size=30), min_size=1, max_size=6
    )
)
def test_texts_have_the_tokens_and_lines_of_their_normal_form(texts):
    found = tokenize(texts)
    wanted = tokenize([unicodedata.normalize("NFKC", text) for text in texts])
    assert np.array_equal(found.words.offsets, wanted.words.offsets)
    assert np.array_equal(found.words.values, wanted.words.values)
    assert np.array_equal(found.lines.values, wanted.lines.values)


@given(st.sets(st.text("abcdefghij0123", min_size=1, max_size=12), max_size=40))
def test_different_words_have_different_values(made):
    assert len(set(identity(tokenize([" ".join(sorted(made))]).words.values).tolist())) == len(made)


def test_texts_longer_than_a_piece_are_whole():
    text = "word " * 100_000
    found = tokenize(["before", text, "after"])
    assert found.words.sizes.tolist() == [1, 100_000, 1]
    assert len(set(found.words.row(1).tolist())) == 1


def test_only_characters_that_may_change_tokens_are_normalized():
    """A character in any company: what stays as it is has the tokens of its normal form."""
    alone = [
        f"a{chr(point)}1 \u05d0{chr(point)} 가{chr(point)}" for point in range(0x2FA20) if not 0xD800 <= point < 0xE000
    ]
    normal = [unicodedata.normalize("NFKC", text) for text in alone]
    found, wanted = tokenize(alone).words, tokenize(normal).words
    assert np.array_equal(found.offsets, wanted.offsets)
    assert np.array_equal(identity(found.values), identity(wanted.values))


def test_tables_agree_with_python_for_every_code_point():
    """The blocks that are taken for letters without looking hold nothing else."""
    for first, last in ((0x3400, 0x4DBF), (0x4E00, 0x9FFF), (0xAC00, 0xD7A3)):
        letters = [chr(point) for point in range(first, last + 1)]
        assert all(letter.isalnum() and not letter.isdigit() and letter.casefold() == letter for letter in letters)


def test_line_numbers_start_anew_with_each_text():
    lines = tokenize(["\n\none\ntwo three\n", "", "\nfour", "five"]).lines
    assert [lines.row(row).tolist() for row in range(4)] == [[2, 3, 3], [], [1], [0]]
