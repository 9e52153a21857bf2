"""Evaluate py3langid's model on a batch of texts, exactly as its `rank` would one by one."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from transforms.language.automaton import feature_counts
from transforms.language.py3langid_model import ByteModel, byte_model

GROUP_BYTES = 100_000  # what is evaluated together: keeps the dense rows in use near 10 MB


class Evaluation(NamedTuple):
    """Raw scores of a batch."""

    scores: NDArray[np.float32]  # (texts, columns) log-probability of the text and the label together
    weight: NDArray[np.float32]  # (texts,) sum of log(1 + count) over the features; 0 without any feature


def evaluate(texts: Sequence[bytes]) -> Evaluation:
    """Score each text (UTF-8, NFC) for each column of the model; a text's row does not depend on the others."""
    model = byte_model()
    parts = [_evaluate_group(model, group) for group in _groups(texts)]
    if not parts:
        return Evaluation(np.empty((0, len(model.labels)), np.float32), np.empty(0, np.float32))
    return Evaluation(np.concatenate([part.scores for part in parts]), np.concatenate([part.weight for part in parts]))


def _groups(texts: Sequence[bytes]) -> Iterator[Sequence[bytes]]:
    begin = size = 0
    for end, text in enumerate(texts):
        if size > 0 and size + len(text) > GROUP_BYTES:
            yield texts[begin:end]
            begin, size = end, 0
        size += len(text)
    if begin < len(texts):
        yield texts[begin:]


def _evaluate_group(model: ByteModel, texts: Sequence[bytes]) -> Evaluation:
    text, feature, count = feature_counts(model, texts)
    used, row = _distinct(feature, len(model.row_start) - 1)
    # scipy adds up each row in feature order, so that the sums are the same bits in any company
    starts = np.searchsorted(text, np.arange(len(texts) + 1))
    weights = csr_array((np.log1p(count, dtype=np.float32), row, starts), shape=(len(texts), len(used)))
    summed = weights @ _dense_rows(model, used)
    return Evaluation(summed[:, :-1] + model.prior, summed[:, -1].copy())


def _distinct(values: NDArray[np.int64], size: int) -> tuple[NDArray[np.int64], NDArray[np.int32]]:
    """Return the distinct values, rising, and for each value its place among them."""
    present = np.zeros(size, bool)
    present[values] = True
    place = np.cumsum(present, dtype=np.int32) - np.int32(1)
    return np.flatnonzero(present), place[values]


def _dense_rows(model: ByteModel, features: NDArray[np.int64]) -> NDArray[np.float32]:
    """Return the log-probabilities of `features` for all columns, and a last column of ones."""
    columns = len(model.labels)
    rows = np.empty((len(features), columns + 1), np.float32)
    rows[:, :columns] = model.floor
    rows[:, columns] = 1.0
    begin = model.row_start[features]
    length = model.row_start[features + 1] - begin
    shift = np.repeat(begin - (np.cumsum(length) - length), length)
    entry = shift + np.arange(len(shift))
    row_begin = np.repeat(np.arange(len(features)) * (columns + 1), length)
    rows.reshape(-1)[row_begin + model.column[entry]] = model.value[entry]
    return rows
