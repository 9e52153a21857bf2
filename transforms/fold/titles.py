"""Titles that stand in front of tiny texts: seen from the signatures, and taken away again.

Two tiny texts are compared with their titles. A longer text has none in front, and next to it the title of a tiny one
would count as words that were replaced.
"""

import numpy as np

from transforms.fold.ragged import Array, Flags, Ints
from transforms.fold.signature import TINY, Signatures, masked
from transforms.fold.tokens import identity


def titled(signatures: Signatures, rows: Ints) -> Flags:
    """Return which of the given rows begin with their title: fewer than 25 tokens come after it.

    A text that repeats its title as its first line may be among them; nothing is lost of it without that line.
    """
    found = np.zeros(len(rows), dtype=bool)
    lines, title = signatures.line_sizes, signatures.title
    # First by sizes alone, for most rows are left out by them; the few that remain are looked at one by one.
    several = np.flatnonzero((lines.sizes[rows] > 1) & (title.sizes[rows] > 0) & (signatures.text_hash[rows] != 0))
    first = lines.values[lines.offsets[:-1][rows[several]]]
    near = np.flatnonzero(
        (signatures.words.sizes[rows[several]] - first < TINY) & (first >= title.sizes[rows[several]])
    )
    for place, size in zip(several[near].tolist(), first[near].tolist(), strict=True):
        begun = np.unique(identity(signatures.words.row(int(rows[place]))[:size]))
        found[place] = np.array_equal(begun, title.row(int(rows[place])))
    return found


def maybe_titled(tokens: Array, title_tokens: Array) -> Flags:
    """Return which stored articles, by their sizes, may begin with their title."""
    maybe: Flags = (title_tokens > 0) & (tokens.astype(np.int64) - title_tokens < TINY)
    return maybe


def untitled(signatures: Signatures, rows: Flags) -> Signatures:
    """Return all articles, the given ones without their first line."""
    lines = signatures.line_sizes
    first = np.zeros(len(lines.values), dtype=bool)
    first[lines.offsets[:-1][rows]] = True
    return masked(signatures, np.arange(len(signatures)), first)
