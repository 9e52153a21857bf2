"""What stands between two capitalised words."""

import re

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from transforms.entities.find import find_entities
from transforms.entities.gaps import OPENING, _plain, _punctuated, gap_between, is_stopped, read_gap
from transforms.entities.letters import last_word
from transforms.entities.lexicon import lexicon

GAPS = st.text(alphabet="aßé7_'\u2019-,.!?:;«»“\" \xa0\n\tde中", max_size=30)


def gap(between, language="en"):
    text = f"Xx{between}Yy"
    return gap_between(text, 2, 2 + len(between), lexicon(language))


@pytest.mark.parametrize(
    ("between", "link"), [(" ", " "), (" of the ", "of the"), (" & ", "&"), (" de ", "de"), (", ", "")]
)
def test_small_words_link_two_names(between, link):
    assert gap(between).link == link


@pytest.mark.parametrize(
    "between",
    [". ", " ended it all. ", " ended it all. - ", " ended it all. (", ' said this: "', "\n", " and that was all!\n- "],
)
def test_a_sentence_opens_after_its_end_dashes_and_brackets_passed_over(between):
    assert gap(between).opens


@pytest.mark.parametrize("between", [" went on to ", " and everything - ", ", who was ", " as many ("])
def test_no_sentence_opens_in_the_middle_of_one(between):
    assert not gap(between).opens


def test_the_word_before_counts_as_evidence():
    assert gap(" was led by president ").titled
    assert gap(" was led by president ").person > 0
    assert gap(" le maire de la ville de ", "fr").earlier == "ville"
    assert gap(" le maire de la ville de ", "fr").place > 0


@given(st.text(alphabet='ab .,-("\n\xa0de', max_size=90))
def test_a_gap_reads_the_same_twice_and_on_its_own(between):
    assert gap(between) == gap(between)
    assert gap(between).link == "" or gap(between).link == read_gap(between).link


@pytest.mark.parametrize(
    "text", ["He left. - Nobody asked why.", "He left. (Nobody asked why.)", "« Nobody asked why. »"]
)
def test_the_first_word_of_a_sentence_is_no_name_by_its_capital(text):
    assert find_entities("", text, "en") == ()


@given(GAPS, st.sampled_from(["", "\x00"]))
def test_what_is_read_without_patterns_is_read_the_same_with_them(between, cut):
    gap = cut + between
    plain = _plain(gap)
    assert plain is None or plain == _punctuated(gap, gap.strip(" \xa0"))


@given(GAPS)
def test_the_last_word_is_the_one_that_a_pattern_finds(between):
    found = re.search(r"([\w'\u2019-]+),?[\s\xa0]*$", between)
    assert last_word(between) == ((found[1], found.start()) if found else ("", len(between)))


@given(st.builds("".join, st.tuples(GAPS, st.sampled_from(["a. ", "a!\n\n", "7? ", "中. ", "a.\n"]))))
def test_after_a_stopped_word_a_sentence_opens(between):
    assume(len(between) > 3 and is_stopped(between, len(between)))
    assert gap(between) == OPENING


@pytest.mark.parametrize("before", ["so he left. ", "so he left!\n\n", "is it 3? "])
def test_a_stopped_word_is_told_at_once(before):
    assert is_stopped(before, len(before))


@pytest.mark.parametrize("before", ["so he left.", "so he left... ", "so he left, ", "so he left.\n", "left. - "])
def test_what_else_ends_a_sentence_is_read(before):
    assert not is_stopped(before, len(before))
