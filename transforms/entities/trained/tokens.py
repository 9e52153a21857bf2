"""Cut a text into pieces that come again and again, and a piece into tokens.

A token is a word, a mark of punctuation, a row of line ends, or a single character where no spaces are written.
"""

import re
from collections.abc import Sequence

from transforms.entities.arabic_words import after_prefix, is_prefixed
from transforms.entities.spelling import LANGUAGES, spelling

_MARKS = (
    "\u0300-\u036f\u0591-\u05bd\u05bf-\u05c7\u064b-\u065f\u0670\u0900-\u0903\u093a-\u094f\u0951-\u0957\u0962\u0963"
    "\u0981-\u0983\u09bc-\u09cd\u0a01-\u0a4d\u0a81-\u0acd\u0b01-\u0b4d\u0b82-\u0bcd\u0c00-\u0c4d\u0c81-\u0ccd"
    "\u0d00-\u0d4d\u0e31\u0e34-\u0e3a\u0e47-\u0e4e"
)
_KATAKANA = "\u30a1-\u30fa\u30fc"
# Scripts without spaces and Korean, whose particles touch the name: every character is a token.
_SINGLE = "\u3040-\u30a0\u30fb\u3400-\u9fff\uac00-\ud7a3\uf900-\ufaff"
_WORD = rf"(?:(?![{_SINGLE}{_KATAKANA}])[\w{_MARKS}])+"
_WITHIN = "(?<=[\u0400-\u04ff])['\u2019](?=[\u0400-\u04ff])"  # В'ячеслав is one word
_JOINER = "\u200c"  # گفت‌وگو too
_OTHERS = rf"[{_KATAKANA}]+|{_WORD}(?:(?:{_WITHIN}|{_JOINER}){_WORD})*|\n+|[^\S\n]+|[^\w\s]"
_TOKEN = re.compile(rf"[{_SINGLE}]|{_OTHERS}")
_WIDE_PIECE = re.compile(rf"[{_SINGLE}]+|{_OTHERS}")
_WIDE = re.compile(f"[{_SINGLE}{_KATAKANA}]")
_IN_ROWS = re.compile(f"[{_SINGLE}]")
_CHANGED = LANGUAGES | {"ar"}  # where a word of letters alone may be more tokens than one, or another form

Token = tuple[int, int, str]  # where it starts and ends, from where its piece does, and the form its features are of
Piece = tuple[int, Sequence[Token]]  # how much further in the text the next piece starts, and the tokens of this one


def is_wide(text: str) -> bool:
    """Tell whether a text has characters of a script that is written without spaces, or of Korean."""
    return _WIDE.search(text) is not None


def is_in_rows(character: str) -> bool:
    """Tell whether a character is a token whatever is around it."""
    return _IN_ROWS.match(character) is not None


def pieces(text: str) -> list[str]:
    """Return the pieces of a text that is not wide, in order: what stands between spaces, line ends, and full stops.

    Rows of line ends have a space put before and after them, commas and full stops one before them: so most words are
    pieces.
    """
    spaced = text.replace("\n", " \n ")
    for _ in range(2):  # the first time joins line ends in twos, the second time these
        spaced = spaced.replace("\n  \n", "\n\n")
    return spaced.replace(",", " ,").replace(".", " .").split(" ")


def cut(piece: str, language: str) -> Piece:
    """Return the tokens of a piece, in order, without overlap: all but its white space is in one of them."""
    if piece.isalpha() and language not in _CHANGED:
        return len(piece) + 1, [(0, len(piece), piece)]
    if piece.startswith("\n"):  # neither the space before it nor that after it is of the text
        return len(piece) - 1, [(-1, len(piece) - 1, piece)]
    if piece.startswith((",", ".")):
        return len(piece), [(start - 1, end - 1, form) for start, end, form in _tokens(piece, language)]
    return len(piece) + 1, _tokens(piece, language)


def wide_pieces(text: str) -> list[str]:
    """Return the pieces of a wide text in order: rows of single characters, other tokens, and white space."""
    return _WIDE_PIECE.findall(text)


def cut_wide(piece: str, language: str) -> Piece:
    """Return the tokens of a piece that is no row: one, of Arabic two; if it is single, it has the one that follows."""
    if piece > "\u3000" and len(piece) <= 2 and len(_WIDE_PIECE.findall(piece)[0]) == 1:
        return 1, [(0, 1, piece)]
    return len(piece), _tokens(piece, language)


def _tokens(text: str, language: str) -> list[Token]:
    tokens: list[Token] = []
    spelt = spelling(language)
    for found in _TOKEN.finditer(text):
        start, end = found.span()
        if text[start] != "\n" and text[start:end].isspace():
            continue
        form = text[start:end]
        while language == "ar" and is_prefixed(form):
            tokens.append((start, start + 1, text[start]))
            start, form = start + 1, after_prefix(form)
        tokens.append((start, end, spelt(form) or form))
    return tokens
