"""From an entry as feedparser gives it to an article: which element means what, and which guid can be trusted."""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any, NamedTuple

from schemas.records import SourceKind, TextKind
from transforms.markup.limits import looks_like_markup
from transforms.markup.text import to_text
from transforms.sources.feed_document import ParsedArticle
from transforms.sources.feed_links import absolute_link
from transforms.sources.redaction import redacted

Fields = Mapping[str, Any]  # feedparser's dictionary of an entry or a feed


class _Body(NamedTuple):
    """An entry's text, whether it is HTML, and how much of the story it is."""

    text: str | None
    markup: bool
    text_kind: TextKind


def article_of_entry(entry: Fields, feed: Fields, kind: SourceKind, place: int, uri: str) -> ParsedArticle:
    """Return one entry as an article; `uri` is where the feed came from, for links that are relative."""
    body = _body(entry)
    published, updated = _dates(entry)
    return ParsedArticle(
        place=place,
        item_id=_string(entry, "id"),
        url=_link(entry, feed, uri),
        title=_title(entry),
        text=body.text,
        markup=body.markup,
        text_kind=body.text_kind,
        authors=_authors(entry) or (_authors(feed) if kind == "atom" else ()),
        categories=_categories(entry),
        published=published,
        published_source="entry" if published else None,
        updated=updated,
        language=_language(entry, feed),
        extra=tuple(_extra(entry, feed, uri)),
    )


def feed_identity(feed: Fields, uri: str) -> tuple[str | None, str | None]:
    """Return what the feed's guids are unique in (its self link, else site link, else title), and its title."""
    title = plain_line(_string(feed, "title"), _is_html(feed, "title"))
    own = next((link.get("href") for link in _links(feed) if link.get("rel") == "self"), None)
    address = absolute_link(own, uri) or absolute_link(_string(feed, "link"), uri)
    return (_redacted_self(own, address) if address else title), title


def _redacted_self(own: str | None, address: str) -> str:
    # `absolute_link` drops a password; what was dropped still tells two feeds apart.
    return redacted(own) if own and "@" in own else redacted(address)


def distinct_ids(articles: list[ParsedArticle]) -> list[ParsedArticle]:
    """Return the articles with guids that identify."""
    return list(map(identifying(articles), articles))


def identifying(articles: Iterable[ParsedArticle]) -> Callable[[ParsedArticle], ParsedArticle]:
    """Return what gives an article of these a guid that identifies.

    Where all are equal none does, and twins get their link.
    """
    # Equal guids with one link are one entry listed twice, which Fold sees; with several links they identify nothing.
    links: dict[str | None, set[str]] = {}
    count = 0
    for article in articles:
        links.setdefault(article.item_id, set()).add(article.url or "")
        count += 1
    shared = {guid for guid, urls in links.items() if guid is not None and len(urls) > 1}
    if count > 2 and len(links) == 1 and shared:
        return lambda article: replace(article, item_id=None)
    return lambda article: (
        replace(article, item_id=f"{article.item_id} {article.url or ''}".strip())
        if article.item_id in shared
        else article
    )


def plain_line(text: str | None, markup: bool) -> str | None:
    """Return a title as one plain line after one unescape; `markup` says that the feed calls it HTML."""
    if text is None:
        return None
    plain = to_text(text) if markup or looks_like_markup(text) else text
    return " ".join(plain.split()) or None


def _string(fields: Fields, name: str) -> str | None:
    # feedparser's own lookup answers for other names (published for updated); what is asked here is what is meant.
    value = dict.get(fields, name) if isinstance(fields, dict) else None
    return value.strip() or None if isinstance(value, str) else None


def _detail(fields: Fields, name: str) -> Fields:
    found = fields.get(f"{name}_detail")
    return found if isinstance(found, Mapping) else {}


def _is_html(fields: Fields, name: str) -> bool:
    return str(_detail(fields, name).get("type", "")).endswith(("html", "xhtml+xml"))


def _links(fields: Fields) -> list[Fields]:
    found = fields.get("links")
    return [link for link in found if isinstance(link, Mapping)] if isinstance(found, list) else []


def _title(entry: Fields) -> str | None:
    return plain_line(_string(entry, "title"), _is_html(entry, "title"))


def _link(entry: Fields, feed: Fields, uri: str) -> str | None:
    """Return where the entry is read: a guid is a link only if it is an absolute http(s) address."""
    # feedparser gives a guid for the link where there is no link, also one that is no address.
    bases = _bases(feed, uri)
    guid = _string(entry, "id")
    stated = _string(entry, "link")
    if stated and (stated != guid or _has_link(entry, stated)):
        found = absolute_link(stated, *bases)
        if found:
            return found
    others = (link.get("href") for link in _links(entry) if link.get("rel", "alternate") == "alternate")
    candidates = (absolute_link(other, *bases) for other in others if isinstance(other, str))
    return next((found for found in candidates if found), None) or absolute_link(
        guid if entry.get("guidislink") else None
    )


def _bases(feed: Fields, uri: str) -> tuple[str | None, ...]:
    """Return what relative links are resolved against, in this order: the feed's site, itself, where it came from."""
    own = next((link.get("href") for link in _links(feed) if link.get("rel") == "self"), None)
    return (_string(feed, "link"), own, uri)


def _has_link(entry: Fields, address: str) -> bool:
    return any(link.get("href") == address for link in _links(entry))


def _body(entry: Fields) -> _Body:
    # The longest: Atom gives one text in several types, and some feeds a teaser beside the story.
    contents = [part for part in entry.get("content") or [] if isinstance(part, Mapping)]
    readable = [
        part for part in contents if str(part.get("type", "text/html")).startswith(("text", "application/xhtml"))
    ]
    best = max(readable, key=lambda part: len(part.get("value") or ""), default=None)
    summary = _string(entry, "summary")
    if best and (best.get("value") or "").strip():
        return _Body(best["value"], _called_html(best, best["value"]), "full")
    if summary:
        return _Body(summary, _is_html(entry, "summary") or looks_like_markup(summary), "summary")
    blurb = _string(entry, "newsfold_blurb")
    if blurb:
        return _Body(blurb, looks_like_markup(blurb), "summary")
    return _Body(text=None, markup=False, text_kind="title")


def _called_html(part: Fields, value: str) -> bool:
    return str(part.get("type", "")).endswith(("html", "xhtml+xml")) or looks_like_markup(value)


def _dates(entry: Fields) -> tuple[str | None, str | None]:
    """Return the raw published and updated dates; an entry that was only ever updated was published then."""
    published, updated = (_string(entry, name) for name in ("published", "updated"))
    created = _string(entry, "created")
    first = published or created or updated
    return first, updated


def _authors(fields: Fields) -> tuple[str, ...]:
    people = [person for person in fields.get("authors") or [] if isinstance(person, Mapping)]
    names = [plain_line(person.get("name") or person.get("email"), markup=False) for person in people]
    # feedparser takes the address out of "Name (mailto:address)" and leaves the rest.
    found = [kept for name in names if name and (kept := name.removesuffix("(mailto:").rstrip())]
    return tuple(dict.fromkeys(found or [name for name in [_string(fields, "author")] if name]))


def _categories(entry: Fields) -> tuple[str, ...]:
    tags = [tag for tag in entry.get("tags") or [] if isinstance(tag, Mapping)]
    words = (plain_line(tag.get("label") or tag.get("term"), markup=False) for tag in tags)
    return tuple(dict.fromkeys(word for word in words if word))


def _language(entry: Fields, feed: Fields) -> str | None:
    contents = [part for part in entry.get("content") or [] if isinstance(part, Mapping)]
    # From the nearest to the farthest: an entry in another language than its feed says so itself, if anything does.
    stated = [_string(entry, "language"), *(part.get("language") for part in contents)]
    stated += [_detail(entry, name).get("language") for name in ("summary", "title")]
    return next((one for one in stated if isinstance(one, str) and one), None) or _string(feed, "language")


def _extra(entry: Fields, feed: Fields, uri: str) -> Iterator[tuple[str, str]]:
    # Named by their addresses alone: what they hold (sound, film, pictures) is never fetched.
    enclosures = [_enclosure(link, feed, uri) for link in _links(entry) if link.get("rel") == "enclosure"]
    kept = [enclosure for enclosure in enclosures if enclosure]
    if kept:
        yield "enclosures", json.dumps(kept, ensure_ascii=False, sort_keys=True)
    comments = absolute_link(_string(entry, "comments"), *_bases(feed, uri))
    if comments:
        yield "comments", comments
    origin = entry.get("source")
    title = _string(origin, "title") if isinstance(origin, Mapping) else None
    if title:
        yield "origin", title


def _enclosure(link: Fields, feed: Fields, uri: str) -> dict[str, str | int | None] | None:
    url = absolute_link(link.get("href"), *_bases(feed, uri))
    if url is None:
        return None
    length = str(link.get("length") or "")
    return {
        "url": url,
        "type": link.get("type"),
        "length": int(length) if length.isdecimal() and len(length) < 16 else None,
    }
