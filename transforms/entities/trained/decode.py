"""Turn scores of labels into spans: the best way to label each stretch of tokens so that names begin and end."""

import numpy as np
from numpy.typing import NDArray

from schemas.records import EntityType

TYPES: tuple[EntityType, ...] = ("person", "place", "organisation")
PER_TYPE = 4  # labels of each type: first, inner, last, only
LABELS = 1 + PER_TYPE * len(TYPES)  # the first one is for what is of no name
_NEVER = -(10**9)


def best_spans(scores: NDArray[np.integer], tokens: NDArray[np.intp]) -> list[tuple[int, int]]:
    """Return the names in rising order, each as its first row and the one after its last.

    `tokens` rise, `scores` has a row for each; a token that is not among them is of no name.
    """
    limit = len(tokens)
    spans: list[tuple[int, int]] = []
    began = _began(scores.astype(np.int64), *_stretches(tokens))
    ends = np.flatnonzero(began >= 0)
    for end, begin in zip(ends[::-1].tolist(), began[ends[::-1]].tolist(), strict=True):
        if end < limit:
            spans.append((begin, end + 1))
            limit = begin
    return spans[::-1]


def _stretches(tokens: NDArray[np.intp]) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Return the first row and the length of each row of neighbours, the longest first."""
    begins = np.flatnonzero(np.diff(tokens, prepend=-2) != 1)
    lengths = np.diff(begins, append=len(tokens))
    order = np.argsort(-lengths, kind="stable")
    return begins[order], lengths[order]


def _began(scores: NDArray[np.int64], begins: NDArray[np.intp], lengths: NDArray[np.intp]) -> NDArray[np.intp]:
    """Return for each row where the name began that it ends best, -1 for none.

    All stretches are gone through at once, with nothing of a name around them. After a token either no name is open
    (`closed`: the score of the best way there), or one of each type is (`running`), begun at `opened`.
    """
    ended = np.full(len(scores), -1)
    closed = np.zeros(len(begins), np.int64)
    running, opened = np.full((len(begins), len(TYPES)), _NEVER), np.zeros((len(begins), len(TYPES)), np.intp)
    for step in range(lengths.max(initial=0)):
        still = int(np.searchsorted(-lengths, -step))
        rows = begins[:still] + step
        row, before, running, opened = scores[rows], closed[:still, None], running[:still], opened[:still]
        # Of equal ways the first is taken: no name, then by type one that runs before one of a single token.
        ways, origins = np.empty((still, 1 + 2 * len(TYPES)), np.int64), np.empty((still, 1 + 2 * len(TYPES)), np.intp)
        ways[:, :1], ways[:, 1::2], ways[:, 2::2] = before + row[:, :1], running + row[:, 3::4], before + row[:, 4::4]
        origins[:, 0], origins[:, 1::2], origins[:, 2::2] = -1, opened, rows[:, None]
        best = ways.argmax(axis=1)
        each = np.arange(still)
        ended[rows], closed = origins[each, best], ways[each, best]
        first, inner = before + row[:, 1::4], running + row[:, 2::4]
        opened = np.where(first >= inner, rows[:, None], opened)
        running = np.maximum(first, inner)
    return ended
