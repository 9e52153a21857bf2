"""The marked texts are what their format says, and a slip in one is named."""

import importlib.util
import sys
from pathlib import Path

import pytest

_SPEC = importlib.util.spec_from_file_location("gold", Path(__file__).parents[2] / "knowledge" / "gold.py")
assert _SPEC is not None
assert _SPEC.loader is not None
gold = importlib.util.module_from_spec(_SPEC)
sys.modules["gold"] = gold
_SPEC.loader.exec_module(gold)

GOOD = "# en-001 local\n[[L Leeds]] opens pool\n\n[[P Ann Lee]] swam in [[L Leeds]] on Monday.\n"


def written(tmp_path, text):
    path = tmp_path / "en.txt"
    path.write_text(text, "utf-8")
    return path


def test_marks_become_offsets_in_title_and_text(tmp_path):
    (document,) = gold.read(written(tmp_path, GOOD))
    assert (document.title, document.text) == ("Leeds opens pool", "Ann Lee swam in Leeds on Monday.")
    assert [(document.whole[m.start : m.end], m.type) for m in document.mentions] == [
        ("Leeds", "place"),
        ("Ann Lee", "person"),
        ("Leeds", "place"),
    ]
    assert not document.kept


@pytest.mark.parametrize(
    "text",
    [
        GOOD.replace("local", "gossip"),
        GOOD.replace("en-001", "en-1"),
        GOOD.replace("en-001", "fr-001"),
        GOOD.replace("[[P Ann", "[[Q Ann"),
        GOOD.replace("\n\n", "\n"),
    ],
)
def test_what_is_not_in_the_format_is_refused(tmp_path, text):
    with pytest.raises(ValueError, match=r"en\.txt"):
        list(gold.read(written(tmp_path, text)))


def test_slips_are_told(tmp_path):
    text = GOOD + GOOD.replace("in [[L Leeds]]", "in Leeds")
    told = list(gold.doubts(list(gold.read(written(tmp_path, text)))))
    assert told == [
        "en-001: the number is given 2 times",
        "en-001: only 2 names",
        "en-001: 'Leeds' stands unmarked too",
    ]


FILES = sorted(gold.FOLDER.glob("*.txt"))


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_our_texts_hold_to_the_format(path):
    documents = list(gold.read(path))
    assert list(gold.doubts(documents)) == []
    assert sum(document.kept for document in documents) >= len(documents) // 10
