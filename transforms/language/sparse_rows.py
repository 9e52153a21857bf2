"""A table of log-probabilities that are mostly one number per column, and weighted sums of its rows."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array


@dataclass(frozen=True)
class RowTable:
    """Features in rows, labels in columns; only what is not its column's floor is stored."""

    floor: NDArray[np.float32]  # (columns,) the value of every entry not stored
    row_start: NDArray[np.int64]  # (rows + 1,) where a row's entries begin
    column: NDArray[np.uint8]  # (entries,)
    value: NDArray[np.floating]  # (entries,)


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
    used, place = _distinct(row, len(table.row_start) - 1)
    # scipy adds up each text's addends in their order, so that the sums are the same bits in any company
    starts = np.searchsorted(text, np.arange(texts + 1))
    summed = csr_array((weight, place, starts), shape=(texts, len(used))) @ _dense(table, used)
    return summed[:, :-1], summed[:, -1].copy()


def _distinct(values: NDArray[np.int64], size: int) -> tuple[NDArray[np.int64], NDArray[np.int32]]:
    """Return the distinct values, rising, and for each value its place among them."""
    present = np.zeros(size, bool)
    present[values] = True
    place = np.cumsum(present, dtype=np.int32) - np.int32(1)
    return np.flatnonzero(present), place[values]


def _dense(table: RowTable, rows: NDArray[np.int64]) -> NDArray[np.float32]:
    """Return the full rows, and a last column of ones that adds up the weights."""
    columns = len(table.floor)
    full = np.empty((len(rows), columns + 1), np.float32)
    full[:, :columns] = table.floor
    full[:, columns] = 1.0
    begin = table.row_start[rows]
    length = table.row_start[rows + 1] - begin
    shift = np.repeat(begin - (np.cumsum(length) - length), length)
    entry = shift + np.arange(len(shift))
    full_begin = np.repeat(np.arange(len(rows)) * (columns + 1), length)
    full.reshape(-1)[full_begin + table.column[entry]] = table.value[entry]
    return full
