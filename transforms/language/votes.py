"""Count the votes of a text's pieces, each by its letters and its score."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from transforms.language.tags import LanguageTag


class Ballot(NamedTuple):
    """The top two languages of each piece, or of each text once its pieces are counted."""

    first: NDArray[np.int64]  # (rows,) index of a language
    first_score: NDArray[np.float64]
    second: NDArray[np.int64]
    second_score: NDArray[np.float64]


def ballot(probabilities: NDArray[np.floating]) -> Ballot:
    """Return each row's top two columns; the lower column wins a tie."""
    rows = np.arange(len(probabilities))
    rest = np.minimum(probabilities, 1.0).astype(np.float64)  # sums of 32-bit shares may end a hair above 1
    first = rest.argmax(axis=1)
    first_score = rest[rows, first]
    rest[rows, first] = -1.0
    second = rest.argmax(axis=1)
    return Ballot(first, first_score, second, rest[rows, second])


def count(cast: Ballot, text_of: NDArray[np.int64], letters: NDArray[np.int64], texts: int, languages: int) -> Ballot:
    """Add up the pieces of each text; `text_of` names each piece's text.

    A language's score is its pieces' share of the letters times their scores; a text without letters counts nothing.
    """
    # Second guesses count as well: where pieces waver between two twins, what both name is not lost.
    cells = np.concatenate([text_of * languages + cast.first, text_of * languages + cast.second])
    weights = np.concatenate([cast.first_score * letters, cast.second_score * letters])
    sums = np.bincount(cells, weights, texts * languages).reshape(texts, languages)
    of_all = np.maximum(np.bincount(text_of, letters, texts), 1)
    return ballot(sums / of_all[:, np.newaxis])


def tag(codes: tuple[str, ...], best: Ballot, row: int) -> LanguageTag:
    """Write one row of a ballot as a tag."""
    return LanguageTag(
        codes[best.first[row]], float(best.first_score[row]), codes[best.second[row]], float(best.second_score[row])
    )
