"""HTML fragments to plain text: paragraphs as blank lines, headings and list items on lines of their own."""

from html import unescape

from transforms.markup.layout import Layout
from transforms.markup.limits import TooDeep, TooLarge, visible_text
from transforms.markup.tree import parse, walk

__all__ = ["TooDeep", "TooLarge", "to_text"]

_DROPPED = frozenset({"script", "style", "template", "noscript", "head", "title", "iframe", "object", "svg"})


def to_text(html: str) -> str:
    """Return the plain text of an HTML fragment.

    Where the tree gives nothing although text stands between the tags, that text is returned.

    Raises:
        TooLarge: the fragment exceeds 2 MB, or its tree would be out of proportion.
        TooDeep: it nests deeper than 512 elements.
    """
    if "<" not in html:
        return _untagged(html)
    # A fragment is of a body: at the beginning of a page `noscript` and its text would be parted.
    root = parse("<body>" + html)
    layout = Layout()
    if root is not None:
        for event, node in walk(root, _DROPPED):
            layout.take(event, node)
    return layout.text() or visible_text(html)


def _untagged(html: str) -> str:
    """Return text that holds character references at most, its own lines kept."""
    lines = (" ".join(line.split()) for line in unescape(html).splitlines())
    paragraphs = "\n".join(lines).split("\n\n")
    return "\n\n".join(kept for paragraph in paragraphs if (kept := paragraph.strip("\n")))
