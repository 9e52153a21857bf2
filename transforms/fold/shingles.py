"""Sets of token windows and of tokens, as 32-bit hashes, for many texts at once."""

from collections.abc import Iterator, Sequence
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from transforms.fold.ragged import Array, Flags, Ints, Ragged, firsts, offsets_of, spans
from transforms.fold.tokens import CAPITAL, DIGIT, identity

# Odd 64-bit constants, one for each place in a window: the order of words matters.
_PLACES = tuple(
    np.uint64(constant)
    for constant in (
        0x9E3779B97F4A7C15,
        0xC2B2AE3D27D4EB4F,
        0x165667B19E3779F9,
        0xD6E8FEB86659FD93,
        0xFF51AFD7ED558CCD,
    )
)
_MIX = np.uint64(0xC4CEB9FE1A85EC53)


def shingle_sets(words: Ragged, width: int) -> Ragged:
    """Return the distinct windows of `width` tokens of each row, sorted; a shorter row is one window of all it has."""
    return distinct(next(windows(words, [width])))


def windows(words: Ragged, widths: Sequence[int]) -> Iterator[Ragged]:
    """Yield for each of the rising `widths` the windows of so many tokens of each row, in order, as in `shingle_sets`.

    Wide windows go on where narrow ones end, so that several widths cost little more than the widest.
    """
    sizes, gap = words.sizes, widths[-1] - 1
    padded = np.zeros(len(words.values) + len(sizes) * gap, dtype=np.uint64)
    starts = words.offsets[:-1] + np.arange(len(sizes)) * gap
    # Zeroes between rows: a row shorter than the window must not reach into the next one.
    padded[spans(starts, sizes)] = identity(words.values)
    total = np.zeros(max(len(padded) - gap, 0), dtype=np.uint64)
    for narrower, width in pairwise((0, *widths)):
        for place in range(narrower, width):
            total += padded[place : place + len(total)] * _PLACES[place]
        counts = np.where(sizes >= width, sizes - width + 1, np.minimum(sizes, 1))
        yield Ragged(_mixed(total)[spans(starts, counts)], offsets_of(counts))


# Sums of products mix upwards only: the lowest bits of a sum know the lowest bits of the tokens alone. So high bits are
# folded into low ones, multiplied up again, and the high half is kept; sketches and samples take its highest bits.
def _mixed(totals: npt.NDArray[np.uint64]) -> npt.NDArray[np.uint32]:
    mixed = totals ^ (totals >> np.uint64(29))
    mixed *= _MIX
    mixed >>= np.uint64(32)
    return mixed.astype(np.uint32)


def distinct(rows: Ragged) -> Ragged:
    """Return each row sorted and without repeats."""
    ordered = sort_rows(rows)
    return ordered.keep(firsts(ordered, ordered.values))


def sort_rows(rows: Ragged) -> Ragged:
    """Return each row sorted: row by row, for numpy sorts 600 values of 32 bits in 2 µs, a whole batch far slower."""
    values = rows.values.copy()
    bounds = rows.offsets.tolist()
    for start, end in pairwise(bounds):
        values[start:end].sort()
    return Ragged(values, rows.offsets)


def bags(words: Ragged) -> Ragged:
    """Return each row's tokens with their multiplicity as a set: a token's second standing is an element of its own.

    Sorted; the two lowest bits say digit and capital, as in tokens.
    """
    ordered = sort_rows(words)
    standing = _standing(firsts(ordered, identity(ordered.values)))
    return sort_rows(Ragged(_ranked(ordered.values, standing), ordered.offsets))


def _standing(first: Flags) -> Ints:
    """Return how many equal tokens stand before each one in its sorted row."""
    places = np.arange(len(first), dtype=np.int64)
    return places - np.maximum.accumulate(np.where(first, places, 0))


def _ranked(values: Array, standing: Ints) -> npt.NDArray[np.uint32]:
    mixed = identity(values).astype(np.uint64) * _PLACES[0] + standing.astype(np.uint64) * _PLACES[1]
    mixed = (mixed ^ (mixed >> np.uint64(29))) * _MIX
    hashes = (mixed >> np.uint64(32)).astype(np.uint32) & np.uint32(0xFFFFFFFC)  # room for digit and capital
    ranked: npt.NDArray[np.uint32] = hashes | (values & np.uint32(DIGIT | CAPITAL)).astype(np.uint32)
    return ranked
