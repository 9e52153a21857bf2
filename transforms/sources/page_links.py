"""Where a page's feeds are: what it names as such in its head, and the links in it that look like feeds."""

import re
from collections.abc import Iterator

from transforms.markup.limits import MAX_HTML_BYTES, TooDeep, TooLarge
from transforms.markup.tree import Node, parse
from transforms.sources.feed_document import FeedLink
from transforms.sources.feed_links import absolute_link
from transforms.sources.prepass import decode_html

# Plain application/json is not among them: widely used site software names its programming interface so.
FEED_TYPES = frozenset(
    {
        *("application/rss+xml", "application/atom+xml", "application/rdf+xml", "application/feed+json"),
        *("application/rss", "application/atom", "application/x-rss+xml", "application/x.atom+xml", "text/rss"),
    }
)
MAX_LINKS = 100  # a page may name a feed for each of its stories
_MAX_TITLE_CHARS = 200
_LIKE_A_FEED = re.compile(r"(?:^|[^a-z])(?:rss|atom|rdf|feeds?|jsonfeed)(?:[0-9]{0,2})(?:[^a-z]|$)", re.IGNORECASE)


def feed_links(payload: bytes, uri: str) -> list[FeedLink]:
    """Return the feeds that an HTML page names, then the links that look like feeds, each address once.

    Args:
        payload: the page; one past the limits of pages has no links.
        uri: where it came from, which relative links are resolved against unless it has a `base`.
    """
    try:
        root = parse(decode_html(payload).text) if len(payload) <= MAX_HTML_BYTES else None
    except (TooLarge, TooDeep):
        return []
    if root is None:
        return []
    base = absolute_link(_attribute(root.css_first("base[href]"), "href"), uri) or uri
    found: dict[str, FeedLink] = {}
    for link in (*_named(root, base), *_hinted(root, base)):
        found.setdefault(link.url, link)
    return list(found.values())[:MAX_LINKS]


def _named(root: Node, base: str) -> Iterator[FeedLink]:
    for node in root.css('link[rel~="alternate" i][href], link[rel~="feed" i][href]'):
        stated = _attribute(node, "type").partition(";")[0].strip().lower()
        is_feed = stated in FEED_TYPES or "feed" in _attribute(node, "rel").lower().split()
        url = absolute_link(_attribute(node, "href"), base)
        if is_feed and url:
            yield FeedLink(url, _line(_attribute(node, "title")), named=True)


def _hinted(root: Node, base: str) -> Iterator[FeedLink]:
    for node in root.css("a[href]"):
        href, text = _attribute(node, "href"), _line(node.text(deep=True, separator=" "))
        path = href.partition("#")[0].partition("://")[2].partition("/")[2] if "://" in href else href.partition("#")[0]
        # Of the path, not of the host: rss.example holds more than feeds.
        url = absolute_link(href, base) if path and (_LIKE_A_FEED.search(path) or _LIKE_A_FEED.search(text)) else None
        if url:
            yield FeedLink(url, text, named=False)


def _attribute(node: Node | None, name: str) -> str:
    return (node.attributes.get(name) or "").strip() if node is not None else ""


def _line(text: str | None) -> str:
    return " ".join((text or "").split())[:_MAX_TITLE_CHARS]
