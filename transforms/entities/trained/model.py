"""The weights of the trained tagger, and the scores of labels that they give to the tokens of an article.

Weights are whole numbers and are added as such: the same article has the same scores alone and in any company.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from transforms.entities.lexicon import Lexicon
from transforms.entities.trained.decode import LABELS
from transforms.entities.trained.features import LINE_END, MAY_BE_NAMED, OUTSIDE, WINDOW, look_around, look_at
from transforms.entities.trained.reading import Reading

DATA = Path(__file__).parent.parent / "data" / "tagger.npz"
SCALE = 24  # of the stored weights: 24 is one nat
_NEVER = 10_000
_PLACES = 2 * WINDOW + 1
_WORDS_KEPT = 30_000  # word types cached per process and language: 134 bytes of sums each, some 8 MB when full


@dataclass(eq=False)
class Words:
    """Sums of weights by word type, for one language."""

    numbers: dict[str, int] = field(default_factory=dict)
    sums: NDArray[np.int16] = field(default_factory=lambda: np.zeros((1024, _PLACES * LABELS), np.int16))
    coarse: NDArray[np.int32] = field(default_factory=lambda: np.zeros(1024, np.int32))


@dataclass(eq=False)
class Model:
    """Weights: `forms` a row a bucket with a share for each place in the window, `contexts` a row a context."""

    forms: NDArray[np.int16]
    contexts: NDArray[np.int16]
    languages: tuple[str, ...]  # those it was trained on; their place is their number
    words: dict[str, Words] = field(default_factory=dict)

    def scores(self, reading: Reading, lexicon: Lexicon) -> tuple[NDArray[np.intp], NDArray[np.int32]]:
        """Return the tokens that may be of a name, rising, and the scores of every label for them, SCALE a nat."""
        words = self.words.setdefault(lexicon.language, Words())
        numbers = self._look_up(reading.tokens.forms, words, lexicon)
        coarse, tags, listed = words.coarse[numbers], _padded(reading.tags), _padded(reading.listed)
        named = (coarse >= MAY_BE_NAMED) | (tags > 0) | (listed > 0)
        near = named[:-4] | named[1:-3] | named[2:-2] | named[3:-1] | named[4:]
        at = np.flatnonzero(near)
        language = self.languages.index(lexicon.language)
        scores = self.contexts[look_around(at, coarse, tags, listed, language)].sum(axis=1, dtype=np.int32)
        for place in range(_PLACES):
            scores += words.sums[numbers[at + place], place * LABELS : (place + 1) * LABELS]
        scores[coarse[at + WINDOW] == LINE_END, 0] += _NEVER  # no name goes from title to text
        return at, scores

    def _look_up(self, forms: Sequence[str], words: Words, lexicon: Lexicon) -> NDArray[np.intp]:
        known = words.numbers
        if len(known) > _WORDS_KEPT:
            known.clear()
        outside = [OUTSIDE] * WINDOW
        padded = [*outside, *forms, *outside]
        new = set(padded).difference(known)
        if new:
            self._learn(sorted(new), words, lexicon)
        return np.array([known[form] for form in padded])

    def _learn(self, forms: Sequence[str], words: Words, lexicon: Lexicon) -> None:
        first = len(words.numbers)
        while first + len(forms) > len(words.sums):
            words.sums = np.concatenate([words.sums, np.zeros_like(words.sums)])
            words.coarse = np.concatenate([words.coarse, np.zeros_like(words.coarse)])
        found = [look_at(form, lexicon) for form in forms]
        rows = np.array([form.buckets for form in found])
        words.sums[first : first + len(forms)] = self.forms[rows].sum(axis=1, dtype=np.int16)
        words.coarse[first : first + len(forms)] = [f.coarse for f in found]
        words.numbers.update({form: number for number, form in enumerate(forms, first)})


def _padded(numbers: Sequence[int]) -> NDArray[np.int32]:
    return np.array([*[0] * WINDOW, *numbers, *[0] * WINDOW], np.int32)


@lru_cache(maxsize=1)
def load() -> Model:
    """Load the weights, once per process."""
    with np.load(DATA) as stored:
        languages = tuple(str(stored["languages"]).split())
        return Model(stored["forms"].astype(np.int16), stored["contexts"].astype(np.int16), languages)


@lru_cache(maxsize=1)
def digest() -> str:
    """Return eight hex digits that change with the weights."""
    return hashlib.sha256(DATA.read_bytes()).hexdigest()[:8]
