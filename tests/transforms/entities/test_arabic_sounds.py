"""Which Arabic words sound like foreign names."""

import pytest

from transforms.entities.arabic_sounds import foreignness


@pytest.mark.parametrize("name", ["غريغوروفيتش", "لوتشانو", "بوروتشاغا", "ماكدونالدسون"])
def test_a_name_written_as_it_sounds_is_foreign(name):
    assert foreignness(name) == 3


@pytest.mark.parametrize("word", ["المتقاضون", "مستعارة", "اختماره"])
def test_a_word_of_root_and_pattern_is_not(word):
    assert foreignness(word) == 0


def test_vowel_signs_alone_are_between():
    assert foreignness("\u064b") == 1
