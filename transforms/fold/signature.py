"""What an article looks like to Fold: tokens, lines, sets, sketch, for many articles in flat arrays.

What is folded upon is the text; a text of fewer than 25 tokens gets its title in front, or page furniture that was
taken for a text (a slogan, a cookie notice) would make strangers equal.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from transforms.fold.ragged import Array, Flags, Floats, Ints, Ragged, concatenate, offsets_of, spans
from transforms.fold.shingles import bags, distinct, shingle_sets
from transforms.fold.sketch import WIDTH, sketches
from transforms.fold.tokens import CAPITAL, DIGIT, Tokens, identity, tokenize

UNDATED = np.iinfo(np.int64).min
"""Stands for an unknown publication time."""
SHINGLE_WIDTH = 3
OPENING = 16
TINY = 25
LETTERS_PER_WORD = 1.6
_PLACE = np.uint64(0x9E3779B97F4A7C15)
_MIX = np.uint64(0xFF51AFD7ED558CCD)
_BATCH = 64  # articles at a time: their arrays stay in the processor's cache


@dataclass(frozen=True, slots=True)
class Signatures:
    """One row an article; see each field for its shape."""

    words: Ragged  # uint32 tokens in order, title in front of a tiny text
    line_hashes: Ragged  # uint64, one a line with tokens
    line_sizes: Ragged  # int32 tokens of each line; a row's sum is its number of words
    shingles: Ragged  # uint32, sorted distinct 3-word windows
    bag: Ragged  # uint32, sorted tokens with multiplicity
    title: Ragged  # uint32, sorted distinct tokens of the title
    keys: npt.NDArray[np.uint32]  # (rows, 64) sketch
    title_hash: npt.NDArray[np.uint64]  # of the title's tokens in order, 0 for none
    text_hash: npt.NDArray[np.uint64]  # of the text's tokens in order, 0 for none
    characters: Flags  # mostly letters of scripts without spaces
    opening: npt.NDArray[np.uint32]  # (rows, 16) the first tokens, zeroes where there are fewer
    numbers: npt.NDArray[np.int32]  # tokens with a digit
    names: npt.NDArray[np.int32]  # capitalised tokens
    published: Ints  # microseconds since 1970, UNDATED for unknown
    content: npt.NDArray[np.uint64]  # of title and text letter by letter, as the content hash says

    def __len__(self) -> int:
        return len(self.words)

    @property
    def lengths(self) -> Floats:
        """Length of each row in words: a word of a script without spaces has some 1.6 letters."""
        return word_lengths(self.words.sizes, self.characters)

    def take(self, rows: Array) -> "Signatures":
        """Return the given rows, in that order."""
        columns: dict[str, Any] = {name: _taken(getattr(self, name), rows) for name in _FIELDS}
        return Signatures(**columns)


_FIELDS = tuple(Signatures.__dataclass_fields__)
_RAGGED = {
    "words": np.uint32,
    "line_hashes": np.uint64,
    "line_sizes": np.int32,
    "shingles": np.uint32,
    "bag": np.uint32,
    "title": np.uint32,
}

_OF_THE_WHOLE = ("title", "title_hash", "text_hash", "characters", "published", "content")


def _taken(column: Ragged | Array, rows: Array) -> Ragged | Array:
    return column.take(rows) if isinstance(column, Ragged) else column[rows]


def join(parts: Sequence[Signatures]) -> Signatures:
    """Return the rows of all parts, in order; there must be at least one part."""
    columns: dict[str, Any] = {name: _joined(name, [getattr(part, name) for part in parts]) for name in _FIELDS}
    return Signatures(**columns)


def _joined(name: str, columns: Sequence[Any]) -> Ragged | Array:
    return concatenate(columns, _RAGGED[name]) if name in _RAGGED else np.concatenate(columns)


def sign(
    titles: Sequence[str], texts: Sequence[str], published: Ints, content_hashes: Sequence[str] | None = None
) -> Signatures:
    """Return the signatures of articles.

    Args:
        titles: their titles, empty for none.
        texts: their texts, empty for none.
        published: when they were published, microseconds or UNDATED.
        content_hashes: as Normalize made them, a version before a colon and hexadecimal digits; without them no two
            articles are exact copies of each other.
    """
    hashes = content_hashes if content_hashes is not None else [f":{row:016x}" for row in range(len(texts))]
    content = np.array([int(known.partition(":")[2][:16], 16) for known in hashes], dtype=np.uint64)
    parts = (slice(first, first + _BATCH) for first in range(0, max(len(texts), 1), _BATCH))
    return join([_sign(titles[part], texts[part], published[part], content[part]) for part in parts])


def _sign(titles: Sequence[str], texts: Sequence[str], published: Ints, content: Array) -> Signatures:
    tokens = tokenize([part for pair in zip(titles, texts, strict=True) for part in pair])
    sizes = tokens.words.sizes
    title_sizes, text_sizes = sizes[0::2], sizes[1::2]
    hashes = _sequence_hashes(tokens.words)
    tiny = text_sizes < TINY
    words = _folded_upon(tokens, tiny)
    line_hashes, line_sizes = _lines(words, _folded_lines(tokens, tiny))
    title = Ragged(tokens.words.values, tokens.words.offsets).take(np.arange(0, len(sizes), 2))
    return Signatures(
        words=words,
        line_hashes=line_hashes,
        line_sizes=line_sizes,
        title=distinct(Ragged(identity(title.values), title.offsets)),
        title_hash=np.where(title_sizes > 0, hashes[0::2], np.uint64(0)),
        text_hash=np.where(text_sizes > 0, hashes[1::2], np.uint64(0)),
        characters=tokens.characters[1::2] * 2 > text_sizes,
        published=published,
        content=content,
        **_sets(words),
    )


def masked(signatures: Signatures, furniture: Flags) -> Signatures:
    """Return the rows without the lines that `furniture` (one flag a line) marks: everything made of words anew."""
    kept = signatures.line_sizes.keep(~furniture)
    words = signatures.words.keep(np.repeat(~furniture, signatures.line_sizes.values))
    rest: dict[str, Any] = {name: getattr(signatures, name) for name in _OF_THE_WHOLE}
    return Signatures(
        words=words,
        line_hashes=signatures.line_hashes.keep(~furniture),
        line_sizes=kept,
        **rest,
        **_sets(words),
    )


def _sets(words: Ragged) -> dict[str, Any]:
    return {
        "shingles": shingle_sets(words, SHINGLE_WIDTH),
        "bag": bags(words),
        "keys": sketches(shingle_sets(words, WIDTH)),
        "opening": _opening(words),
        "numbers": _counted(words, DIGIT),
        "names": _counted(words, CAPITAL),
    }


def _opening(words: Ragged) -> npt.NDArray[np.uint32]:
    sizes = np.minimum(words.sizes, OPENING)
    opening = np.zeros((len(words), OPENING), dtype=np.uint32)
    places = spans(np.arange(len(words)) * OPENING, sizes)
    opening.reshape(-1)[places] = identity(words.values[spans(words.offsets[:-1], sizes)])
    return opening


def _counted(words: Ragged, flag: int) -> npt.NDArray[np.int32]:
    flagged = np.zeros(len(words.values) + 1, dtype=np.int32)
    np.cumsum((words.values & np.uint32(flag)) != 0, out=flagged[1:])
    return np.diff(flagged[words.offsets])


def word_lengths(tokens: Ints, characters: Flags) -> Floats:
    """Return lengths in words of texts of so many tokens, by whether most of these are letters."""
    return np.where(characters, tokens / LETTERS_PER_WORD, tokens)


def _folded_upon(tokens: Tokens, tiny: Flags) -> Ragged:
    kept = np.repeat(np.column_stack((tiny, np.ones_like(tiny))).reshape(-1), tokens.words.sizes)
    both = tokens.words.keep(kept)
    return Ragged(both.values, both.offsets[::2])


def _folded_lines(tokens: Tokens, tiny: Flags) -> npt.NDArray[np.int32]:
    """Return the line number of each word that is folded upon; a title is a line of its own before the text."""
    kept = np.repeat(np.column_stack((tiny, np.ones_like(tiny))).reshape(-1), tokens.words.sizes)
    title = np.repeat(np.arange(len(tokens.words)) % 2 == 0, tokens.words.sizes)
    return np.where(title, -1, tokens.lines.values)[kept]


def _lines(words: Ragged, lines: npt.NDArray[np.int32]) -> tuple[Ragged, Ragged]:
    fresh = np.ones(len(lines), dtype=bool)
    fresh[1:] = (lines[1:] != lines[:-1]) | (words.owners[1:] != words.owners[:-1])
    starts = np.flatnonzero(fresh)
    sizes = np.diff(np.append(starts, len(lines)))
    per_row = np.bincount(words.owners[starts], minlength=len(words))
    offsets = offsets_of(per_row)
    hashes = _sequence_hashes(Ragged(words.values, offsets_of(sizes)))
    return Ragged(hashes, offsets), Ragged(sizes.astype(np.int32), offsets)


def _sequence_hashes(words: Ragged) -> npt.NDArray[np.uint64]:
    """Return a 64-bit hash of each row's tokens in order; rows without tokens get some value."""
    place = np.arange(len(words.values), dtype=np.uint64) - np.repeat(words.offsets[:-1], words.sizes).astype(np.uint64)
    terms = identity(words.values).astype(np.uint64) * ((place * _PLACE) | np.uint64(1))
    terms = (terms ^ (terms >> np.uint64(31))) * _MIX
    sums = np.zeros(len(terms) + 1, dtype=np.uint64)
    np.cumsum(terms, out=sums[1:])
    hashes = sums[words.offsets[1:]] - sums[words.offsets[:-1]] + words.sizes.astype(np.uint64)
    return (hashes ^ (hashes >> np.uint64(33))) * _MIX
