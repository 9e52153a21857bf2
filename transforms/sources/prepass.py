"""What happens to the bytes of a feed or page before any parser sees them: charset, declaration, DOCTYPE, characters.

Every rule here is linear in the input. Parsers downstream are not: feedparser guesses charsets and rewrites
DOCTYPEs with patterns whose time grows faster than the input, and raises on references past Unicode's end.
"""

import re
from dataclasses import dataclass

from transforms.sources import charset

MAX_XML_NESTING = 100
_DECLARED_WITHIN = 200  # bytes at the beginning in which an XML declaration is looked for
_META_WITHIN = 2048  # bytes at the beginning in which a page's meta charset is looked for
_FIXED_DECLARATION = '<?xml version="1.0" encoding="utf-8"?>\n'

# A `<` and its neighbour without a byte order mark, as XML 1.0 appendix F reads them.
_SHAPES = ((b"<\0\0\0", "utf-32-le"), (b"\0\0\0<", "utf-32-be"), (b"<\0?\0", "utf-16-le"), (b"\0<\0?", "utf-16-be"))
_DECLARED = re.compile(rb"""^\s*<\?xml\s[^>]{0,150}?encoding\s*=\s*["']([A-Za-z0-9._:-]{1,40})["']""")
_META_CHARSET = re.compile(rb"""<meta\s[^>]{0,300}?charset\s*=\s*["']?\s*([A-Za-z0-9._:-]{1,40})""", re.IGNORECASE)

# XML 1.0, production 2: all that a document may hold. Strict parsers stop at anything else.
_ILLEGAL = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_REFERENCE = re.compile(r"&#(?:[xX]([0-9a-fA-F]+)|([0-9]+));?")
_XML_TAG = re.compile(
    r"<!\[CDATA\[.*?(?:\]\]>|\Z)|<!--.*?(?:-->|\Z)|<[?!][^>]*+(?:>|\Z)"
    r"|<(?P<close>/?)(?P<name>[^\s<>/!?][^\s<>/]*+)(?:[^<>\"']++|\"[^\"<]*+\"?|'[^'<]*+'?)*+(?:>|\Z|(?=<))",
    re.DOTALL,
)
_OPENER = re.compile(r"<!(?:--|\[CDATA\[|[Dd][Oo][Cc][Tt][Yy][Pp][Ee]|ENTITY)")
_DOCTYPE_TOKEN = re.compile(r"\"[^\"]*+\"|'[^']*+'|<!--.*?(?:-->|\Z)|[\[\]<>]", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Decoded:
    """Text, the charset it was read with, and the rule that chose it."""

    text: str
    charset: str
    rule: str  # bom, shape, declaration, utf-8, mended, detection or fallback


def decode_xml(payload: bytes) -> Decoded:
    """Decode a feed: BOM, shape, XML declaration, UTF-8, detection, windows-1252; nothing can fail."""
    return _decode(payload, _DECLARED.search(payload[:_DECLARED_WITHIN]))


def decode_html(payload: bytes) -> Decoded:
    """Decode a page: as a feed, with the charset of its meta element as the declaration."""
    return _decode(
        payload, _META_CHARSET.search(payload[:_META_WITHIN]) or _DECLARED.search(payload[:_DECLARED_WITHIN])
    )


def _decode(payload: bytes, declaration: re.Match[bytes] | None) -> Decoded:
    for shape, name in _SHAPES:
        if payload.startswith(shape):
            return Decoded(payload.decode(name, "replace"), name, "shape")
    marked = charset.bom_of(payload)
    if marked:
        return Decoded(payload[marked.mark_bytes :].decode(marked.name, "replace"), marked.name, marked.rule)
    declared = charset.known(declaration[1].decode("ascii")) if declaration else None
    # Bytes in which a declaration can be read as ASCII are not UTF-16 or UTF-32, whatever it says.
    if declared and not declared.startswith(("utf-16", "utf-32")) and charset.decodes(payload, declared):
        return Decoded(payload.decode(declared), declared, "declaration")
    if charset.decodes(payload, "utf-8"):
        return Decoded(payload.decode("utf-8"), "utf-8", "utf-8")
    return _mended(payload) or _guessed(payload)


def _mended(payload: bytes) -> Decoded | None:
    """Read as UTF-8 where it nearly is: one stray byte costs a character, not the document."""
    # One broken character in twenty beyond ASCII: in another charset nearly all of them would be.
    text = payload.decode("utf-8", "replace")
    beyond_ascii = len(text) - len(text.encode("ascii", "ignore"))
    broken = text.count("\ufffd")
    return Decoded(text, "utf-8", "mended") if broken * 20 <= beyond_ascii else None


def _guessed(payload: bytes) -> Decoded:
    detected = charset.detect(payload)
    if detected and charset.decodes(payload, detected):
        return Decoded(payload.decode(detected), detected, "detection")
    return Decoded(payload.decode("cp1252", "replace"), "cp1252", "fallback")


def clean_xml(text: str) -> str:
    """Return the document with a fixed XML declaration and nothing that parsers trip over.

    Dropped: the declaration found, DOCTYPEs with their internal subset, comments outside CDATA, characters
    that XML does not allow. References to such characters become U+FFFD.
    """
    # Entities are declared in a DOCTYPE: without one no document can name a file, or grow by references to references.
    body = _without_declaration(text.lstrip("\ufeff \t\r\n\0"))
    body = _ILLEGAL.sub("\ufffd", body)
    body = _REFERENCE.sub(_legal_reference, body)
    return _FIXED_DECLARATION + _without_prolog(body)


def _without_declaration(text: str) -> str:
    if not text.startswith("<?xml") or text[5:6] not in {" ", "\t", "\r", "\n", "?"}:
        return text
    end = text.find(">")
    return text[end + 1 :].lstrip() if end >= 0 else ""


def _legal_reference(found: re.Match[str]) -> str:
    digits = (found[1] or found[2]).lstrip("0") or "0"
    if len(digits) > 8:
        return "\ufffd"
    code = int(digits, 16 if found[1] else 10)
    legal = code in {9, 10, 13} or 0x20 <= code <= 0xD7FF or 0xE000 <= code <= 0xFFFD or 0x10000 <= code <= 0x10FFFF
    return found[0] if legal else "\ufffd"


def _without_prolog(text: str) -> str:
    """Drop comments and DOCTYPEs wherever they stand outside CDATA, in one pass."""
    kept: list[str] = []
    position = 0
    last_comment_end = text.rfind("-->")
    for found in _OPENER.finditer(text):
        start = found.start()
        if start < position:
            continue
        kept.append(text[position:start])
        if found[0] == "<![CDATA[":
            position = _after(text, "]]>", start)
            kept.append(text[start:position])
        elif found[0] == "<!--":
            # An opener that nothing closes is dropped alone.
            position = _after(text, "-->", start + 4) if start + 4 <= last_comment_end else start + 4
        else:
            position = _after_doctype(text, start)
    kept.append(text[position:])
    return "".join(kept)


def _after(text: str, end: str, start: int) -> int:
    found = text.find(end, start)
    return len(text) if found < 0 else found + len(end)


def _after_doctype(text: str, start: int) -> int:
    """Return where a DOCTYPE ends: past its internal subset, in which quoted strings may hold brackets."""
    depth = 0
    for found in _DOCTYPE_TOKEN.finditer(text, start + 2):
        if found[0] == "[":
            depth += 1
        elif found[0] == "]":
            depth = max(0, depth - 1)
        elif found[0] == ">" and depth == 0:
            return found.end()
    return len(text)


def too_deep(text: str, limit: int = MAX_XML_NESTING) -> bool:
    """Tell whether elements nest deeper than `limit`; an end tag also ends what stands unclosed in its element."""
    # By tags alone and on damaged documents too, before a parser that recurses sees it.
    path: list[str] = []
    for found in _XML_TAG.finditer(text):
        name = found["name"]
        if name is None or found[0].endswith("/>"):
            continue
        if not found["close"]:
            path.append(name)
        elif name in path:
            while path.pop() != name:
                pass
        if len(path) > limit:
            return True
    return False
