"""What the trained tagger sees of a word."""

import pytest

from transforms.entities.lexicon import lexicon
from transforms.entities.trained.features import (
    BUCKETS,
    CLASSES,
    LINE_END,
    MAY_BE_NAMED,
    OUTSIDE,
    SLOTS,
    in_names,
    look_at,
)


@pytest.mark.parametrize(
    "word", ["Paris", "the", "1984", "\n\n", "«", "東京", "タワー", "국 ", "محمد", "नई", OUTSIDE, "iPhone", "²", "_"]
)
@pytest.mark.parametrize("language", ["en", "ar", "ja"])
def test_any_token_has_all_its_features(word, language):
    form = look_at(word, lexicon(language))
    assert 0 <= form.coarse < CLASSES
    assert len(form.buckets) == SLOTS
    assert all(0 <= bucket < BUCKETS for bucket in form.buckets)


def test_classes_tell_what_may_be_of_a_name():
    words = lexicon("en")
    assert look_at("\n", words).coarse == LINE_END
    assert look_at("town", words).coarse < MAY_BE_NAMED <= look_at("Tilbrook", words).coarse


def test_a_name_of_the_lists_is_known_in_its_cases():
    russian = lexicon("ru")
    assert in_names("Чернышева", russian) & 2
    assert in_names("Чернышевой", russian) & 2
    assert in_names("Xyzzyq", lexicon("en")) == 0


def test_hindi_names_are_known_and_words_that_close_a_name_have_classes_of_their_own():
    hindi = lexicon("hi")
    assert in_names("संदीप", hindi) & 1
    assert in_names("श्रीवास्तव", hindi) & 2
    words = ("संदीप", "में", "मंत्रालय", "घाटी", "कोहेफिजा", "सरकार", "श्री")
    assert len({look_at(word, hindi).coarse for word in words}) == len(words)
