"""docs/formats.md lists every column name that is recognised, and the limits as they are."""

import re
from pathlib import Path

from schemas.records import MAX_TEXT_CHARS
from transforms.markup.limits import MAX_HTML_BYTES, MAX_NESTING
from transforms.normalize.article import MAX_TITLE_CHARS
from transforms.sources.columns import NAMES
from transforms.sources.feed_document import MAX_FEED_BYTES, MAX_ITEMS
from transforms.sources.opening import MAX_RECORD_BYTES

PAGE = (Path(__file__).resolve().parents[2] / "docs/formats.md").read_text(encoding="utf-8")
MEGABYTE = 1024 * 1024


def test_every_recognised_name_is_listed_in_its_order() -> None:
    section = PAGE.split("## JSON lines")[1].split("## ")[0]
    rows = re.findall(r"^\| `(\w+)` \| [^|]+ \| ([a-z0-9 ]+) \|$", section, re.MULTILINE)
    assert {field: tuple(names.split()) for field, names in rows} == dict(NAMES)


def test_limits_are_told_as_they_are() -> None:
    told = dict(re.findall(r"^\| ([^|]+) \| ([^|]+) \|$", PAGE.split("## Limits")[1].split("## ")[0], re.MULTILINE))
    assert told["one record (a line, a row, an element)"] == f"{MAX_RECORD_BYTES // MEGABYTE} MB"
    assert told["a text"] == f"{MAX_TEXT_CHARS:,} characters"
    assert told["a title"].startswith(f"{MAX_TITLE_CHARS:,} characters")
    assert told["an HTML page or fragment"] == f"{MAX_HTML_BYTES // MEGABYTE} MB, {MAX_NESTING} elements deep"
    assert told["a feed"].startswith(f"{MAX_FEED_BYTES // MEGABYTE} MB decoded")
    assert f"{MAX_ITEMS:,} entries" in told["a feed"]
