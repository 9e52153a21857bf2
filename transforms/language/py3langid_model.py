"""The seam to py3langid: its trained model as arrays that can be evaluated in batches.

py3langid ships a multinomial naive Bayes model over byte n-grams found by an automaton. Its own loop
classifies text by text in Python; the arrays allow whole batches (`automaton`, `naive_bayes`). The
layout is private to py3langid, so the version is pinned and the tests compare with `rank`.
"""

from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from transforms.language.sparse_rows import RowTable

BYTES_REMEMBERED = 6  # the state after a byte depends on no more than this many bytes: the longest n-gram


_STEP = 1 / 512
_SLAB = 4_096  # features


@dataclass(frozen=True)
class Automaton:
    """Transitions between states that are numbered by the byte that leads to them.

    Every byte leads to states of its own, which begin with a copy of the root; so two bytes tell the next state among
    100,000, and the table takes 20 MB instead of 39.
    """

    first_of_byte: NDArray[np.uint32]  # (256,) first state that a byte leads to
    next_place: NDArray[np.uint16]  # (rows * 256,) how many states after the first of its byte the next state is
    row_of_state: NDArray[np.uint32]  # (states,) row of the transition table, times 256
    feature_of_state: NDArray[np.int32]  # (states,) feature that ends here, or -1


@dataclass(frozen=True)
class ByteModel:
    """The automaton and the log-probabilities.

    A label never saw four fifths of all features; of the table only the others are kept, in full precision
    (16 MB instead of 57 MB).
    """

    labels: tuple[str, ...]  # one a column; a label may stand twice (Serbian has a column for each script)
    prior: NDArray[np.float32]  # (labels,) log of how many documents it was trained on, which are 135 to 1,318
    table: RowTable  # log-probability of each feature under each label
    automaton: Automaton


@cache
def byte_model() -> ByteModel:
    """Load the model that the installed py3langid ships, once per process (half a second)."""
    from py3langid import langid, modelio  # noqa: PLC0415  costs 20 MB: only who tags loads it

    table, prior, labels, next_state, row_of_state, feature_of_state = modelio.load_model(
        langid.MODEL_DIR / langid.MODEL_FILE
    )
    return ByteModel(
        labels=tuple(labels),
        prior=np.asarray(prior, np.float32),
        table=_row_table(table),
        automaton=_automaton(
            np.frombuffer(next_state, np.uint32).reshape(-1, 256),
            np.frombuffer(row_of_state, np.uint16),
            np.asarray(feature_of_state, np.int32),
        ),
    )


def _automaton(
    next_state: NDArray[np.uint32], row_of_state: NDArray[np.uint16], feature_of_state: NDArray[np.int32]
) -> Automaton:
    """Number the states anew; state 0 is the root."""
    last_byte = np.zeros(len(row_of_state), np.int16)
    last_byte[next_state] = np.arange(256, dtype=np.int16)
    last_byte[0] = -1
    order = np.argsort(last_byte, kind="stable")
    begin = np.searchsorted(last_byte[order], np.arange(256))
    place = np.zeros(len(order), np.int64)
    place[order[1:]] = np.arange(1, len(order)) - begin[last_byte[order[1:]]] + 1
    first_of_byte = begin - 1 + np.arange(256)
    former = np.zeros(len(order) - 1 + 256, np.int64)
    former[first_of_byte[last_byte[1:]] + place[1:]] = np.arange(1, len(order))
    return Automaton(
        first_of_byte=first_of_byte.astype(np.uint32),
        next_place=place.astype(np.uint16)[next_state].reshape(-1),
        row_of_state=row_of_state[former].astype(np.uint32) << np.uint32(8),
        feature_of_state=feature_of_state[former],
    )


def _row_table(table: NDArray[np.float16]) -> RowTable:
    """Split off the smoothing, which is a label's smallest value.

    Half-precision numbers from -2 down to -16 are whole multiples of 1/512, so that nothing is lost in counting them.
    All are negative, and the smaller of two has the larger bits: comparing those takes a tenth of the time.
    """
    bits = table.view(np.uint16)
    floor_bits = bits.max(axis=0)
    floor = floor_bits.view(np.float16).astype(np.float32)
    columns, steps, lengths = [], [], []
    for begin in range(0, len(table), _SLAB):  # in slabs, because the places of all entries at once take 60 MB
        slab = bits[begin : begin + _SLAB]
        place = np.flatnonzero(slab != floor_bits)
        column = (place % len(floor)).astype(np.int32)
        high = slab.reshape(-1)[place].view(np.float16).astype(np.float32)
        columns.append(column)
        steps.append(((high - floor[column]) / _STEP).astype(np.int16))
        lengths.append(np.bincount(place // len(floor), minlength=len(slab)))
    row_start = np.append(0, np.cumsum(np.concatenate(lengths)))
    return RowTable.build(floor, row_start, np.concatenate(columns), np.concatenate(steps), _STEP)
