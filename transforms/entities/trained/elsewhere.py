"""What an article says of a word elsewhere: a name is a name, and of one type, in most of its places.

A person who is introduced with title and given name is later a bare surname that nothing tells from a town.
"""

import numpy as np
from numpy.typing import NDArray

from transforms.entities.trained.decode import TYPES

_WORD_BITS = 32
_PER_TYPE = 4  # labels: first, inner, last, only
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
    labels = scores[again].astype(np.int64)
    best = labels[:, 1:].reshape(-1, len(TYPES), _PER_TYPE).max(axis=2)
    leads = np.clip(best - labels[:, :1], -most, most)
    sums = np.zeros((len(counts), len(TYPES)), np.int64)
    np.add.at(sums, which, leads)
    others = (sums[which] - leads) // (_SHARE * (counts[which, None] - 1))
    scores[again, 1:] += np.repeat(others, _PER_TYPE, axis=1).astype(np.int16)
