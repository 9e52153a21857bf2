"""The words of a text whose words are not what stands between spaces, as columns of numbers."""

import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from struct import Struct

import numpy as np
from numpy.typing import NDArray

FORMS = 1 << 14  # numbers of words by their hash
LAST_FORMS = 1 << 12  # numbers of last characters
RANKS = 6
_PACKED = np.dtype([("length", "<u4"), ("form", "<u2"), ("last", "<u2"), ("kind", "u1"), ("rank", "u1")])
_pack = Struct("<IHHBB").pack


@dataclass(frozen=True, slots=True)
class Words:
    """The words of a text, with marks and spaces between them; each begins where the one before it ends."""

    ends: NDArray[np.int32]  # in code points
    lengths: NDArray[np.uint32]
    kinds: NDArray[np.uint8]  # each language has kinds of its own
    ranks: NDArray[np.uint8]  # of RANKS: how frequent a Chinese word is, what lists of names have of a Korean one
    forms: NDArray[np.uint16]  # a hash, of FORMS
    lasts: NDArray[np.uint16]  # a hash of the last character, of LAST_FORMS


def part(form: str, kind: int, rank: int, before: str = "") -> bytes:
    """Describe a word; what stands `before` its form in the hash tells languages apart that share characters."""
    whole, last = zlib.crc32((before + form).encode()), zlib.crc32((before + form[-1]).encode())
    return _pack(len(form), whole % FORMS, last % LAST_FORMS, kind, rank)


def joined(parts: Iterable[bytes]) -> Words:
    """Return the words of a text that are described one after the other, several at once or each by itself."""
    packed = np.frombuffer(b"".join(parts), _PACKED)
    lengths = packed["length"]
    ends = np.cumsum(lengths, dtype=np.int32)
    return Words(ends, lengths, packed["kind"], packed["rank"], packed["form"], packed["last"])


def without_halves(text: str) -> str:
    """Put a mark in place of what is half a character, which has no bytes to be hashed or handed on."""
    return text.encode("utf-8", "replace").decode()
