"""What a takedown removes, what it must change, and what stays beside it; nothing is written here."""

import html
import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from schemas.tables import STORY_TABLES
from transforms.lake.intent import DataFile
from transforms.lake.layout import Lake
from transforms.lake.ledger import Erased
from transforms.lake.named import Named, page_address
from transforms.lake.read import files, scan, scan_file
from transforms.normalize.identity import copy_key

_STORY = ["article_id", "item_key", "family_id", "commit", "source", "source_uri", "url", "canonical_url"]
_TOLD = ["content_hash", "text_kind", "fetched_at"]
_REJECT = ["reject_id", "commit", "source_uri", "detail", "payload"]
_Story = tuple[str, Mapping[str, Any]]  # its table and its row
_ADDRESS = re.compile(rb"https?://[^\s\"'<>\\]+", re.IGNORECASE)
# What may stand in an address, and more often follows it: the end of a sentence or bracket, the next field of a row.
_AFTER = b".,;:!?)]}|*_~"
_NEXT_FIELD = re.compile(rb"[,;|]")


@dataclass(frozen=True, slots=True)
class Version:
    """One version of an item that is to stay forgotten, as a row of `forgotten`."""

    article_id: str | None
    item_key: str
    copy_key: str | None


@dataclass(frozen=True, slots=True)
class Doomed:
    """All that goes, and what knows of it."""

    items: frozenset[str] = frozenset()  # item keys: those that were named, and the same words from the same source
    versions: frozenset[Version] = frozenset()  # that no earlier takedown has forgotten
    articles: frozenset[str] = frozenset()  # article ids of the stories that go
    stories: tuple[DataFile, ...] = ()  # files that hold them, or what quotes them
    rejects: frozenset[str] = frozenset()  # reject ids
    samples: frozenset[str] = frozenset()  # of furniture, which are lines of theirs
    erased: tuple[Erased, ...] = ()
    copies: tuple[str, ...] = ()  # article ids of other items in the same families, which stay
    addresses: frozenset[str] = frozenset()  # canonical, of pages
    feeds: frozenset[str] = frozenset()  # addresses that answered with them

    def rows(self, table: str) -> int:
        """Return how many rows of a table go."""
        return sum(one.rows for one in self.erased if one.table == table)


def doom(lake: Lake, named: Named, source: str | None = None) -> Doomed:
    """Find out what goes with the items that were named; `source`: all that names it as its source goes too."""
    # First, for all else that goes is found by what these are, where they came from and what they say.
    items, stories = _with_twins(lake, named.items)
    gone = frozenset(row["article_id"] for _, row in stories)
    families = {row["family_id"] for _, row in stories}
    addresses = named.addresses | {
        page for _, row in stories for name in ("url", "canonical_url") if (page := page_address(row[name]))
    }
    # A place in a live feed is another item's the next time.
    places = {row["source_uri"] for _, row in stories if row["fetched_at"] is None}
    rejects = dict(_rejects(lake, places, addresses, source))
    erased = Counter((table, row["commit"]) for table, row in stories)
    erased.update(("rejects", commit) for commit in rejects.values())
    touched, copies = _touched(lake, gone, families)
    return Doomed(
        items=items,
        versions=frozenset(_versions(lake, items, [row for _, row in stories])),
        articles=gone,
        stories=tuple(touched),
        rejects=frozenset(rejects),
        samples=frozenset(_quoted(lake, gone, touched)),
        erased=tuple(Erased(*at, rows) for at, rows in sorted(erased.items())),
        copies=tuple(sorted(copies)),
        addresses=addresses,
        feeds=frozenset(row["source_uri"].partition("#")[0] for _, row in stories if row["fetched_at"] is not None),
    )


def _with_twins(lake: Lake, items: AbstractSet[str]) -> tuple[frozenset[str], list[_Story]]:
    """Return the items with those that say the same words for the same source, and all their versions."""
    # Again and again: a twin's other versions may say what yet another item says.
    while True:
        stories = list(_stories(lake, items))
        more = _saying_the_same(lake, [row for _, row in stories]) - items
        if not more:
            return frozenset(items), stories
        items = items | more


def _saying_the_same(lake: Lake, rows: Iterable[Mapping[str, Any]]) -> frozenset[str]:
    """Return the items of which a version has the words and the source of one of these versions."""
    # A headline alone, such as "Weather", says too little to tell an item by.
    copies = {(row["source"], row["content_hash"]) for row in rows if row["text_kind"] != "title"}
    hashes = pa.array(sorted({content for _, content in copies}), pa.string())
    items: set[str] = set()
    for table in STORY_TABLES:
        for batch in scan(lake, table, ["item_key", "source", "content_hash"]):
            alike = batch.filter(pc.is_in(batch.column("content_hash"), hashes)).to_pylist()
            items.update(row["item_key"] for row in alike if (row["source"], row["content_hash"]) in copies)
    return frozenset(items)


def _stories(lake: Lake, items: AbstractSet[str]) -> Iterator[_Story]:
    wanted = pa.array(sorted(items), pa.string())
    for table in STORY_TABLES:
        for batch in scan(lake, table, [*_STORY, *_TOLD]):
            found = batch.filter(pc.is_in(batch.column("item_key"), wanted))
            yield from ((table, row) for row in found.to_pylist())


def _versions(lake: Lake, items: AbstractSet[str], rows: Iterable[Mapping[str, Any]]) -> Iterator[Version]:
    known = {row["item_key"] for batch in scan(lake, "forgotten", ["item_key"]) for row in batch.to_pylist()}
    stored = set()
    for row in rows:
        stored.add(row["item_key"])
        copied = None if row["text_kind"] == "title" else copy_key(row["source"], row["content_hash"])
        yield Version(row["article_id"], row["item_key"], copied)
    yield from (Version(None, item, None) for item in items - stored - known)


# Files, not rows: only of those that hold a row that goes, or quote one, are all columns read later.
def _touched(lake: Lake, gone: AbstractSet[str], families: AbstractSet[str]) -> tuple[list[DataFile], set[str]]:
    """Return the files with stories that go, or that say how they differ from one; and what stays of the families."""
    going, near = pa.array(sorted(gone), pa.string()), pa.array(sorted(families), pa.string())
    touched: list[DataFile] = []
    copies: set[str] = set()
    for table in STORY_TABLES:
        columns = ["article_id", "family_id", *(["duplicate_of"] if table == "duplicates" else [])]
        for file in files(lake, table):
            named = False
            for batch in scan_file(lake, file, columns):
                goes = pc.is_in(batch.column("article_id"), going)
                kin = pc.and_not(pc.is_in(batch.column("family_id"), near), goes)
                copies.update(batch.column("article_id").filter(kin).to_pylist())
                refers = [pc.is_in(column, going) for column in batch.columns[2:]]
                named |= any(pc.any(mask).as_py() for mask in (goes, *refers))
            touched += [file] if named else []
    return touched, copies


def _quoted(lake: Lake, gone: AbstractSet[str], touched: Iterable[DataFile]) -> Iterator[str]:
    """Yield the samples of furniture that stand in a story that goes."""
    samples = {one for batch in scan(lake, "furniture", ["sample"]) for one in batch.column(0).to_pylist() if one}
    for file in touched if samples else ():
        for batch in scan_file(lake, file, ["article_id", "title", "text"]):
            for row in batch.filter(pc.is_in(batch.column(0), pa.array(sorted(gone), pa.string()))).to_pylist():
                told = f"{row['title']}\n{row['text']}"
                yield from (sample for sample in samples if sample in told)


def _rejects(
    lake: Lake, places: AbstractSet[str], addresses: AbstractSet[str], source: str | None
) -> Iterator[tuple[str, int]]:
    """Yield id and commit of the rejects that came from the same place, or hold an address or the source."""
    for batch in scan(lake, "rejects", _REJECT):
        for row in batch.to_pylist():
            payload = row["payload"] or b""
            told = b" ".join((payload, (row["detail"] or "").encode(), row["source_uri"].encode()))
            if row["source_uri"] in places or mentions(told, addresses) or _is_of(payload, source):
                yield row["reject_id"], row["commit"]


def mentions(told: bytes, addresses: AbstractSet[str]) -> bool:
    """Tell whether one of these canonical addresses stands in some bytes, however it is spelled there."""
    if not addresses:
        return False
    # JSON may escape a slash, and HTML an ampersand.
    found = (part for one in _ADDRESS.findall(told.replace(b"\\/", b"/")) for part in _readings(one))
    return any(page_address(html.unescape(one.decode("utf-8", "replace"))) in addresses for one in found)


def _readings(found: bytes) -> set[bytes]:
    """Return an address as it was found, and without what may only follow it."""
    return {found, found.rstrip(_AFTER), _NEXT_FIELD.split(found, maxsplit=1)[0].rstrip(_AFTER)}


def _is_of(payload: bytes, source: str | None) -> bool:
    """Tell whether a payload is a record that gives this source as a value of its own."""
    # As a whole value: the name of a paper stands in the text of many others.
    if source is None or not payload.lstrip().startswith(b"{"):
        return False
    try:
        record = json.loads(payload)
    except (ValueError, RecursionError):
        return False
    return source in record.values()
