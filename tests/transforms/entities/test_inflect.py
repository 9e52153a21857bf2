"""Base forms of inflected names."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transforms.entities.inflect import _RULES, bases, inflects, stem


@pytest.mark.parametrize(
    ("language", "form", "base"),
    [
        ("ru", "Путиным", "Путин"),
        ("ru", "Москве", "Москва"),
        ("ru", "России", "Россия"),
        ("ru", "Зеленского", "Зеленский"),
        ("uk", "Києва", "Київ"),
        ("uk", "Харкові", "Харків"),
        ("uk", "Росії", "Росія"),
        ("pl", "Warszawie", "Warszawa"),
        ("pl", "Tuskiem", "Tusk"),
        ("pl", "Polsce", "Polska"),
        ("cs", "Praze", "Praha"),
        ("fi", "Putinin", "Putin"),
        ("fi", "Tukholmassa", "Tukholma"),
        ("de", "Merkels", "Merkel"),
        ("hu", "Budapesten", "Budapest"),
        ("lv", "Rīgā", "Rīga"),
        ("el", "Μητσοτάκη", "Μητσοτάκης"),
        ("tr", "Ankarada", "Ankara"),
    ],
)
def test_a_form_leads_to_its_base(language, form, base):
    assert base in set(bases(form, language))


@pytest.mark.parametrize("forms", [("Путин", "Путина", "Путину", "Путиным"), ("Иванов", "Иванова", "Иванову")])
def test_forms_of_one_name_share_a_stem(forms):
    assert len({stem(form, "ru") for form in forms}) <= 2


def test_languages_without_rules_change_nothing():
    assert list(bases("Londres", "fr")) == []
    assert stem("Londres", "fr") == "Londres"
    assert not inflects("fr")
    assert not inflects("de")
    assert inflects("fi")


@given(st.text(max_size=12), st.sampled_from(["ru", "uk", "pl", "cs", "fi", "de", "tr", "el", "hu", "lv", "xx"]))
def test_bases_are_long_enough_and_never_the_word_itself(word, language):
    assert all(len(base) >= 3 and base != word for base in bases(word, language))
    assert word.startswith(stem(word, language))


@given(st.text("скогойамиеinemsta", max_size=9), st.sampled_from(["ru", "uk", "pl", "fi", "de"]))
def test_every_ending_that_fits_is_taken_off_longest_first(word, language):
    endings = sorted(_RULES[language].put_back, key=len, reverse=True)
    fit = [ending for ending in endings if word.endswith(ending) and len(word) - len(ending) >= 2]
    found = [word.removesuffix(ending) + end for ending in fit for end in _RULES[language].put_back[ending]]
    assert bases(word, language) == [base for base in found if len(base) >= 3]
