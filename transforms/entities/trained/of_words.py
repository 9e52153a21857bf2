"""What a character of a Chinese, Japanese or Korean text has from the word it is part of, and from those around."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import accumulate

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
    columns = np.concatenate([_NONE, *(_columns(*text) for text in texts)], axis=1)
    begins, stops = columns[:2]
    counts = np.searchsorted(starts, stops, "left") - np.searchsorted(ends, begins, "right")
    kept = (counts > 0) | (stops == begins)  # no spaces
    counts = np.where(stops > begins, counts, 0)[kept]
    at_word = np.repeat(np.arange(len(counts)), counts)
    within = np.arange(len(at_word)) - np.repeat(np.cumsum(counts) - counts, counts)
    at = np.searchsorted(ends, begins[kept], "right")[at_word] + within
    words, places = np.zeros(len(starts), np.intp), np.zeros(len(starts), np.intp)
    words[at] = at_word
    last = within == counts[at_word] - 1
    places[at] = np.where(within == 0, np.where(last, 3, 0), np.where(last, 2, 1))
    return Placed(words, places, *columns[2:, kept])


_NONE = np.zeros((7, _AROUND), np.intp)


def _columns(position: int, found: Words) -> NDArray[np.intp]:
    """Return start, end and what else is known of each word of a text, those without a kind after them."""
    ends = position + found.ends
    rows = (ends - found.lengths, ends, found.kinds, found.ranks, found.forms, found.lasts, found.lengths)
    return np.concatenate([np.stack(rows).astype(np.intp), _NONE], axis=1)


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
