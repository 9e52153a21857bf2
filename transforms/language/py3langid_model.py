"""The seam to py3langid: its trained model as arrays that can be evaluated in batches.

py3langid ships a multinomial naive Bayes model over byte n-grams found by an automaton. Its own loop
classifies text by text in Python; the arrays allow whole batches (`automaton`, `naive_bayes`). The
layout is private to py3langid, so the version is pinned and the tests compare with `rank`.
"""

from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

BYTES_REMEMBERED = 6  # the state after a byte depends on no more than this many bytes: the longest n-gram


@dataclass(frozen=True)
class ByteModel:
    """The automaton and the log-probabilities.

    Log-probabilities equal their label's smallest one, the smoothing, in four fifths of all places; only the
    others are kept, row by row, in full precision (8 MB instead of 57 MB).
    """

    labels: tuple[str, ...]  # one a column; a label may stand twice (Serbian has a column for each script)
    prior: NDArray[np.float32]  # (labels,) log-probability of each label
    floor: NDArray[np.float32]  # (labels,) log-probability of a feature never seen with the label
    row_start: NDArray[np.int64]  # (features + 1,) where a feature's entries begin
    column: NDArray[np.uint8]  # (entries,)
    value: NDArray[np.float16]  # (entries,) log-probability
    row_of_state: NDArray[np.uint32]  # (states,) row of the transition table, times 256
    next_state: NDArray[np.uint32]  # (rows * 256,)
    feature_of_state: NDArray[np.int32]  # (states,) feature that ends here, or -1


@cache
def byte_model() -> ByteModel:
    """Load the model that the installed py3langid ships, once per process (half a second)."""
    from py3langid import langid, modelio  # noqa: PLC0415  costs 20 MB: only who tags loads it

    table, prior, labels, next_state, row_of_state, feature_of_state = modelio.load_model(
        langid.MODEL_DIR / langid.MODEL_FILE
    )
    floor = table.min(axis=0)
    place = np.flatnonzero(table != floor)
    feature, column = np.divmod(place, len(floor))
    return ByteModel(
        labels=tuple(labels),
        prior=np.asarray(prior, np.float32),
        floor=floor.astype(np.float32),
        row_start=np.searchsorted(feature, np.arange(len(table) + 1)),
        column=column.astype(np.uint8),
        value=table.reshape(-1)[place],
        row_of_state=np.frombuffer(row_of_state, np.uint16).astype(np.uint32) << np.uint32(8),
        next_state=np.frombuffer(next_state, np.uint32),
        feature_of_state=np.asarray(feature_of_state, np.int32),
    )
