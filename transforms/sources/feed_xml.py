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
    MAX_ITEMS,
    MAX_TAGS,
    Fault,
    ParsedArticle,
    ParsedDocument,
    kept_text,
    refused,
    within_limits,
)
from transforms.sources.feed_entries import article_of_entry, distinct_ids, feed_identity
from transforms.sources.prepass import MAX_XML_NESTING, clean_xml, decode_xml, too_deep

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
_ENTRY_START = re.compile(
    r"<!\[CDATA\[.*?(?:\]\]>|\Z)|(?P<entry><(?:[\w.-]+:)?(?:item|entry)(?=[\s/>]))", re.IGNORECASE | re.DOTALL
)
_MAX_REPEATED_CHARS = 16_000_000  # of the feed's own part, when it frames each entry anew
_ENTRY_END = re.compile(r"</(?:[\w.-]+:)?(?:item|entry)\s*>", re.IGNORECASE)
# feedparser takes these for the entry's content when a description came before; they are no more than fallbacks.
_LESSER_TEXT = re.compile(r"<(/?)(?:media:description|itunes:summary)(?:\s[^<>]*+)?>", re.IGNORECASE)
_LESSER_IN_RSS = re.compile(r"<(/?)(?:media:description|(?:itunes:|atom:)?summary)(?:\s[^<>]*+)?>", re.IGNORECASE)
# feedparser looks for an address in these with a pattern of quadratic time, and each tag among all tags before it.
_LONG_NAME = re.compile(
    r"<(?:[\w.-]+:)?(?:author|creator|managingeditor|webmaster|publisher|owner|contributor|name|email)(?:\s[^<>]*+)?>"
    r"(?:\s|<!\[CDATA\[)*+[^<]{1000}",
    re.IGNORECASE,
)
_TAG_LIST = re.compile(r"<(?:[\w.-]+:)?(?:category|keywords|subject|tags)(?=[\s/>])", re.IGNORECASE)
_FEED = re.compile(r"<(?:[\w.-]+:)?(?:rss|rdf|feed|channel|item|entry)(?=[\s/>])", re.IGNORECASE)
_TITLE = re.compile(r"<title[\s>]", re.IGNORECASE)
_PAGE = re.compile(r"<(?:!doctype\s+html|html[\s>]|head[\s>]|body[\s>])", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class _Piece:
    """One entry's place and source text."""

    place: int
    source: str


def parse_feed(payload: bytes, uri: str) -> ParsedDocument:
    """Parse a feed in XML; every failure is a fault in the document returned, none is raised."""
    decoded = decode_xml(payload)
    kind = _kind_of_root(decoded.text)
    text, head, pieces = _prepared(decoded.text)
    refusal = _refusal(text, head, len(pieces))
    if refusal:
        return refused(kind, *refusal)
    return _read(text, head, pieces, uri, decoded.charset)


def entries_alone(payload: bytes) -> list[str]:
    """Return every entry as a feed of its own, in order; none where the feed's own part would be repeated too often."""
    _, head, pieces = _prepared(decode_xml(payload).text)
    repeated = len(pieces) * len(head) > _MAX_REPEATED_CHARS
    return [] if repeated else [head + piece.source + _frame(head) for piece in pieces]


def _prepared(decoded: str) -> tuple[str, str, list[_Piece]]:
    """Return the text that feedparser may see, what stands before the first entry, and the entries."""
    cleaned = clean_xml(decoded)
    lesser = _LESSER_TEXT if _kind_of_root(cleaned) == "atom" else _LESSER_IN_RSS
    text = lesser.sub(r"<\1newsfold_blurb>", cleaned)
    return (text, *_pieces(text))


def _read(text: str, head: str, pieces: list[_Piece], uri: str, charset: str) -> ParsedDocument:
    """Parse as a whole where that works, else entry by entry."""
    # Such an entry is refused alone; feedparser never sees it, and the rest of the feed is read.
    if any(_costly(piece.source) for piece in pieces):
        return _piece_by_piece(head, pieces, uri, charset, "TooLarge", None)
    try:
        found = _feedparser(text)
    except _FEEDPARSER_ERRORS as error:
        return _piece_by_piece(head, pieces, uri, charset, type(error).__name__, None)
    if not found.get("version") and not found["entries"]:
        return refused(_kind_of_root(text), Reason.NOT_A_FEED, _what_it_is(text))
    # What is open or misplaced in one entry changes what feedparser makes of the next, and may swallow it.
    whole = len(pieces) >= max(2, len(found["entries"])) and len(pieces) <= _MAX_REPEATED_CHARS // len(head)
    if found.get("bozo") and whole:
        # A feed whose title stands behind its entries has it in the whole document only.
        own = None if _TITLE.search(head) else found["feed"]
        return _piece_by_piece(head, pieces, uri, charset, _damage(found), own)
    return _document(found, uri, charset)


def _refusal(text: str, head: str, entries: int) -> tuple[Reason, str] | None:
    """Return why feedparser does not get to see this document at all."""
    if entries > MAX_ITEMS:
        return Reason.TOO_LARGE, f"{entries} entries; at most {MAX_ITEMS} are read"
    if not _FEED.search(text):
        return Reason.NOT_A_FEED, _what_it_is(text)
    if too_deep(text):
        return Reason.TOO_DEEP, f"elements nest deeper than {MAX_XML_NESTING}"
    problem = _costly(head)
    return (Reason.TOO_LARGE, f"in the feed's own part: {problem}") if problem else None


def _feedparser(text: str) -> Any:
    # In UTF-8 and told so by a header, which feedparser believes first: it need not guess, and its guessing is slow.
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
            faults.append(
                Fault(place, Reason.BROKEN_RECORD, f"entry {place}: {type(error).__name__}", kept_text(repr(entry)))
            )
    kept, over = within_limits(distinct_ids(articles))
    identity, title = feed_identity(found["feed"], uri)
    return ParsedDocument(kind, charset, title, identity, _damage(found), kept, (*faults, *over))


def _damage(found: Any) -> str | None:
    return type(found["bozo_exception"]).__name__ if found.get("bozo") else None


def _piece_by_piece(
    head: str, pieces: list[_Piece], uri: str, charset: str, damage: str | None, feed: Any
) -> ParsedDocument:
    """Read every entry alone in the feed's own frame, so that what breaks one leaves the others whole."""
    kind = _kind_of_root(head)
    frame = _frame(head)
    articles: list[ParsedArticle] = []
    faults: list[Fault] = []
    for piece in pieces:
        if problem := _costly(piece.source):
            faults.append(
                Fault(piece.place, Reason.TOO_LARGE, f"entry {piece.place}: {problem}", kept_text(piece.source))
            )
            continue
        try:
            found = _feedparser(head + piece.source + frame)
            entry = found["entries"][0]
            kind = _kind_of_version(found.get("version") or "")
            feed = feed or found["feed"]
            articles.append(article_of_entry(entry, feed, kind, piece.place, uri))
        except _FEEDPARSER_ERRORS as broken:
            detail = f"entry {piece.place}: {type(broken).__name__}"
            faults.append(Fault(piece.place, Reason.BROKEN_RECORD, detail, kept_text(piece.source)))
    if not articles and not faults:  # no entry was found at all
        return refused(kind, Reason.BROKEN_RECORD, f"the feed does not parse: {damage}")
    kept, over = within_limits(distinct_ids(articles))
    identity, title = feed_identity(feed or {}, uri)
    return ParsedDocument(kind, charset, title, identity, damage, kept, (*faults, *over))


def _costly(source: str) -> str | None:
    """Name what feedparser would take more than linear time for, None where nothing is."""
    if _LONG_NAME.search(source):
        return "name is longer than 1000 characters"
    tags = sum(1 for _ in _TAG_LIST.finditer(source))
    return f"{tags} categories, at most {MAX_TAGS}" if tags > MAX_TAGS else None


def _pieces(text: str) -> tuple[str, list[_Piece]]:
    """Return what stands before the first entry, and every entry's own source."""
    starts = [found.start() for found in _ENTRY_START.finditer(text) if found["entry"]]
    if not starts:
        return text, []
    ends = [*starts[1:], len(text)]
    sources = [_cut(text[start:end]) for start, end in zip(starts, ends, strict=True)]
    return text[: starts[0]], [_Piece(place, source) for place, source in enumerate(sources, 1)]


def _cut(source: str) -> str:
    # Up to the last end tag: an entry may hold one of another in a CDATA section, and what follows belongs to the feed.
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
    if not text.partition("?>")[2].strip():
        return "the document is empty"
    if _PAGE.search(text[:4096]):
        return "an HTML page stands where a feed was expected"
    return "no feed: neither a known root element nor entries"
