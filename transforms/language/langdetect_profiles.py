"""The seam to langdetect: its profiles and its letter rules as arrays that can be evaluated in batches.

langdetect draws n-grams at random and stops when it feels sure, so its answer depends on a seed. Its profiles need
neither: every n-gram of a text can be counted, once (`profile_bayes`).
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from itertools import chain
from pathlib import Path
from re import Pattern

import numpy as np
from numpy.typing import NDArray

from transforms.language.ngram_index import NgramIndex, key_of
from transforms.language.sparse_rows import RowTable

MAX_CHARS = 10_000  # langdetect reads no further
_SMOOTHING = 0.5 / 10_000  # langdetect's alpha over its base frequency, without the noise it adds to alpha
TABLE_SIZE = 0x20000  # past the last capital letter of Unicode
# Where langdetect's letter rules change anything, apart from Hangul and the ideographs that it groups.
_RULED = ((0x0, 0x250), (0x600, 0x700), (0x1E00, 0x1F00), (0x2000, 0x2070), (0x3040, 0x3130), (0x31A0, 0x31C0))
_HANGUL = (0xAC00, 0xD7B0)


@dataclass(frozen=True)
class Profiles:
    """Log-probabilities of n-grams by language."""

    labels: tuple[str, ...]  # langdetect's own: zh-cn and zh-tw apart
    index: NgramIndex  # which row an n-gram has
    table: RowTable


@dataclass(frozen=True)
class LetterRules:
    """How langdetect reads characters."""

    normal: NDArray[np.uint32]  # (TABLE_SIZE,) the code point that stands for each; a space for what is no letter
    upper: NDArray[np.bool_]  # (TABLE_SIZE,) whether what stands for it is a capital
    url: Pattern[str]
    mail: Pattern[str]


@cache
def profiles() -> Profiles:
    """Load the profiles that the installed langdetect ships, once per process (a fifth of a second)."""
    import langdetect  # noqa: PLC0415  only who asks the second witness loads it

    folder = Path(langdetect.__file__).parent / "profiles"
    labels = tuple(sorted(path.name for path in folder.iterdir() if not path.name.startswith(".")))
    loaded = [_read_profile(folder / label) for label in labels]
    keys = np.concatenate([keys for keys, _ in loaded])
    column = np.repeat(np.arange(len(labels), dtype=np.int32), [len(keys) for keys, _ in loaded])
    above = np.log1p(np.concatenate([share for _, share in loaded]) / _SMOOTHING).astype(np.float32)
    ngrams, row = np.unique(keys, return_inverse=True)
    by_row = np.argsort(row, kind="stable")
    row_start = np.searchsorted(row[by_row], np.arange(len(ngrams) + 1))
    floor = np.full(len(labels), np.log(_SMOOTHING), np.float32)
    table = RowTable.build(floor, row_start, column[by_row], above[by_row], 1.0)
    return Profiles(labels, NgramIndex.build(ngrams), table)


def _read_profile(path: Path) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Return the keys of a profile's n-grams and the share each has among the n-grams of its length."""
    profile = json.loads(path.read_text("utf-8"))
    frequencies: dict[str, int] = profile["freq"]
    keys = np.fromiter((key_of(ngram) for ngram in frequencies), np.int64, len(frequencies))
    totals = np.array([profile["n_words"][len(ngram) - 1] for ngram in frequencies], np.float64)
    return keys, np.fromiter(frequencies.values(), np.float64, len(frequencies)) / totals


@cache
def letter_rules() -> LetterRules:
    """Tabulate langdetect's letter rules."""
    from langdetect.detector import Detector  # noqa: PLC0415  as above
    from langdetect.utils.ngram import NGram  # noqa: PLC0415  as above

    normal = np.arange(TABLE_SIZE, dtype=np.uint32)
    normal[_HANGUL[0] : _HANGUL[1]] = _HANGUL[0]
    for character in chain(map(chr, _ruled()), NGram.CJK_MAP):
        normal[ord(character)] = ord(NGram.normalize(character))
    upper = np.array([chr(point).isupper() for point in range(TABLE_SIZE)])
    return LetterRules(normal, upper[normal], Detector.URL_RE, Detector.MAIL_RE)


def _ruled() -> Iterator[int]:
    return chain.from_iterable(range(first, end) for first, end in _RULED)


def composed(text: str) -> str:
    """Compose Vietnamese letters and tone marks as langdetect does."""
    from langdetect.utils.ngram import NGram  # noqa: PLC0415  as above

    return str(NGram.normalize_vi(text))
