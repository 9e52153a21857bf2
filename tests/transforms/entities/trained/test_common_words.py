"""Words that a capital alone makes no name."""

import pytest

from transforms.entities import hindi
from transforms.entities.lexicon import lexicon
from transforms.entities.persian import folded
from transforms.entities.trained.common_words import COMPOUND, LISTED, commonness
from transforms.entities.trained.features import look_at


@pytest.mark.parametrize(
    ("word", "language"),
    [
        ("Vanaf", "nl"),
        ("Behörde", "de"),
        ("Behörden", "de"),
        ("Landes", "de"),
        ("Tidlegare", "nn"),
        ("Школы", "ru"),
        ("HELP", "en"),
    ],
)
def test_a_word_of_the_lists_is_common_in_its_forms(word, language):
    assert commonness(word, language) == LISTED


@pytest.mark.parametrize("word", ["Zensurbehörde", "Umspannwerke", "Riesen-Spenden", "CAD-Modell", "Millionenhöhe"])
def test_a_german_compound_is_as_common_as_its_last_part(word):
    assert commonness(word, "de") == COMPOUND
    assert commonness(word, "nl") == 0


@pytest.mark.parametrize("word", ["دوشنبه", "خبرهای", "نمایندگان", "گفته‌اند", "مساله‌ای"])
def test_a_persian_word_is_common_in_all_its_forms_and_spellings(word):
    assert commonness(folded(word), "fa") == LISTED


@pytest.mark.parametrize("word", ["मंत्रियों", "नदियां", "कहते", "पहुंचेंगे", "सितम्बर", "ज़िलों"])
def test_a_hindi_word_is_common_in_all_its_forms_and_spellings(word):
    assert commonness(hindi.folded(word), "hi") == LISTED


@pytest.mark.parametrize(
    ("word", "language"),
    [
        ("Heidelberg", "de"),
        ("Neumann", "de"),
        ("Buchholz-Steinbach", "de"),
        ("Lissabon", "de"),
        ("Tilbrook", "en"),
        ("東京", "ja"),
        ("شجریان", "fa"),
        ("कोहेफिजा", "hi"),
    ],
)
def test_names_are_not_common(word, language):
    assert commonness(word, language) == 0


def test_a_persian_name_is_no_form_of_a_word_but_may_be_the_word_itself():
    assert [commonness("خاتمی", "fa", named=named) for named in (False, True)] == [LISTED, 0]
    assert commonness("روحانی", "fa", named=True) == LISTED


def test_a_common_word_with_a_capital_has_a_class_of_its_own():
    german = lexicon("de")
    assert len({look_at(word, german).coarse for word in ("Behörde", "Zensurbehörde", "Quarnheim")}) == 3


def test_a_common_word_without_capitals_has_a_class_of_its_own():
    for language, common, unknown in (
        ("ar", "يوليو", "كفرسومة"),
        ("ar", "الخميس", "الزهرمي"),
        ("fa", "دوشنبه", "کاظمینژ"),
        ("hi", "सरकार", "कोहेफिजा"),
    ):
        words = lexicon(language)
        assert look_at(common, words).coarse != look_at(unknown, words).coarse
