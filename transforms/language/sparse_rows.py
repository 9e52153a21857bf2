"""A table of log-probabilities that are mostly one number per column, and weighted sums of its rows."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array


@dataclass(frozen=True)
class RowTable:
    """Features in rows, labels in columns; only what is above its column's floor is stored, in whole steps."""

    floor: NDArray[np.float32]  # (columns,) the value of every entry not stored
    step: np.float32
    above: csr_array  # (rows, columns) steps above the floor

    @classmethod
    def build(
        cls,
        floor: NDArray[np.float32],
        row_start: NDArray[np.int64],
        column: NDArray[np.int32],
        steps: NDArray[np.integer] | NDArray[np.floating],
        step: float,
    ) -> "RowTable":
        """Build the table of entries sorted by row; `row_start` tells where the entries of each row begin."""
        shape = (len(row_start) - 1, len(floor))
        return cls(floor, np.float32(step), csr_array((steps, column, row_start.astype(np.int32)), shape=shape))


def weighted_sums(
    table: RowTable,
    text: NDArray[np.int64],
    row: NDArray[np.int64],
    weight: NDArray[np.float32],
    texts: int,
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Add up weighted rows for each text.

    Args:
        table: what is added up.
        text: number of the text that each addend belongs to, rising.
        row: row of each addend, rising within a text.
        weight: weight of each addend.
        texts: how many texts there are.

    Returns:
        The sums, (texts, columns), and the sum of each text's weights, (texts,).
    """
    used, place = _distinct(row, table.above.shape[0])
    rows = table.above[used]
    full = csr_array((rows.data.astype(np.float32), rows.indices, rows.indptr), shape=rows.shape).toarray()
    # scipy adds up each text's addends in their order, so that the sums are the same bits in any company
    starts = np.searchsorted(text, np.arange(texts + 1))
    steps = csr_array((weight, place, starts), shape=(texts, len(used))) @ full
    total = np.bincount(text, weight, texts).astype(np.float32)
    return steps * table.step + total[:, np.newaxis] * table.floor, total


def _distinct(values: NDArray[np.int64], size: int) -> tuple[NDArray[np.int64], NDArray[np.int32]]:
    """Return the distinct values, rising, and for each value its place among them."""
    # By marks, not by sorting: of 60,000 addends in .6 ms instead of 6.4.
    present = np.zeros(size, bool)
    present[values] = True
    place = np.cumsum(present, dtype=np.int32) - np.int32(1)
    return np.flatnonzero(present), place[values]
