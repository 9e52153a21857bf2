"""What an article looks like to Fold: tokens, lines, sets, sketch, for many articles in flat arrays.

What is folded upon is the text; a text of fewer than 25 tokens gets its title in front, or page furniture that was
taken for a text (a slogan, a cookie notice) would make strangers equal.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from transforms.fold.ragged import (
    Array,
    Flags,
    Floats,
    Ints,
    Ragged,
    concatenate,
    firsts,
    flagged_a_row,
    offsets_of,
    spans,
)
from transforms.fold.shingles import bags, distinct, sort_rows, windows
from transforms.fold.sketch import WIDTH, sketches
from transforms.fold.tokens import CAPITAL, DIGIT, Tokens, identity, tokenize

UNDATED = np.iinfo(np.int64).min
"""Stands for an unknown publication time."""
_LAST = np.iinfo(np.int64).max
# A word that is replaced breaks three windows and one token, which tells an edit from a template. Tried: windows of 2
# words merged news that differs in facts, of 4 they missed edits.
SHINGLE_WIDTH = 3
OPENING = 16  # what must agree of an edited text without like titles, or follow-ups fold into what they repeat
TINY = 25  # as above; a text of fewer tokens under another headline is another item
LETTERS_PER_WORD = 1.6  # of scripts without spaces, so that limits in words mean as much of a story there
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
    alphabetic: Flags  # mostly letters of those scripts without spaces that have some fifty
    opening: npt.NDArray[np.uint32]  # (rows, 16) the first tokens, zeroes where there are fewer
    numbers: npt.NDArray[np.int32]  # tokens with a digit
    names: npt.NDArray[np.int32]  # capitalised tokens
    published: Ints  # microseconds since 1970, UNDATED for unknown
    content: npt.NDArray[np.uint64]  # of title and text letter by letter, as the content hash says

    def __len__(self) -> int:
        return len(self.words)

    def lengths_of(self, rows: Array) -> Floats:
        """Return the lengths of rows in words: a word of a script without spaces has some 1.6 letters."""
        return word_lengths(self.words.sizes_of(rows), self.characters[rows])

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

_OF_THE_WHOLE = ("title", "title_hash", "text_hash", "characters", "alphabetic", "published", "content")


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
    # 64 bits of the hash are compared: two texts that collide by chance are not even candidates.
    hashes = content_hashes if content_hashes is not None else [f":{row:016x}" for row in range(len(texts))]
    content = np.array([int(known.partition(":")[2][:16], 16) for known in hashes], dtype=np.uint64)
    parts = (slice(first, first + _BATCH) for first in range(0, max(len(texts), 1), _BATCH))
    return join([_sign(titles[part], texts[part], published[part], content[part]) for part in parts])


def _sign(titles: Sequence[str], texts: Sequence[str], published: Ints, content: Array) -> Signatures:
    # Titles and texts at once: a pass over code points costs the same few dozen calls for one text as for sixty.
    tokens = tokenize([*titles, *texts])
    title, text = _rows_of(tokens.words, 0, len(titles)), _rows_of(tokens.words, len(titles), len(tokens.words))
    words, lines = _folded_upon(tokens, text.sizes < TINY)
    line_hashes, line_sizes = _lines(words, lines)
    return Signatures(
        words=words,
        line_hashes=line_hashes,
        line_sizes=line_sizes,
        title=distinct(Ragged(identity(title.values), title.offsets)),
        title_hash=np.where(title.sizes > 0, _sequence_hashes(title), np.uint64(0)),
        text_hash=np.where(text.sizes > 0, _sequence_hashes(text), np.uint64(0)),
        characters=tokens.characters[len(titles) :] * 2 > text.sizes,
        alphabetic=tokens.alphabetic[len(titles) :] * 2 > text.sizes,
        published=published,
        content=content,
        **_sets(words),
    )


def _rows_of(rows: Ragged, first: int, end: int) -> Ragged:
    """Return the rows from `first` to `end` as a view."""
    offsets = rows.offsets[first : end + 1]
    return Ragged(rows.values[offsets[0] : offsets[-1]], offsets - offsets[0])


def masked(signatures: Signatures, rows: Ints, furniture: Flags) -> Signatures:
    """Return the rows without the lines that `furniture` (one flag a line of theirs) marks: all of words made anew."""
    lines = offsets_of(signatures.line_sizes.sizes_of(rows))
    parts = ((first, min(first + _BATCH, len(rows))) for first in range(0, max(len(rows), 1), _BATCH))
    return join([_masked(signatures, rows[slice(*part)], ~furniture[slice(*lines[[*part]])]) for part in parts])


def _masked(signatures: Signatures, rows: Ints, kept: Flags) -> Signatures:
    sizes = signatures.line_sizes.take(rows)
    words = signatures.words.take(rows).keep(np.repeat(kept, sizes.values))
    rest: dict[str, Any] = {name: _taken(getattr(signatures, name), rows) for name in _OF_THE_WHOLE}
    return Signatures(
        words=words,
        line_hashes=signatures.line_hashes.take(rows).keep(kept),
        line_sizes=sizes.keep(kept),
        **rest,
        **_sets(words),
    )


def _sets(words: Ragged) -> dict[str, Any]:
    narrow, wide = windows(words, [SHINGLE_WIDTH, WIDTH])
    # Of the wide windows only the smallest of a bin is looked at, so repeats may stay.
    return {
        "shingles": distinct(narrow),
        "bag": bags(words),
        "keys": sketches(sort_rows(wide)),
        "opening": _opening(words),
        "numbers": _flagged(words, DIGIT),
        "names": _flagged(words, CAPITAL),
    }


def _opening(words: Ragged) -> npt.NDArray[np.uint32]:
    sizes = np.minimum(words.sizes, OPENING)
    opening = np.zeros((len(words), OPENING), dtype=np.uint32)
    places = spans(np.arange(len(words)) * OPENING, sizes)
    opening.reshape(-1)[places] = identity(words.values[spans(words.offsets[:-1], sizes)])
    return opening


def _flagged(words: Ragged, flag: int) -> npt.NDArray[np.int32]:
    return flagged_a_row(words.values & np.uint32(flag), words.offsets).astype(np.int32)


def undated_last(published: Ints) -> Ints:
    """Return times (microseconds or UNDATED) to sort by: what is undated must not be decided, or named, first."""
    return np.where(published == UNDATED, _LAST, published)


def word_lengths(tokens: Ints, characters: Flags) -> Floats:
    """Return lengths in words of texts of so many tokens, by whether most of these are letters."""
    return np.where(characters, tokens / LETTERS_PER_WORD, tokens)


def _folded_upon(tokens: Tokens, tiny: Flags) -> tuple[Ragged, npt.NDArray[np.int32]]:
    """Return the words that are folded upon, and the line of each; a title is a line of its own before a tiny text.

    `tokens` are those of all titles, then those of all texts.
    """
    count = len(tiny)
    if not tiny.any():
        text = _rows_of(tokens.words, count, 2 * count)
        return text, tokens.lines.values[len(tokens.lines.values) - len(text.values) :]
    starts, sizes = tokens.words.offsets[:-1].reshape(2, count), tokens.words.sizes.reshape(2, count)
    sizes = np.stack((np.where(tiny, sizes[0], 0), sizes[1]))
    places = spans(starts.T.reshape(-1), sizes.T.reshape(-1))
    words = Ragged(tokens.words.values[places], offsets_of(sizes.sum(axis=0)))
    return words, np.where(places < tokens.words.offsets[count], np.int32(-1), tokens.lines.values[places])


def _lines(words: Ragged, lines: npt.NDArray[np.int32]) -> tuple[Ragged, Ragged]:
    starts = np.flatnonzero(firsts(words, lines))
    sizes = np.diff(np.append(starts, len(lines)))
    offsets = np.searchsorted(starts, words.offsets)
    hashes = _sequence_hashes(Ragged(words.values, offsets_of(sizes)))
    return Ragged(hashes, offsets), Ragged(sizes.astype(np.int32), offsets)


def line_hashes(lines: Sequence[str]) -> npt.NDArray[np.uint64]:
    """Return the hashes that signatures hold of these lines."""
    return _sequence_hashes(tokenize(lines).words)


def _sequence_hashes(words: Ragged) -> npt.NDArray[np.uint64]:
    """Return a 64-bit hash of each row's tokens in order; rows without tokens get some value, all of them the same."""
    place = np.arange(len(words.values), dtype=np.uint64) - np.repeat(words.offsets[:-1], words.sizes).astype(np.uint64)
    terms = identity(words.values).astype(np.uint64) * ((place * _PLACE) | np.uint64(1))
    terms = (terms ^ (terms >> np.uint64(31))) * _MIX
    sums = np.zeros(len(terms) + 1, dtype=np.uint64)
    np.cumsum(terms, out=sums[1:])
    hashes = sums[words.offsets[1:]] - sums[words.offsets[:-1]] + words.sizes.astype(np.uint64)
    return (hashes ^ (hashes >> np.uint64(33))) * _MIX
