"""Write HTML and SVG in which nothing that a lake holds can act: what is text stays text.

`Markup` is what may stand in a page as it is; a plain string becomes one through `shown` alone, so that the type
checker finds every place where something unescaped would get in.
"""

import re
from collections.abc import Iterable, Mapping
from html import escape
from typing import NewType

Markup = NewType("Markup", str)
"""A well-formed piece of a page."""

Attributes = Mapping[str, str | int | float]
"""Of one element: name → value, unescaped."""

NOTHING = Markup("")
_VOID = frozenset({"meta", "link", "br", "hr"})
# Controls, line separators, bidirectional overrides and isolates, byte order marks, interlinear marks, tag letters:
# they would reorder or hide what stands around them. The joiners and direction marks of real scripts stay.
_ACTING = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff\ufff9-\ufffb\U000e0000-\U000e007f]"
)


def element(tag: str, attributes: Attributes | None = None, *children: Markup) -> Markup:
    """Return one element; attribute values are escaped, numbers written short."""
    start = tag + "".join(f' {name}="{_value(value)}"' for name, value in (attributes or {}).items())
    return Markup(f"<{start}>" if tag in _VOID else f"<{start}>{''.join(children)}</{tag}>")


def joined(parts: Iterable[Markup], between: str = "") -> Markup:
    """Return pieces one after the other, with a plain text between them."""
    return Markup(escape(between).join(parts))


def plain(text: str) -> Markup:
    """Return our own words, escaped."""
    return Markup(escape(text))


def shown(text: str | None, most: int = 200) -> Markup:
    """Return text out of a lake: cut visibly at `most` code points, isolated in direction, acting characters named."""
    if not text:
        return element("span", {"class": "none"}, plain("none"))
    flat = " ".join(text[: most * 4].split(" ")).replace("\n", " ").replace("\r", " ").replace("\t", " ")
    cut = flat if len(flat) <= most else flat[: most - 1].rstrip() + "…"
    return element("bdi", {"dir": "auto"}, _visible(cut))


def short(number: float) -> str:
    """Return a number as geometry needs it: at most three decimals, and no trailing zeros."""
    return f"{number:.3f}".rstrip("0").rstrip(".") if isinstance(number, float) else str(number)


def _visible(text: str) -> Markup:
    parts: list[Markup] = []
    at = 0
    for match in _ACTING.finditer(text):
        parts += [plain(text[at : match.start()]), _named(match[0])]
        at = match.end()
    return joined([*parts, plain(text[at:])])


def _named(character: str) -> Markup:
    return element("span", {"class": "acting"}, plain(f"U+{ord(character):04X}"))


def _value(value: str | float) -> str:
    return escape(value) if isinstance(value, str) else short(value)
