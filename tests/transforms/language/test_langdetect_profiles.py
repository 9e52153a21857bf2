"""langdetect's profiles and letter rules as arrays."""

import json
from pathlib import Path

import langdetect
import numpy as np
import pytest
from langdetect.utils.ngram import NGram

from transforms.language.langdetect_profiles import TABLE_SIZE, _read_profile, composed, letter_rules, profiles
from transforms.language.ngram_index import key_of

FOLDER = Path(langdetect.__file__).parent / "profiles"
SMOOTHING = 0.5 / 10_000  # alpha over the base frequency, as in langdetect's detector


def log_probability(ngram, label):
    """Return what langdetect's formula gives for an n-gram, from the file that it ships."""
    profile = json.loads((FOLDER / label).read_text("utf-8"))
    return np.log(profile["freq"].get(ngram, 0) / profile["n_words"][len(ngram) - 1] + SMOOTHING)


@pytest.mark.parametrize(
    ("ngram", "label"),
    [
        ("e", "de"),
        ("en", "de"),
        ("sch", "de"),
        ("sch", "fr"),
        (" de", "fr"),
        ("的", "zh-cn"),
        ("的", "ja"),
        ("ие ", "ru"),
    ],
)
def test_the_table_holds_log_probabilities_by_the_formula_of_the_library(ngram, label):
    loaded = profiles()
    (row,) = loaded.index.find(np.array([key_of(ngram)]))
    column = loaded.labels.index(label)
    steps = loaded.table.above[[row]].toarray()[0, column]
    assert loaded.table.floor[column] + steps * loaded.table.step == pytest.approx(
        log_probability(ngram, label), abs=1e-4
    )


def test_labels_are_those_that_the_library_ships_in_order():
    names = sorted(path.name for path in FOLDER.iterdir() if not path.name.startswith("."))
    assert list(profiles().labels) == names


def test_an_ngram_that_no_profile_has_has_no_row():
    assert profiles().index.find(np.array([key_of("qq\u0f40")])).tolist() == [-1]


def test_a_share_is_that_among_the_ngrams_of_its_length(tmp_path):
    path = tmp_path / "xx"
    path.write_text(json.dumps({"freq": {"a": 3, "ab": 2, "abc": 1}, "n_words": [6, 8, 4]}))
    keys, shares = _read_profile(path)
    assert dict(zip(keys.tolist(), shares.tolist(), strict=True)) == {
        key_of("a"): 0.5,
        key_of("ab"): 0.25,
        key_of("abc"): 0.25,
    }


def test_letters_are_read_as_the_library_reads_them():
    normal = letter_rules().normal
    differing = [point for point in range(0x10000) if ord(NGram.normalize(chr(point))) != normal[point]]
    assert differing == []


@pytest.mark.parametrize(
    ("letter", "upper"), [("A", True), ("a", False), ("É", True), ("Ж", True), ("1", False), ("한", False)]
)
def test_capitals_are_known_by_what_stands_for_them(letter, upper):
    assert letter_rules().upper[ord(letter)] == upper


def test_the_table_reaches_past_the_last_capital():
    assert not any(chr(point).isupper() for point in range(TABLE_SIZE, 0x110000))


@pytest.mark.parametrize("text", ["e\u0302\u0301 a\u0300", "plain", ""])
def test_vietnamese_letters_and_marks_are_composed_as_the_library_does(text):
    assert composed(text) == NGram.normalize_vi(text)
