"""Characters become valid, composed and printable; what carries text stays."""

import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transforms.normalize.characters import REPLACEMENT, clean_line, clean_text, stream_safe, well_formed

# Mostly what the rules speak of, so that short examples meet them.
ODD = "\x00\x03\x0b\x0c\r\n\t\x1b[0m\x1c\x85\x92\x9d\xa0\xad \u0e01\u1780\u200b\u200c\u200d\u2028\u2029\u2060\u3000\ufe0f\ufeff\ufffc\ufffe\ufdd0\ud800\udfff\U0001f3f4\U000e0067\U000e007f\U0001fffe\U0010ffff\u0646\u0915\u094de\u0301\u212b\u2329☺👩a"
texts = st.text(st.one_of(st.sampled_from(ODD), st.characters(exclude_categories=())), max_size=60)


def is_storable(text: str) -> bool:
    points = [ord(c) for c in text]
    return (
        text.encode("utf-8").decode("utf-8") == text
        and unicodedata.is_normalized("NFC", text)
        and not any(unicodedata.category(c) == "Cc" for c in text if c not in "\n\t")
        and not any(point & 0xFFFE == 0xFFFE or 0xFDD0 <= point <= 0xFDEF for point in points)
    )


@given(texts)
def test_text_is_valid_composed_and_without_controls(text):
    cleaned = clean_text(text)
    assert is_storable(cleaned)
    assert "\n\n\n" not in cleaned
    assert not any(line != line.rstrip() for line in cleaned.split("\n"))


@given(texts)
def test_cleaning_text_twice_changes_nothing(text):
    assert clean_text(clean_text(text)) == clean_text(text)


@given(texts)
def test_a_line_is_one_line_and_cleaning_it_twice_changes_nothing(text):
    line = clean_line(text)
    assert is_storable(line)
    assert line == clean_line(line) == " ".join(line.split())


@given(st.text(st.characters(categories=("L", "N", "P")), max_size=80))
def test_letters_digits_and_punctuation_only_become_composed(text):
    assert clean_text(text) == unicodedata.normalize("NFC", text)


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("one\r\ntwo\rthree\u2028four", "one\ntwo\nthree\nfour"),
        ("first\u2029second", "first\n\nsecond"),
        ("a\n\n\n \n\t\nb  \n", "a\n\nb"),
        ("\n\n  indented\n", "  indented"),
        ("column\tcolumn  column", "column\tcolumn  column"),
        ("10\xa0000\u202f€", "10 000 €"),
        ("co\xadoper\xada\u200btion\ufeff", "cooperation"),
        ("Reuter\n\x03", "Reuter"),
        ("\x1b[31mred\x1b[0m", "red"),
        ("it\x92s \x93quoted\x94", "it’s “quoted”"),
        ("cut \ud83d off", f"cut {REPLACEMENT} off"),
        ("\ufffe\ufdd0\U0001ffff", REPLACEMENT * 3),
        ("e\u0301te\u0301", "été"),
        ("left \u202eright", "left \u202eright"),
        ("private \ue000", "private \ue000"),
    ],
)
def test_text_examples(sent, kept):
    assert clean_text(sent) == kept


@pytest.mark.parametrize(
    "spelled",
    [
        "می\u200cخواهم",  # Persian needs the non-joiner
        "क्\u200dष",  # Hindi shapes its letters with the joiner
        "ສະ\u200bບາຍ",  # Lao marks words
        "👩\u200d🚒",  # one picture of two
        "\U0001f3f4\U000e0067\U000e0062\U000e0073\U000e0063\U000e0074\U000e007f",  # Scotland
        "❤\ufe0f\u200d🔥",
    ],
)
def test_zero_width_characters_stay_where_writing_needs_them(spelled):
    assert clean_text(spelled) == spelled


@pytest.mark.parametrize(
    "junk", ["a\u200cb", "a\u200db", "a\u200bb", "a\u2060b", "a\U000e0061b", "a\ufeffb", "a\xadb", "a\u180e\u200cb"]
)
def test_zero_width_characters_go_elsewhere(junk):
    assert clean_text(junk) == "ab"


def test_a_title_becomes_one_line():
    assert clean_line(" Two\n lines\tof\u3000title \r\n") == "Two lines of title"


def test_ids_stay_apart_although_they_cannot_be_stored_as_they_are():
    assert well_formed("a\udc80") == "a\\udc80"
    assert well_formed("a\udc80") != well_formed("a\udc81")
    assert well_formed("guid é 1") == "guid é 1"


def test_stacks_of_marks_are_broken_up_without_losing_one():
    text = "a" + "\u0301\u0316" * 100
    safe = stream_safe(text)
    assert safe.replace("\u034f", "") == text
    assert not re.search("[\u0301\u0316]{31}", safe)
    assert clean_text(clean_text(text)) == clean_text(text)
    assert (
        stream_safe("e\u0302\u0301 and \u1ec7, as they are written") == "e\u0302\u0301 and \u1ec7, as they are written"
    )
