"""What a page says about itself in JSON-LD: the article object, read without trusting its shape."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from html import unescape
from typing import Any

_MAX_DEPTH = 100  # nested containers; beyond it a script is ignored
_MAX_NODES = 10_000
_ARTICLE_TYPES = ("newsarticle", "reportagenewsarticle", "liveblogposting", "blogposting", "article")


@dataclass(frozen=True, slots=True)
class LinkedArticle:
    """The article of a JSON-LD script; strings as found, missing ones None."""

    headline: str | None = None
    authors: tuple[str, ...] = ()
    published: str | None = None
    updated: str | None = None
    url: str | None = None
    body: str | None = None
    language: str | None = None
    publisher: str | None = None
    categories: tuple[str, ...] = ()


def read_linked_article(scripts: list[str]) -> LinkedArticle:
    """Return the best article object of the given script texts; an empty one where there is none."""
    articles = [node for script in scripts for node in _nodes(_load(script)) if _rank(node) < len(_ARTICLE_TYPES)]
    if not articles:
        return LinkedArticle()
    node = min(articles, key=lambda node: (_headline(node) is None, _rank(node)))
    return LinkedArticle(
        headline=_headline(node),
        authors=tuple(dict.fromkeys(_names(node.get("author")))),
        published=_string(node.get("datePublished")) or _string(node.get("dateCreated")),
        updated=_string(node.get("dateModified")),
        url=_address(node.get("mainEntityOfPage")) or _address(node.get("url")),
        body=_string(node.get("articleBody")),
        language=_string(node.get("inLanguage")),
        publisher=next(_names(node.get("publisher")), None),
        categories=tuple(dict.fromkeys([*_words(node.get("articleSection")), *_words(node.get("keywords"))])),
    )


def _load(script: str) -> Any:
    """Return the parsed script, or None: pages put comments, raw line breaks and worse in there."""
    text = script.strip().removeprefix("<!--").removesuffix("-->").removeprefix("//<![CDATA[").removesuffix("//]]>")
    if text.count("[") + text.count("{") > _MAX_NODES:
        return None
    try:
        return json.loads(text.strip().rstrip(";"), strict=False, parse_int=str, parse_float=str)
    except (ValueError, RecursionError):
        return None


def _nodes(top: Any) -> Iterator[dict[str, Any]]:
    """Yield every object in `top`, outer ones first."""
    waiting = [(top, 0)]
    while waiting:
        value, depth = waiting.pop(0)
        if depth > _MAX_DEPTH:
            continue
        if isinstance(value, dict):
            yield value
            waiting += [(inner, depth + 1) for inner in value.values() if isinstance(inner, dict | list)]
        elif isinstance(value, list):
            waiting += [(inner, depth + 1) for inner in value if isinstance(inner, dict | list)]


def _rank(node: dict[str, Any]) -> int:
    kinds = node.get("@type")
    names = [kind.lower() for kind in (kinds if isinstance(kinds, list) else [kinds]) if isinstance(kind, str)]
    ranks = [_ARTICLE_TYPES.index(name) for name in names if name in _ARTICLE_TYPES]
    if any(name.endswith("newsarticle") for name in names):
        ranks.append(0)
    return min(ranks, default=len(_ARTICLE_TYPES))


def _headline(node: dict[str, Any]) -> str | None:
    return _string(node.get("headline")) or _string(node.get("name"))


def _string(value: Any) -> str | None:
    if isinstance(value, list) and value:
        value = value[0]
    if not isinstance(value, str):
        return None
    return unescape(value).strip() or None


def _address(value: Any) -> str | None:
    if isinstance(value, dict):
        value = value.get("@id") or value.get("url")
    found = _string(value)
    return found if found and found.lower().startswith(("http://", "https://")) else None


def _names(value: Any) -> Iterator[str]:
    for one in value if isinstance(value, list) else [value]:
        named = one.get("name") if isinstance(one, dict) else one
        for name in named if isinstance(named, list) else [named]:
            found = _string(name)
            if found and not found.lower().startswith(("http://", "https://")):
                yield found


def _words(value: Any) -> list[str]:
    parts = value if isinstance(value, list) else value.split(",") if isinstance(value, str) else []
    return [word for part in parts if (word := _string(part))]
