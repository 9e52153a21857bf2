"""Evaluate py3langid's model on a batch of texts, exactly as its `rank` would one by one."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from transforms.language.automaton import feature_counts
from transforms.language.py3langid_model import ByteModel, byte_model
from transforms.language.sparse_rows import weighted_sums

GROUP_BYTES = 200_000  # what is evaluated together: keeps the full rows in use near 15 MB


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
    text, feature, count = feature_counts(model.automaton, texts)
    sums, weight = weighted_sums(model.table, text, feature, np.log1p(count, dtype=np.float32), len(texts))
    return Evaluation(sums + model.prior, weight)
