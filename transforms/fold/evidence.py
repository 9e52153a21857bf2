"""What two articles have in common, measured on their full signatures."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from transforms.fold.compare import Evidence, days_between
from transforms.fold.ragged import Array, Flags, Floats, Ints, Ragged
from transforms.fold.signature import Signatures, counted
from transforms.fold.tokens import CAPITAL, DIGIT, identity

UNDATED = np.iinfo(np.int64).min
"""Stands for an unknown publication time."""
LETTERS_PER_WORD = 1.6
TITLE_TOKENS = 3
"""A title of fewer tokens ("News", "Video") names no story."""


@dataclass(frozen=True, slots=True)
class Facts:
    """Signatures with what is counted once an article and not once a pair; one element a row."""

    signatures: Signatures
    published: Ints  # microseconds, UNDATED for unknown
    words: Floats
    numbers: Ints
    names: Ints
    opening: npt.NDArray[np.uint32]

    def __len__(self) -> int:
        return len(self.signatures)


def facts_of(signatures: Signatures, published: Ints) -> Facts:
    """Return the facts of articles published at these times (microseconds, UNDATED)."""
    return Facts(
        signatures,
        published,
        word_lengths(signatures.words.sizes, signatures.characters),
        counted(signatures.bag, DIGIT),
        counted(signatures.bag, CAPITAL),
        signatures.opening,
    )


def word_lengths(tokens: Ints, characters: Flags) -> Floats:
    """Return lengths in words: a word of a script without spaces has some 1.6 letters."""
    return np.where(characters, tokens / LETTERS_PER_WORD, tokens)


def measure(facts: Facts, left: Ints, right: Ints) -> Evidence:
    """Return the evidence on pairs of rows."""
    signatures = facts.signatures
    windows = common(signatures.shingles, left, right)
    tokens, numbers, names = common_tokens(signatures.bag, left, right)
    sizes, counts = signatures.shingles.sizes, signatures.words.sizes
    fewer, total = np.minimum(sizes[left], sizes[right]), sizes[left] + sizes[right]
    shorter, longer = np.minimum(counts[left], counts[right]), np.maximum(counts[left], counts[right])
    few_numbers = np.minimum(facts.numbers[left], facts.numbers[right])
    few_names = np.minimum(facts.names[left], facts.names[right])
    same_title = _same(signatures.title_hash, left, right)
    same_text = _same(signatures.text_hash, left, right)
    return Evidence(
        words=np.minimum(facts.words[left], facts.words[right]).astype(float),
        length_ratio=shorter / np.maximum(longer, 1),
        jaccard=windows / np.maximum(total - windows, 1),
        containment=windows / np.maximum(fewer, 1),
        bag=tokens / np.maximum(shorter, 1),
        opening=_same_opening(facts.opening, left, right),
        title=_title_similarity(signatures.title, left, right),
        numbers=few_numbers.astype(float),
        numbers_replaced=np.maximum(few_numbers - numbers, 0).astype(float),
        names=few_names.astype(float),
        names_replaced=np.maximum(few_names - names, 0).astype(float),
        days=days_between(facts.published[left], facts.published[right], UNDATED),
        same_text=same_text,
        same_content=_same_content(signatures, left, right),
        same_title=same_title & (signatures.title.sizes[left] >= TITLE_TOKENS),
        title_only=(signatures.text_hash[left] == 0) | (signatures.text_hash[right] == 0),
    )


def common(rows: Ragged, left: Ints, right: Ints) -> Ints:
    """Return how many values pairs of rows share, each row holding a value once."""
    return np.array([_shared(rows.row(a), rows.row(b)) for a, b in _pairs(left, right)], dtype=np.int64)


def common_tokens(bag: Ragged, left: Ints, right: Ints) -> tuple[Ints, Ints, Ints]:
    """Return how many tokens, numbers and capitalised words pairs of bags share."""
    found = [_shared_tokens(bag.row(a), bag.row(b)) for a, b in _pairs(left, right)]
    counts = np.array(found, dtype=np.int64).reshape(-1, 3)
    return counts[:, 0], counts[:, 1], counts[:, 2]


def _pairs(left: Ints, right: Ints) -> "zip[tuple[int, int]]":
    return zip(left.tolist(), right.tolist(), strict=True)


def _shared(first: Array, second: Array) -> int:
    both = np.concatenate((first, second))
    both.sort()
    return int(np.count_nonzero(both[1:] == both[:-1]))


def _shared_tokens(first: Array, second: Array) -> tuple[int, int, int]:
    both = np.concatenate((first, second))
    both.sort()
    before, after = both[:-1], both[1:]
    met = (before ^ after) < 2  # alike but for the capital
    flags = (before | after)[met]
    return len(flags), int(np.count_nonzero(flags & DIGIT)), int(np.count_nonzero(flags & CAPITAL))


def _same(hashes: npt.NDArray[np.uint64], left: Ints, right: Ints) -> Flags:
    same: Flags = (hashes[left] == hashes[right]) & (hashes[left] != 0)
    return same


def _same_content(signatures: Signatures, left: Ints, right: Ints) -> Flags:
    title, text = signatures.title_hash, signatures.text_hash
    same: Flags = (title[left] == title[right]) & (text[left] == text[right])
    return same


def _same_opening(opening: npt.NDArray[np.uint32], left: Ints, right: Ints) -> Floats:
    first, second = opening[left], opening[right]
    filled = np.minimum(np.count_nonzero(first, axis=1), np.count_nonzero(second, axis=1))
    met = np.zeros(len(first), dtype=np.int64)
    for place in range(opening.shape[1]):
        token = first[:, place : place + 1]
        met += ((second == token) & (token != 0)).any(axis=1)
    back = np.zeros(len(first), dtype=np.int64)
    for place in range(opening.shape[1]):
        token = second[:, place : place + 1]
        back += ((first == token) & (token != 0)).any(axis=1)
    # A word that stands twice on one side only must not count twice: the smaller of both views is symmetric.
    similarity: Floats = np.minimum(np.minimum(met, back), filled) / np.maximum(filled, 1)
    return similarity


def _title_similarity(title: Ragged, left: Ints, right: Ints) -> Floats:
    met = common(Ragged(identity(title.values), title.offsets), left, right)
    sizes = title.sizes
    similarity: Floats = met / np.maximum(sizes[left] + sizes[right] - met, 1)
    return similarity
