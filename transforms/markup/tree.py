"""The seam of selectolax: HTML that passed the limits, as a tree that can be walked and asked by CSS selectors."""

from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from typing import TypeAlias

from selectolax.lexbor import LexborHTMLParser, LexborNode

from transforms.markup.limits import check

Node: TypeAlias = LexborNode


def parse(html: str) -> Node | None:
    """Return the root element of `html`, or None where there is none.

    Raises:
        TooLarge: past 2 MB.
        TooDeep: past 512 open elements.
    """
    check(html)
    # Lone surrogates cannot be handed to the parser.
    return LexborHTMLParser(html.encode("utf-8", "replace").decode("utf-8")).root


def walk(top: Node, skip: AbstractSet[str]) -> Iterator[tuple[str, Node]]:
    """Yield ("open", element), ("text", node) and ("close", element) in document order, below and with `top`.

    Elements whose tag is in `skip` are left out with all they hold. Iterative, since nesting may exceed
    Python's own stack.
    """
    stack: list[tuple[str, Node]] = [("open", top)]
    while stack:
        event, node = stack.pop()
        if event == "close":
            yield event, node
            continue
        if node.is_text_node:
            yield "text", node
        elif node.is_element_node and node.tag not in skip:
            yield "open", node
            stack.append(("close", node))
            _push_children(stack, node)


def _push_children(stack: list[tuple[str, Node]], node: Node) -> None:
    child = node.last_child
    while child is not None:
        stack.append(("open", child))
        child = child.prev
