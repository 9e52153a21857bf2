"""What two articles have in common, measured on their full signatures."""

from collections.abc import Iterator, Sequence
from itertools import islice, pairwise, starmap

import numpy as np
import numpy.typing as npt

from transforms.fold.compare import Evidence, days_between, kept_by_windows
from transforms.fold.ragged import Array, Flags, Floats, Ints, Ragged, offsets_of
from transforms.fold.settings import Thresholds
from transforms.fold.signature import UNDATED, Signatures
from transforms.fold.titles import titled, untitled
from transforms.fold.tokens import CAPITAL, DIGIT

TITLE_TOKENS = 3
"""A title of fewer tokens ("News", "Video") names no story."""
_AT_ONCE = 64  # pairs whose bags are counted together: they stay in the processor's cache


def measure(signatures: Signatures, left: Ints, right: Ints, limits: Thresholds, whole: bool = False) -> Evidence:
    """Return the evidence on pairs of rows.

    Unless the whole is wanted, tokens are not compared where windows decide alone by these limits, either way: such
    pairs count as having no token replaced. Where one of two articles of like title is tiny and the other is not, the
    tiny one counts without the title in front of it.
    """
    evidence = _measure(signatures, left, right, limits, whole)
    # Only of like title: a tiny text under another headline is another item, whatever it says.
    alike = np.flatnonzero((evidence.title >= limits.edited_title) & ~evidence.title_only)
    rows = np.unique(np.concatenate((left[alike], right[alike])))
    tiny = titled(signatures, rows)
    one, other = np.searchsorted(rows, left[alike]), np.searchsorted(rows, right[alike])
    unlike = np.flatnonzero(tiny[one] != tiny[other])
    if not len(unlike):
        return evidence
    needed = np.unique(np.concatenate((one[unlike], other[unlike])))
    bare = untitled(signatures.take(rows[needed]), tiny[needed])
    one, other = np.searchsorted(needed, one[unlike]), np.searchsorted(needed, other[unlike])
    return evidence.put(alike[unlike], _measure(bare, one, other, limits, whole))


def _measure(signatures: Signatures, left: Ints, right: Ints, limits: Thresholds, whole: bool) -> Evidence:
    windows = common(signatures.shingles, left, right)
    sizes, others = signatures.shingles.sizes_of(left), signatures.shingles.sizes_of(right)
    fewer, total = np.minimum(sizes, others), sizes + others
    counts, counts_there = signatures.words.sizes_of(left), signatures.words.sizes_of(right)
    shorter, longer = np.minimum(counts, counts_there), np.maximum(counts, counts_there)
    jaccard = windows / np.maximum(total - windows, 1)
    lengths = np.minimum(signatures.lengths_of(left), signatures.lengths_of(right))
    few_numbers = np.minimum(signatures.numbers[left], signatures.numbers[right])
    few_names = np.minimum(signatures.names[left], signatures.names[right])
    tokens, numbers, names = shorter.copy(), few_numbers.copy(), few_names.copy()
    # Of the shorter's windows, so that furniture or paragraphs around a story do not hide it.
    containment = windows / np.maximum(fewer, 1)
    alphabetic = signatures.alphabetic[left] & signatures.alphabetic[right]
    rows = np.flatnonzero(whole | _undecided(jaccard, lengths, limits))
    tokens[rows], numbers[rows], names[rows] = _common_tokens(signatures.bag, left[rows], right[rows]).T
    return Evidence(
        words=lengths.astype(float),
        length_ratio=shorter / np.maximum(longer, 1),
        jaccard=jaccard,
        containment=containment,
        bag=np.where(alphabetic, kept_by_windows(containment), tokens / np.maximum(shorter, 1)),
        opening=in_common(signatures.opening[left], signatures.opening[right]),
        title=_title_similarity(signatures.title, left, right),
        numbers=few_numbers.astype(float),
        numbers_replaced=np.maximum(few_numbers - numbers, 0).astype(float),
        names=few_names.astype(float),
        names_replaced=np.maximum(few_names - names, 0).astype(float),
        days=days_between(signatures.published[left], signatures.published[right], UNDATED),
        same_text=_same(signatures.text_hash, left, right),
        same_content=signatures.content[left] == signatures.content[right],
        same_title=_same(signatures.title_hash, left, right) & (signatures.title.sizes_of(left) >= TITLE_TOKENS),
        title_only=(signatures.text_hash[left] == 0) | (signatures.text_hash[right] == 0),
    )


def common(rows: Ragged, left: Ints, right: Ints) -> Ints:
    """Return how many values pairs of rows share, each row holding a value once."""
    return np.fromiter(starmap(_shared, _rows(rows, left, right)), np.int64, len(left))


def _undecided(jaccard: Floats, words: Floats, limits: Thresholds) -> Flags:
    """Return which pairs need their tokens compared: neither strangers nor long texts that are nearly the same."""
    # The guard asks short texts for their numbers and names however alike they are.
    near = (jaccard >= limits.near_jaccard) & (words >= limits.short_words)
    undecided: Flags = (jaccard >= limits.least_jaccard) & ~near
    return undecided


def _common_tokens(bag: Ragged, left: Ints, right: Ints) -> Ints:
    """Return how many tokens, numbers and capitalised words pairs of bags share, three columns."""
    parts = [np.empty((0, 3), dtype=np.int64)]
    pairs = _rows(bag, left, right)
    while some := list(islice(pairs, _AT_ONCE)):
        parts.append(_shared_tokens(some))
    return np.concatenate(parts)


def _rows(rows: Ragged, left: Ints, right: Ints) -> Iterator[tuple[Array, Array]]:
    values, starts, ends = rows.values, rows.offsets[:-1], rows.offsets[1:]
    bounds = (starts[left], ends[left], starts[right], ends[right])
    for start, end, other_start, other_end in zip(*(bound.tolist() for bound in bounds), strict=True):
        yield values[start:end], values[other_start:other_end]


def _shared(first: Array, second: Array) -> int:
    both = np.concatenate((first, second))
    both.sort(kind="stable")  # which merges what is in order already: 3 µs for 1,000 values, not 7
    return int(np.count_nonzero(both[1:] == both[:-1]))


def _shared_tokens(pairs: Sequence[tuple[Array, Array]]) -> Ints:
    both = np.concatenate([bag for pair in pairs for bag in pair])
    offsets = offsets_of(np.array([len(one) + len(other) for one, other in pairs]))
    for start, end in pairwise(offsets.tolist()):
        both[start:end].sort(kind="stable")
    # Alike but for the capital; in order, so that the second of the two has it if one has.
    alike = np.append(False, (both[:-1] ^ both[1:]) < 2)
    alike[offsets[:-1][np.diff(offsets) > 0]] = False
    places = np.flatnonzero(alike)
    shared, bounds = both[places], np.searchsorted(places, offsets)
    flagged = [np.append(0, np.cumsum((shared & flag) != 0))[bounds] for flag in (DIGIT, CAPITAL)]
    return np.diff(np.stack((bounds, *flagged), axis=1), axis=0)


def _same(hashes: npt.NDArray[np.uint64], left: Ints, right: Ints) -> Flags:
    same: Flags = (hashes[left] == hashes[right]) & (hashes[left] != 0)
    return same


def in_common(first: Array, second: Array) -> Floats:
    """Return the share of tokens in common of each pair of rows, of the row that has fewer; zeroes are no tokens.

    A word that stands twice on one side only must not count twice: the smaller of both views is symmetric.
    """
    filled = np.minimum(np.count_nonzero(first, axis=1), np.count_nonzero(second, axis=1))
    similarity: Floats = np.minimum(met(first, second), met(second, first)) / np.maximum(filled, 1)
    return np.minimum(similarity, 1)


def met(tokens: Array, among: Array) -> Ints:
    """Return how many tokens of each row stand in the same row of `among`; zeroes are no tokens."""
    found = np.zeros(len(tokens), dtype=np.int64)
    for place in range(tokens.shape[1]):
        token = tokens[:, place : place + 1]
        found += ((among == token) & (token != 0)).any(axis=1)
    return found


def _title_similarity(title: Ragged, left: Ints, right: Ints) -> Floats:
    first, second = title.take(left), title.take(right)
    # Few tokens each: all pairs are sorted at once, each token behind the number of its pair.
    coded = np.concatenate([(rows.owners << 32) | rows.values for rows in (first, second)])
    coded.sort()
    both = np.bincount(coded[1:][coded[1:] == coded[:-1]] >> 32, minlength=len(left))
    similarity: Floats = both / np.maximum(first.sizes + second.sizes - both, 1)
    return similarity
