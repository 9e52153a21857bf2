"""What the trained tagger sees of a word."""

import zlib

import pytest

from transforms.entities.lexicon import lexicon
from transforms.entities.trained.features import (
    BUCKETS,
    CLASSES,
    LINE_END,
    MAY_BE_NAMED,
    OUTSIDE,
    PLAIN_SLOTS,
    SLOTS,
    look_at,
)
from transforms.entities.trained.person_names import in_names


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


def test_hindi_names_are_known_and_words_that_close_a_name_have_classes_of_their_own():
    hindi = lexicon("hi")
    assert in_names("संदीप", hindi) & 1
    assert in_names("श्रीवास्तव", hindi) & 2
    words = ("संदीप", "में", "मंत्रालय", "घाटी", "कोहेफिजा", "सरकार", "श्री")
    assert len({look_at(word, hindi).coarse for word in words}) == len(words)


def test_unknown_arabic_words_have_classes_by_how_foreign_they_sound():
    arabic = lexicon("ar")
    assert len({look_at(word, arabic).coarse for word in ("بوروتشاغا", "اختماره", "فنلندا", "وزارة", "حكومته")}) == 5


def test_an_arabic_word_has_the_form_of_its_other_spellings():
    arabic = lexicon("ar")
    assert look_at("الأعمال", arabic).buckets[3] == look_at("الاعمال", arabic).buckets[3]


@pytest.mark.parametrize(
    ("word", "language", "features"),
    [
        ("Tilbrook", "en", ["w tilbrook", "p til", "e en ook", "z ok", "q tilbr"]),
        ("Ул", "ru", ["w ул", "p ул", "e ru ул", "z ул", "q ул"]),
        ("الأعمال", "ar", ["w اعمال", "p اعم", "e ar مال", "z ال", "q اعمال"]),
        ("a\ud800", "en", ["w a\ud800", "p a\ud800", "e en a\ud800", "z a\ud800", "q a\ud800"]),
        ("東京", "ja", ["w 東", "b 東京", "n CJK ", "", ""]),
    ],
)
def test_features_of_the_form_are_hashed_as_the_weights_were_trained(word, language, features):
    hashes = [zlib.crc32(feature.encode("utf-8", "surrogatepass")) % BUCKETS for feature in features]
    assert list(look_at(word, lexicon(language)).buckets[PLAIN_SLOTS:]) == hashes
