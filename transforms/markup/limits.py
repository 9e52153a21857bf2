"""What HTML may cost: linear checks over tags before a tree is built, and the text between tags without a tree.

A tree builder can be made to nest without end (quadratic time) or to copy open formatting tags into every
block that follows (memory). Both are foreseen by counting tags, in one pass that follows the HTML tokenizer's
states (WHATWG HTML, section 13.2.5) where they decide what is a tag and what is text.
"""

import re
from collections import Counter
from collections.abc import Iterator
from html import unescape

MAX_HTML_BYTES = 2 * 1024 * 1024
MAX_NESTING = 512
# Each attribute of a tag is compared with all before it: 50,000 took the parser 11 s.
MAX_ATTRIBUTES = 1_000
_FEW_CHARS = 32_000  # shorter HTML has not enough attributes to take long
# Formatting tags left open are built again in each later block; real pages stay below a tenth of this.
MAX_REBUILT_TAGS = 1_000_000

_TAG = re.compile(
    r"<(?P<close>/?)(?P<name>[a-zA-Z][^\s/>]*+)"
    r"(?:[\s/]++|(?!>)=?[^\s/>=]*+(?:\s*+=\s*+(?:\"[^\"]*+(?:\"|\Z)|'[^']*+(?:'|\Z)|[^\s>\"'][^\s>]*+)?+)?+)*?(?:>|\Z)"
    r"|<!--(?:-?>|.*?(?:--!?>|\Z))"
    r"|<(?:[!?]|/[^a-zA-Z>])[^>]*+(?:>|\Z)|</>",
    re.DOTALL,
)
_QUOTED = re.compile("\"[^\"]*+\"|'[^']*+'")
_SEPARATOR = re.compile(r"[\s/]++")
_RAW = frozenset({"script", "style", "textarea", "title", "xmp", "iframe", "noembed", "noframes"})
_VOID = frozenset(
    {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source", "track", "wbr"}
)
# Closed by the parser itself when the next one opens, so an endless row of them does not nest.
_SELF_CLOSING = frozenset(
    {"p", "li", "dt", "dd", "option", "optgroup", "tr", "td", "th", "thead", "tbody", "tfoot", "rb", "rt", "rtc", "rp"}
)
_FORMATTING = frozenset(
    {"a", "b", "big", "code", "em", "font", "i", "nobr", "s", "small", "strike", "strong", "tt", "u"}
)
_RAW_END = {name: re.compile(rf"</{name}(?=[\s/>])", re.IGNORECASE) for name in _RAW}
_SCRIPT_STATE = re.compile(r"<!--(?!-?>)|-->|<(/?)script(?=[\s/>])", re.IGNORECASE)
_UNSEEN = frozenset({"script", "style", "template", "noscript", "title", "textarea", "iframe", "xmp"})
_MARKUP = re.compile(
    r"</(?:p|div|span|a|b|i|em|strong|u|h[1-6]|ul|ol|li|table|tr|td|blockquote|figure|section|article|pre|font)\s*>"
    r"|<(?:br|hr)\s*/?>"
    r"|<(?:p|ul|ol|li|blockquote|strong|em|h[1-6]|div|table|tr|td)>"
    r"|<(?:img|a|p|div|span|iframe|script|style|table|font|ul|ol|li|h[1-6]|figure|video|input)\s[^<>]{0,2000}?="
    r"|<(?:script|style)>|<!--|<!doctype html",
    re.IGNORECASE,
)


class TooLarge(Exception):  # noqa: N818  the name is the fact; it is part of the interface
    """The HTML is larger than 2 MB, or a tree of it would be out of proportion."""


class TooDeep(Exception):  # noqa: N818  the name is the fact; it is part of the interface
    """The HTML nests deeper than 512 elements."""


def check(html: str) -> None:
    """Make sure that a tree of `html` can be built in time and memory proportional to its length.

    Raises:
        TooLarge: more than 2 MB in UTF-8, formatting tags that would be multiplied, or 1,000 attributes in a tag.
        TooDeep: more than 512 elements open at once.
    """
    if len(html) > MAX_HTML_BYTES or (
        len(html) * 4 > MAX_HTML_BYTES and len(html.encode("utf-8", "surrogatepass")) > MAX_HTML_BYTES
    ):
        raise TooLarge(f"{len(html)} characters of HTML; at most {MAX_HTML_BYTES} bytes are read")
    if len(html) > _FEW_CHARS:
        _check_attributes(html)
    if html.count("<") > MAX_NESTING:
        _check_tags(html)


def _check_attributes(html: str) -> None:
    for name, _, start, end in _tag_spans(html):
        if name and end - start > 2 * MAX_ATTRIBUTES:
            attributes = _SEPARATOR.split(_QUOTED.sub(" ", html[start:end]))
            if len(attributes) > MAX_ATTRIBUTES:
                raise TooLarge(f"a tag has some {len(attributes)} attributes; at most {MAX_ATTRIBUTES} are read")


def _check_tags(html: str) -> None:
    still_open: Counter[str] = Counter()
    depth = formatting = rebuilt = 0
    for name, closes in tags(html):
        change = _change(name, closes, still_open)
        depth += change
        if name in _FORMATTING:
            formatting += change
        rebuilt += formatting
        if depth > MAX_NESTING:
            raise TooDeep(f"more than {MAX_NESTING} elements are open at once")
        if rebuilt > MAX_REBUILT_TAGS:
            raise TooLarge(f"formatting tags left open would be repeated more than {MAX_REBUILT_TAGS} times")


def _change(name: str, closes: bool, still_open: Counter[str]) -> int:
    if name in _VOID or name in _SELF_CLOSING:
        return 0
    if not closes:
        still_open[name] += 1
        return 1
    if still_open[name]:
        still_open[name] -= 1
        return -1
    return 0


def tags(html: str) -> Iterator[tuple[str, bool]]:
    """Yield each tag as (lower-case name, whether it closes), skipping comments, scripts and other raw text."""
    for name, closes, _, _ in _tag_spans(html):
        if name:
            yield name, closes


def visible_text(html: str) -> str:
    """Return the text between tags without building a tree: one line a stretch, for what the tree rules miss."""
    stretches: list[str] = []
    position = hidden = 0
    for name, closes, start, end in _tag_spans(html):
        if not hidden:
            stretches.append(html[position:start])
        position = end
        if name in _UNSEEN:
            hidden = max(0, hidden + (-1 if closes else 1))
    if not hidden:
        stretches.append(html[position:])
    lines = (" ".join(unescape(stretch).split()) for stretch in stretches)
    return "\n".join(line for line in lines if line)


def _tag_spans(html: str) -> Iterator[tuple[str, bool, int, int]]:
    """Yield (name or "" for comments, closes, start, end) of everything that is not text."""
    position = foreign = 0
    while (found := _TAG.search(html, position)) is not None:
        name = (found["name"] or "").lower()
        closes = bool(found["close"])
        yield name, closes, found.start(), found.end()
        position = found.end()
        if name in {"svg", "math"}:
            foreign = max(0, foreign + (-1 if closes else 1))
        # Inside SVG and MathML these hold elements like any other.
        if name in _RAW and not closes and not foreign:
            position = _raw_end(html, name, position)


def _raw_end(html: str, name: str, position: int) -> int:
    if name == "script":
        return _script_end(html, position)
    found = _RAW_END[name].search(html, position)
    return len(html) if found is None else found.start()


def _script_end(html: str, position: int) -> int:
    """Return where the script's end tag starts; a script tag inside `<!--` inside a script hides one end tag."""
    escaped = doubly = False
    for found in _SCRIPT_STATE.finditer(html, position):
        if found[0] == "<!--":
            escaped = True
        elif found[0] == "-->":
            escaped = doubly = False
        elif found[1] and not doubly:
            return found.start()
        else:
            doubly = escaped and not found[1]
    return len(html)


def looks_like_markup(text: str) -> bool:
    """Tell whether `text` holds real HTML: a known tag that closes, has attributes or stands alone; not `a < b`."""
    return "<" in text and _MARKUP.search(text) is not None
