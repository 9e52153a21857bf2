"""What is said of a text, and how it is taken back."""

import pytest

from transforms.language.tags import LanguageTag, abstain, confirm, tag_version

GUESS = LanguageTag("en", 0.4, "de", 0.3)
NO_LANGUAGE = LanguageTag("und", 0.9, "en", 0.1)


@pytest.mark.parametrize(
    ("tag", "left"),
    [
        (GUESS, LanguageTag("und", None, "en", 0.4)),
        (NO_LANGUAGE, LanguageTag("und", None, "en", 0.1)),
        (LanguageTag("und"), LanguageTag("und")),
    ],
    ids=["a guess", "no language first", "nothing"],
)
def test_abstaining_keeps_the_best_guess_that_is_a_language(tag, left):
    assert abstain(tag) == left
    assert abstain(abstain(tag)) == left


def test_a_tag_stays_unless_the_model_found_no_language():
    assert confirm(GUESS) is GUESS
    assert confirm(NO_LANGUAGE) == LanguageTag("und", None, "en", 0.1)


def test_the_version_is_stable():
    assert tag_version() == "language-5"
