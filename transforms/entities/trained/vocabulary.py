"""The pieces and words met so far, numbered: what depends on them alone is worked out once."""

from array import array
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np
from numpy.typing import NDArray

from transforms.entities.lexicon import Lexicon
from transforms.entities.trained.features import OUTSIDE, SLOTS, WINDOW, look_at
from transforms.entities.trained.tokens import Piece, cut

BOUNDARY = " "  # the piece before and after each article: no narrow text has it
_KEPT = 200_000  # pieces, and words as well
_CHARACTERS_KEPT = 40 * _KEPT  # of pieces: ten times what real ones have
_OUTSIDE: Piece = 1, ((0, 0, OUTSIDE),) * WINDOW


class Numbers(dict[str, int]):
    """The numbers of strings, each given when it is first asked for: a look-up of others costs no call."""

    def __init__(self, enter: Callable[[str], int]) -> None:
        self._enter = enter

    def __missing__(self, key: str) -> int:
        number = self[key] = self._enter(key)
        return number


@dataclass(frozen=True, slots=True)
class Tokens:
    """Tokens in a row: where each starts and ends, in code points, and the number of its word."""

    starts: NDArray[np.intp]
    ends: NDArray[np.intp]
    words: NDArray[np.intp]


class Vocabulary:
    """Pieces with the words they are made of, and words with their features, each for its language."""

    def __init__(self) -> None:
        self._pieces: dict[tuple[str, bool], Numbers] = {}
        self._words: dict[str, Numbers] = {}
        self._widths, self._firsts = array("i"), array("i", [0])  # by piece; its tokens end where the next one's begin
        self._starts, self._ends, self._numbers = array("i"), array("i"), array("i")  # by token of a piece
        self._coarse, self._buckets = array("B"), array("H")  # by word; SLOTS of the latter each
        self._characters = 0
        self.forms: list[str] = []  # by word

    def is_full(self) -> bool:
        """Tell whether it should be cleared before more is read."""
        return max(len(self._widths), len(self.forms)) > _KEPT or self._characters > _CHARACTERS_KEPT

    def clear(self) -> None:
        """Forget all; numbers given so far mean nothing any more."""
        self._pieces.clear()
        self._words.clear()
        for column in (
            self._widths,
            self._firsts,
            self._starts,
            self._ends,
            self._numbers,
            self._coarse,
            self._buckets,
        ):
            del column[:]
        self._firsts.append(0)
        self._characters = 0
        self.forms.clear()

    def numbers(self, lexicon: Lexicon, wide: bool) -> Numbers:
        """Return the numbers of the pieces of a language's texts."""
        key = lexicon.language, wide
        if key not in self._pieces:
            self._pieces[key] = Numbers(partial(self._enter_piece, lexicon, wide))
            self._words.setdefault(lexicon.language, Numbers(partial(self._enter_word, lexicon)))
        return self._pieces[key]

    def _enter_piece(self, lexicon: Lexicon, wide: bool, piece: str) -> int:
        width, tokens = _OUTSIDE if piece == BOUNDARY and not wide else cut(piece, wide, lexicon.language)
        words = self._words[lexicon.language]
        for start, end, form in tokens:
            self._starts.append(start)
            self._ends.append(end)
            self._numbers.append(words[form])
        self._widths.append(width)
        self._characters += len(piece)
        self._firsts.append(len(self._starts))
        return len(self._widths) - 1

    def _enter_word(self, lexicon: Lexicon, form: str) -> int:
        seen = look_at(form, lexicon)
        self._coarse.append(seen.coarse)
        self._buckets.extend(seen.buckets)
        self.forms.append(form)
        return len(self.forms) - 1

    def coarse(self, words: NDArray[np.intp]) -> NDArray[np.int32]:
        """Return the classes of words."""
        return np.frombuffer(self._coarse, np.uint8)[words].astype(np.int32)

    def buckets(self, first: int) -> NDArray[np.uint16]:
        """Return SLOTS buckets for each word from the `first` on."""
        return np.frombuffer(self._buckets, np.uint16).reshape(-1, SLOTS)[first:].copy()

    def tokens(self, pieces: Sequence[int]) -> tuple[NDArray[np.intp], NDArray[np.intp], Tokens]:
        """Return the tokens of pieces in a row, and for each piece where it starts and which token is its first."""
        numbers = np.array(pieces, np.intp)
        starts = _starts(np.frombuffer(self._widths, np.intc)[numbers])
        begins = np.frombuffer(self._firsts, np.intc)[numbers]
        counts = np.frombuffer(self._firsts, np.intc)[numbers + 1] - begins
        firsts = _starts(counts)
        at = np.repeat(begins - firsts, counts) + np.arange(counts.sum())
        shift = np.repeat(starts, counts)
        words = np.frombuffer(self._numbers, np.intc)[at].astype(np.intp)
        ends = shift + np.frombuffer(self._ends, np.intc)[at]
        return starts, firsts, Tokens(shift + np.frombuffer(self._starts, np.intc)[at], ends, words)


def _starts(widths: NDArray[np.intc]) -> NDArray[np.intp]:
    ends = np.cumsum(widths, dtype=np.intp)
    return ends - widths
