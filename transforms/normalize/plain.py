"""Plain text: markup and character references in a field are read once, and no element markup is left behind."""

import html.entities
import re
from html import unescape

from transforms.markup.limits import looks_like_markup
from transforms.markup.text import to_text
from transforms.normalize.characters import clean_text

_REFERENCE = re.compile(r"&(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|([A-Za-z][A-Za-z0-9]{1,31}));")
_TAG = re.compile(r"<[^<>]*>")
_CODE = re.compile(r"<(?:script|style)\b", re.IGNORECASE)


def to_plain(field: str, *, markup: bool = False) -> str:
    """Return the text of a field that is HTML (`markup`) or may hold some, cleaned.

    Markup that was escaped twice is read, too: a tag in stored text is never wanted. References without their
    semicolon stay, as in a query string.

    Raises:
        TooDeep: it nests deeper than 512 elements.
        TooLarge: it is HTML of more than 2 MB.
    """
    # Cleaned before and after: controls hide tags from whoever looks for them, and references may stand for controls.
    text = clean_text(field)
    if markup or looks_like_markup(text):
        text = clean_text(to_text(text))
    elif "&" in text:
        text = clean_text(_REFERENCE.sub(_character, text))
    return clean_text(to_text(text)) if looks_like_markup(text) else text


def shows_text(markup: str) -> bool:
    """Return whether a browser would show words of this HTML; unsure, as with scripts in it, means no."""
    return _CODE.search(markup) is None and any(map(str.isalnum, _TAG.sub("", markup)))


def _character(match: re.Match[str]) -> str:
    # By the table of names, for `unescape` reads the beginning of a name that it does not know: &copyright; as ©right;
    name = match[1]
    return html.entities.html5.get(f"{name};", match[0]) if name else unescape(match[0])
