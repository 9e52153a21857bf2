"""Feeds of our own in every format: the file in tests/golden/feeds and, beside it, what must be read from it."""

import json
from pathlib import Path
from typing import Any

import pytest

from transforms.markup.text import to_text
from transforms.sources.documents import read_document
from transforms.sources.feed_document import ParsedArticle, ParsedDocument
from transforms.sources.parser_child import parse
from transforms.sources.parser_process import ParserProcess

FOLDER = Path(__file__).resolve().parents[2] / "golden/feeds"
FEEDS = sorted(path for path in FOLDER.iterdir() if path.suffix != ".json")


def told(document: ParsedDocument) -> dict[str, Any]:
    """Return what the golden files say: all but the limits' details, texts as plain text."""
    return {
        "kind": document.kind,
        "charset": document.charset,
        "title": document.title,
        "feed": document.feed,
        "warning": document.warning,
        "articles": [_told_of(article) for article in document.articles],
        "faults": [{"place": fault.place, "reason": fault.reason.value} for fault in document.faults],
    }


def _told_of(article: ParsedArticle) -> dict[str, Any]:
    fields: dict[str, Any] = {name: getattr(article, name) for name in article.__slots__}
    fields["text"] = to_text(article.text) if article.markup and article.text else article.text
    fields["authors"], fields["categories"] = list(article.authors), list(article.categories)
    fields["extra"] = dict(article.extra)
    return {name: value for name, value in fields.items() if value}


@pytest.mark.parametrize("path", FEEDS, ids=lambda path: path.name)
def test_a_feed_is_read_as_its_golden_file_says(path: Path) -> None:
    expected = json.loads((FOLDER / f"{path.stem}.json").read_text(encoding="utf-8"))
    assert told(parse("feed", path.read_bytes(), f"saved/{path.name}")) == expected


def test_every_golden_file_has_its_feed() -> None:
    assert {path.stem for path in FOLDER.glob("*.json")} == {path.stem for path in FEEDS}


@pytest.mark.parametrize("path", FEEDS, ids=lambda path: path.name)
def test_every_entry_and_fault_is_counted_once(path: Path, parser: ParserProcess) -> None:
    expected = json.loads((FOLDER / f"{path.stem}.json").read_text(encoding="utf-8"))
    articles, rejects = read_document(path.read_bytes(), path.name, "rss", parser)
    places = [f"{path.name}#entry={one['place']}" for one in expected["articles"]]
    refused = [path.name + (f"#entry={one['place']}" if one["place"] else "") for one in expected["faults"]]
    assert [article.source_uri for article in articles] == places
    assert [reject.source_uri for reject in rejects] == refused
    assert len({article.raw_sha256 for article in articles}) == len(articles)
