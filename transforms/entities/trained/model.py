"""The weights of the trained tagger, and the scores of labels that they give to the tokens of an article.

Weights are whole numbers and are added as such: the same article has the same scores alone and in any company.
"""

import hashlib
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from transforms.entities.trained.decode import LABELS
from transforms.entities.trained.features import BRACKET, LINE_END, MAY_BE_NAMED, QUOTE, SLOTS, WINDOW, look_around
from transforms.entities.trained.of_words import look_into
from transforms.entities.trained.reading import Reading
from transforms.entities.trained.vocabulary import Vocabulary

DATA = Path(__file__).parent.parent / "data" / "tagger.npz"
SCALE = 24  # of the stored weights: 24 is one nat
_NEVER = 10_000  # more than all weights of a token, and with them within 16 bits
_ENDING = [label for label in range(1, LABELS) if label % 4 in (3, 0)]  # last and only token of a name
_PLACES = 2 * WINDOW + 1
_AT_ONCE = 1 << 14  # tokens that are scored at once, some 6 MB, however long an article is


@dataclass(eq=False)
class Model:
    """Weights: `forms` a row a bucket with a share for each place in the window, the others a row a feature."""

    forms: NDArray[np.int8]  # 17 MB; a new word is rare, so that these are not widened beforehand
    contexts: NDArray[np.int16]
    of_words: NDArray[np.int16]  # of Chinese, Japanese and Korean
    languages: tuple[str, ...]  # those it was trained on; their place is their number
    vocabulary: Vocabulary = field(default_factory=Vocabulary)
    _sums: NDArray[np.int16] = field(default_factory=lambda: np.zeros((0, _PLACES * LABELS), np.int16))  # by word
    _summed: int = 0  # words that have their sums

    def make_room(self) -> None:
        """Forget all words when they are many, which keeps memory bounded: some 90 MB when full."""
        if self.vocabulary.is_full():
            self.vocabulary.clear()
            self._sums, self._summed = self._sums[:0].copy(), 0

    def scores(self, reading: Reading) -> tuple[NDArray[np.intp], NDArray[np.int16]]:
        """Return the tokens that may be of a name, rising, and the scores of every label for them, SCALE a nat."""
        coarse = self.vocabulary.coarse(reading.tokens.words)
        at = _near((coarse >= MAY_BE_NAMED) | (reading.tags > 0) | (reading.listed > 0), reading)
        languages = self._languages_of(reading)
        scores = np.zeros((len(at), LABELS), np.int16)
        for begin in range(0, len(at), _AT_ONCE):
            some, added = at[begin : begin + _AT_ONCE], scores[begin : begin + _AT_ONCE]
            for rows in look_around(some, coarse, reading.tags, reading.listed, languages):
                added += self.contexts.take(rows, axis=0)
            self._add_words(added, some, reading.tokens.words)
            self._add_of_words(added, some, reading)
        scores[coarse[at] == LINE_END, 0] += _NEVER  # no name goes from title to text
        opens = _opens(at, coarse, reading)
        for column in _ENDING:  # ВО «Наша хата» does not end with the mark that opens
            scores[opens, column] -= _NEVER
        return at, scores

    def _add_words(self, scores: NDArray[np.int16], at: NDArray[np.intp], words: NDArray[np.int64]) -> None:
        """Add to the scores of tokens what the words around them say."""
        begin = at[0] - WINDOW
        sums, first = self._sums_of(words[begin : at[-1] + WINDOW + 1])
        for place in range(_PLACES):
            scores += sums.take(first[at - begin + (place - WINDOW)] + place, axis=0)

    def _add_of_words(self, scores: NDArray[np.int16], at: NDArray[np.intp], reading: Reading) -> None:
        """Add to the scores of Chinese, Japanese and Korean tokens what the words say that they are part of."""
        some = np.flatnonzero(reading.placed.words[at])
        if len(some):
            added = scores[some]
            for rows in look_into(at[some], reading.placed, reading.tags):
                added += self.of_words.take(rows, axis=0)
            scores[some] = added

    def _languages_of(self, reading: Reading) -> NDArray[np.intp]:
        numbers = [self.languages.index(whole.words.language) for whole in reading.wholes]
        firsts = [*(whole.first for whole in reading.wholes), len(reading.tags)]
        return np.repeat(numbers[:1] + numbers, np.diff(firsts, prepend=0))

    def _sums_of(self, words: NDArray[np.int64]) -> tuple[NDArray[np.int16], NDArray[np.int64]]:
        """Return sums of weights by place in the window, and for each word the row of that for the first place.

        Those of single characters stand behind those of words, and are overwritten when others are asked for.
        """
        single = np.flatnonzero(words < 0)
        known = self.vocabulary.size
        rows = words.copy()
        rows[single] = known + np.arange(len(single))
        self._add_up(np.concatenate([np.arange(self._summed, known), words[single]]))
        self._summed = known
        return self._sums.reshape(-1, LABELS), rows * _PLACES

    def _add_up(self, words: NDArray[np.int64]) -> None:
        """Add up the weights of words behind those of the words that have their sums."""
        size = self._summed + len(words)
        if size > len(self._sums):
            more = np.zeros((max(size, 2 * len(self._sums)) - len(self._sums), _PLACES * LABELS), np.int16)
            self._sums = np.concatenate([self._sums, more])
        buckets = self.vocabulary.buckets(words)
        new = self._sums[self._summed : size]
        new[:] = 0
        for slot in range(SLOTS):
            new += self.forms.take(buckets[:, slot], axis=0)


def _opens(at: NDArray[np.intp], coarse: NDArray[np.int32], reading: Reading) -> NDArray[np.bool_]:
    """Tell which tokens are marks of quotation or brackets with a space before them and none after."""
    starts, ends = reading.tokens.starts, reading.tokens.ends
    marks = (coarse[at] == QUOTE) | (coarse[at] == BRACKET)
    opens: NDArray[np.bool_] = marks & (starts[at] > ends[at - 1]) & (ends[at] == starts[at + 1])
    return opens


def _near(named: NDArray[np.bool_], reading: Reading) -> NDArray[np.intp]:
    """Return the tokens within WINDOW of one that may be of a name."""
    near = named.copy()
    for place in range(1, WINDOW + 1):
        near[place:] |= named[:-place]
        near[:-place] |= named[place:]
    return np.flatnonzero(near & (reading.tokens.ends > reading.tokens.starts))


@lru_cache(maxsize=1)
def load() -> Model:
    """Load the weights, once per process."""
    with np.load(DATA) as stored:
        contexts, of_words = (stored[name].astype(np.int16) for name in ("contexts", "of_words"))
        return Model(stored["forms"], contexts, of_words, tuple(str(stored["languages"]).split()))


@lru_cache(maxsize=1)
def digest() -> str:
    """Return eight hex digits that change with the weights."""
    return hashlib.sha256(DATA.read_bytes()).hexdigest()[:8]
