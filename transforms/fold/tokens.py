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

from transforms.fold.ragged import Array, Ints, Ragged, concatenate, flagged_a_row
from transforms.unspaced import ALPHABETS, UNSPACED

DIGIT, CAPITAL = 2, 1
_WORD, _SINGLE, _HAS_DIGIT, _UPPER, _UNSURE, _OF_FEW = 1, 2, 4, 8, 16, 32
_SINGLES = (*UNSPACED, (0x20000, 0x3FFFF))
# Nothing but letters without case; looking each up would take half the time that making the tables takes.
_LETTERS = ((0x3400, 0x4DBF), (0x4E00, 0x9FFF), (0xAC00, 0xD7A3), (0x20000, 0x3FFFF))
_TABLE_SIZE = 0x40001  # planes 0 to 3; the last entry stands for all that lies above, where no words are
_NEWLINE = 0x0A
# An odd multiplier has an inverse modulo 2^64, so a token's hash is taken out of one running sum over the whole text.
_FACTOR = 0x9E3779B97F4A7C15
_MIX = np.uint64(0xBF58476D1CE4E5B9)
_PIECE = 100_000  # code points at a time: the arrays of one piece stay in the processor's cache
_Change = tuple[int, int, str]  # of a text: where it begins, where it ends, and what stands there instead


@dataclass(frozen=True, slots=True)
class Tokens:
    """Tokens of texts: `words` holds their values, `lines` the line number of each token within its text."""

    words: Ragged  # uint32
    lines: Ragged  # int32, aligned with `words`
    characters: Ints  # how many tokens of each text are letters of scripts without spaces
    alphabetic: Ints  # of these, letters of scripts that have some fifty


def identity(values: Array) -> Array:
    """Return what makes tokens equal: everything but the capital, which sites put into headlines as they like."""
    return values & np.uint32(0xFFFFFFFE)


def make_tables() -> None:
    """Make the tables of code points now, which the first texts would otherwise wait for: a tenth of a second."""
    _kinds()
    _folded()


def tokenize(texts: Sequence[str]) -> Tokens:
    """Return the tokens of each text; one pass over code points for some 100,000 of them together."""
    parts = [_piece(piece) for piece in _pieces(texts)]
    return Tokens(
        concatenate([part.words for part in parts], np.uint32),
        concatenate([part.lines for part in parts], np.int32),
        *(
            np.concatenate([np.empty(0, np.int64), *(getattr(part, name) for part in parts)])
            for name in ("characters", "alphabetic")
        ),
    )


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
    text = "\n".join(texts) + "\n"
    points, ends_of_texts = _points(text), np.cumsum(np.fromiter(map(len, texts), np.int64, len(texts)) + 1)
    kinds = _kinds().take(points, mode="clip")
    changes = _compatible(text, np.flatnonzero(kinds & _UNSURE))
    if changes:
        fresh = _points("".join(word for _, _, word in changes))
        points = _put(points, fresh, changes)
        kinds = _put(kinds, _kinds().take(fresh, mode="clip"), changes)
        ends_of_texts = _moved(ends_of_texts, changes)
    starts, ends = _bounds(kinds)
    first_kinds = kinds[starts]
    offsets = np.concatenate(([0], np.searchsorted(starts, ends_of_texts)))
    return Tokens(
        Ragged(_values(points, kinds, starts, ends, first_kinds), offsets),
        Ragged(_line_numbers(points, starts, ends_of_texts), offsets),
        flagged_a_row(first_kinds & _SINGLE, offsets),
        flagged_a_row(first_kinds & _OF_FEW, offsets),
    )


def _points(text: str) -> npt.NDArray[np.uint32]:
    """Return the code points of a text."""
    # A lone surrogate, as file names and broken JSON bring them, becomes a question mark: no bytes stand for it.
    return np.frombuffer(text.encode("utf-32-le", "replace"), dtype=np.uint32)


def _compatible(text: str, unsure: Ints) -> list[_Change]:
    """Return the changes that bring the words which hold a code point at `unsure` into NFKC.

    Nothing composes with a space or a newline, or moves across one: what stands between two is normalised alone.
    """
    changes, end, line = [], 0, -1
    for place in unsure.tolist():
        if place < end:
            continue
        if line < place:
            line = text.index("\n", place)
        start = max(end, text.rfind(" ", end, place) + 1)
        start = max(start, text.rfind("\n", start, place) + 1)
        space = text.find(" ", place, line)
        end = line if space < 0 else space
        word = text[start:end]
        normal = unicodedata.normalize("NFKC", word)
        if normal != word:
            changes.append((start, end, normal))
    return changes


def _put(values: Array, fresh: Array, changes: Sequence[_Change]) -> Array:
    """Return one value a code point, with those of changed words replaced by the `fresh` ones."""
    parts, kept, used = [], 0, 0
    for start, end, word in changes:
        parts += [values[kept:start], fresh[used : used + len(word)]]
        kept, used = end, used + len(word)
    return np.concatenate([*parts, values[kept:]])


def _moved(ends: Ints, changes: Sequence[_Change]) -> Ints:
    """Return where the texts end once words before these ends are longer or shorter."""
    starts = [start for start, _, _ in changes]
    longer = np.cumsum([0, *(len(word) - (end - start) for start, end, word in changes)])
    moved: Ints = ends + longer[np.searchsorted(starts, ends)]
    return moved


def _bounds(kinds: npt.NDArray[np.uint8]) -> tuple[Ints, Ints]:
    """Return where tokens start and where they end (exclusive)."""
    # A text ends in a newline, so every token ends before the end.
    inside = (kinds & (_WORD | _SINGLE)) != 0
    single = (kinds & _SINGLE) != 0
    edge = np.ones(len(kinds), dtype=bool)
    edge[1:] = (inside[1:] != inside[:-1]) | single[1:] | single[:-1]
    ends = np.flatnonzero(edge[1:] & inside[:-1]) + 1
    return np.flatnonzero(edge & inside), ends


def _values(points: Array, kinds: Array, starts: Ints, ends: Ints, first_kinds: Array) -> npt.NDArray[np.uint32]:
    """Return each token's value from one running sum of code point times power of the factor.

    The sum over a token that starts at place s is its hash times the factor to the s; the inverse takes that out, so
    that a word has one value wherever it stands. All is modulo 2^64, where overflow is what is meant.
    """
    powers, inverses = _powers(_room(len(points)))
    terms = _folded().take(points, mode="clip")
    terms *= powers[: len(points)]
    sums = np.zeros(len(points) + 1, dtype=np.uint64)
    np.cumsum(terms, out=sums[1:])
    hashes = sums[ends]
    hashes -= sums[starts]
    hashes *= inverses[starts]
    # A sum of products says little in its low bits, and alike words differ in few: mixed, the highest 30 bits are kept.
    hashes ^= hashes >> np.uint64(32)
    hashes *= _MIX
    values = (hashes >> np.uint64(34) << np.uint64(2)).astype(np.uint32)
    values |= (first_kinds & _UPPER) != 0
    digits = np.flatnonzero((kinds & _HAS_DIGIT) != 0)
    values[np.searchsorted(starts, digits, side="right") - 1] |= np.uint32(DIGIT)
    return values


def _line_numbers(points: Array, starts: Ints, ends_of_texts: Ints) -> npt.NDArray[np.int32]:
    """Return for each token how many newlines of its text stand before it."""
    breaks = np.flatnonzero(points == _NEWLINE)
    first = np.searchsorted(breaks, np.concatenate(([0], ends_of_texts[:-1])))
    own = np.searchsorted(ends_of_texts, breaks, side="right")
    number = np.arange(len(breaks)) - first[own]
    tokens = np.diff(np.searchsorted(starts, breaks), prepend=0)
    return np.repeat(number.astype(np.int32), tokens)


def _room(size: int) -> int:
    """Return for how many code points powers are kept: a few sizes for all pieces, so that there are few tables."""
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
    for first, last in _LETTERS:
        kinds[first : last + 1] = _WORD
    kinds[_various()] = [_kind(chr(point)) for point in _various()]
    for first, last in _SINGLES:
        stretch = kinds[first : last + 1]
        letters = (stretch & _WORD) != 0
        marks = np.array([unicodedata.category(chr(point))[0] == "M" for point in range(first, last + 1)])
        # A mark of these scripts belongs to no token of its own: it would double the length of a text.
        stretch[letters] = _SINGLE
        stretch[marks] = 0
    for first, last in ALPHABETS:
        stretch = kinds[first : last + 1]
        stretch[(stretch & _SINGLE) != 0] |= _OF_FEW
    kinds[_unsure(kinds)] |= _UNSURE
    return kinds


@cache
def _various() -> Sequence[int]:
    """Return the code points of the first two planes outside of `_LETTERS`."""
    points = set(range(0x20000)).difference(*(range(first, last + 1) for first, last in _LETTERS))
    return sorted(points)


def _kind(character: str) -> int:
    if not (character.isalnum() or character == "_" or unicodedata.category(character)[0] == "M"):
        return 0
    return (
        _WORD
        | (_HAS_DIGIT if character.isdigit() else 0)
        | (_UPPER if character.isupper() or character.istitle() else 0)
    )


def _unsure(kinds: npt.NDArray[np.uint8]) -> list[int]:
    """Return the code points that NFKC may change so that other tokens come of it.

    It need not be asked about a dash or a wide comma: neither these nor what becomes of them are words. What composes
    with a character before it is asked about wherever it stands.
    """
    unsure = [*range(0x1161, 0x1176), *range(0x11A8, 0x11C3)]  # vowels and finals of Hangul, composed by rule
    for point in (*_various(), *range(0x2F800, 0x2FA20)):
        character = chr(point)
        decomposition = unicodedata.decomposition(character)
        if unicodedata.combining(character):
            unsure.append(point)
        elif decomposition:
            changed = unicodedata.normalize("NFKC", character)
            if changed != character and any(kinds[ord(part)] for part in character + changed):
                unsure.append(point)
            if decomposition[0] != "<":
                unsure += [int(part, 16) for part in decomposition.split()[1:]]
    return unsure


@cache
def _folded() -> npt.NDArray[np.uint64]:
    """Return each code point in folded case; letters that fold to several, such as ß, stay as they are.

    Arrays hold a value for each code point, and a longer text for one letter would move all that follow.
    """
    folded = np.arange(_TABLE_SIZE, dtype=np.uint64)
    for point in _various():
        letter = chr(point).casefold()
        if len(letter) == 1:
            folded[point] = ord(letter)
    return folded
