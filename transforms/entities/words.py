"""The words of a text whose words are not what stands between spaces, as columns of numbers."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

FORMS = 1 << 14  # numbers of words by their hash
LAST_FORMS = 1 << 12  # numbers of last characters
RANKS = 6


@dataclass(frozen=True, slots=True)
class Words:
    """The words of a text, with marks and spaces between them; each begins where the one before it ends."""

    ends: NDArray[np.int32]  # in code points
    kinds: NDArray[np.uint8]  # each language has kinds of its own
    ranks: NDArray[np.uint8]  # of RANKS: how frequent a Chinese word is, what lists of names have of a Korean one
    forms: NDArray[np.uint16]  # a hash, of FORMS
    lasts: NDArray[np.uint16]  # a hash of the last character, of LAST_FORMS
