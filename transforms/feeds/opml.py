"""OPML in and out. What comes in is from strangers: no DTD, no entities, no files, limits on size, depth and count."""

from collections.abc import Iterable
from itertools import groupby
from xml.parsers import expat
from xml.sax.saxutils import escape, quoteattr

from transforms.feeds.feed import Feed

MAX_OPML_BYTES = 5 * 1024 * 1024
MAX_OUTLINES = 10_000
MAX_DEPTH = 20
_MAX_TITLE_CHARS = 1_000


class OpmlError(ValueError):
    """The document is no OPML that we read; the message says why."""


class _Outlines:
    """What expat calls while it reads."""

    def __init__(self) -> None:
        self.feeds: list[Feed] = []
        self.count = 0
        self.open: list[str] = []  # the folder name of every element that is open, empty for those that are none
        self.root = ""

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """Take an element in."""
        self.root = self.root or name.lower()
        if self.root != "opml":
            raise OpmlError(f"the root element is {name[:40]}, not opml")
        if len(self.open) >= MAX_DEPTH + 2:  # opml and body stand around the outlines
            raise OpmlError(f"outlines nest deeper than {MAX_DEPTH}")
        self.open.append(self._outline(attributes) if name.lower() == "outline" else "")

    def end(self, _name: str) -> None:
        """Leave an element."""
        self.open.pop()

    def _outline(self, attributes: dict[str, str]) -> str:
        """Keep an outline that names a feed; return the name of one that is a folder."""
        self.count += 1
        if self.count > MAX_OUTLINES:
            raise OpmlError(f"more than {MAX_OUTLINES} outlines")
        found = {name.lower(): value.strip() for name, value in attributes.items()}
        title = (found.get("title") or found.get("text") or "")[:_MAX_TITLE_CHARS]
        if found.get("xmlurl"):
            self.feeds.append(Feed(found["xmlurl"], title=title, folder="/".join(filter(None, self.open))))
            return ""
        return title.replace("/", " ")


def read_opml(content: bytes) -> list[Feed]:
    """Return the feeds of an OPML document, in order; what their addresses are worth is for others to say.

    Included lists are never fetched, and no attribute can admit private addresses.

    Raises:
        OpmlError: too large, too deep, too many outlines, a DTD, or not OPML.
    """
    if len(content) > MAX_OPML_BYTES:
        raise OpmlError(f"more than {MAX_OPML_BYTES >> 20} MB")
    outlines = _Outlines()
    parser = expat.ParserCreate()
    parser.SetParamEntityParsing(expat.XML_PARAM_ENTITY_PARSING_NEVER)
    parser.StartDoctypeDeclHandler = _refuse_dtd  # before any entity of it is declared
    parser.StartElementHandler = outlines.start
    parser.EndElementHandler = outlines.end
    try:
        parser.Parse(content, True)  # noqa: FBT003  expat takes no names
    except expat.ExpatError as error:
        raise OpmlError(f"line {error.lineno}: {expat.ErrorString(error.code)}") from None
    except (LookupError, ValueError) as error:
        raise error if isinstance(error, OpmlError) else OpmlError("the encoding is unknown") from None
    return outlines.feeds


def write_opml(feeds: Iterable[Feed], title: str = "newsfold") -> str:
    """Return feeds as OPML 2.0, folder by folder. It holds the addresses as they are: it is the user's own file."""
    lines = ['<?xml version="1.0" encoding="UTF-8"?>', '<opml version="2.0">']
    lines += [f"<head><title>{escape(title)}</title></head>", "<body>"]
    for folder, inside in groupby(sorted(feeds, key=lambda feed: feed.folder), key=lambda feed: feed.folder):
        levels = folder.split("/") if folder else []
        lines += [f"<outline text={quoteattr(level)}>" for level in levels]
        lines += [_outline(feed) for feed in inside]
        lines += ["</outline>"] * len(levels)
    return "\n".join([*lines, "</body>", "</opml>", ""])


def _outline(feed: Feed) -> str:
    title = quoteattr(feed.title or feed.key)
    return f'<outline type="rss" text={title} title={title} xmlUrl={quoteattr(feed.url)}/>'


def _refuse_dtd(*_declaration: object) -> None:
    raise OpmlError("it has a DTD, which no list of feeds needs")
