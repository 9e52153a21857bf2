"""Count the votes of a text's pieces, each by its letters and its score."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray


class Ballot(NamedTuple):
    """The top two languages of each piece."""

    first: NDArray[np.int64]  # (pieces,) index of a language
    first_score: NDArray[np.float64]
    second: NDArray[np.int64]
    second_score: NDArray[np.float64]


class Outcome(NamedTuple):
    """The top two languages of each text, with their share of its letters times their score."""

    first: NDArray[np.int64]  # (texts,)
    first_share: NDArray[np.float64]
    second: NDArray[np.int64]
    second_share: NDArray[np.float64]


def ballot(probabilities: NDArray[np.floating]) -> Ballot:
    """Return each row's top two columns; the lower column wins a tie."""
    rows = np.arange(len(probabilities))
    rest = probabilities.astype(np.float64)
    first = rest.argmax(axis=1)
    first_score = rest[rows, first]
    rest[rows, first] = -1.0
    second = rest.argmax(axis=1)
    return Ballot(first, first_score, second, rest[rows, second])


def count(cast: Ballot, text_of: NDArray[np.int64], letters: NDArray[np.int64], texts: int, languages: int) -> Outcome:
    """Add up the pieces of each text; `text_of` names each piece's text. A text without letters counts nothing."""
    cells = np.concatenate([text_of * languages + cast.first, text_of * languages + cast.second])
    weights = np.concatenate([cast.first_score * letters, cast.second_score * letters])
    sums = np.bincount(cells, weights, texts * languages).reshape(texts, languages)
    of_all = np.maximum(np.bincount(text_of, letters, texts), 1)
    return Outcome(*ballot(sums / of_all[:, np.newaxis]))
