"""Characters: whatever a source sent becomes valid, composed, printable Unicode; its paragraphs stay.

What is dropped carries no text (controls, byte order marks, soft hyphens); what may have been text but cannot be
stored (lone surrogates, noncharacters) becomes U+FFFD, so that a reader sees the gap. Direction marks and private use
characters stay: they are text, and a terminal escapes them when it prints.
"""

import re
import unicodedata

REPLACEMENT = "\N{REPLACEMENT CHARACTER}"

# Controls, soft hyphen, the Mongolian vowel separator, word joiners and invisible operators, deprecated format marks,
# byte order mark, interlinear annotation and the object replacement.
_DROPPED = "\x00-\x08\x0e-\x1b\x7f\xad\u180e\u2060-\u2064\u206a-\u206f\ufeff\ufff9-\ufffc"
# Vertical tab, form feed, carriage return, line separator.
_BREAKS = "\x0b\x0c\r\u2028"
# Information separators, and every space of Unicode but the plain one.
_SPACES = "\x1c-\x1f\xa0\u1680\u2000-\u200a\u202f\u205f\u3000"
# Lone surrogates and the noncharacters of plane 0.
_LOST = "\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff"
# One set of single characters is searched several times faster than alternatives are; what depends on its neighbours
# (zero width characters, tags, the last two of each plane) is looked at when it is found.
_ODD = re.compile(
    f"[{_DROPPED}{_BREAKS}{_SPACES}{_LOST}\x80-\x9f\u200b-\u200d\u2029\U0001fffe-\U0001ffff\U0002fffe-\U0010ffff]"
)
_COLOUR_CODE = re.compile(r"\x1b\[[0-9;?]{0,32}[@-~]")
_BLANK_LINES = re.compile(r"\n{3,}")

# Scripts whose spelling needs the zero width joiner or non-joiner: Arabic to Myanmar (Indic between them), Khmer,
# Mongolian, Balinese, and the Arabic and Indic blocks added later.
_JOINING = re.compile(
    "[\u0600-\u109f\u1780-\u180d\u180f-\u18af\u1b00-\u1b7f\ua800-\ua8ff\ua9e0-\uaaff\uabc0-\uabff\U00010a00-\U00011fff]"
)
# Thai to Myanmar and Khmer are written without spaces; a zero width space there marks the end of a word.
_SPACELESS = re.compile("[\u0e00-\u0fff\u1000-\u109f\u1780-\u17ff\u1950-\u19ff]")
_PICTURE = re.compile("[\u2190-\u21ff\u2600-\u27bf\u2b00-\u2bff\ufe0f\U0001f000-\U0001faff]")
_MAX_FLAG_TAGS = 7  # a region's flag is a black flag, up to six tags for its code and one that ends it
_BLACK_FLAG = "\U0001f3f4"


def clean_text(text: str) -> str:
    """Return `text` as NFC without control characters; lines end in one newline, at most one blank line between.

    Tabs and spaces inside a line stay. Applying it twice changes nothing.
    """
    # Nearly all text is printable, and to ask so costs less than to look for what is odd.
    lines = text.split("\n")
    if not all(map(str.isprintable, lines)):
        lines = _replace_odd(text).split("\n")
    joined = "\n".join(map(str.rstrip, lines)).strip("\n")
    if "\n\n\n" in joined:
        joined = _BLANK_LINES.sub("\n\n", joined)
    return _composed(joined)


def clean_line(text: str) -> str:
    """Return `text` as `clean_text` does, on one line, with single spaces."""
    if not text.isprintable():
        text = _replace_odd(text)
    return _composed(" ".join(text.split()))


def well_formed(text: str) -> str:
    r"""Return `text` as it is, but with lone surrogates spelled out (`\udc80`), so that two ids never become one."""
    return text if text.isascii() else text.encode("utf-8", "backslashreplace").decode("utf-8")


def stream_safe(text: str) -> str:
    """Return `text` with a joiner after every 30 combining marks in a row: the Stream-Safe Text Process of UAX 15.

    Putting marks into canonical order takes time with the square of their number; no language stacks so many.
    """
    if text.isascii() or not _MANY_PERHAPS.search(text):
        return text
    return _MANY_MARKS.sub(lambda marks: marks[0] + "\u034f", text)


def _composed(text: str) -> str:
    text = stream_safe(text)
    return text if unicodedata.is_normalized("NFC", text) else unicodedata.normalize("NFC", text)


def _replace_odd(text: str) -> str:
    # Composed first, because composing may exchange the neighbour that decides whether a joiner stays.
    text = _composed(text).replace("\r\n", "\n")
    if "\x1b" in text:  # a whole code at once: with its escape alone gone, [31m would be left
        text = _COLOUR_CODE.sub("", text)
    return _ODD.sub(_replacement, text)


def _replacement(match: re.Match[str]) -> str:
    character = match[0]
    fixed = _FIXED.get(character)
    if fixed is not None:
        return fixed
    return character if _belongs(match.string, match.start(), character) else _replacement_of_lost(character)


def _replacement_of_lost(character: str) -> str:
    return REPLACEMENT if ord(character) & 0xFFFE == 0xFFFE else ""


def _belongs(text: str, at: int, character: str) -> bool:
    """Return whether a character that is right in one place and junk in another is in its place."""
    before, after = max(at - 1, 0), at + 1
    if character == "\u200b":
        return bool(at and _SPACELESS.match(text, before) and _SPACELESS.match(text, after))
    if character in "\u200c\u200d" and at and _JOINING.match(text, before):
        return True
    if character == "\u200d":
        return bool(at and _PICTURE.match(text, before) and _PICTURE.match(text, after))
    if "\U000e0001" <= character <= "\U000e007f":
        return _spells_flag(text, at)
    return character > "\uffff" and ord(character) & 0xFFFE != 0xFFFE


def _spells_flag(text: str, at: int) -> bool:
    flag = text.rfind(_BLACK_FLAG, max(0, at - _MAX_FLAG_TAGS), at)
    return flag >= 0 and all("\U000e0030" <= tag <= "\U000e007f" for tag in text[flag + 1 : at + 1])


def _windows_character(control: str) -> str:
    # As HTML does: no text holds C1 controls, they are windows-1252 bytes that were read as Latin-1.
    return control.encode("latin-1").decode("windows-1252", "replace")


_BASIC_PLANE = "".join(map(chr, range(0x10000)))


# All that have a place in the order of marks. In a pattern those beyond the basic plane are found one by one, so a
# range that holds them all, and little else, is looked for first.
_MARKS = "".join(chr(point) for point in range(0x300, 0x1E94B) if unicodedata.combining(chr(point)))
_ROUGHLY = "".join(mark for mark in _MARKS if mark < "\U00010000") + "\U000101fd-\U0001e94a"
_MANY_PERHAPS = re.compile(f"[{_ROUGHLY}][{_ROUGHLY}]{{30}}")  # a first set of its own is what a search is quick by
_MANY_MARKS = re.compile(f"[{_MARKS}]{{30}}(?=[{_MARKS}])")


def _members(ranges: str) -> list[str]:
    return re.findall(f"[{ranges}]", _BASIC_PLANE)


_FIXED = {
    **dict.fromkeys(_members(_DROPPED), ""),
    **dict.fromkeys(_members(_BREAKS), "\n"),
    **dict.fromkeys(_members(_SPACES), " "),
    **dict.fromkeys(_members(_LOST), REPLACEMENT),
    **{chr(point): _windows_character(chr(point)) for point in range(0x80, 0xA0)},
    "\u2029": "\n\n",
}
