"""Evaluate langdetect's profiles on a batch of texts: all n-grams of each, counted once, no chance involved."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from transforms.language.langdetect_profiles import MAX_CHARS, TABLE_SIZE, LetterRules, composed, letter_rules, profiles
from transforms.language.ngram_index import keys_of
from transforms.language.scripts import code_points
from transforms.language.sparse_rows import weighted_sums

_SPACE = 0x20
_ROW_BITS = 20
_GROUP_TEXTS = 32  # of at most 10,000 characters each: keeps what is in use below 30 MB


class ProfileEvaluation(NamedTuple):
    """Raw scores of a batch."""

    scores: NDArray[np.float32]  # (texts, labels) log-probability of the text's n-grams under each profile
    ngrams: NDArray[np.float32]  # (texts,) how many of its n-grams any profile knows


def evaluate(texts: Sequence[str]) -> ProfileEvaluation:
    """Score each text under each profile; a text's row does not depend on the others."""
    parts = [_evaluate_group(texts[begin : begin + _GROUP_TEXTS]) for begin in range(0, len(texts), _GROUP_TEXTS)]
    if not parts:
        return ProfileEvaluation(np.empty((0, len(profiles().labels)), np.float32), np.empty(0, np.float32))
    return ProfileEvaluation(*(np.concatenate(field) for field in zip(*parts, strict=True)))


def _evaluate_group(texts: Sequence[str]) -> ProfileEvaluation:
    row, text = ngrams(texts)
    key, count = np.unique((text << _ROW_BITS) | row, return_counts=True)
    sums, total = weighted_sums(
        profiles().table, key >> _ROW_BITS, key & ((1 << _ROW_BITS) - 1), count.astype(np.float32), len(texts)
    )
    return ProfileEvaluation(sums, total)


def ngrams(texts: Sequence[str]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the row of each known n-gram in the texts and the number of its text, as langdetect would find them.

    An n-gram does not reach over a space, and none ends in the second of two capitals.
    """
    rules = letter_rules()
    points, text = _letters([_read(text, rules) for text in texts])
    normal = rules.normal[points].astype(np.int64)
    upper = rules.upper[points]
    first = np.diff(text, prepend=-1) != 0  # the space before each text
    last, before, before_that = normal[2:], normal[1:-1], normal[:-2]
    inside = ~first[2:] & ~(upper[2:] & upper[1:-1])
    spoken = (inside & (last != _SPACE), inside & ~((last == _SPACE) & (before == _SPACE)), inside & (before != _SPACE))
    keys = keys_of(before_that, before, last)
    found = [(profiles().index.find(key[mask]), text[2:][mask]) for key, mask in zip(keys, spoken, strict=True)]
    row = np.concatenate([row for row, _ in found]).astype(np.int64)
    return row[row >= 0], np.concatenate([text for _, text in found])[row >= 0]


def _read(text: str, rules: LetterRules) -> str:
    """Return what langdetect keeps of a text, less the addresses and what is beyond its limit."""
    return composed(rules.mail.sub(" ", rules.url.sub(" ", text)))[:MAX_CHARS]


def _letters(texts: Sequence[str]) -> tuple[NDArray[np.uint32], NDArray[np.int64]]:
    """Return the code points of all texts, each begun by a space, and the text number of each; one space in front."""
    points = np.minimum(code_points([f" {text}" for text in texts]), TABLE_SIZE - 1)
    text = np.repeat(np.arange(len(texts)), [len(text) + 1 for text in texts])
    latin = (points >= ord("A")) & (points <= ord("z"))
    foreign = (points >= 0x300) & ~((points >= 0x1E00) & (points <= 0x1EFF))
    mostly_foreign = np.bincount(text, latin, len(texts)) * 2 < np.bincount(text, foreign, len(texts))
    kept = ~(latin & mostly_foreign[text])
    return np.append(np.uint32(_SPACE), points[kept]), np.append(-1, text[kept])
