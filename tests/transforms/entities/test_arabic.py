"""Spellings of Arabic words, and what is left of them without their affixes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transforms.entities.arabic import bare, ending, noun_stems, plain, sounds, verb_stems


@pytest.mark.parametrize(
    ("word", "spelling"),
    [("أحمد", "احمد"), ("مستشفى", "مستشفي"), ("وزارة", "وزاره"), ("مُدَرِّسـة", "مدرسه"), ("ڤيينا", "فيينا"), ("ab", "ab")],
)
def test_letters_that_writers_interchange_are_one(word, spelling):
    assert plain(word) == spelling


def test_foreign_names_have_one_letter_for_g():
    assert sounds("غوردون") == sounds("جوردون") == sounds("گوردون")


@pytest.mark.parametrize(("word", "left"), [("الكتاب", "كتاب"), ("كتاب", "كتاب"), ("الم", "الم")])
def test_the_article_is_taken_off_a_longer_word(word, left):
    assert bare(word) == left


@pytest.mark.parametrize(
    ("form", "stem"),
    [
        ("اللاعبين", "لاعب"),
        ("مصريون", "مصر"),
        ("حكومتها", "حكومه"),
        ("شركات", "شركه"),
        ("اعضائه", "اعضاء"),
        ("مستواها", "مستوي"),
        ("مدينتي", "مدينه"),
        ("كتاب", "كتاب"),
    ],
)
def test_a_noun_is_known_by_its_stem(form, stem):
    assert stem in noun_stems(form)


@pytest.mark.parametrize(
    ("form", "stem"),
    [("قالت", "قال"), ("تعلن", "يعلن"), ("سيعلن", "يعلن"), ("ستعلنها", "يعلن"), ("سعت", "سعي"), ("ذهبوا", "ذهب")],
)
def test_a_verb_is_known_by_the_third_person(form, stem):
    assert stem in verb_stems(form)


def test_a_word_with_the_article_is_no_verb():
    assert list(verb_stems("القال")) == []


@pytest.mark.parametrize("stems", [noun_stems, verb_stems])
def test_no_stem_is_left_with_two_letters(stems):
    assert not [stem for stem in stems("باتون") if len(stem) == 2]


@pytest.mark.parametrize(
    ("word", "told"), [("حكومتهما", "هما"), ("مصرية", "ية"), ("كبيرًا", "ًا"), ("بيت", ""), ("ها", "")]
)
def test_an_ending_tells_what_a_word_is(word, told):
    assert ending(word) == told


@given(st.text("الوبيتهمن", max_size=12))
def test_a_word_is_its_own_first_stem(word):
    assert next(noun_stems(word)) == word
