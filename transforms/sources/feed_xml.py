"""The seam of feedparser: RSS, RDF and Atom bytes to a parsed document; one broken entry costs only itself.

feedparser gets bytes in a stream only (a string may open files and addresses), after the pre-pass, and
neither sanitises nor resolves links inside content: what is kept of content is plain text.
"""

import io
import re
import xml.sax
from dataclasses import dataclass
from typing import Any

import feedparser

from schemas.reasons import Reason
from schemas.records import SourceKind
from transforms.sources.feed_document import (
    MAX_FEED_BYTES,
    MAX_ITEMS,
    Fault,
    ParsedArticle,
    ParsedDocument,
    refused,
    within_limits,
)
from transforms.sources.feed_entries import article_of_entry, distinct_ids, feed_identity
from transforms.sources.prepass import clean_xml, decode_xml, too_deep

# What feedparser lets through on damaged input: 15 places in its code, all of these kinds.
_FEEDPARSER_ERRORS = (
    ArithmeticError,
    AssertionError,
    AttributeError,
    LookupError,
    RecursionError,
    TypeError,
    ValueError,
    xml.sax.SAXException,
)
_HEADERS = {"content-type": "application/xml; charset=utf-8"}
_ENTRY_START = re.compile(r"<(?:[\w.-]+:)?(?:item|entry)(?=[\s/>])", re.IGNORECASE)
_ENTRY_END = re.compile(r"</(?:[\w.-]+:)?(?:item|entry)\s*>", re.IGNORECASE)
# feedparser takes these for the entry's content when a description came before; they are no more than fallbacks.
_LESSER_TEXT = re.compile(r"<(/?)(?:media:description|itunes:summary)(?:\s[^<>]*+)?>", re.IGNORECASE)
_PAGE = re.compile(r"<(?:!doctype\s+html|html[\s>]|head[\s>]|body[\s>])", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class _Piece:
    """One entry's place and source text."""

    place: int
    source: str


def parse_feed(payload: bytes, uri: str) -> ParsedDocument:
    """Parse a feed in XML; every failure is a fault in the document returned, none is raised."""
    if len(payload) > MAX_FEED_BYTES:
        return refused("rss", Reason.TOO_LARGE, f"{len(payload)} bytes of feed; at most {MAX_FEED_BYTES} are read")
    decoded = decode_xml(payload)
    kind = _kind_of_root(decoded.text)
    text = _LESSER_TEXT.sub(r"<\1newsfold_blurb>", clean_xml(decoded.text))
    entries = sum(1 for _ in _ENTRY_START.finditer(text))
    if entries > MAX_ITEMS:
        return refused(kind, Reason.TOO_LARGE, f"{entries} entries; at most {MAX_ITEMS} are read")
    if too_deep(text):
        return refused(kind, Reason.TOO_DEEP, "elements nest deeper than 100")
    try:
        found = _feedparser(text)
    except _FEEDPARSER_ERRORS as error:
        return _piece_by_piece(text, uri, decoded.charset, type(error).__name__)
    if not found.get("version") and not found["entries"]:
        return refused(kind, Reason.NOT_A_FEED, _what_it_is(decoded.text))
    return _document(found, uri, decoded.charset)


def _feedparser(text: str) -> Any:
    stream = io.BytesIO(text.encode("utf-8", "replace"))
    return feedparser.parse(stream, response_headers=_HEADERS, resolve_relative_uris=False, sanitize_html=False)


def _document(found: Any, uri: str, charset: str) -> ParsedDocument:
    kind = _kind_of_version(found.get("version") or "")
    articles: list[ParsedArticle] = []
    faults: list[Fault] = []
    for place, entry in enumerate(found["entries"], 1):
        try:
            articles.append(article_of_entry(entry, found["feed"], kind, place, uri))
        except _FEEDPARSER_ERRORS as error:
            faults.append(Fault(place, Reason.BROKEN_RECORD, f"entry {place}: {type(error).__name__}", repr(entry)))
    kept, over = within_limits(distinct_ids(articles))
    identity, title = feed_identity(found["feed"], uri)
    damage = type(found["bozo_exception"]).__name__ if found.get("bozo") else None
    return ParsedDocument(kind, charset, title, identity, damage, kept, (*faults, *over))


def _piece_by_piece(text: str, uri: str, charset: str, error: str) -> ParsedDocument:
    """Read every entry alone in the feed's own frame, so that what breaks one leaves the others whole."""
    head, pieces = _pieces(text)
    kind = _kind_of_root(text)
    frame = _frame(head)
    articles: list[ParsedArticle] = []
    faults: list[Fault] = []
    identity, title = None, None
    for piece in pieces:
        try:
            found = _feedparser(head + piece.source + frame)
            entry = found["entries"][0]
            kind = _kind_of_version(found.get("version") or "")
            identity, title = feed_identity(found["feed"], uri)
            articles.append(article_of_entry(entry, found["feed"], kind, piece.place, uri))
        except _FEEDPARSER_ERRORS as broken:
            detail = f"entry {piece.place}: {type(broken).__name__}"
            faults.append(Fault(piece.place, Reason.BROKEN_RECORD, detail, piece.source))
    if not articles and not faults:
        return refused(kind, Reason.BROKEN_RECORD, f"the feed does not parse: {error}")
    kept, over = within_limits(distinct_ids(articles))
    return ParsedDocument(kind, charset, title, identity, error, kept, (*faults, *over))


def _pieces(text: str) -> tuple[str, list[_Piece]]:
    """Return what stands before the first entry, and every entry's own source."""
    starts = [found.start() for found in _ENTRY_START.finditer(text)]
    if not starts:
        return text, []
    ends = [*starts[1:], len(text)]
    sources = [_cut(text[start:end]) for start, end in zip(starts, ends, strict=True)]
    return text[: starts[0]], [_Piece(place, source) for place, source in enumerate(sources, 1)]


def _cut(source: str) -> str:
    end = None
    for found in _ENTRY_END.finditer(source):
        end = found.end()
    return source if end is None else source[:end]


def _frame(head: str) -> str:
    """Return the end tags that the elements open in `head` need."""
    names = [name for name in ("channel", "rss", "rdf:RDF", "feed") if re.search(rf"<{name}[\s>]", head)]
    if "channel" in names and "</channel>" in head:
        names.remove("channel")
    return "".join(f"</{name}>" for name in names)


def _kind_of_version(version: str) -> SourceKind:
    if version.startswith("atom"):
        return "atom"
    return "rdf" if version in {"rss10", "rss090"} else "rss"


def _kind_of_root(text: str) -> SourceKind:
    head = text[:4096].lower()
    if "<feed" in head:
        return "atom"
    return "rdf" if "<rdf:rdf" in head else "rss"


def _what_it_is(text: str) -> str:
    if not text.strip():
        return "the document is empty"
    if _PAGE.search(text[:4096]):
        return "an HTML page stands where a feed was expected"
    return "no feed: neither a known root element nor entries"
