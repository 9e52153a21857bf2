"""What the parser process hands back: a document's articles and faults, before they get place and hash."""

import json
from dataclasses import asdict, dataclass, field, fields
from typing import Any, NamedTuple

from schemas.reasons import Reason
from schemas.records import SourceKind, TextKind

MAX_ITEMS = 2_000
MAX_TITLE_CHARS = 1_000
MAX_URL_CHARS = 2_048
MAX_TEXT_CHARS = 1_000_000
MAX_TAGS = 200
MAX_FEED_BYTES = 15 * 1024 * 1024  # decoded; a fetched body may have 5 MB before decompression


@dataclass(frozen=True, slots=True)
class ParsedArticle:
    """One entry or page as found; the fields mean what they mean in `schemas.records.RawArticle`."""

    place: int | None  # 1-based entry number; None for a page
    item_id: str | None = None
    url: str | None = None
    canonical_link: str | None = None
    title: str | None = None
    text: str | None = None
    markup: bool = False
    text_kind: TextKind = "full"
    authors: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    published: str | None = None
    published_source: str | None = None
    updated: str | None = None
    language: str | None = None
    extra: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Fault:
    """What could not become an article; without a place it is the whole document."""

    place: int | None
    reason: Reason
    detail: str
    payload: str | None = None  # the entry as far as it was read; None: the document's own bytes


@dataclass(frozen=True, slots=True)
class ParsedDocument:
    """All of one feed or page."""

    kind: SourceKind
    charset: str = "utf-8"
    title: str | None = None  # of the feed, or the page's site name
    feed: str | None = None  # what the guids are unique in: self link, site link or title
    warning: str | None = None  # the document is damaged, yet its entries were read
    articles: tuple[ParsedArticle, ...] = ()
    faults: tuple[Fault, ...] = field(default=())


class FeedLink(NamedTuple):
    """Where a page says or hints that a feed is."""

    url: str  # absolute
    title: str
    named: bool  # the page calls it its feed (link rel=alternate); else a link that looks like one


def refused(kind: SourceKind, reason: Reason, detail: str) -> ParsedDocument:
    """Return a document of which nothing could be read."""
    return ParsedDocument(kind=kind, faults=(Fault(None, reason, detail),))


def excess(article: ParsedArticle) -> str | None:
    """Name the limit that `article` exceeds, None where it exceeds none."""
    measured = (
        ("title", len(article.title or ""), MAX_TITLE_CHARS),
        ("url", len(article.url or ""), MAX_URL_CHARS),
        ("id", len(article.item_id or ""), MAX_URL_CHARS),
        ("text", len(article.text or ""), MAX_TEXT_CHARS),
        ("categories", len(article.categories), MAX_TAGS),
        ("authors", len(article.authors), MAX_TAGS),
    )
    return next((f"{name}: {size}, at most {limit}" for name, size, limit in measured if size > limit), None)


def within_limits(articles: list[ParsedArticle]) -> tuple[tuple[ParsedArticle, ...], tuple[Fault, ...]]:
    """Part articles from those that exceed a limit: these become faults, nothing is cut."""
    kept: list[ParsedArticle] = []
    faults: list[Fault] = []
    for article in articles:
        over = excess(article)
        if over is None:
            kept.append(article)
        else:
            payload = json.dumps(asdict(article), ensure_ascii=False, sort_keys=True)
            faults.append(Fault(article.place, Reason.TOO_LARGE, over, payload))
    return tuple(kept), tuple(faults)


def to_json(document: ParsedDocument) -> bytes:
    """Return `document` as JSON bytes, for the pipe; lone surrogates survive as escapes."""
    return json.dumps(asdict(document), ensure_ascii=True).encode("ascii")


def from_json(encoded: bytes) -> ParsedDocument:
    """Return the document that `to_json` wrote."""
    flat = json.loads(encoded)
    flat["articles"] = tuple(ParsedArticle(**_with_tuples(article)) for article in flat["articles"])
    flat["faults"] = tuple(Fault(**{**fault, "reason": Reason(fault["reason"])}) for fault in flat["faults"])
    return ParsedDocument(**{name.name: flat[name.name] for name in fields(ParsedDocument)})


def _with_tuples(article: dict[str, Any]) -> dict[str, Any]:
    """Return the fields with JSON's lists as the tuples they were."""
    pairs = tuple((name, value) for name, value in article["extra"])
    return {
        **article,
        "authors": tuple(article["authors"]),
        "categories": tuple(article["categories"]),
        "extra": pairs,
    }
