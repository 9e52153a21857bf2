"""py3langid as its own library runs it, in batches: whole texts, all labels alike, `und` only without features."""

import unicodedata
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from transforms.language import naive_bayes, votes
from transforms.language.labels import UNDETERMINED
from transforms.language.py3langid_model import byte_model
from transforms.language.scores import label_columns
from transforms.language.tags import LanguageTag, confirm


def encoded(text: str) -> bytes:
    """Return the bytes that py3langid scores: NFC, and lower case if all is upper case."""
    lowered = text.lower() if text.isupper() else text
    return unicodedata.normalize("NFC", lowered).encode("utf-8", "surrogatepass")


def detect(texts: Sequence[str]) -> list[LanguageTag]:
    """Tag each text with py3langid's best label, folded into a language code."""
    if not texts:
        return []
    columns = label_columns(byte_model().labels)
    raw, weight = naive_bayes.evaluate(encoded_texts := [encoded(text) for text in texts])
    chances = _chances(raw, [len(text) for text in encoded_texts])
    best = votes.ballot(np.add.reduceat(chances[:, columns.order], columns.starts, axis=1))
    return [
        confirm(votes.tag(columns.codes, best, row)) if weight[row] > 0 else LanguageTag(UNDETERMINED)
        for row in range(len(texts))
    ]


def _chances(raw: NDArray[np.float32], sizes: Sequence[int]) -> NDArray[np.float32]:
    """Return softmax(raw / sqrt(bytes)): py3langid's own calibration."""
    temperature = np.sqrt(np.maximum(np.array(sizes, np.float32), 1))[:, np.newaxis]
    logits = raw / temperature
    exponentials: NDArray[np.float32] = np.exp(logits - logits.max(axis=1, keepdims=True))
    total: NDArray[np.float32] = exponentials.sum(axis=1, keepdims=True)
    return exponentials / total
