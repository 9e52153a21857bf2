"""What a character of a Chinese, Japanese or Korean text has from the word it is part of, and from those around."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import accumulate, chain

import numpy as np
from numpy.typing import NDArray

from transforms.entities.japanese_words import KINDS
from transforms.entities.trained.features import TAGS
from transforms.entities.words import FORMS, LAST_FORMS, RANKS, Words

_PLACES = 4  # first, inner, last, only character of a word
_LENGTHS = 4  # of words: 1, 2, 3, more
_AROUND = 2  # words on each side that are seen
_PLACED = _PLACES * KINDS
HIDDEN_SLOTS = 5  # features of forms, dropped at random in training
_WIDTHS = (
    *[_PLACES * FORMS] * 3,  # the word here, the one before, the one after
    *[_PLACES * LAST_FORMS] * 2,  # the last characters of the word here and of the one after
    *[_PLACED] * (2 * _AROUND + 1),  # kinds of the words around
    _PLACED * _LENGTHS,
    *[_PLACED * RANKS] * 3,  # kind and rank of the word here, the one before, the one after
    *[_PLACED * KINDS] * 3,  # kinds: before and here, here and after, before and after
    *[_PLACED * _PLACED] * 2,  # place and kind of the token before and here, here and after
    _PLACED * TAGS,
)
_STARTS = tuple(accumulate((0, *_WIDTHS)))
WORD_SLOTS = len(_WIDTHS)
WORD_ROWS = _STARTS[-1]  # of weights


@dataclass(frozen=True, slots=True)
class Placed:
    """Words of articles in a row, and for each token the number of its word, 0 for none, and its place in that.

    Around each text there are words of kind 0, so that none sees into the next.
    """

    words: NDArray[np.intp]
    places: NDArray[np.intp]
    kinds: NDArray[np.intp]  # by word, as those that follow
    ranks: NDArray[np.intp]
    forms: NDArray[np.intp]
    lasts: NDArray[np.intp]
    lengths: NDArray[np.intp]


def lay_words(texts: Iterable[tuple[int, Words]], starts: NDArray[np.int64], ends: NDArray[np.int64]) -> Placed:
    """Return the words of texts, each given with where it begins, on tokens that start and end there."""
    found = list(texts)
    stops = _in_row(position + text.ends for position, text in found)
    kinds, ranks, forms, lasts, lengths = (
        _in_row(getattr(text, column) for _, text in found)
        for column in ("kinds", "ranks", "forms", "lasts", "lengths")
    )
    firsts = np.searchsorted(ends, stops - lengths, "right")
    counts = np.searchsorted(starts, stops, "left") - firsts
    kept = np.flatnonzero((counts > 0) | (lengths == 0))  # no spaces
    firsts, counts = firsts[kept], counts[kept].clip(min=0)
    at = np.repeat(firsts - np.cumsum(counts) + counts, counts) + np.arange(counts.sum())
    words, places = np.zeros(len(starts), np.intp), np.zeros(len(starts), np.intp)
    words[at], places[at] = np.repeat(np.arange(len(counts)), counts), places_of(counts)
    return Placed(words, places, kinds[kept], ranks[kept], forms[kept], lasts[kept], lengths[kept])


def places_of(counts: NDArray[np.intp]) -> NDArray[np.intp]:
    """Return of tokens in words or names that have so many each: 0 for the first, 1 inner, 2 the last, 3 the only."""
    places = np.ones(counts.sum(), np.intp)
    some, one = counts > 0, counts == 1
    after = np.cumsum(counts)
    begin = after - counts
    places[begin[some]], places[after[some] - 1], places[begin[one]] = 0, 2, 3
    return places


_NONE = np.zeros(_AROUND, np.intp)


def _in_row(columns: Iterable[NDArray[np.integer]]) -> NDArray[np.intp]:
    """Return what is known of the words of texts, in a row, those without a kind around each text."""
    row: NDArray[np.intp] = np.concatenate([_NONE, *chain.from_iterable((column, _NONE) for column in columns)])
    return row


def look_into(at: NDArray[np.intp], placed: Placed, tags: NDArray[np.int32]) -> NDArray[np.intp]:
    """Return the rows of the features of words, by feature and token, of tokens `at` that have a word."""
    here, places = placed.words[at], placed.places[at]
    kinds = placed.kinds
    own = places * KINDS + kinds[here]
    before, after = (placed.places[at + step] * KINDS + kinds[placed.words[at + step]] for step in (-1, 1))
    left, right = kinds[here - 1], kinds[here + 1]
    numbers = (
        *(placed.forms[here + step] * _PLACES + places for step in (0, -1, 1)),
        *(placed.lasts[here + step] * _PLACES + places for step in (0, 1)),
        *(kinds[here + step] * _PLACES + places for step in range(-_AROUND, _AROUND + 1)),
        own * _LENGTHS + np.minimum(placed.lengths[here], _LENGTHS) - 1,
        *((kinds[here + step] * RANKS + placed.ranks[here + step]) * _PLACES + places for step in (0, -1, 1)),
        own * KINDS + left,
        own * KINDS + right,
        (left * KINDS + right) * _PLACES + places,
        before * _PLACED + own,
        own * _PLACED + after,
        own * TAGS + tags[at],
    )
    rows: NDArray[np.intp] = np.stack(numbers) + np.array(_STARTS[:-1], np.intp)[:, None]
    return rows
