"""The pieces and words met so far, numbered: what depends on them alone is worked out once."""

from array import array
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np
from numpy.typing import NDArray

from transforms.entities.lexicon import Lexicon
from transforms.entities.trained import singles
from transforms.entities.trained.features import OUTSIDE, SLOTS, WINDOW, look_at
from transforms.entities.trained.tokens import Piece, Token, cut, cut_wide, is_wide, pieces
from transforms.entities.worked_out import WorkedOut

_BOUNDARY = " "  # the piece before and after each article: no narrow text has it
_KEPT = 200_000  # pieces, and words as well: some 90 MB with the sums of the model
_CHARACTERS_KEPT = 40 * _KEPT  # of pieces: some five times what real ones have
_SINGLE = 0  # the piece that stands for any single character
_Numbers = WorkedOut[str, int]  # of strings, each given when it is first met
_OUTSIDE: Piece = 1, ((0, 0, OUTSIDE),) * WINDOW


@dataclass(frozen=True, slots=True)
class Tokens:
    """Tokens in a row: where each starts and ends, in code points, and the number of its word.

    The word of a single character is not numbered: it is the code of `singles`, turned below zero.
    """

    starts: NDArray[np.int64]
    ends: NDArray[np.int64]
    words: NDArray[np.int64]

    def covered(self, starts: NDArray[np.intp], ends: NDArray[np.intp]) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
        """Return of each stretch the first token and the one after its last; a token cut in two is in it."""
        return np.searchsorted(self.ends, starts, "right"), np.searchsorted(self.starts, ends, "left")


class Vocabulary:
    """Pieces with the words they are made of, and words with their features, each for its language."""

    def __init__(self) -> None:
        self._pieces: dict[tuple[str, bool], _Numbers] = {}
        self._words: dict[str, _Numbers] = {}
        self._widths, self._firsts = array("i"), array("i")  # by piece; its tokens end where the next one's begin
        self._starts, self._ends, self._numbers = array("i"), array("i"), array("i")  # by token of a piece
        self._coarse, self._buckets = array("B"), array("I")  # by word; SLOTS of the latter each
        self._forms: list[str] = []  # by word
        self._characters = 0
        self.clear()

    def clear(self) -> None:
        """Forget all; numbers given so far mean nothing any more."""
        self._pieces.clear()
        self._words.clear()
        self._forms.clear()
        for column in (self._widths, self._firsts, self._starts, self._ends, self._numbers):
            del column[:]
        del self._coarse[:], self._buckets[:]
        self._characters = 0
        self._firsts.append(0)
        self._add_piece(1, [(0, 1, "")], {"": 0})  # the piece _SINGLE

    def is_full(self) -> bool:
        """Tell whether it should be cleared before more is read."""
        return max(len(self._widths), self.size) > _KEPT or self._characters > _CHARACTERS_KEPT

    @property
    def size(self) -> int:
        """How many words there are."""
        return len(self._forms)

    def enter(self, text: str, lexicon: Lexicon) -> NDArray[np.int64]:
        """Return the numbers of the pieces of a text, a boundary before and after; of single characters their codes."""
        narrow = self._numbers_of(lexicon, wide=False)
        if not is_wide(text):
            found = [_BOUNDARY, *pieces(text), _BOUNDARY]
            return np.fromiter(map(narrow.__getitem__, found), np.int64, len(found))
        codes, single, others = singles.single_out(text)
        numbers = ~codes
        numbers[~single] = list(map(self._numbers_of(lexicon, wide=True).__getitem__, others))
        return np.concatenate([[narrow[_BOUNDARY]], numbers, [narrow[_BOUNDARY]]])

    def _numbers_of(self, lexicon: Lexicon, wide: bool) -> _Numbers:
        key = lexicon.language, wide
        if key not in self._pieces:
            self._pieces[key] = _Numbers(partial(self._enter_piece, lexicon, wide))
            self._words.setdefault(lexicon.language, _Numbers(partial(self._enter_word, lexicon)))
        return self._pieces[key]

    def _enter_piece(self, lexicon: Lexicon, wide: bool, piece: str) -> int:
        self._characters += len(piece)
        if wide:
            width, tokens = cut_wide(piece, lexicon.language)
        else:
            width, tokens = _OUTSIDE if piece == _BOUNDARY else cut(piece, lexicon.language)
        return self._add_piece(width, tokens, self._words[lexicon.language])

    def _add_piece(self, width: int, tokens: Sequence[Token], words: Mapping[str, int]) -> int:
        for start, end, form in tokens:
            self._starts.append(start)
            self._ends.append(end)
            self._numbers.append(words[form])
        self._widths.append(width)
        self._firsts.append(len(self._starts))
        return len(self._widths) - 1

    def _enter_word(self, lexicon: Lexicon, form: str) -> int:
        seen = look_at(form, lexicon)
        self._coarse.append(seen.coarse)
        self._buckets.extend(seen.buckets)
        self._forms.append(form)
        return len(self._forms) - 1

    def form(self, word: int) -> str:
        """Return the form of a word; of a single character that alone."""
        return self._forms[word] if word >= 0 else singles.character_of(~word)

    def coarse(self, words: NDArray[np.int64]) -> NDArray[np.int32]:
        """Return the classes of words."""
        coarse = np.frombuffer(self._coarse, np.uint8).take(words, mode="clip").astype(np.int32)
        single = words < 0
        coarse[single] = singles.classes(~words[single])
        return coarse

    def buckets(self, words: NDArray[np.int64]) -> NDArray[np.uint32]:
        """Return the SLOTS buckets of words."""
        buckets = np.frombuffer(self._buckets, np.uint32).reshape(-1, SLOTS).take(words, axis=0, mode="clip")
        single = words < 0
        buckets[single] = singles.buckets(~words[single])
        return buckets

    def tokens(self, numbers: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64], Tokens]:
        """Return the tokens of pieces in a row, and for each piece where it starts and which token is its first."""
        pieces = np.maximum(numbers, _SINGLE)
        starts = _starts(np.frombuffer(self._widths, np.intc).take(pieces))
        begins = np.frombuffer(self._firsts, np.intc).take(pieces)
        counts = np.frombuffer(self._firsts, np.intc).take(pieces + 1) - begins
        firsts = _starts(counts)
        at = np.repeat(begins - firsts, counts) + np.arange(counts.sum())
        shift = np.repeat(starts, counts)
        words = np.frombuffer(self._numbers, np.intc).take(at).astype(np.int64)
        words[firsts[numbers < 0]] = numbers[numbers < 0]
        ends = shift + np.frombuffer(self._ends, np.intc).take(at)
        return starts, firsts, Tokens(shift + np.frombuffer(self._starts, np.intc).take(at), ends, words)


def _starts(widths: NDArray[np.intc]) -> NDArray[np.int64]:
    ends = np.cumsum(widths, dtype=np.int64)
    return ends - widths
