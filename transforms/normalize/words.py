"""Words: how long a text is, in a unit that compares across scripts."""

import unicodedata
from functools import cache

import numpy as np
import numpy.typing as npt

from transforms.unspaced import UNSPACED

_NOTHING, _RUN, _SINGLE = 0, 1, 2
_PLANES = 0x40000  # planes 0 to 3; planes 2 and 3 are Han, what lies above holds no letters


def count_words(text: str) -> int:
    r"""Return the number of `\w+` runs in `text`, where every letter of a script without spaces counts as one.

    Marks belong to the letter before them, so that a word of Hindi or Arabic is one run.
    """
    points = np.frombuffer(text.encode("utf-32-le", "replace"), dtype=np.uint32)
    if not points.size:
        return 0
    kinds = _kinds().take(points, mode="clip")  # the last entry, nothing, stands for all that lies above
    runs = kinds == _RUN
    starts = np.count_nonzero(runs[1:] & ~runs[:-1]) + int(runs[0])
    return int(starts) + int(np.count_nonzero(kinds == _SINGLE))


@cache
def _kinds() -> npt.NDArray[np.uint8]:
    """Return what every code point of the first four planes is: uint8, nothing, part of a run, or a word alone."""
    kinds = np.zeros(_PLANES + 1, dtype=np.uint8)
    kinds[:0x20000] = [_kind(chr(point)) for point in range(0x20000)]
    kinds[0x20000:_PLANES] = _SINGLE
    kinds[0xFE00:0xFE10] = _NOTHING  # variation selectors: marks, but of pictures and Han, which are no runs
    for first, last in UNSPACED:
        stretch = kinds[first : last + 1]
        stretch[stretch == _RUN] = _SINGLE
        marks = [unicodedata.category(chr(point))[0] == "M" for point in range(first, last + 1)]
        stretch[marks] = _NOTHING
    return kinds


def _kind(character: str) -> int:
    return _RUN if character.isalnum() or character == "_" or unicodedata.category(character)[0] == "M" else _NOTHING
