"""What an article says of a word elsewhere: a name is a name, and of one type, in most of its places.

A person who is introduced with title and given name is later a bare surname that nothing tells from a town.
"""

import numpy as np
from numpy.typing import NDArray

from transforms.entities.trained.decode import PER_TYPE, TYPES

_WORD_BITS = 32
_SHARE = 2  # half of the mean: three quarters and one cost texts of ours .001 typed, a quarter brings half as much


def add_elsewhere(scores: NDArray[np.int16], articles: NDArray[np.intp], words: NDArray[np.int64], most: int) -> None:
    """Add to the scores of tokens, for each type, half the mean of its lead over no name at the word's other places.

    Shapes: `scores` a row a token, `decode.LABELS` wide; `articles` and `words` by token, numbers that are the same
    for tokens of one article, of one word. The lead of a single place counts as `most` at most, for or against.
    """
    places = articles.astype(np.int64) << _WORD_BITS | words
    _, which, counts = np.unique(places, return_inverse=True, return_counts=True)
    again = np.flatnonzero(counts[which] > 1)
    which = which[again]
    columns = np.ascontiguousarray(scores[again].T, np.int64)
    leads = columns[1:].reshape(len(TYPES), PER_TYPE, len(again)).max(axis=1) - columns[0]
    leads = np.clip(leads, -most, most)
    sums = np.array([np.bincount(which, lead, len(counts)) for lead in leads]).astype(np.int64)
    others = (sums[:, which] - leads) // (_SHARE * (counts[which] - 1))
    scores[again, 1:] += np.repeat(others.T, PER_TYPE, axis=1).astype(np.int16)
