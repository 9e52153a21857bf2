"""Give memory back to the system between slices, so that a long run stays as small as its largest slice.

The C library keeps what is freed, and in a heap of its own for each thread; Beam starts new threads for every graph, so
that without this a run over 60,000 articles grew from 740 to 1,790 MB over all its processes.
"""

import ctypes
import sys
from functools import cache

import pyarrow as pa

_ARENA_MAX, _MMAP_THRESHOLD = -8, -3  # of glibc's malloc.h
_LARGE = 4 * 1024 * 1024
"""Bytes. Columns of a slice are larger, the arrays that signing works on smaller."""


def give_back() -> None:
    """Return what is free to the system: Arrow's memory and, on Linux with glibc, the C library's."""
    pa.default_memory_pool().release_unused()
    if (library := _glibc()) is not None:
        library.malloc_trim(0)


def share_one_heap() -> None:
    """Let the threads to come share one heap of the C library, and keep what is large out of it.

    A large array comes straight from the system and goes back as soon as it is freed.
    """
    if (library := _glibc()) is not None:
        library.mallopt(_ARENA_MAX, 1)
        library.mallopt(_MMAP_THRESHOLD, _LARGE)


@cache
def _glibc() -> ctypes.CDLL | None:
    library = ctypes.CDLL(None) if sys.platform == "linux" else None
    return library if hasattr(library, "malloc_trim") else None
