"""What a page says about itself: title, authors, dates, addresses, language, in the order of trust."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from urllib.parse import urljoin, urlsplit

from transforms.markup.jsonld import LinkedArticle, read_linked_article
from transforms.markup.tree import Node

_PUBLISHED = (
    "article:published_time",
    "og:article:published_time",
    "og:published_time",
    "datepublished",
    "date.published",
    "parsely-pub-date",
    "sailthru.date",
    "dc.date.issued",
    "dcterms.created",
    "dcterms.date",
    "dc.date",
    "pubdate",
    "publishdate",
    "publish-date",
    "publication_date",
    "cxenseparse:recs:publishtime",
    "date",
)
_UPDATED = ("article:modified_time", "og:updated_time", "datemodified", "last-modified", "lastmod", "dcterms.modified")
_AUTHORS = ("author", "article:author", "parsely-author", "sailthru.author", "dc.creator", "dcterms.creator", "byl")
_TITLES = ("og:title", "twitter:title", "parsely-title", "dc.title")
_KEYWORDS = ("article:section", "article:tag", "news_keywords", "keywords")
_BYLINE = '[itemprop="author"] [itemprop="name"], [itemprop="author"], [rel="author"], .byline .author, .author-name'
_MIN_HEADLINE = 12  # characters; shorter ones name a section
_PREFIX = re.compile(r"^(?:by|von|par|por|di|door|av|af|od|przez|oleh|text:?)\s+", re.IGNORECASE)
_TITLE_JOINTS = re.compile(r"\s+(?:[|–—·•»«:-]|::)\s+")  # noqa: RUF001  dashes of page titles


@dataclass(frozen=True, slots=True)
class Metadata:
    """What was found; strings as found, trimmed, missing ones None."""

    title: str | None = None
    headline: str | None = None  # as the page shows it, where that is the title in other words
    authors: tuple[str, ...] = ()
    published: str | None = None
    published_source: str | None = None  # json-ld, meta or time
    updated: str | None = None
    canonical_link: str | None = None
    language: str | None = None
    site_name: str | None = None
    categories: tuple[str, ...] = ()
    body: str | None = None  # articleBody of JSON-LD, where the page carries it


def read_metadata(root: Node) -> Metadata:
    """Return what the page under `root` says about itself."""
    linked = read_linked_article([_inner(node) for node in root.css('script[type*="ld+json"]')])
    meta = _meta(root)
    site = _first(meta, ("og:site_name", "application-name")) or linked.publisher
    canonical = _canonical(root, meta, linked)
    published, published_source = _published(root, meta, linked)
    headings = [text for node in root.css("h1") if (text := _line(node.text(deep=True, separator=" ")))]
    title = _title(root, headings, meta, linked, _site_names(site, linked.publisher, canonical))
    return Metadata(
        title=title,
        headline=next((heading for heading in headings if _same_headline(heading, title)), None),
        authors=_authors(root, meta, linked),
        published=published,
        published_source=published_source,
        updated=linked.updated or _first(meta, _UPDATED),
        canonical_link=canonical,
        language=_language(root, meta, linked),
        site_name=site,
        categories=linked.categories or _keywords(meta),
        body=linked.body,
    )


def _site_names(site: str | None, publisher: str | None, canonical: str | None) -> tuple[str, ...]:
    host = (urlsplit(canonical).hostname or "").removeprefix("www.") if canonical else ""
    names = (site, publisher, host, host.rpartition(".")[0])
    return tuple(name for name in names if name and _bare(name))


def _inner(node: Node) -> str:
    return node.text(deep=True) or ""


def _line(text: str | None) -> str | None:
    return " ".join(text.split()) or None if text else None


def _meta(root: Node) -> dict[str, list[str]]:
    """Return the contents of meta elements by lower-case property, name, itemprop or http-equiv."""
    found: dict[str, list[str]] = {}
    for node in root.css("meta[content]"):
        attributes = node.attributes
        content = _line(attributes.get("content"))
        for kind in ("property", "name", "itemprop", "http-equiv"):
            name = attributes.get(kind)
            if name and content:
                found.setdefault(name.lower(), []).append(content)
    return found


def _first(meta: dict[str, list[str]], names: Iterable[str]) -> str | None:
    return next((meta[name][0] for name in names if name in meta), None)


def _title(
    root: Node, headings: list[str], meta: dict[str, list[str]], linked: LinkedArticle, sites: tuple[str, ...]
) -> str | None:
    """Return the title as the metadata name it, in the wording of the headline shown where that is the same one."""
    shown = _line(_text_of(root.css_first("head title") or root.css_first("title")))
    named = _line(linked.headline) or _first(meta, _TITLES) or shown
    for heading in headings:
        if named and _same_headline(heading, named):
            return without_site(min(heading, named, key=len), sites)
    if linked.headline is None and len(headings) == 1 and len(headings[0]) >= _MIN_HEADLINE:
        return without_site(headings[0], sites)
    return without_site(named, sites) if named else next(iter(headings), None)


def _same_headline(heading: str, title: str | None) -> bool:
    if title is None or len(heading) < _MIN_HEADLINE:
        return False
    return _bare(heading) in _bare(title) or _bare(title) in _bare(heading)


def _text_of(node: Node | None) -> str | None:
    return node.text(deep=True) if node is not None else None


def without_site(title: str, sites: Iterable[str]) -> str:
    """Return `title` without the site's name or host, and what follows it, behind a dash or bar."""
    names = {_bare(site) for site in sites}
    position = 0
    for joint in _TITLE_JOINTS.finditer(title):
        if position and _bare(title[position : joint.start()]) in names:
            return title[: _joint_before(title, position)].rstrip()
        position = joint.end()
    if position and _bare(title[position:]) in names:
        return title[: _joint_before(title, position)].rstrip()
    return title


def _joint_before(title: str, position: int) -> int:
    return max(joint.start() for joint in _TITLE_JOINTS.finditer(title) if joint.end() <= position)


def _bare(name: str) -> str:
    return "".join(letter for letter in name.casefold() if letter.isalnum())


def _authors(root: Node, meta: dict[str, list[str]], linked: LinkedArticle) -> tuple[str, ...]:
    found = list(linked.authors) or [name for key in _AUTHORS for name in meta.get(key, []) if "://" not in name]
    if not found:
        found = [text for node in root.css(_BYLINE)[:5] if (text := _line(node.text(deep=True, separator=" ")))]
    names = (_PREFIX.sub("", name).strip(" ,;") for name in found)
    return tuple(dict.fromkeys(name for name in names if 1 < len(name) <= 100))


def _published(root: Node, meta: dict[str, list[str]], linked: LinkedArticle) -> tuple[str | None, str | None]:
    if linked.published:
        return linked.published, "json-ld"
    found = _first(meta, _PUBLISHED)
    if found:
        return found, "meta"
    found = next(_times(root), None)
    return (found, "time") if found else (None, None)


def _times(root: Node) -> Iterator[str]:
    for query in ('time[itemprop="datePublished"]', '[itemprop="datePublished"]', "time[pubdate]", "time[datetime]"):
        for node in root.css(query):
            value = node.attributes.get("datetime") or node.attributes.get("content")
            if value and any(letter.isdigit() for letter in value):
                yield value.strip()


def _canonical(root: Node, meta: dict[str, list[str]], linked: LinkedArticle) -> str | None:
    """Return the page's own address: absolute http(s), rel=canonical first."""
    base = _first(meta, ("og:url",)) or linked.url or ""
    node = root.css_first('link[rel~="canonical"]')
    stated = (node.attributes.get("href") or "") if node is not None else ""
    for candidate in (stated, base, linked.url):
        if candidate and (absolute := _absolute(base, candidate)):
            return absolute
    return None


def _absolute(base: str, link: str) -> str | None:
    try:
        joined = urljoin(base, link.strip())
        parts = urlsplit(joined)
    except ValueError:
        return None
    return joined if parts.scheme in {"http", "https"} and parts.hostname else None


def _language(root: Node, meta: dict[str, list[str]], linked: LinkedArticle) -> str | None:
    stated = root.attributes.get("lang") or root.attributes.get("xml:lang")
    return _line(stated) or linked.language or _first(meta, ("content-language", "dc.language", "og:locale"))


def _keywords(meta: dict[str, list[str]]) -> tuple[str, ...]:
    words = (word.strip() for name in _KEYWORDS for entry in meta.get(name, []) for word in entry.split(","))
    return tuple(dict.fromkeys(word for word in words if word))
