"""What the lists know of Arabic words, and which first letters are words of their own."""

import pytest

from transforms.entities.arabic_words import after_prefix, is_common, is_prefixed, kinds


@pytest.mark.parametrize(
    ("word", "kind"),
    [("حكومتها", "n"), ("المسؤولين", "n"), ("المسئولين", "n"), ("ستعلن", "v"), ("قتل", "nv"), ("رامسفيلد", "")],
)
def test_a_word_of_the_lists_is_a_noun_or_a_verb_in_its_forms(word, kind):
    assert kinds(word) == kind


@pytest.mark.parametrize("word", ["لبنان", "شارابوفا", "بيركامب", "قازاخستان"])
def test_a_name_is_not_common(word):
    assert not is_common(word)


@pytest.mark.parametrize(
    ("word", "left"),
    [
        ("وقرر", "قرر"),
        ("ببرشلونة", "برشلونة"),
        ("وبوتين", "بوتين"),
        ("بالقاهرة", "القاهرة"),
        ("للعراق", "العراق"),
        ("وشارابوفا", "شارابوفا"),
        ("فبالرغم", "بالرغم"),
        ("وعلي", "علي"),
    ],
    ids=["common", "known place", "known person", "article", "article after ل", "unknown", "two prefixes", "name"],
)
def test_a_prefix_is_cut_off(word, left):
    assert is_prefixed(word)
    assert after_prefix(word) == left


@pytest.mark.parametrize(
    "word",
    ["وزارة", "لجنة", "كتبوا", "كتبت", "بابها", "وليد", "لندن", "بيركامب", "وولفسبورغ", "ويندسور", "في", "و"],
    ids=[
        "common",
        "common, as its rest is",
        "a form",
        "a form, Tibet in it",
        "a form, a town in it",
        "given name",
        "known place",
        "unknown",
        "foreign",
        "foreign, with i",
        "two letters",
        "one",
    ],
)
def test_a_word_that_begins_like_a_prefix_stays_whole(word):
    assert not is_prefixed(word)
