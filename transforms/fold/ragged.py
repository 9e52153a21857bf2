"""Rows of different lengths in one flat array: how a batch of articles is held without Python objects."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[Any]
Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Ragged:
    """Row i is `values[offsets[i] : offsets[i + 1]]`; `offsets` has one element more than there are rows, and rises.

    Offsets begin at 0 and end at the number of values: rows lie side by side, also in a view of some.
    """

    values: Array
    offsets: Ints

    def __len__(self) -> int:
        return len(self.offsets) - 1

    @property
    def sizes(self) -> Ints:
        """Length of each row."""
        return np.diff(self.offsets)

    def sizes_of(self, rows: Array) -> Ints:
        """Return the lengths of the given rows; no other row is looked at."""
        sizes: Ints = self.offsets[rows + 1] - self.offsets[rows]
        return sizes

    @property
    def owners(self) -> Ints:
        """Row number of each value."""
        return np.repeat(np.arange(len(self), dtype=np.int64), self.sizes)

    def owners_of(self, places: Array) -> Ints:
        """Return the row numbers of the values at rising `places`."""
        return np.repeat(np.arange(len(self), dtype=np.int64), np.diff(np.searchsorted(places, self.offsets)))

    def row(self, index: int) -> Array:
        """Return one row as a view."""
        return self.values[self.offsets[index] : self.offsets[index + 1]]

    def take(self, rows: Array) -> "Ragged":
        """Return the given rows, in that order."""
        sizes = self.sizes_of(rows)
        return Ragged(self.values[spans(self.offsets[rows], sizes)], offsets_of(sizes))

    def keep(self, mask: Array) -> "Ragged":
        """Return the same rows with only the values where `mask` (one flag a value) holds."""
        kept = np.flatnonzero(mask)
        return Ragged(self.values[kept], np.searchsorted(kept, self.offsets))


def offsets_of(sizes: Array) -> Ints:
    """Return offsets for rows of these sizes."""
    offsets = np.zeros(len(sizes) + 1, dtype=np.int64)
    np.cumsum(sizes, out=offsets[1:])
    return offsets


def spans(starts: Array, sizes: Array) -> Ints:
    """Return the indices start, start + 1, … of each span, one span after the other."""
    # One count over all spans, shifted for each to where it starts: no loop over rows.
    shifts = starts - (np.cumsum(sizes) - sizes)
    return np.repeat(shifts, sizes) + np.arange(int(sizes.sum()), dtype=np.int64)


def portions(owners: Ints, sizes: Ints, most: int) -> Iterator[Ints]:
    """Yield the places of some owners at a time, all of one owner together, so that their sizes come to some `most`."""
    # By the running sum over owners, of which none is divided: a portion may be larger by one of them.
    portion = np.cumsum(np.bincount(owners, sizes)) // most
    for number in np.unique(portion):
        yield np.flatnonzero(portion[owners] == number)


def concatenate(parts: Sequence[Ragged], dtype: npt.DTypeLike) -> Ragged:
    """Return the rows of all parts, in order."""
    if len(parts) == 1:  # not copied: it may be mapped from a file
        return parts[0]
    sizes = [part.sizes for part in parts]
    values = [part.values for part in parts]
    return Ragged(
        np.concatenate([np.empty(0, dtype), *values]).astype(dtype, copy=False),
        offsets_of(np.concatenate([np.empty(0, np.int64), *sizes])),
    )


def share(part: Array, whole: Array) -> Floats:
    """Return part / whole, 0 where there is nothing."""
    shares: Floats = part / np.maximum(whole, 1)
    return shares


def firsts(rows: Ragged, marks: Array) -> Flags:
    """Return which values stand first in their row, or differ in `marks` (one a value) from the one before."""
    # An empty row begins where the next one does, or behind the end.
    first = np.ones(len(marks), dtype=bool)
    first[1:] = marks[1:] != marks[:-1]
    first[rows.offsets[:-1][rows.sizes > 0]] = True
    return first


def flagged_a_row(flags: Array, offsets: Ints) -> Ints:
    """Return how many values of each row are flagged, by flags of all values one after the other."""
    return np.diff(np.searchsorted(np.flatnonzero(flags), offsets))


def runs(ordered: Array) -> tuple[Ints, Ints]:
    """Return where runs of equal values start, and how long they are."""
    starts = np.flatnonzero(np.concatenate((np.ones(min(len(ordered), 1), bool), ordered[1:] != ordered[:-1])))
    return starts, np.diff(np.append(starts, len(ordered)))
