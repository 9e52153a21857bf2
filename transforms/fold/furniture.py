"""Site furniture: lines that recur across unrelated articles and say nothing about the story.

It is learned from the articles themselves. A line counts as furniture when it stands in at least four articles and most
sampled pairs of them are strangers by their whole texts. It masks windows of words only: text, hashes and ids keep it.
"""

import numpy as np
import numpy.typing as npt

from transforms.fold.ragged import Flags, Ints, Ragged, runs
from transforms.fold.signature import TINY, Signatures, masked
from transforms.fold.sketch import resemblance

ARTICLES = 4
STRANGER_PAIRS = 3
STRANGER_SHARE = 0.60
STRANGER = 0.25
SAMPLED_PAIRS = 24
LINE_TOKENS = 3
KEPT_SHARE = 0.25

Hashes = npt.NDArray[np.uint64]


def learn(signatures: Signatures) -> Hashes:
    """Return the sorted hashes of lines that are furniture among these articles."""
    lines, owners = _distinct_lines(signatures)
    starts, sizes = runs(lines)
    often = sizes >= ARTICLES
    if not often.any():
        return np.empty(0, dtype=np.uint64)
    return lines[starts[often]][_between_strangers(signatures, owners, starts[often], sizes[often])]


def touched(signatures: Signatures, furniture: Hashes) -> Ints:
    """Return the rows that hold such lines and enough besides to be told apart without them."""
    marked = np.isin(signatures.line_hashes.values, furniture)
    lost = _per_row(signatures.line_sizes, marked)
    sizes = signatures.words.sizes
    return np.flatnonzero((lost > 0) & (sizes - lost >= TINY) & (sizes - lost >= KEPT_SHARE * sizes))


def without(signatures: Signatures, furniture: Hashes) -> Signatures:
    """Return the articles as they look without these lines."""
    return masked(signatures, np.isin(signatures.line_hashes.values, furniture))


def _distinct_lines(signatures: Signatures) -> tuple[Hashes, Ints]:
    """Return line hashes and the rows they stand in, each pair once, sorted."""
    counted = signatures.line_sizes.values >= LINE_TOKENS
    lines = signatures.line_hashes.values[counted]
    owners = signatures.line_hashes.owners[counted]
    order = np.lexsort((owners, lines))
    lines, owners = lines[order], owners[order]
    fresh = np.ones(len(lines), dtype=bool)
    fresh[1:] = (lines[1:] != lines[:-1]) | (owners[1:] != owners[:-1])
    return lines[fresh], owners[fresh]


def _between_strangers(signatures: Signatures, owners: Ints, starts: Ints, sizes: Ints) -> Flags:
    """Return for each run of articles with one line whether most sampled pairs of them are strangers."""
    pairs = np.minimum(SAMPLED_PAIRS, sizes * (sizes - 1) // 2)
    run = np.repeat(np.arange(len(starts)), pairs)
    place = np.arange(len(run)) - np.repeat(np.cumsum(pairs) - pairs, pairs)
    left, right = _sampled(place, sizes[run])
    alike = resemblance(signatures.keys, owners[starts[run] + left], owners[starts[run] + right])
    strangers = np.bincount(run, weights=alike < STRANGER, minlength=len(starts))
    between: Flags = (strangers >= STRANGER_PAIRS) & (strangers >= STRANGER_SHARE * pairs)
    return between


def _sampled(place: Ints, sizes: Ints) -> tuple[Ints, Ints]:
    """Return two different members of a run of `sizes` for each place: growing distances, spread over the run."""
    distance = 1 + place // sizes
    return place % sizes, (place % sizes + distance) % sizes


def _per_row(sizes: Ragged, marked: Flags) -> Ints:
    total = np.concatenate(([0], np.cumsum(np.where(marked, sizes.values, 0))))
    return np.diff(total[sizes.offsets])
