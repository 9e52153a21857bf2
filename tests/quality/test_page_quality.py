"""Quality gate: how much of our own golden pages is read right, never below the floors in floors.json."""

import json
from collections import Counter
from pathlib import Path
from statistics import fmean

import pytest

from transforms.markup.page import Page, read_page

TESTS = Path(__file__).resolve().parents[1]
FLOORS = json.loads((TESTS / "quality/floors.json").read_text(encoding="utf-8"))["pages"]
PAGES = sorted((TESTS / "golden/pages").glob("*.html"))


def text_f1(found: str, expected: str) -> float:
    """Return the F1 of two bags of tokens: words, or letters where a script writes no spaces."""
    one, other = _tokens(found), _tokens(expected)
    shared = (one & other).total()
    return 2 * shared / (one.total() + other.total()) if shared else 0.0


def _tokens(text: str) -> Counter[str]:
    spaced = "".join(f" {letter} " if "\u3040" <= letter <= "\u9fff" else letter for letter in text)
    return Counter(spaced.split())


@pytest.fixture(scope="module")
def read() -> list[tuple[Page, dict[str, str]]]:
    return [
        (
            read_page(path.read_text(encoding="utf-8")),
            json.loads(path.with_suffix(".json").read_text(encoding="utf-8")),
        )
        for path in PAGES
    ]


def test_the_measure_is_one_for_equal_and_zero_for_other_texts() -> None:
    assert text_f1("a b b 大桥", "b a b 大 桥") == 1
    assert text_f1("a b", "c d") == text_f1("", "c") == 0
    assert text_f1("a b", "a b c d") == pytest.approx(2 / 3)


def test_texts_are_whole_and_clean(read: list[tuple[Page, dict[str, str]]]) -> None:
    scores = {expected["title"]: text_f1(page.text, expected["text"]) for page, expected in read}
    assert fmean(scores.values()) >= FLOORS["text_f1_mean"], scores
    assert min(scores.values()) >= FLOORS["text_f1_worst"], scores


def test_titles_and_dates_are_right(read: list[tuple[Page, dict[str, str]]]) -> None:
    titles = fmean(page.title == expected["title"] for page, expected in read)
    dates = fmean(page.published == expected["published"] for page, expected in read)
    assert titles >= FLOORS["titles"]
    assert dates >= FLOORS["dates"]


def test_no_date_and_no_author_is_invented(read: list[tuple[Page, dict[str, str]]]) -> None:
    undated = [page for page, expected in read if expected["published"] is None]
    unsigned = [page for page, expected in read if not expected["authors"]]
    assert undated
    assert not any(page.published for page in undated)
    assert not any(page.authors for page in unsigned)
