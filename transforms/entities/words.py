"""The words of a text whose words are not what stands between spaces, as columns of numbers."""

import zlib
from collections.abc import Sequence
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


Part = tuple[int, int, int, int, int]  # of a word: length, kind, rank, hash, hash of the last character


def part(form: str, kind: int, rank: int, before: str = "") -> Part:
    """Describe a word; what stands `before` its form in the hash tells languages apart that share characters."""
    whole, last = (zlib.crc32(f"{before}{hashed}".encode()) for hashed in (form, form[-1]))
    return len(form), kind, rank, whole % FORMS, last % LAST_FORMS


def joined(parts: Sequence[Part]) -> Words:
    """Return the words of a text that are described one after the other."""
    lengths, kinds, ranks, forms, lasts = np.array(parts, np.int32).reshape(-1, 5).T
    return Words(
        np.cumsum(lengths, dtype=np.int32),
        kinds.astype(np.uint8),
        ranks.astype(np.uint8),
        forms.astype(np.uint16),
        lasts.astype(np.uint16),
    )


def without_halves(text: str) -> str:
    """Put a mark in place of what is half a character, which has no bytes to be hashed or handed on."""
    return text.encode("utf-8", "replace").decode()
