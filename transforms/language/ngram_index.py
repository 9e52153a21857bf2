"""Find n-grams of up to three characters in a fixed set, a whole array at a time."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

_POINT_BITS = 21  # a code point
_SPREAD = np.uint64(0x9E3779B97F4A7C15)  # 2^64 over the golden ratio, as in multiplicative hashing after Knuth
_EMPTY = -1


def key_of(ngram: str) -> int:
    """Return the number that stands for an n-gram of one to three characters."""
    key = 0
    for character in ngram:
        key = key << _POINT_BITS | ord(character)
    return key


def keys_of(
    third_last: NDArray[np.int64], second_last: NDArray[np.int64], last: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """Return the keys of the n-grams of one, two and three characters that end in `last`."""
    two = second_last << _POINT_BITS | last
    return last, two, third_last << (2 * _POINT_BITS) | two


@dataclass(frozen=True)
class NgramIndex:
    """A hash table with linear probing: three n-grams in four are found or missed at the first look."""

    keys: NDArray[np.int64]  # (2^bits,) the key in each slot, or -1
    rows: NDArray[np.int32]  # (2^bits,) its place in the array that the table was built from
    bits: int

    @classmethod
    def build(cls, keys: NDArray[np.int64]) -> "NgramIndex":
        """Build the table of distinct keys, at most half full."""
        bits = max(1, len(keys)).bit_length() + 1  # half full at most: a search ends at the first empty slot
        index = cls(np.full(1 << bits, _EMPTY, np.int64), np.full(1 << bits, _EMPTY, np.int32), bits)
        waiting = np.arange(len(keys))
        slot = index._home(keys)
        while len(waiting) > 0:
            free = np.flatnonzero(index.keys[slot] == _EMPTY)
            index.keys[slot[free]] = keys[waiting[free]]  # of several for one slot the last stays
            placed = index.keys[slot] == keys[waiting]
            index.rows[slot[placed]] = waiting[placed]
            waiting, slot = waiting[~placed], (slot[~placed] + 1) & (len(index.keys) - 1)
        return index

    def find(self, keys: NDArray[np.int64]) -> NDArray[np.int32]:
        """Return the row of each key, or -1."""
        rows = np.full(len(keys), _EMPTY, np.int32)
        waiting = np.arange(len(keys))
        slot = self._home(keys)
        while len(waiting) > 0:
            there = self.keys[slot]
            hit = there == keys[waiting]
            rows[waiting[hit]] = self.rows[slot[hit]]
            going_on = ~hit & (there != _EMPTY)
            waiting, slot = waiting[going_on], (slot[going_on] + 1) & (len(self.keys) - 1)
        return rows

    def _home(self, keys: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return the slot where the search for each key begins."""
        return ((keys.astype(np.uint64) * _SPREAD) >> np.uint64(64 - self.bits)).astype(np.int64)
