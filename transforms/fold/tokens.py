"""Words of many texts at once, as 32-bit values: numpy walks over code points, Python over texts only.

A token is a run of letters, digits, marks and underscores after NFKC and case folding; in scripts without spaces every
letter is a token. Its value is `hash << 2 | digit << 1 | capital`: 30 bits of hash, whether a digit stands in it, and
whether its first letter is a capital. What two texts are compared by leaves the lowest bit out (`identity`).
"""

import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
import numpy.typing as npt

from transforms.fold.ragged import Array, Ints, Ragged, concatenate

DIGIT, CAPITAL = 2, 1
_WORD, _SINGLE, _HAS_DIGIT, _UPPER = 1, 2, 4, 8
# Thai and Lao, Myanmar, Khmer, kana, Han with extensions and compatibility forms, halfwidth kana.
_SINGLES = (
    (0x0E00, 0x0EFF),
    (0x1000, 0x109F),
    (0x1780, 0x17FF),
    (0x3005, 0x3007),
    (0x3041, 0x30FF),
    (0x31F0, 0x31FF),
    (0x3400, 0x4DBF),
    (0x4E00, 0x9FFF),
    (0xA9E0, 0xA9FF),
    (0xAA60, 0xAA7F),
    (0xF900, 0xFAFF),
    (0xFF66, 0xFF9D),
    (0x20000, 0x3FFFF),
)
_TABLE_SIZE = 0x40001  # planes 0 to 3; the last entry stands for all that lies above, where no words are
_NEWLINE = 0x0A
# An odd multiplier has an inverse modulo 2^64, so a token's hash is taken out of one running sum over the whole text.
_FACTOR = 0x9E3779B97F4A7C15
_MIX = np.uint64(0xBF58476D1CE4E5B9)
_PIECE = 200_000  # code points at a time: the arrays of one piece stay in the processor's cache


@dataclass(frozen=True, slots=True)
class Tokens:
    """Tokens of texts: `words` holds their values, `lines` the line number of each token within its text."""

    words: Ragged  # uint32
    lines: Ragged  # int32, aligned with `words`
    characters: Ints  # how many tokens of each text are letters of scripts without spaces


def identity(values: Array) -> Array:
    """Return what makes tokens equal: everything but the capital."""
    return values & np.uint32(0xFFFFFFFE)


def tokenize(texts: Sequence[str]) -> Tokens:
    """Return the tokens of each text; one pass over code points for some 200,000 of them together."""
    parts = [_piece(piece) for piece in _pieces([_compatible(text) for text in texts])]
    return Tokens(
        concatenate([part.words for part in parts], np.uint32),
        concatenate([part.lines for part in parts], np.int32),
        np.concatenate([np.empty(0, np.int64), *(part.characters for part in parts)]),
    )


def _compatible(text: str) -> str:
    if text.isascii() or unicodedata.is_normalized("NFKC", text):
        return text
    return unicodedata.normalize("NFKC", text)


def _pieces(texts: Sequence[str]) -> Iterator[Sequence[str]]:
    first, size = 0, 0
    for index, text in enumerate(texts):
        size += len(text)
        if size > _PIECE:
            yield texts[first : index + 1]
            first, size = index + 1, 0
    if first < len(texts):
        yield texts[first:]


def _piece(texts: Sequence[str]) -> Tokens:
    # A newline after each text keeps tokens apart and ends its last line.
    points = np.frombuffer(("\n".join(texts) + "\n").encode("utf-32-le", "replace"), dtype=np.uint32)
    kinds = _kinds().take(points, mode="clip")
    starts, ends = _bounds(kinds)
    values = _values(points, kinds, starts, ends)
    text_ends = np.cumsum(np.fromiter(map(len, texts), np.int64, len(texts)) + 1)
    offsets = np.concatenate(([0], np.searchsorted(starts, text_ends)))
    singles = np.concatenate(([0], np.cumsum((kinds[starts] & _SINGLE) != 0)))
    return Tokens(
        Ragged(values, offsets),
        Ragged(_line_numbers(points, starts, text_ends, np.diff(offsets)), offsets),
        np.diff(singles[offsets]),
    )


def _bounds(kinds: npt.NDArray[np.uint8]) -> tuple[Ints, Ints]:
    """Return where tokens start and where they end (exclusive)."""
    word = (kinds & _WORD).astype(np.int8)
    single = (kinds & _SINGLE) != 0
    edges = np.diff(word, prepend=0)  # the text ends in a newline, so every run ends before the end
    starts = np.flatnonzero((edges == 1) | single)
    ends = np.flatnonzero((edges == -1) | np.concatenate(([False], single[:-1])))
    return starts, ends


def _values(points: Array, kinds: Array, starts: Ints, ends: Ints) -> npt.NDArray[np.uint32]:
    """Return each token's value from one running sum of code point times power of the factor."""
    powers, inverses = _powers(_room(len(points)))
    folded = (points + _folds().take(points, mode="clip")).astype(np.uint64)
    sums = np.zeros(len(points) + 1, dtype=np.uint64)
    np.cumsum(folded * powers[: len(points)], out=sums[1:])
    hashes = (sums[ends] - sums[starts]) * inverses[starts]
    hashes = (hashes ^ (hashes >> np.uint64(32))) * _MIX
    values = (hashes >> np.uint64(34) << np.uint64(2)).astype(np.uint32)
    values |= ((kinds[starts] & _UPPER) != 0).astype(np.uint32)
    digits = np.flatnonzero(kinds & _HAS_DIGIT)
    values[np.searchsorted(starts, digits, side="right") - 1] |= np.uint32(DIGIT)
    return values


def _line_numbers(points: Array, starts: Ints, text_ends: Ints, sizes: Ints) -> npt.NDArray[np.int32]:
    breaks = np.flatnonzero(points == _NEWLINE)
    lines = np.searchsorted(breaks, starts)
    first = np.searchsorted(breaks, np.concatenate(([0], text_ends[:-1])))
    return (lines - np.repeat(first, sizes)).astype(np.int32)


def _room(size: int) -> int:
    return max(1 << 18, 1 << (size - 1).bit_length())


@cache
def _powers(size: int) -> tuple[npt.NDArray[np.uint64], npt.NDArray[np.uint64]]:
    """Return the powers of the factor modulo 2^64 and their inverses, `size` of each."""
    inverse = pow(_FACTOR, -1, 1 << 64)
    return _running_product(_FACTOR, size), _running_product(inverse, size)


def _running_product(factor: int, size: int) -> npt.NDArray[np.uint64]:
    factors = np.full(size, factor, dtype=np.uint64)
    factors[0] = 1
    return np.multiply.accumulate(factors)


@cache
def _kinds() -> npt.NDArray[np.uint8]:
    """Return the flags of every code point of the first four planes."""
    kinds = np.zeros(_TABLE_SIZE, dtype=np.uint8)
    kinds[:0x20000] = [_kind(chr(point)) for point in range(0x20000)]
    kinds[0x20000 : _TABLE_SIZE - 1] = _WORD
    for first, last in _SINGLES:
        stretch = kinds[first : last + 1]
        letters = (stretch & _WORD) != 0
        marks = np.array([unicodedata.category(chr(point))[0] == "M" for point in range(first, last + 1)])
        # A mark of these scripts belongs to no token of its own: it would double the length of a text.
        stretch[letters] = _SINGLE
        stretch[marks] = 0
    return kinds


def _kind(character: str) -> int:
    if not (character.isalnum() or character == "_" or unicodedata.category(character)[0] == "M"):
        return 0
    return (
        _WORD
        | (_HAS_DIGIT if character.isdigit() else 0)
        | (_UPPER if character.isupper() or character.istitle() else 0)
    )


@cache
def _folds() -> npt.NDArray[np.uint32]:
    """Return what to add to a code point to fold its case; letters that fold to several stay as they are."""
    folds = np.zeros(_TABLE_SIZE, dtype=np.uint32)
    for point in range(0x20000):
        folded = chr(point).casefold()
        if len(folded) == 1:
            folds[point] = (ord(folded) - point) & 0xFFFFFFFF
    return folds
