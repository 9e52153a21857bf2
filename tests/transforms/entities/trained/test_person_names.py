"""Parts of person names, in the forms and spellings that texts have."""

import pytest

from transforms.entities.lexicon import lexicon
from transforms.entities.trained.person_names import TOWN, in_names


def test_a_name_of_the_lists_is_known_in_its_cases():
    russian = lexicon("ru")
    assert in_names("Чернышева", russian) & 2
    assert in_names("Чернышевой", russian) & 2
    assert in_names("Xyzzyq", lexicon("en")) == 0


@pytest.mark.parametrize("name", ["كلينتون", "جوارديولا", "غوارديولا"])
def test_foreign_surnames_are_known_in_arabic(name):
    assert in_names(name, lexicon("ar")) & 2


@pytest.mark.parametrize("name", ["أحمد", "احمد", "يورغن", "يورجن"])
def test_arabic_given_names_are_known_in_every_spelling(name):
    assert in_names(name, lexicon("ar")) & 1


def test_a_common_arabic_word_is_no_town():
    assert not in_names("الجديدة", lexicon("ar")) & TOWN


def test_latin_names_are_known_in_arabic_texts():
    assert in_names("Michael", lexicon("ar")) & 1
