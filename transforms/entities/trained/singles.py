"""Characters that are a token each, with the one that follows as their form: Chinese, Japanese, Korean, their marks.

There are too many pairs to remember. Their features are worked out for whole texts at once, from what each character
brings; they are those that `features.look_at` gives for the pair in any language.
"""

import zlib
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from transforms.entities.lexicon import lexicon
from transforms.entities.trained.features import (
    BUCKETS,
    CASES,
    CLASSES,
    PLAIN_SLOTS,
    SLOTS,
    look_at,
    plain_buckets,
)
from transforms.entities.trained.person_names import listed_names
from transforms.entities.trained.tokens import is_in_rows, wide_pieces

Codes = NDArray[np.int64]  # of pairs: the first character's code point, shifted, and that of the one which follows
NOTHING = 0x110000  # in place of a code point after the last character
_SHIFT = 21
_REST = (1 << _SHIFT) - 1
_LISTED_BITS = 3  # of what lists say of a name
_ALONE, _PAIR, _KIND = PLAIN_SLOTS, PLAIN_SLOTS + 1, PLAIN_SLOTS + 2  # slots of first character, pair, and second one
_ANY = "\u4e00"  # before a character of which only what it says as the second is asked
_USUAL = ord("c")  # the case of letters that have none
# One step of CRC-32 by byte, from zlib's own of one byte.
_STEPS = np.array([zlib.crc32(bytes([0xFF ^ byte])) ^ 0xFF000000 for byte in range(256)], np.uint32)


class _Characters:
    """What each character brings, by code point: 25 MB, of which only the pages that are written are there."""

    def __init__(self) -> None:
        size = NOTHING + 1
        self.seen = np.zeros(size, np.bool_)
        self.in_rows = np.zeros(size, np.bool_)  # a token whatever is around it
        self.single = np.zeros(size, np.bool_)  # that, or a token if it stands alone; without case, which words have
        self.coarse = np.zeros(size, np.uint8)
        self.listed = np.zeros(size, np.uint8)  # of the character as a name
        self.begins = np.zeros(size, np.bool_)  # a listed name of two characters
        self.case = np.zeros(size, np.uint32)
        self.alone = np.zeros(size, np.uint32)  # bucket
        self.kind = np.zeros(size, np.uint32)  # bucket
        self.checksum = np.zeros(size, np.uint32)  # of the pair's feature up to this character
        self.encoded = np.zeros(size, np.uint32)  # in UTF-8, first byte lowest
        self.length = np.zeros(size, np.uint8)  # of that

    def see(self, point: int) -> None:
        """Fill in what a character brings."""
        self.seen[point] = True
        if point == NOTHING:
            self.kind[point], self.case[point] = _of(_ANY, _KIND), NOTHING
            return
        character = chr(point)
        encoded = character.encode("utf-8", "surrogatepass")
        self.case[point], self.kind[point] = ord(CASES[point]), _of(_ANY + character, _KIND)
        self.encoded[point], self.length[point] = int.from_bytes(encoded, "little"), len(encoded)
        if character > "\u3000" and not (character.isupper() or character.islower()):
            self.single[point], self.in_rows[point] = True, is_in_rows(character)
            self.coarse[point] = look_at(character, lexicon("en")).coarse
            self.listed[point] = listed_names().get(character, 0) if character.isalpha() else 0
            self.begins[point] = character in _first_of_two()
            self.alone[point], self.checksum[point] = _of(character, _ALONE), zlib.crc32(b"b " + encoded)


_characters = lru_cache(maxsize=1)(_Characters)


def _seen(points: NDArray[np.integer]) -> _Characters:
    """Return what characters bring, those asked for filled in."""
    characters = _characters()
    for point in set(points[~characters.seen.take(points)].tolist()):
        characters.see(point)
    return characters


def _of(form: str, slot: int) -> int:
    return look_at(form, lexicon("en")).buckets[slot]


def single_out(text: str) -> tuple[Codes, NDArray[np.bool_], list[str]]:
    """Return for each piece of a wide text its code, whether it is single, and the strings of those that are not.

    A string of one character has the following one with it, for alone it says too little.
    """
    parts = wide_pieces(text)
    lengths = np.array(list(map(len, parts)))
    starts = np.cumsum(lengths) - lengths
    points = np.append(np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32), np.uint32(NOTHING))
    characters = _seen(points)
    in_rows = characters.in_rows.take(points[starts])
    counts = np.where(in_rows, lengths, 1)
    single = in_rows | ((lengths == 1) & characters.single.take(points[starts]))
    within = np.arange(counts.sum()) - np.repeat(np.cumsum(counts) - counts, counts)
    at = np.repeat(starts, counts) + within
    others = [
        text[start : start + 2] if length == 1 and text[start] > "\u3000" else text[start : start + length]
        for start, length in zip(starts[~single].tolist(), lengths[~single].tolist(), strict=True)
    ]
    return points[at].astype(np.int64) << _SHIFT | points[at + 1], np.repeat(single, counts), others


def character_of(code: int) -> str:
    """Return the first character of a pair."""
    return chr(code >> _SHIFT)


def classes(codes: Codes) -> NDArray[np.int32]:
    """Return the coarse classes of pairs, which are those of their first characters."""
    points = codes >> _SHIFT
    return _seen(points).coarse.take(points).astype(np.int32)


def buckets(codes: Codes) -> NDArray[np.uint32]:
    """Return SLOTS buckets for each pair."""
    first, following = codes >> _SHIFT, codes & _REST
    characters = _seen(np.concatenate([first, following]))
    found = np.empty((len(codes), SLOTS), np.uint32)
    cases = characters.case.take(first), characters.case.take(following)
    found[:, :PLAIN_SLOTS] = _plain(characters.coarse.take(first), _listed(codes, characters), *cases)
    found[:, PLAIN_SLOTS:] = look_at(_ANY, lexicon("en")).buckets[PLAIN_SLOTS:]
    found[:, _ALONE], found[:, _KIND] = characters.alone.take(first), characters.kind.take(following)
    found[:, _PAIR] = _checksums(characters, first, following) % BUCKETS
    return found


@lru_cache(maxsize=1)
def _names_of_two() -> tuple[Codes, NDArray[np.uint8]]:
    """Return the codes of listed names of two characters, rising, and what lists say of each."""
    names = [name for name in listed_names() if len(name) == 2 and name > "\u3000" and name[0].isalpha()]
    codes = np.array([ord(name[0]) << _SHIFT | ord(name[1]) for name in names], np.int64)
    order = np.argsort(codes)
    return codes[order], np.array([listed_names()[name] for name in names], np.uint8)[order]


@lru_cache(maxsize=1)
def _first_of_two() -> frozenset[str]:
    return frozenset(chr(code >> _SHIFT) for code in _names_of_two()[0].tolist())


def _listed(codes: Codes, characters: _Characters) -> NDArray[np.uint8]:
    """Return what lists say of the first characters and of the pairs."""
    listed: NDArray[np.uint8] = characters.listed.take(codes >> _SHIFT)
    names, flags = _names_of_two()
    asked = np.flatnonzero(characters.begins.take(codes >> _SHIFT))
    at = np.searchsorted(names, codes[asked]).clip(max=len(names) - 1)
    met = names[at] == codes[asked]
    listed[asked[met]] |= flags[at[met]]
    return listed


def _plain(
    coarse: NDArray[np.uint8], listed: NDArray[np.uint8], case: NDArray[np.uint32], after: NDArray[np.uint32]
) -> NDArray[np.uint32]:
    """Return the buckets of class, cases and lists; all but those of two letters are worked out once for each kind."""
    classes = coarse.astype(np.int64) << _LISTED_BITS | listed
    found = _plain_of_letters().take(classes, axis=0)
    others = np.flatnonzero((case != _USUAL) | (after != _USUAL))
    kinds = (classes[others] << _SHIFT | case[others]) << _SHIFT | after[others]
    distinct, which = np.unique(kinds, return_inverse=True)
    if len(others):
        found[others] = np.array([_plain_of(kind) for kind in distinct.tolist()], np.uint32)[which]
    return found


@lru_cache(maxsize=1)
def _plain_of_letters() -> NDArray[np.uint32]:
    kinds = ((number << _SHIFT | _USUAL) << _SHIFT | _USUAL for number in range(CLASSES << _LISTED_BITS))
    return np.array([_plain_of(kind) for kind in kinds], np.uint32)


def _plain_of(kind: int) -> tuple[int, int, int]:
    classes, case, after = kind >> 2 * _SHIFT, kind >> _SHIFT & _REST, kind & _REST
    cases = chr(case) + (chr(after) if after != NOTHING else "")
    return plain_buckets(classes >> _LISTED_BITS, "", cases, classes & ~(-1 << _LISTED_BITS))


def _checksums(characters: _Characters, first: Codes, following: Codes) -> NDArray[np.uint32]:
    """Return the CRC-32 checksums of the pairs' feature, continued over the second characters in UTF-8."""
    encoded, length = characters.encoded.take(following), characters.length.take(following)
    state = ~characters.checksum.take(first)
    for byte in range(4):
        step = state >> 8 ^ _STEPS.take((state ^ encoded >> 8 * byte) & 0xFF)
        state = np.where(length > byte, step, state)
    return ~state
