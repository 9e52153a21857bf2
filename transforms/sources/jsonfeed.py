"""JSON Feed 1.0 and 1.1 (jsonfeed.org), read by hand: feedparser knows no JSON."""

import json
import re
from typing import Any

from schemas.reasons import Reason
from schemas.records import TextKind
from transforms.sources.feed_document import (
    MAX_ITEMS,
    Fault,
    ParsedArticle,
    ParsedDocument,
    kept_text,
    refused,
    within_limits,
)
from transforms.sources.feed_entries import distinct_ids, plain_line
from transforms.sources.feed_links import absolute_link
from transforms.sources.prepass import decode_xml
from transforms.sources.redaction import redacted

_MAX_NESTING = 100
# The address of the standard is what tells a feed from any other JSON with `items`.
_VERSIONS = ("https://jsonfeed.org/version/", "http://jsonfeed.org/version/")
_BARE_VERSIONS = {"1", "1.0", "1.1"}  # some programs write the number where the standard has an address
_STRING_OR_BRACKET = re.compile(r"\"(?:[^\"\\]++|\\.)*+\"?|[\[\]{}]", re.DOTALL)


def parse_json_feed(payload: bytes, uri: str) -> ParsedDocument:
    """Parse a JSON Feed; every failure is a fault in the document returned, none is raised."""
    # Before it is parsed: Python's reader goes down a level of its stack for each bracket.
    decoded = decode_xml(payload)
    if _too_deep(decoded.text):
        return refused("jsonfeed", Reason.TOO_DEEP, f"JSON nests deeper than {_MAX_NESTING}")
    try:
        # Numbers as written: an id of thirty digits is not rounded, and none of 5,000 costs quadratic time.
        feed = json.loads(decoded.text, parse_int=str, parse_float=str)
    except ValueError as error:
        return refused("jsonfeed", Reason.NOT_A_FEED, f"no JSON: {error}")
    problem = _not_a_feed(feed)
    if problem:
        return refused("jsonfeed", Reason.NOT_A_FEED, problem)
    if len(feed["items"]) > MAX_ITEMS:
        return refused("jsonfeed", Reason.TOO_LARGE, f"{len(feed['items'])} items; at most {MAX_ITEMS} are read")
    return _document(feed, uri, decoded.charset)


def _not_a_feed(feed: Any) -> str | None:
    if not isinstance(feed, dict) or not isinstance(feed.get("items"), list):
        return "JSON, but no feed: an object with a list of items is needed"
    version = str(feed.get("version", ""))
    if not version.startswith(_VERSIONS) and version not in _BARE_VERSIONS:
        return "JSON without the version of a JSON Feed"
    return None


def _too_deep(text: str) -> bool:
    depth = 0
    for found in _STRING_OR_BRACKET.finditer(text):
        if found[0] in "[{":
            depth += 1
        elif found[0] in "]}":
            depth -= 1
        if depth > _MAX_NESTING:
            return True
    return False


def _document(feed: dict[str, Any], uri: str, charset: str) -> ParsedDocument:
    home = absolute_link(_string(feed.get("home_page_url")), uri)
    own = _string(feed.get("feed_url"))
    articles: list[ParsedArticle] = []
    faults: list[Fault] = []
    for place, item in enumerate(feed["items"], 1):
        if isinstance(item, dict):
            articles.append(_article(item, feed, place, (home, own, uri)))
        else:
            payload = json.dumps(item, ensure_ascii=False)
            faults.append(Fault(place, Reason.NOT_A_RECORD, f"item {place} is no object", kept_text(payload)))
    kept, over = within_limits(distinct_ids(articles))
    title = plain_line(_string(feed.get("title")), markup=False)
    identity = redacted(own) if own and absolute_link(own) else home or title
    return ParsedDocument("jsonfeed", charset, title, identity, None, kept, (*faults, *over))


def _article(item: dict[str, Any], feed: dict[str, Any], place: int, bases: tuple[str | None, ...]) -> ParsedArticle:
    text, markup, text_kind = _body(item)
    published = _string(item.get("date_published"))
    return ParsedArticle(
        place=place,
        item_id=_string(item.get("id")),
        url=absolute_link(_string(item.get("url")), *bases) or absolute_link(_string(item.get("id"))),
        title=plain_line(_string(item.get("title")), markup=False),
        text=text,
        markup=markup,
        text_kind=text_kind,
        authors=_authors(item) or _authors(feed),
        categories=tuple(dict.fromkeys(filter(None, map(_string, _list(item.get("tags")))))),
        published=published,
        published_source="entry" if published else None,
        updated=_string(item.get("date_modified")),
        language=_string(item.get("language")) or _string(feed.get("language")),
        extra=_extra(item, bases),
    )


def _string(value: Any) -> str | None:
    """Return a JSON string trimmed; numbers arrive as strings, since ids are kept as they are written."""
    return value.strip() or None if isinstance(value, str) else None


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _body(item: dict[str, Any]) -> tuple[str | None, bool, TextKind]:
    html, text, summary = (_string(item.get(name)) for name in ("content_html", "content_text", "summary"))
    if html:
        return html, True, "full"
    if text:
        return text, False, "full"
    return (summary, False, "summary") if summary else (None, False, "title")


def _authors(holder: dict[str, Any]) -> tuple[str, ...]:
    """Return the names of version 1.1's authors, else of version 1.0's author."""
    people = [person for person in [*_list(holder.get("authors")), holder.get("author")] if isinstance(person, dict)]
    return tuple(dict.fromkeys(name for person in people if (name := _string(person.get("name")))))


def _extra(item: dict[str, Any], bases: tuple[str | None, ...]) -> tuple[tuple[str, str], ...]:
    files = [
        {"url": url, "type": _string(one.get("mime_type")), "length": _length(one.get("size_in_bytes"))}
        for one in _list(item.get("attachments"))
        if isinstance(one, dict) and (url := absolute_link(_string(one.get("url")), *bases))
    ]
    external = absolute_link(_string(item.get("external_url")), *bases)
    pairs = [("enclosures", json.dumps(files, ensure_ascii=False, sort_keys=True))] if files else []
    return tuple([*pairs, ("external_url", external)] if external else pairs)


def _length(value: Any) -> int | None:
    return int(value) if isinstance(value, str) and value.isdecimal() and len(value) < 16 else None
