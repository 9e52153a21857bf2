"""langdetect without its dice: the same profiles and rules, all n-grams of a text instead of a random draw.

Its scores are those of its formula, near 1 even for what is wrong; `und` only where no profile knows any n-gram.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from transforms.language import profile_bayes, votes
from transforms.language.labels import UNDETERMINED
from transforms.language.langdetect_profiles import profiles
from transforms.language.scores import label_columns
from transforms.language.tags import LanguageTag


def detect(texts: Sequence[str]) -> list[LanguageTag]:
    """Tag each text with the language of the most probable profile."""
    if not texts:
        return []
    columns = label_columns(profiles().labels)
    found = profile_bayes.evaluate(with_ends(texts))
    best = votes.ballot(np.add.reduceat(_chances(found.scores)[:, columns.order], columns.starts, axis=1))
    return [
        votes.tag(columns.codes, best, row) if found.ngrams[row] > 0 else LanguageTag(UNDETERMINED)
        for row in range(len(texts))
    ]


def with_ends(texts: Sequence[str]) -> list[str]:
    """End each text in a space: langdetect loses the last word's end, a quarter of what a bare word says."""
    return [f"{text} " for text in texts]


def _chances(raw: NDArray[np.float32]) -> NDArray[np.float64]:
    exponentials: NDArray[np.float64] = np.exp(raw.astype(np.float64) - raw.max(axis=1, keepdims=True))
    total: NDArray[np.float64] = exponentials.sum(axis=1, keepdims=True)
    return exponentials / total
