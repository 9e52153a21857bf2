"""Pages of our own in many shapes: tests/golden/pages/NAME.html, and beside it what a reader would say is there."""

import json
from dataclasses import asdict
from pathlib import Path

import pytest

from transforms.markup.page import read_page

FOLDER = Path(__file__).resolve().parents[2] / "golden/pages"
PAGES = sorted(FOLDER.glob("*.html"))
FURNITURE = (
    *("Home", "Sport", "All rights reserved", "Read more", "I love this ferry", "cookies", "newsletter", "boletín"),
    *("分享", "版权所有", "Подпишитесь", "الجسر الذي", "Abonnement", "Photograph:", "enable scripts"),
)


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.stem)
def test_a_page_tells_what_its_golden_file_says(path: Path) -> None:
    expected = json.loads(path.with_suffix(".json").read_text(encoding="utf-8"))
    page = asdict(read_page(path.read_text(encoding="utf-8")))
    page |= {name: list(page[name]) for name in ("authors", "categories")}
    named = {name: value for name, value in expected.items() if name != "text"}
    assert {name: page[name] for name in named} == named


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.stem)
def test_the_text_has_every_paragraph_and_no_furniture(path: Path) -> None:
    expected = json.loads(path.with_suffix(".json").read_text(encoding="utf-8"))
    text = read_page(path.read_text(encoding="utf-8")).text
    assert [paragraph for paragraph in expected["text"].split("\n\n") if paragraph not in text] == []
    assert [word for word in FURNITURE if word in text] == []
    assert expected["title"] not in text


def test_every_page_has_its_golden_file() -> None:
    assert {path.stem for path in FOLDER.glob("*.json")} == {path.stem for path in PAGES}
    assert len(PAGES) >= 10
