"""News sitemaps: the pages a site has published in the last days, each with its title and date and no text.

The elements of Google's news extension are read by their local names. Every entry is parsed alone, in a frame of our
own, so that a broken one costs only itself. Pages without a title in the sitemap are no news and are passed over.
"""

import re
from collections.abc import Iterator
from itertools import pairwise
from xml.parsers import expat

from schemas.reasons import Reason
from transforms.sources.feed_document import (
    MAX_ITEMS,
    Fault,
    ParsedArticle,
    ParsedDocument,
    kept_text,
    refused,
    within_limits,
)
from transforms.sources.feed_entries import plain_line
from transforms.sources.feed_links import absolute_link
from transforms.sources.prepass import clean_xml, decode_xml, too_deep

_ROOT = re.compile(r"<(?:[\w.-]+:)?(urlset|sitemapindex)(?=[\s/>])", re.IGNORECASE)
_OTHER_ROOT = re.compile(r"<[A-Za-z_]")
# Which of the parsers reads a document is decided by its beginning: sniffing all of 15 MB would be a parse of its own.
_LOOKED_AT = 4096  # characters, after the declaration, comments and DOCTYPE are gone
_ENTRY = re.compile(r"<(?:[\w.-]+:)?url(?=[\s>])", re.IGNORECASE)
_ENTRY_END = re.compile(r"</(?:[\w.-]+:)?url\s*>", re.IGNORECASE)
_INDEXED = re.compile(r"<(?:[\w.-]+:)?loc>\s*([^\s<]{1,2048})\s*</", re.IGNORECASE)
_TITLE, _NAME, _LANGUAGE = "news/title", "news/publication/name", "news/publication/language"


class _Fields:
    """What expat calls while it reads one entry: the text of every element by its path of local names."""

    def __init__(self) -> None:
        self.path: list[str] = []
        self.texts: dict[str, list[str]] = {}

    def start(self, name: str, _attributes: dict[str, str]) -> None:
        """Go into an element."""
        self.path.append(name.rpartition(":")[2].lower())

    def end(self, _name: str) -> None:
        """Leave it."""
        self.path.pop()

    def text(self, piece: str) -> None:
        """Take in a piece of text."""
        self.texts.setdefault("/".join(self.path[1:]), []).append(piece)

    def of(self, path: str) -> str | None:
        """Return the text at a path, trimmed."""
        return "".join(self.texts.get(path, ())).strip() or None


def is_sitemap(payload: bytes) -> bool:
    """Return whether a document's first element is that of a sitemap or an index of them."""
    text = clean_xml(decode_xml(payload[: 4 * _LOOKED_AT]).text).partition("?>")[2]
    first = _OTHER_ROOT.search(text)
    return first is not None and _ROOT.match(text, first.start()) is not None


def parse_sitemap(payload: bytes, uri: str) -> ParsedDocument:
    """Parse a news sitemap; every failure is a fault in the document returned, none is raised."""
    decoded = decode_xml(payload)
    text = clean_xml(decoded.text)
    root = _ROOT.search(text)
    if root is None or root[1].lower() == "sitemapindex":
        named = _INDEXED.search(text)
        example = f", such as {named[1]}" if named else ""
        return refused("sitemap", Reason.NOT_A_FEED, f"an index of sitemaps: name the news sitemaps in it{example}")
    if too_deep(text):
        return refused("sitemap", Reason.TOO_DEEP, "elements nest deeper than 100")
    # Counted before any is parsed; a full sitemap has 50,000 pages, a news sitemap by its rules 1,000.
    entries = list(_entries(text))
    if len(entries) > MAX_ITEMS:
        return refused("sitemap", Reason.TOO_LARGE, f"{len(entries)} pages; at most {MAX_ITEMS} are read")
    return _document(entries, uri, decoded.charset)


def _document(entries: list[str], uri: str, charset: str) -> ParsedDocument:
    articles: list[ParsedArticle] = []
    faults: list[Fault] = []
    names: set[str] = set()
    for place, source in enumerate(entries, 1):
        try:
            fields = _fields(source)
        except expat.ExpatError as error:
            detail = f"entry {place}: {expat.ErrorString(error.code)}"
            faults.append(Fault(place, Reason.BROKEN_RECORD, detail, kept_text(source)))
            continue
        if fields.of(_TITLE):
            articles.append(_article(fields, place, uri))
            names.add(fields.of(_NAME) or "")
    if not articles and not faults:
        return refused("sitemap", Reason.NOT_A_FEED, "a sitemap without news: none of its pages has a title here")
    kept, over = within_limits(articles)
    # One publication is the site's name; several are sections or sister papers, and none of them speaks for all.
    named = names - {""}
    title = plain_line(named.pop(), markup=False) if len(named) == 1 else None
    return ParsedDocument("sitemap", charset, title, None, None, kept, (*faults, *over))


def _article(fields: _Fields, place: int, uri: str) -> ParsedArticle:
    words = (word.strip() for word in (fields.of("news/keywords") or "").split(","))
    published = fields.of("news/publication_date")
    return ParsedArticle(
        place=place,
        url=absolute_link(fields.of("loc"), uri),
        title=plain_line(fields.of(_TITLE), markup=False),
        text_kind="title",
        categories=tuple(dict.fromkeys(word for word in words if word)),
        published=published,
        published_source="entry" if published else None,
        updated=fields.of("lastmod"),
        language=fields.of(_LANGUAGE),
    )


def _fields(source: str) -> _Fields:
    fields = _Fields()
    # expat with handlers only: no tree is made, and entities were taken out with the DOCTYPE.
    parser = expat.ParserCreate()
    parser.StartElementHandler = fields.start
    parser.EndElementHandler = fields.end
    parser.CharacterDataHandler = fields.text
    parser.Parse(source.encode("utf-8", "replace"), True)  # noqa: FBT003  expat takes no names
    return fields


def _entries(text: str) -> Iterator[str]:
    """Yield every entry's own source, up to its end or, where that is missing, to the next entry."""
    starts = [found.start() for found in _ENTRY.finditer(text)]
    for start, end in pairwise([*starts, len(text)]):
        closed = _ENTRY_END.search(text, start, end)
        yield text[start : closed.end()] if closed else text[start:end]
