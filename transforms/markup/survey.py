"""One walk over a page that measures every block: its prose, its links, and whether its name says it is furniture."""

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass

from transforms.markup.tree import Node, walk

DROPPED = frozenset(
    {"script", "style", "template", "noscript", "nav", "aside", "footer", "head", "title", "iframe", "object"}
    | {"svg", "button", "select", "textarea", "figure", "figcaption", "video", "audio", "canvas", "dialog", "menu"}
)
_INLINE = frozenset(
    {"a", "abbr", "acronym", "b", "bdi", "bdo", "big", "br", "cite", "code", "data", "del", "em", "font", "i", "img"}
    | {"ins", "kbd", "label", "mark", "q", "s", "samp", "small", "span", "strike", "strong", "sub", "sup", "time"}
    | {"tt", "u", "var", "wbr"}
)
_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_START, _END = r"(?:^|[\s_-])(?:", r")(?:$|[\s_-])"
# Readers' comments and consent dialogs are often longer than the article; their names are always believed.
_NEVER = re.compile(
    r"(?:^|\s)(?:comments?|comment-?list|comments?-(?:area|section|wrapper|container|box|block|thread|respond|form)"
    r"|(?:article|user|post|reader|readers|blog|story|view)-comments|disqus[\w-]*|cookie[\w-]*|onetrust[\w-]*|ot-[\w-]+"
    r"|gdpr[\w-]*|(?:[\w-]+-)?consent(?:-[\w-]+)?)(?:$|\s)",
    re.IGNORECASE,
)
# Class names and ids of what stands around an article. Sure ones are believed unless all prose is in them; for the
# others much prose is evidence to the contrary ("pagination-first", "paywall-content").
_SURE = re.compile(
    _START + r"comments?|disqus|cookie\w*|consent|gdpr|related\w*|recommend\w*|newsletter|sidebar|breadcrumbs?|footer"
    r"|navigation|nav|menu|outbrain|taboola|most-?(?:read|popular)|trending|popup|modal|sponsor\w*|advert\w*"
    r"|author-?(?:bio|box|info)|more-?(?:on|from|stories|news)|read-?(?:more|also|next)|see-?also|copyright" + _END,
    re.IGNORECASE,
)
_LIKELY = re.compile(
    _START + r"share|sharing|social|subscri\w+|promo\w*|ads?|tags?|taglist|byline|teasers?|popular|paywall|login|signup"
    r"|sign-up|caption|credits?|toolbar|banner|hidden|visually-hidden|sr-only|screen-reader\w*|pagination|pager|print-only"
    r"|noprint|rating|meta|metadata|timestamp|dateline|gallery|carousel|slideshow|widget|infobox|toc|links?" + _END,
    re.IGNORECASE,
)
_HIDDEN_STYLE = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
# Shares of the page's prose beyond which a name is not believed: by how sure it is (no name, likely, sure, never text,
# hidden). Where the first leave too little of the page, names are believed less.
_BELIEFS = ((0.0, 0.35, 0.9, math.inf, math.inf), (0.0, 0.1, 0.3, math.inf, math.inf), (0.0, 0.0, 0.0, 0.0, 0.0))
_NEVER_TEXT, _HIDDEN = 3, 4
_LEFT_AT_LEAST = 0.4  # of the prose outside what is never text
_SHORTEST = 60  # letters of prose that a page must have left
_MIN_PARAGRAPH = 25  # letters outside links; fewer are a label
_OUTWARD = (0.9, 0.5, 0.25)  # what of a paragraph's prose counts for its parent and beyond


@dataclass(slots=True)
class Block:
    """A block element and what was measured in it; counts are letters without white space runs."""

    node: Node
    parent: int | None  # mem_id of the enclosing block
    named: int = 0  # 0 no, 1 likely, 2 surely around the article, 3 never text, 4 hidden
    letters: int = 0  # directly in it, outside links
    all_letters: int = 0  # in it and below
    all_linked: int = 0  # of these inside links
    prose: int = 0  # of paragraphs in it and below that are not around the article
    score: float = 0.0
    around: bool = False


def survey(body: Node) -> dict[int, Block]:
    """Return the blocks of a page by mem_id, parents before children."""
    blocks = _measure(body)
    _sum_up(blocks)
    possible = _prose_left(blocks, (-1.0, -1.0, -1.0, math.inf, math.inf))
    for shares in _BELIEFS:
        if _prose_left(blocks, [share * possible for share in shares]) >= max(_SHORTEST, _LEFT_AT_LEAST * possible):
            break
    _score(blocks)
    return blocks


def _measure(body: Node) -> dict[int, Block]:
    blocks: dict[int, Block] = {body.mem_id: Block(body, None)}
    path = [body.mem_id]
    links = 0
    for event, node in walk(body, DROPPED):
        if event == "text":
            letters = len(" ".join((node.text_content or "").split()))
            block = blocks[path[-1]]
            block.all_letters += letters
            if links:
                block.all_linked += letters
            else:
                block.letters += letters
            continue
        tag = node.tag
        if tag == "a":
            links += 1 if event == "open" else -1
        elif tag not in _INLINE and node.mem_id != body.mem_id:
            if event == "open":
                blocks[node.mem_id] = Block(node, path[-1], _named(node))
                path.append(node.mem_id)
                if tag == "h1":
                    _trust(path, blocks)
            else:
                path.pop()
    return blocks


def _trust(path: list[int], blocks: dict[int, Block]) -> None:
    """Forget the names of all blocks around the headline ("content-with-sidebar"), unless they are hidden."""
    for block in (blocks[above] for above in path):
        block.named = block.named if block.named == _HIDDEN else 0


def _named(node: Node) -> int:
    attributes = node.attributes
    if "hidden" in attributes or _HIDDEN_STYLE.search(attributes.get("style") or ""):
        return _HIDDEN
    if node.tag == "form":
        return 2  # but old pages stand in one form as a whole
    name = f"{attributes.get('class') or ''} {attributes.get('id') or ''}"
    if len(name) == 1:
        return 0
    if _NEVER.search(name):
        return _NEVER_TEXT
    return 2 if _SURE.search(name) else 1 if _LIKELY.search(name) else 0


def _prose_of(block: Block) -> int:
    enough = block.letters >= _MIN_PARAGRAPH and block.node.tag not in _HEADINGS
    return block.letters if enough else 0


def _sum_up(blocks: dict[int, Block]) -> None:
    for block in reversed(blocks.values()):
        block.prose += _prose_of(block)
        if block.parent is not None:
            above = blocks[block.parent]
            above.all_letters += block.all_letters
            above.all_linked += block.all_linked
            above.prose += block.prose


def _prose_left(blocks: dict[int, Block], limits: Sequence[float]) -> int:
    """Mark what stands around the article and return the prose of the rest.

    A block's name is believed if no more prose than the limit of its kind is in it; what stands in such a block
    stands around the article too.
    """
    left = 0
    for block in blocks.values():
        inside = block.parent is not None and blocks[block.parent].around
        block.around = inside or (block.named > 0 and block.prose <= limits[block.named])
        left += 0 if block.around else _prose_of(block)
    return left


def _score(blocks: dict[int, Block]) -> None:
    for block in blocks.values():
        block.prose = 0
    for block in reversed(blocks.values()):
        own = 0 if block.around else _prose_of(block)
        block.prose += own
        if block.parent is not None:
            blocks[block.parent].prose += block.prose
        if own:
            _credit(block, own, blocks)


def _credit(block: Block, own: int, blocks: dict[int, Block]) -> None:
    if block.node.tag != "p":
        block.score += own
    above = block.parent
    for share in _OUTWARD:
        if above is None:
            return
        blocks[above].score += own * share
        above = blocks[above].parent
