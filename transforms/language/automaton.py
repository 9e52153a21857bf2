"""Step an automaton over many texts at once.

The state after a byte depends on the last six bytes alone, so a text can be cut into stretches that are
stepped side by side, each started six bytes early from the root: seventy steps of array arithmetic do the
work of a loop over every byte.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from transforms.language.py3langid_model import BYTES_REMEMBERED, Automaton

STRETCH_BYTES = 64  # short enough that a sentence is several, long enough that the run-in costs a tenth
_STEPS = STRETCH_BYTES + BYTES_REMEMBERED
_FEATURE_BITS = 20  # the model has 100,053 features; the number of the text stands above them in one key


def feature_counts(
    model: Automaton, texts: Sequence[bytes]
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """Count the features of each text.

    Returns:
        Text numbers, feature numbers and counts: parallel arrays sorted by text, then by feature.
    """
    feature, text = _visits(model, texts)
    key, count = np.unique((text << _FEATURE_BITS) | feature, return_counts=True)
    return key >> _FEATURE_BITS, key & ((1 << _FEATURE_BITS) - 1), count


def _visits(model: Automaton, texts: Sequence[bytes]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the feature of each visited state that has one, and the number of its text."""
    lengths = np.array([len(text) for text in texts], np.int64)
    stretches = -(-lengths // STRETCH_BYTES)
    text_of = np.repeat(np.arange(len(texts)), stretches)
    ordinal = np.arange(len(text_of)) - np.repeat(np.cumsum(stretches) - stretches, stretches)
    begin = np.cumsum(lengths) - lengths
    start = begin[text_of] + ordinal * STRETCH_BYTES
    feature = model.feature_of_state[_states(model, b"".join(texts), start, ordinal == 0)]
    # The last stretch of a text goes on into the next one: what it finds there is not counted.
    left = (lengths[text_of] - ordinal * STRETCH_BYTES).astype(np.int32)
    counted = (feature >= 0) & (np.arange(STRETCH_BYTES, dtype=np.int32)[:, np.newaxis] < left)
    return feature[counted].astype(np.int64), np.broadcast_to(text_of, counted.shape)[counted]


def _states(
    model: Automaton, joined: bytes, start: NDArray[np.int64], beginning: NDArray[np.bool_]
) -> NDArray[np.uint32]:
    """Return the states after each byte of each stretch: (STRETCH_BYTES, stretches)."""
    # A run-in before the first text and a run-out behind the last, so that every stretch has its bytes.
    padded = np.frombuffer(bytes(BYTES_REMEMBERED) + joined + bytes(STRETCH_BYTES), np.uint8)
    symbols = padded[start + np.arange(_STEPS)[:, np.newaxis]]
    first = model.first_of_byte[symbols]
    state = np.zeros(len(start), np.uint32)
    after = np.empty((STRETCH_BYTES, len(start)), np.uint32)
    for step in range(_STEPS):
        if step == BYTES_REMEMBERED:
            state[beginning] = 0  # what came before the text's first stretch belongs to another text
        state = first[step] + model.next_place[model.row_of_state[state] + symbols[step]]
        if step >= BYTES_REMEMBERED:
            after[step - BYTES_REMEMBERED] = state
    return after
