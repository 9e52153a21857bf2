"""Where on a page the article stands, and which blocks in it are not the article."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from transforms.markup.layout import Layout
from transforms.markup.tree import Node, walk

_DROPPED = frozenset(
    {"script", "style", "template", "noscript", "nav", "aside", "footer", "form", "head", "title", "iframe", "object"}
    | {"svg", "button", "select", "textarea", "figure", "figcaption", "video", "audio", "canvas", "dialog", "menu"}
)
_MARKED = ('[itemprop~="articleBody"]', '[property~="articleBody"]')
_SEMANTIC = ("article", "main", '[role="main"]')
# Words of class names and ids that name what stands around an article, as most sites write them.
_AROUND = re.compile(
    r"(?:^|[\s_-])(?:share|sharing|social|related|recommend\w*|newsletter|subscri\w+|promo\w*|advert\w*|ads?|sponsor\w*"
    r"|comments?|disqus|breadcrumbs?|sidebar|footer|navigation|nav|menu|cookie\w*|consent|tags?|taglist|byline|author-?(?:bio|box|info)"
    r"|teaser|more-?(?:on|from|stories)|read-?more|most-?(?:read|popular)|trending|popular|outbrain|taboola|paywall|login"
    r"|signup|sign-up|caption|credit|copyright|toolbar|popup|modal|banner|hidden|visually-hidden|sr-only|pagination|pager"
    r"|print-only|noprint|rating|meta|metadata|timestamp|dateline|gallery|carousel|slideshow)(?:$|[\s_-])",
    re.IGNORECASE,
)
_HIDDEN_STYLE = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_MIN_MAIN_CHARS = 200


@dataclass(slots=True)
class _Weight:
    """Letters in paragraphs directly below a node, and one level further down."""

    node: Node
    letters: float = 0.0


def main_text(root: Node) -> str:
    """Return the article's text, or all of the body's where no part of the page stands out."""
    body = root.css_first("body") or root
    best = ""
    for top in _candidates(body):
        text = _lay_out(top)
        if len(text) >= _MIN_MAIN_CHARS:
            return text
        best = max(best, text, key=len)
    return best or _lay_out(body)


def _candidates(body: Node) -> Iterator[Node]:
    """Yield where the article may stand, the likeliest first."""
    for query in _MARKED:
        marked = body.css(query)
        if marked:
            yield max(marked, key=_paragraph_letters)
    densest = _densest(body)
    for query in _SEMANTIC:
        found = body.css(query)
        if not found:
            continue
        top = max(found, key=_paragraph_letters)
        if densest is None or _paragraph_letters(top) >= 0.5 * _paragraph_letters(densest):
            yield top
    if densest is not None:
        yield densest
    yield body


def _own_letters(paragraph: Node) -> int:
    """Count what reads as prose: letters outside links."""
    linked = sum(len(link.text(deep=True)) for link in paragraph.css("a"))
    return max(0, len(paragraph.text(deep=True)) - linked)


def _paragraph_letters(node: Node) -> int:
    return sum(_own_letters(paragraph) for paragraph in node.css("p"))


def _densest(body: Node) -> Node | None:
    """Return the node that most prose stands in, a parent counting whole and a grandparent half."""
    weights: dict[int, _Weight] = {}
    for paragraph in body.css("p"):
        letters = _own_letters(paragraph)
        node, share = paragraph.parent, 1.0
        while node is not None and share > 0.2 and letters >= 20:
            weights.setdefault(node.mem_id, _Weight(node)).letters += letters * share
            node, share = node.parent, share / 2
    if not weights:
        return None
    return max(weights.values(), key=lambda weight: weight.letters).node


def _lay_out(top: Node) -> str:
    layout = Layout()
    hidden_below: Node | None = None
    for event, node in walk(top, _DROPPED):
        if hidden_below is not None:
            if event == "close" and node.mem_id == hidden_below.mem_id:
                hidden_below = None
            continue
        if event == "open" and node.mem_id != top.mem_id and _is_around(node):
            hidden_below = node
            continue
        layout.take(event, node)
    return layout.text()


def _is_around(node: Node) -> bool:
    attributes = node.attributes
    if "hidden" in attributes or _HIDDEN_STYLE.search(attributes.get("style") or ""):
        return True
    named = f"{attributes.get('class') or ''} {attributes.get('id') or ''}"
    return len(named) > 1 and _AROUND.search(named) is not None
