"""Which charset bytes are in: BOM, then declaration, then UTF-8, then detection. The seam of charset-normalizer."""

import codecs
import re
from dataclasses import dataclass

from transforms.sources import latin

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # before UTF-16, whose mark is its beginning
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
# What news is kept in besides Unicode. Only these are detected, and only these may be declared: Python's registry
# also holds codecs that are no charsets (base64, zlib, punycode).
_LEGACY = (
    *("cp1252", "iso8859_15", "cp1250", "iso8859_2", "cp1251", "koi8_r", "koi8_u", "iso8859_5", "cp866", "cp1253"),
    *("cp1254", "cp1255", "cp1256", "cp1257", "cp1258", "cp874", "gb18030", "big5", "cp932", "euc_jp", "cp949"),
)
_DECLARABLE = {
    *_LEGACY,
    *("utf-8", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-le", "utf-32-be", "ascii", "latin-1", "gbk"),
    *("gb2312", "shift_jis", "euc_kr", "iso2022_jp", "tis_620", "big5hkscs", "mac_roman", "mac_cyrillic"),
    *(f"iso8859_{part}" for part in (1, 3, 4, 6, 7, 8, 9, 10, 11, 13, 14, 16)),
}
_CHARSETS = {codecs.lookup(name).name for name in _DECLARABLE}
_UNKNOWN_TO_PYTHON = {"windows-874": "cp874"}
# What is labelled so holds what browsers read as the wider Windows charset (WHATWG Encoding Standard, labels).
_WIDER = {"iso8859-1": "cp1252", "ascii": "cp1252", "gb2312": "gb18030", "gbk": "gb18030", "iso8859-9": "cp1254"}
_SAMPLE_BYTES = 64 * 1024


class UndecodableError(ValueError):
    """The bytes are no text in any charset we know."""


@dataclass(frozen=True, slots=True)
class Charset:
    """A charset by Python's name, how long its byte order mark is, and which rule decided."""

    name: str
    mark_bytes: int
    rule: str  # bom, declaration, utf-8, detection


def decide(payload: bytes, declared: str | None = None) -> Charset:
    """Return the charset of a whole document.

    Raises:
        UndecodableError: no rule gives one that decodes it.
    """
    # A declaration counts if the bytes bear it out, and before UTF-8, which ASCII with a few escapes also is.
    marked = bom_of(payload)
    if marked:
        return marked
    named = known(declared)
    if named and decodes(payload, named):
        return Charset(named, 0, "declaration")
    if decodes(payload, "utf-8"):
        return Charset("utf-8", 0, "utf-8")
    detected = detect(payload)
    if detected is None or not decodes(payload, detected):
        raise UndecodableError("not UTF-8, and no other charset fits")
    return Charset(detected, 0, "detection")


def decode(payload: bytes, declared: str | None = None) -> tuple[str, str]:
    """Return the text of a whole document without its byte order mark, and the charset's name; see `decide`."""
    found = decide(payload, declared)
    # What a mark promises and the bytes break is replaced: one bad byte must not cost a marked document.
    return payload[found.mark_bytes :].decode(found.name, "replace" if found.rule == "bom" else "strict"), found.name


def bom_of(head: bytes) -> Charset | None:
    """Return the charset that a byte order mark names, or that the zeros of unmarked UTF-16 or UTF-32 give away."""
    for mark, name in _BOMS:
        if head.startswith(mark):
            return Charset(name, len(mark), "bom")
    return _bare_wide(head[:1024])


def _bare_wide(head: bytes) -> Charset | None:
    # Latin text in UTF-16 has a zero in nearly every other place and none in between; in UTF-32 three of four are.
    if len(head) >= 16 and head.count(0) >= 0.7 * len(head):
        shape = tuple(head[place : len(head) // 4 * 4 : 4].count(0) == len(head) // 4 for place in range(4))
        shapes = {(False, True, True, True): "utf-32-le", (True, True, True, False): "utf-32-be"}
        wide = next((name for zeros, name in shapes.items() if zeros == shape), None)
        return Charset(wide, 0, "detection") if wide else None
    even, odd = head[::2].count(0), head[1::2].count(0)
    half = len(head) // 2
    if half >= 4 and odd > 0.4 * half and not even:
        return Charset("utf-16-le", 0, "detection")
    if half >= 4 and even > 0.4 * half and not odd:
        return Charset("utf-16-be", 0, "detection")
    return None


def known(name: str | None) -> str | None:
    """Return Python's name of a declared charset, the wider one where browsers read it so; None if none of ours."""
    if not name:
        return None
    bare = name.strip().strip("\"'")
    try:
        found = codecs.lookup(_UNKNOWN_TO_PYTHON.get(bare.lower(), bare)).name
    except (LookupError, ValueError):  # ValueError: a zero byte in the name
        return None
    return _WIDER.get(found, found) if found in _CHARSETS else None


def decodes(payload: bytes, name: str) -> bool:
    """Whether all of the payload is valid in the charset."""
    try:
        payload.decode(name)
    except UnicodeDecodeError:
        return False
    return True


def detect(payload: bytes) -> str | None:
    """Return the most likely legacy charset of bytes that are not UTF-8, or None; looks at 64 KB around the first
    bytes that are not ASCII.
    """  # noqa: D205
    from charset_normalizer import from_bytes  # noqa: PLC0415  0.1 s that files in UTF-8 are spared

    sample = _telling(payload)
    best = from_bytes(sample, cp_isolation=list(_LEGACY), preemptive_behaviour=False).best()
    if best is None:
        return None
    # For Latin letters its word is taken for the family only; by which letters languages have, one of it is chosen.
    name = codecs.lookup(best.encoding).name
    return (latin.fitting(sample) if name in latin.CHARSETS else None) or name


def _telling(payload: bytes) -> bytes:
    """Return at most 64 KB of the payload, from its first byte beyond ASCII on, with long plain stretches shortened."""
    first = next((at for at in range(0, len(payload), 256) if not payload[at : at + 256].isascii()), 0)
    return _PLAIN.sub(
        lambda run: run[0][:40] + b" " + run[0][-40:], payload[max(0, first - 64) : first + _SAMPLE_BYTES]
    )


# Detection averages over what it is given; a page of markup before three accented words would drown them.
_PLAIN = re.compile(rb"[\x00-\x7f]{200,}+")
