"""Site furniture: lines that recur across unrelated articles and say nothing about the story.

It is learned from the articles themselves. A line counts as furniture when it stands in at least four articles and most
sampled pairs of them are strangers by their whole texts. It masks windows of words only: text, hashes and ids keep it.
What was learned once stays known; lines that recurred less often count on, as long as their articles are recent.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from transforms.fold.ragged import Flags, Ints, Ragged, concatenate, runs
from transforms.fold.signature import TINY, Signatures, join, masked
from transforms.fold.sketch import BINS, resemblance

ARTICLES = 4
STRANGER_PAIRS = 3
STRANGER_SHARE = 0.60
STRANGER = 0.25
SAMPLED_PAIRS = 24
LINE_TOKENS = 3
KEPT_SHARE = 0.25
RECENT_ARTICLES = 20_000
"""So many articles of earlier slices are counted with: as many as one slice has."""

Hashes = npt.NDArray[np.uint64]


@dataclass(frozen=True, slots=True)
class Lines:
    """The lines of some articles, and their sketches; one row an article, the earlier ones first."""

    hashes: Ragged  # uint64
    keys: npt.NDArray[np.uint32]  # (articles, 64)

    def __len__(self) -> int:
        return len(self.keys)


@dataclass(frozen=True, slots=True)
class Furniture:
    """What earlier slices know: sorted hashes of furniture, and the lines of recent articles."""

    known: Hashes
    recent: Lines


@dataclass(frozen=True, slots=True)
class Learned:
    """Lines that turned out to be furniture, sorted by hash; one element a line."""

    hashes: Hashes
    articles: Ints  # in which each was seen
    row: Ints  # of an article of the slice that holds it


def no_lines() -> Lines:
    """Return the lines of no article."""
    return Lines(Ragged(np.empty(0, np.uint64), np.zeros(1, np.int64)), np.empty((0, BINS), np.uint32))


def no_furniture() -> Furniture:
    """Return what an empty lake knows."""
    return Furniture(np.empty(0, np.uint64), no_lines())


def lines_of(signatures: Signatures, rows: Ints) -> Lines:
    """Return the lines of the given rows that are long enough to count."""
    hashes = signatures.line_hashes.take(rows)
    return Lines(hashes.keep(signatures.line_sizes.take(rows).values >= LINE_TOKENS), signatures.keys[rows])


def join_lines(*parts: Lines) -> Lines:
    """Return the lines of all parts, in order, of the last articles only."""
    hashes, keys = concatenate([part.hashes for part in parts], np.uint64), np.concatenate([p.keys for p in parts])
    if len(keys) <= RECENT_ARTICLES:
        return Lines(hashes, keys)
    last = np.arange(len(keys) - RECENT_ARTICLES, len(keys))
    return Lines(hashes.take(last), keys[last])


def learn(lines: Lines, furniture: Furniture) -> Learned:
    """Return unknown lines that are furniture among these articles, in decision order, and recent ones."""
    recent = furniture.recent
    unknown = ~_among(lines.hashes.values, furniture.known)
    hashes, owners = _distinct(Lines(lines.hashes.keep(unknown), lines.keys), recent)
    starts, sizes = runs(hashes)
    often = sizes >= ARTICLES
    starts, sizes = starts[often], sizes[often]
    between = _between_strangers(np.concatenate((recent.keys, lines.keys)), owners, starts, sizes)
    starts, sizes = starts[between], sizes[between]
    return Learned(hashes[starts], sizes, owners[starts + sizes - 1] - len(recent))


def touched(signatures: Signatures, furniture: Hashes) -> Ints:
    """Return the rows that hold such lines and enough besides to be told apart without them."""
    marked = np.isin(signatures.line_hashes.values, furniture)
    lost = _per_row(signatures.line_sizes, marked)
    sizes = signatures.words.sizes
    return np.flatnonzero((lost > 0) & (sizes - lost >= TINY) & (sizes - lost >= KEPT_SHARE * sizes))


def without(signatures: Signatures, furniture: Hashes) -> Signatures:
    """Return the articles as they look without these lines."""
    return masked(signatures, np.isin(signatures.line_hashes.values, furniture))


def bare(signatures: Signatures, furniture: Hashes) -> Signatures:
    """Return all articles, those that hold such lines and enough besides without them."""
    rows = touched(signatures, furniture)
    if not len(rows):
        return signatures
    place = np.arange(len(signatures))
    place[rows] = len(signatures) + np.arange(len(rows))
    return join([signatures, without(signatures.take(rows), furniture)]).take(place)


def _distinct(lines: Lines, recent: Lines) -> tuple[Hashes, Ints]:
    """Return the hashes of `lines` and the articles they stand in, recent ones too, each pair once, sorted."""
    here = np.unique(lines.hashes.values)
    again = _among(recent.hashes.values, here)
    hashes = np.concatenate((recent.hashes.values[again], lines.hashes.values))
    owners = np.concatenate((recent.hashes.owners[again], lines.hashes.owners + len(recent)))
    order = np.lexsort((owners, hashes))
    hashes, owners = hashes[order], owners[order]
    fresh = np.ones(len(hashes), dtype=bool)
    fresh[1:] = (hashes[1:] != hashes[:-1]) | (owners[1:] != owners[:-1])
    return hashes[fresh], owners[fresh]


def _among(values: Hashes, ordered: Hashes) -> Flags:
    if not len(ordered):
        return np.zeros(len(values), dtype=bool)
    places = np.minimum(np.searchsorted(ordered, values), len(ordered) - 1)
    found: Flags = ordered[places] == values
    return found


def _between_strangers(keys: npt.NDArray[np.uint32], owners: Ints, starts: Ints, sizes: Ints) -> Flags:
    """Return for each run of articles with one line whether most sampled pairs of them are strangers."""
    pairs = np.minimum(SAMPLED_PAIRS, sizes * (sizes - 1) // 2)
    run = np.repeat(np.arange(len(starts)), pairs)
    place = np.arange(len(run)) - np.repeat(np.cumsum(pairs) - pairs, pairs)
    left, right = _sampled(place, sizes[run])
    alike = resemblance(keys, owners[starts[run] + left], owners[starts[run] + right])
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
