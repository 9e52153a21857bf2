"""Which items a user means who names some, by address, id or source, for them to be forgotten."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from schemas.errors import UsageError
from schemas.tables import STORY_TABLES
from transforms.lake.layout import Lake
from transforms.lake.read import scan
from transforms.normalize.identity import item_key
from transforms.normalize.urls import canonical_url, names_a_page

_IDS = ("article_id", "item_key", "item_id")
_ADDRESSES = ("url", "canonical_url")
_SHOWN = 4  # ids in a message


@dataclass(frozen=True, slots=True)
class Named:
    """Items that were named, stored or not, with all their versions."""

    items: frozenset[str]  # item keys
    addresses: frozenset[str] = frozenset()  # as they were named, those of pages


def items_named(lake: Lake, names: Sequence[str], source: str | None = None) -> Named:
    """Return the items of these names and of a source.

    A name is an address, an article_id, an item_key or the input's own id, whole. An address means all items there; one
    of a page may not be stored, and is to be kept from coming.

    Raises:
        UsageError: nothing has the name, or an id fits several items.
    """
    items: set[str] = set()
    rows = list(_rows(lake, _asked(names)))
    for name in names:
        items |= _stored_at(rows, name) or _with_id(rows, name) or _elsewhere(lake, name)
    if source is not None:
        items |= _of_source(lake, source)
    return Named(frozenset(items), frozenset(page for name in names if (page := page_address(name))))


def page_address(url: str | None) -> str | None:
    """Return the canonical spelling of an address that names a page, None for any other."""
    canonical = canonical_url(url) if url else None
    return canonical if canonical and names_a_page(canonical) else None


def _asked(names: Sequence[str]) -> pa.Array:
    return pa.array(sorted({*names, *filter(None, map(canonical_url, names))}), pa.string())


def _rows(lake: Lake, asked: pa.Array) -> Iterator[Mapping[str, Any]]:
    """Yield the stories that have one of the names in any column."""
    for table in STORY_TABLES:
        for batch in scan(lake, table, [*_IDS, *_ADDRESSES]):
            found = [pc.is_in(column, asked) for column in batch.columns]
            mask = found[0]
            for one in found[1:]:
                mask = pc.or_(mask, one)
            yield from batch.filter(mask).to_pylist()


def _stored_at(rows: Sequence[Mapping[str, Any]], name: str) -> set[str]:
    # A page is one item, whoever lists it. What names no page, such as the front page of a site, many items may give.
    spellings = {name, canonical_url(name)}
    found = {row["item_key"] for row in rows if spellings & {row[column] for column in _ADDRESSES} - {None}}
    if len(found) > 1 and not page_address(name):
        raise UsageError(f"{name} names no page, and {len(found)} items give it as theirs; name them by article_id")
    return found


def _with_id(rows: Sequence[Mapping[str, Any]], name: str) -> set[str]:
    # Ids of inputs are each input's own: two may have an item called 17.
    found = {row["item_key"]: row["article_id"] for row in rows if name in (row[column] for column in _IDS)}
    if len(found) > 1:
        ids = ", ".join(sorted(found.values())[:_SHOWN])
        raise UsageError(f"{name}: fits {len(found)} items; name one by its article_id: {ids}")
    return set(found)


def _elsewhere(lake: Lake, name: str) -> set[str]:
    """Return the item of a name that nothing stored has: forgotten already, or an address to be kept out."""
    # Named again, an item that is forgotten is found by its tombstone: kept documents are then searched once more.
    for batch in scan(lake, "forgotten", ["article_id", "item_key"]):
        for row in batch.to_pylist():
            if name in row.values():
                return {row["item_key"]}
    page = page_address(name)
    if page is None:
        raise UsageError(f"{name}: no stored item has this article_id, id or URL; newsfold query shows what is stored")
    return {item_key("", page)}


def _of_source(lake: Lake, source: str) -> set[str]:
    items: set[str] = set()
    for table in STORY_TABLES:
        for batch in scan(lake, table, ["item_key", "source"]):
            items.update(batch.filter(pc.equal(batch.column("source"), source)).column("item_key").to_pylist())
    if not items:
        raise UsageError(f"--source {source!r}: no stored item is of this source; names are matched letter by letter")
    return items
