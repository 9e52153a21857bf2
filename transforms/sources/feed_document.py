"""What the parser process hands back: a document's articles and faults, before they get place and hash."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import NamedTuple

from schemas.reasons import Reason
from schemas.records import MAX_TEXT_CHARS, SourceKind, TextKind
from schemas.rejects import MAX_PAYLOAD_BYTES

# Of a document: each entry costs time and staging of its own, and what stands with all of them is multiplied by this.
MAX_ITEMS = 2_000
MAX_TITLE_CHARS = 1_000
MAX_URL_CHARS = 2_048
MAX_TAGS = 200
# Of names and words the number is bounded, of letters this: a feed's own authors stand in each of its 2,000 entries.
MAX_NAMES_CHARS = 20_000
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


class Kept(NamedTuple):
    """What a reject keeps of something that may be long."""

    head: bytes  # at most 64 KB
    size: int  # bytes of all of it
    sha256: str  # of all of it, hex


@dataclass(frozen=True, slots=True)
class Fault:
    """What could not become an article; without a place it is the whole document."""

    place: int | None
    reason: Reason
    detail: str
    payload: Kept | None = None  # of the entry as far as it was read; None: the document's own bytes


@dataclass(frozen=True, slots=True)
class ParsedDocument:
    """All of one feed or page."""

    kind: SourceKind
    charset: str = "utf-8"
    title: str | None = None  # of the feed, or the page's site name
    feed: str | None = None  # what the guids are unique in: self link, site link or title
    warning: str | None = None  # the document is damaged, yet its entries were read
    articles: Sequence[ParsedArticle] = ()
    faults: Sequence[Fault] = ()


class FeedLink(NamedTuple):
    """Where a page says or hints that a feed is."""

    url: str  # absolute
    title: str
    named: bool  # the page calls it its feed (link rel=alternate); else a link that looks like one


def kept(source: bytes) -> Kept:
    """Return what a reject keeps of `source`."""
    return Kept(source[:MAX_PAYLOAD_BYTES], len(source), hashlib.sha256(source).hexdigest())


def kept_text(source: str) -> Kept:
    """Return what a reject keeps of an entry's text."""
    return kept(source.encode("utf-8", "surrogatepass"))


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
        ("names of authors", sum(map(len, article.authors)), MAX_NAMES_CHARS),
        ("language", len(article.language or ""), MAX_TITLE_CHARS),
        ("other fields", _other_chars(article), MAX_TEXT_CHARS),
    )
    return next((f"{name}: {size}, at most {limit}" for name, size, limit in measured if size > limit), None)


def _other_chars(article: ParsedArticle) -> int:
    dates = (article.published or "", article.updated or "")
    return sum(map(len, (*article.categories, *dates, *(value for pair in article.extra for value in pair))))


def within_limits(articles: list[ParsedArticle]) -> tuple[tuple[ParsedArticle, ...], tuple[Fault, ...]]:
    """Part articles from those that exceed a limit: these become faults, nothing is cut."""
    fitting: list[ParsedArticle] = []
    faults: list[Fault] = []
    for article in articles:
        over = excess(article)
        if over is None:
            fitting.append(article)
        else:
            payload = kept_text(json.dumps(asdict(article), ensure_ascii=False, sort_keys=True))
            faults.append(Fault(article.place, Reason.TOO_LARGE, over, payload))
    return tuple(fitting), tuple(faults)


def with_short_head(document: ParsedDocument) -> ParsedDocument:
    """Return a feed, refused where what stands with each of its 2,000 entries would make megabytes gigabytes."""
    measured = (("title", document.title, MAX_TITLE_CHARS), ("address", document.feed, MAX_URL_CHARS))
    over = [f"{name}: {len(value)}, at most {most}" for name, value, most in measured if value and len(value) > most]
    return refused(document.kind, Reason.TOO_LARGE, f"in the feed's own part: {over[0]}") if over else document
