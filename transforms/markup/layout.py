"""How elements become lines: what breaks a line, what breaks a paragraph, and where white space counts."""

from transforms.markup.tree import Node

_PARAGRAPH = frozenset(
    {"p", "div", "section", "article", "main", "blockquote", "figure", "figcaption", "table", "ul", "ol", "dl", "pre"}
    | {"h1", "h2", "h3", "h4", "h5", "h6", "header", "footer", "address", "aside", "nav", "form", "fieldset", "hr"}
    | {"details", "summary", "center", "body"}
)
_LINE = frozenset({"li", "dt", "dd", "tr", "caption", "option", "br"})
_CELL = frozenset({"td", "th"})


class Layout:
    """Collects the text of a walk and lays it out as lines and paragraphs."""

    def __init__(self) -> None:
        self._done: list[str] = []
        self._inline: list[str] = []
        self._break = 0  # newlines owed before the next text
        self._verbatim = 0  # open pre elements

    def take(self, event: str, node: Node) -> None:
        """Take one step of `tree.walk`."""
        if event == "text":
            self._inline.append(node.text_content or "")
            return
        tag = node.tag or ""
        if tag in _PARAGRAPH:
            self._end_block(2)
        elif tag in _LINE:
            # Two line breaks in a row are how old pages part their paragraphs.
            again = tag == "br" and event == "open" and self._break == 1 and not self._pending()
            if event == "open" or tag != "br":
                self._end_block(2 if again else 1)
        elif tag in _CELL:
            self._inline.append(" ")
        if tag == "pre":
            self._verbatim += 1 if event == "open" else -1

    def _pending(self) -> bool:
        return any(not piece.isspace() for piece in self._inline)

    def _end_block(self, newlines: int) -> None:
        raw = "".join(self._inline)
        self._inline.clear()
        line = raw.strip("\n") if self._verbatim else " ".join(raw.split())
        if line.strip():
            if self._done:
                self._done.append("\n" * self._break)
            self._done.append(line)
            self._break = newlines
        else:
            self._break = max(self._break, newlines)

    def text(self) -> str:
        """Return all that was taken, trimmed."""
        self._end_block(2)
        return "".join(self._done).strip()
