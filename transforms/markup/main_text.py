"""Where on a page the article stands, and which blocks in it are not the article.

The page is surveyed once: how much prose (letters outside links) stands in every block. From this follow the
part that holds the article and which named surroundings to believe. The shares below were tuned on public
news pages whose text people had typed off.
"""

from collections.abc import Iterator

from transforms.markup.layout import Layout
from transforms.markup.survey import DROPPED, Block, survey
from transforms.markup.tree import Node, walk

_MARKED = ('[itemprop~="articleBody"]', '[property~="articleBody"]')
_NAMED = (
    '[class*="article-body"], [class*="articlebody"], [class*="articleBody"], [class*="article__body"]',
    '[class*="article-content"], [class*="article__content"], [class*="articleContent"], [class*="article-text"]',
    '[class*="entry-content"], [class*="post-content"], [class*="story-body"], [class*="post-body"]',
)
_SEMANTIC = ("article", "main", '[role="main"]')
_SHARE_OF_MARKED = 0.3  # of the densest part's prose that a marked part needs, to be believed
_SHARE_OF_NAMED = 0.5
_SHARE_OF_SEMANTIC = 0.5
_LINKED = 0.8  # of a block's letters: more are a list of links, not a text
_MIN_CHARS = 200  # below it a text stands in JSON-LD only, or nowhere


def main_text(root: Node, stated: str | None = None) -> str:
    """Return the article's text: the page's main part, or what it states in its metadata where it shows less.

    Args:
        root: the page.
        stated: the text as JSON-LD carries it, used where the page shows hardly any, or less than half of it.
    """
    body = root.css_first("body") or root
    blocks = survey(body)
    top = _main_part(body, blocks)
    shown = _lay_out(top, blocks)
    if len(shown) < _MIN_CHARS:
        shown = max(shown, _lay_out(body, blocks), key=len)
    return stated if stated and len(stated) > max(_MIN_CHARS, 2 * len(shown)) else shown


def _main_part(body: Node, blocks: dict[int, Block]) -> Node:
    densest = max(blocks.values(), key=lambda block: block.score)
    if not densest.score:
        return body
    for share, query in _queries():
        # A paragraph that is marked is not the article. Of several parts the first counts: the next is another story.
        found = [block for node in body.css(query) if node.tag != "p" and (block := blocks.get(node.mem_id))]
        most = max((block.prose for block in found), default=0)
        if most and most >= share * densest.prose:
            return next(block.node for block in found if block.prose >= 0.5 * most)
    return densest.node


def _queries() -> Iterator[tuple[float, str]]:
    for share, queries in ((_SHARE_OF_MARKED, _MARKED), (_SHARE_OF_NAMED, _NAMED), (_SHARE_OF_SEMANTIC, _SEMANTIC)):
        for query in queries:
            yield share, query


def _lay_out(top: Node, blocks: dict[int, Block]) -> str:
    layout = Layout()
    left_out: int | None = None
    for event, node in walk(top, DROPPED):
        if left_out is not None:
            if event == "close" and node.mem_id == left_out:
                left_out = None
            continue
        if event == "open" and node.mem_id != top.mem_id and _is_no_text(blocks.get(node.mem_id)):
            left_out = node.mem_id
            continue
        layout.take(event, node)
    return layout.text()


def _is_no_text(block: Block | None) -> bool:
    if block is None:
        return False
    return block.around or (block.all_linked > 0 and block.all_linked >= _LINKED * block.all_letters)
