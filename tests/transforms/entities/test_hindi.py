"""Hindi words in one spelling, and the forms that words of the lists take."""

import pytest

from transforms.entities.hindi import folded, forms


@pytest.mark.parametrize(
    ("word", "same"),
    [
        ("हिन्दी", "हिंदी"),
        ("ज़िला", "जिला"),
        ("\u095aरीब", "गरीब"),  # the dot within the letter
        ("मुँह", "मुंह"),
        ("गये", "गए"),
        ("आयी", "आई"),
        ("डॉक्टर", "डाक्टर"),
        ("न\u200dया", "नया"),
    ],
)
def test_spellings_of_a_word_are_one(word, same):
    assert folded(word) == folded(same)


@pytest.mark.parametrize("word", ["पन्ना", "अम्मा", "जन्म", "अन्य", "म्यूजियम", "कमल", ""])
def test_letters_that_are_sounded_stay(word):
    assert folded(word) == word


@pytest.mark.parametrize(
    ("noun", "form"),
    [("लड़का", "लड़कों"), ("नदी", "नदियाँ"), ("समिति", "समितियों"), ("सभा", "सभाएँ"), ("किताब", "किताबें"), ("भाई", "भाइयों")],
)
def test_nouns_are_listed_in_their_numbers_and_cases(noun, form):
    assert folded(form) in set(forms([noun], []))


@pytest.mark.parametrize("form", ["कहा", "कहते", "कहेंगे", "कहकर", "कहने", "कहूँगा"])
def test_verbs_are_listed_in_their_tenses(form):
    assert folded(form) in set(forms([], ["कहना"]))


def test_a_stem_in_a_vowel_takes_its_own_endings():
    assert {"बताया", "बताएगा", "बताई", "बताकर"} <= set(forms([], ["बताना"]))
