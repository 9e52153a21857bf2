"""Which letters are of which script, and where a script alone decides."""

import unicodedata
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from transforms.language import scripts
from transforms.language.scripts import LANGUAGE_OF_SCRIPT, Script, judge, script_counts


@pytest.mark.parametrize(
    ("text", "language", "alternative"),
    [
        ("Η θέρμανση κοστίζει", "el", None),
        ("Η εταιρεία Google Cloud", "el", None),
        ("Google Cloud Platform για", None, None),
        ("東京", "zh", "ja"),
        ("东京市政府宣布了新的计划", "zh", None),
        ("東京タワーは高い", "ja", None),
        ("서울시 Seoul", "ko", None),
        ("ข่าววันนี้", "th", None),
        ("Порт был закрыт", None, None),
        ("העיר החליטה", None, None),
        ("12345", None, None),
        ("", None, None),
    ],
)
def test_scripts_decide_where_one_language_uses_them(text, language, alternative):
    verdicts = judge([text])
    assert (verdicts.language, verdicts.alternative) == ([language], [alternative])


@pytest.mark.parametrize(
    ("greek", "latin", "decided"),
    [(3, 4, True), (30, 40, True), (30, 41, False), (3, 5, False)],
    ids=["6 in 10 by weight", "the same, longer", "just below", "below"],
)
def test_a_script_decides_with_six_tenths_of_the_weight_and_latin_letters_count_half(greek, latin, decided):
    assert (judge(["α" * greek + "x" * latin]).language == ["el"]) == decided


@pytest.mark.parametrize(
    ("sign", "count", "cyrillic", "language"),
    [
        ("한", 3, 4, "ko"),
        ("한", 3, 5, None),
        ("国" * 9, 1, 18, "zh"),
        ("国" * 9, 1, 19, None),
        ("あ", 1, 2, "ja"),
        ("あ", 1, 3, None),
    ],
)
def test_a_sign_for_a_syllable_weighs_two_letters_and_one_for_a_word_three(sign, count, cyrillic, language):
    assert judge([sign * count + "ж" * cyrillic]).language == [language]


@pytest.mark.parametrize(
    ("han", "kana", "told"),
    [(95, 5, ("ja", None)), (96, 5, ("zh", None)), (0, 1, ("ja", None)), (8, 0, ("zh", "ja")), (9, 0, ("zh", None))],
    ids=["one in twenty kana", "just fewer", "kana alone", "eight ideographs", "nine"],
)
def test_a_twentieth_of_kana_makes_japanese_and_few_ideographs_may_be(han, kana, told):
    verdicts = judge(["国" * han + "の" * kana])
    assert (verdicts.language[0], verdicts.alternative[0]) == told


def test_letters_are_counted_by_script():
    counts = script_counts(["ab вг 12", "", "ᎠᎡ א"])
    assert counts[0, Script.LATIN] == counts[0, Script.CYRILLIC] == 2
    assert counts[1].sum() == 0
    assert (counts[2, Script.OTHER], counts[2, Script.HEBREW]) == (2, 1)


def test_verdicts_carry_the_letters_of_each_text():
    assert judge(["ab, 12 вг!", "", "🙂"]).letters.tolist() == [4, 0, 0]


@pytest.mark.parametrize("script", sorted(LANGUAGE_OF_SCRIPT))
def test_each_script_of_one_language_decides_for_it(script):
    points = [chr(point) for point in np.flatnonzero(scripts._script_of_code_point() == script)]
    letters = "".join(filter(str.isalpha, points))
    assert len(letters) > 20
    assert judge([letters]).language == [LANGUAGE_OF_SCRIPT[script]]


def test_the_ranges_rise_and_do_not_overlap():
    ranges = scripts._RANGES
    assert all(first <= last for first, last, _ in ranges)
    assert all(one[1] < other[0] for one, other in pairwise(ranges))
    assert {script for *_, script in ranges} == set(Script) - {Script.NONE, Script.OTHER}


NAMES = {
    Script.LATIN: ("LATIN", "FULLWIDTH LATIN"),
    Script.GREEK: ("GREEK", "COPTIC"),  # one block; no news is in Coptic
    Script.GEORGIAN: ("GEORGIAN", "MODIFIER LETTER GEORGIAN"),
    Script.KANA: ("HIRAGANA", "KATAKANA", "HALFWIDTH KATAKANA"),
    Script.HAN: ("CJK",),
}


def is_of(point, script):
    """Tell whether the standard names a letter or a mark on one after the script."""
    character = chr(point)
    is_written = character.isalpha() or unicodedata.category(character)[0] == "M"
    return is_written and unicodedata.name(character, "").startswith(NAMES.get(script, (script.name,)))


@pytest.mark.parametrize(("first", "last", "script"), scripts._RANGES)
def test_a_range_holds_the_letters_that_the_standard_names_after_its_script(first, last, script):
    assert not is_of(first - 1, script)
    assert all(is_of(end, script) or not unicodedata.name(chr(end), "") for end in (first, last))
    assert all(is_of(point, script) for point in range(first, last + 1) if chr(point).isalpha())


@given(st.lists(st.text(max_size=30), max_size=5))
def test_a_text_is_judged_the_same_in_any_company(texts):
    together = judge(texts)
    for row, text in enumerate(texts):
        alone = judge([text])
        assert (together.language[row], together.alternative[row]) == (alone.language[0], alone.alternative[0])
        assert together.counts[row].tolist() == alone.counts[0].tolist()


@pytest.mark.parametrize("point", [0x1F600, 0x323B0, 0xE0067, 0xE0101, 0xF0000, 0x10FFFF, 0xD800])
def test_signs_tags_of_flags_private_characters_and_lone_surrogates_are_no_letters(point):
    assert script_counts([chr(point)]).sum() == 0


@pytest.mark.parametrize("point", [0x3400, 0x9FFF, 0x20000, 0x3134A, 0x31350, 0x323AF])
def test_ideographs_of_all_planes_are_letters(point):
    assert script_counts([chr(point)])[0, Script.HAN] == 1
