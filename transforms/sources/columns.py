"""Which column of a table, or key of a JSON record, holds what: names that archives use, and the user's mapping."""

import difflib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from schemas.errors import UsageError

# Each name as `_plain` leaves it (lower case, letters and digits only), the best first: where a record has
# several, the first that holds something wins and the others are kept as extra fields.
NAMES: Mapping[str, tuple[str, ...]] = {
    "id": (
        *("id", "guid", "articleid", "newsid", "storyid", "itemid", "docid", "documentid", "uuid", "uid"),
        *("identifier", "newid"),
    ),
    "url": (
        *("url", "link", "articleurl", "articlelink", "newsurl", "pageurl", "weburl", "permalink", "href"),
        *("sourceurl", "originalurl", "requestedurl", "uri"),
    ),
    "canonical_url": ("canonicalurl", "canonicallink", "canonical", "relcanonical"),
    "title": ("title", "headline", "heading", "articletitle", "newstitle", "articleheadline", "pagetitle", "subject"),
    "text": (
        *("text", "body", "content", "fulltext", "articletext", "articlebody", "articlecontent", "bodytext"),
        *("maintext", "maincontent", "newstext", "newscontent", "storytext", "textcontent", "contenttext"),
        *("cleanedtext", "plaintext", "rawtext", "contents", "article", "story", "document"),
    ),
    "html": ("contenthtml", "bodyhtml", "texthtml", "articlehtml", "html"),
    "summary": (
        *("summary", "description", "abstract", "excerpt", "snippet", "teaser", "lead", "lede", "leadparagraph"),
        *("standfirst", "shortdescription", "metadescription"),
    ),
    "published": (
        *("published", "publishedat", "publishdate", "publisheddate", "datepublished", "datepublish", "pubdate"),
        *("publicationdate", "publishedon", "publishedtime", "publishtime", "publicationtime", "firstpublished"),
        *("date", "articledate", "newsdate", "datetime", "posted", "postedat", "timestamp", "time", "issued"),
        *("createdat", "created", "datecreated", "creationdate"),
    ),
    "updated": (
        *("updated", "updatedat", "dateupdated", "updateddate", "modified", "modifiedat", "datemodified"),
        *("datemodify", "modifieddate", "lastmodified", "lastupdated", "lastupdate", "updatetime"),
    ),
    "authors": (
        *("authors", "author", "byline", "creator", "dccreator", "authorname", "authornames", "writer", "writers"),
        *("journalist", "reporter"),
    ),
    "source": (
        *("source", "sourcename", "site", "sitename", "outlet", "publisher", "publication", "newspaper", "website"),
        *("domain", "sourcedomain", "newssource", "media", "provider", "hostname", "host"),
    ),
    "language": ("language", "lang", "languagecode", "langcode", "inlanguage", "locale"),
    "categories": (
        *("categories", "category", "tags", "tag", "keywords", "keyword", "section", "sections", "topics", "topic"),
    ),
}
TARGETS = tuple(NAMES)
_BY_NAME = {name: (target, rank) for target, names in NAMES.items() for rank, name in enumerate(names)}
_NOT_PLAIN = re.compile(r"[^0-9a-z]+")
_READABLE = ("text", "html", "summary", "title")
_SHOWN_COLUMNS, _SHOWN_CHARS = 30, 40


@dataclass(frozen=True, slots=True)
class Layout:
    """For each target the columns that may hold it, the best first; `columns` are all of them, sorted."""

    candidates: Mapping[str, tuple[str, ...]]
    columns: tuple[str, ...]

    @property
    def readable(self) -> bool:
        """Whether any column can hold a text or a title."""
        return any(self.candidates.get(target) for target in _READABLE)


def check_mapping(mapping: Mapping[str, str]) -> None:
    """Raise UsageError where a target is none of ours, or a column stands for two of them."""
    for target in mapping:
        if target not in NAMES:
            nearest = difflib.get_close_matches(target, TARGETS, n=1, cutoff=0.0)[0]
            raise UsageError(
                f"--map {target}={mapping[target]}: there is no field {target!r}; did you mean {nearest!r}? "
                f"Fields are {', '.join(TARGETS)}."
            )
    columns = list(mapping.values())
    for column in columns:
        if columns.count(column) > 1:
            raise UsageError(f"--map: the column {column!r} is given to two fields; give it to one.")


def layout_of(columns: tuple[str, ...], mapping: Mapping[str, str]) -> Layout:
    """Return what the columns of a table mean under the user's mapping; remembered per set of columns."""
    return _layout(columns, tuple(mapping.items()))


@lru_cache(maxsize=512)
def _layout(columns: tuple[str, ...], mapping: tuple[tuple[str, str], ...]) -> Layout:
    # Remembered, for the records of one archive have few sets of keys, and this is asked for each of them.
    ranked: dict[str, list[tuple[int, str]]] = {}
    given = {column: target for target, column in mapping}
    # What the user named comes before any name that is recognised, also where that would hold more.
    for column in columns:
        target, rank = (given[column], -1) if column in given else _BY_NAME.get(_plain(column), ("", 0))
        if target:
            ranked.setdefault(target, []).append((rank, column))
    candidates = {target: tuple(column for _, column in sorted(found)) for target, found in ranked.items()}
    return Layout(candidates, tuple(sorted(columns)))


def meaning(columns: tuple[str, ...], mapping: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    """Return (column, target) in the order of the columns; the target is "extra" for a name that says nothing."""
    layout = layout_of(columns, mapping)
    targets = {column: target for target, found in layout.candidates.items() for column in found}
    return tuple((column, targets.get(column, "extra")) for column in columns)


def unreadable_table(uri: str, columns: tuple[str, ...]) -> UsageError:
    """Return the error for a table with neither text nor title: what was found, and the nearest --map."""
    shown = ", ".join(_short(column) for column in columns[:_SHOWN_COLUMNS]) or "none"
    more = f" and {len(columns) - _SHOWN_COLUMNS} more" if len(columns) > _SHOWN_COLUMNS else ""
    return UsageError(
        f"{uri}: no column holds a text or a title; columns found: {shown}{more}. Name one with {_nearest(columns)}"
    )


def _nearest(columns: tuple[str, ...]) -> str:
    scored = [
        (difflib.SequenceMatcher(None, _plain(column), name).ratio(), target, column)
        for column in columns[:_SHOWN_COLUMNS]
        for target in ("text", "title")
        for name in NAMES[target]
    ]
    # 0.6 is difflib's own idea of a close match.
    score, target, column = max(scored, default=(0.0, "text", ""))
    return f"--map {target}={_short(column)}" if score >= 0.6 else "--map text=COLUMN"


def _plain(name: str) -> str:
    return _NOT_PLAIN.sub("", name.lower())


def _short(name: str) -> str:
    return name if len(name) <= _SHOWN_CHARS else name[: _SHOWN_CHARS - 1] + "…"
