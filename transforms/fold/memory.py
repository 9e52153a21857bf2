"""What earlier commits stored, for Fold to compare with: segments of arrays, found again by key, id and item.

Memory is derived: whoever holds the lake can rebuild it. A row has one number over all segments, its segment's first
number plus its place there; numbers are valid until the memory grows.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from transforms.fold.ragged import Ints
from transforms.fold.segment import Asked, Hashes, Rows, Segment, join_rows, merged, no_rows, segment_of
from transforms.fold.sketch import Pairs, distinct_pairs, shared

_FANOUT = 4
"""A segment is merged with the next once it is at most this many times larger: few segments, each row moved rarely."""

_LARGEST = 250_000
"""Rows of a segment that merging makes: sorting its keys takes some 300 MB for a moment."""


@dataclass(frozen=True, slots=True)
class Memory:
    """Segments from the largest to the smallest; immutable, grown by `remember`."""

    segments: tuple[Segment, ...] = ()

    def __len__(self) -> int:
        return sum(len(segment.rows) for segment in self.segments)

    @property
    def reached(self) -> int:
        """The last commit that brought rows."""
        return self.segments[-1].commits[1] if self.segments else 0

    def find(self, ids: npt.NDArray[np.bytes_]) -> Ints:
        """Return the number of each article id, -1 where it is not stored."""
        found = np.full(len(ids), -1)
        for start, segment in self._numbered():
            rows = segment.find(ids)
            found = np.where(rows >= 0, rows + start, found)
        return found

    def has_raw(self, raw: Hashes) -> npt.NDArray[np.bool_]:
        """Return which of these records were stored."""
        found = np.zeros(len(raw), dtype=bool)
        for segment in self.segments:
            found |= segment.has_raw(raw)
        return found

    def newest(self, items: npt.NDArray[np.bytes_]) -> Ints:
        """Return the number of the newest version of each item, -1 for a new item."""
        # Versions of one item may lie in several segments, and a segment knows the newest of its own only.
        found, revision = np.full(len(items), -1), np.zeros(len(items), dtype=np.int32)
        for start, segment in self._numbered():
            rows = segment.newest(items)
            here = np.where(rows >= 0, segment.rows.revision[rows], 0) if len(segment.rows) else np.zeros_like(revision)
            newer = here > revision
            found, revision = np.where(newer, rows + start, found), np.where(newer, here, revision)
        return found

    def candidates(self, asked: Asked, horizon_days: float) -> Pairs:
        """Return pairs (row of `asked`, number of a stored row) worth a comparison, sorted by both."""
        parts = [np.empty((0, 2), dtype=np.int64)]
        for start, segment in self._numbered():
            # All hits of one article come together: those with two keys in common can be told portion by portion.
            by_key = (shared(hits, len(segment.rows)) for hits in segment.hits(asked, horizon_days))
            pairs = distinct_pairs(*by_key, segment.namesakes(asked, horizon_days))
            parts.append(np.column_stack((pairs[:, 0] + start, pairs[:, 1])))
        return distinct_pairs(*parts)[:, ::-1]

    def rows(self, numbers: Ints) -> Rows:
        """Return the stored rows of these numbers."""
        if not len(numbers):
            return no_rows()
        parts, places = [], []
        for start, segment in self._numbered():
            here = np.flatnonzero((numbers >= start) & (numbers < start + len(segment.rows)))
            parts.append(segment.rows.take(numbers[here] - start))
            places.append(here)
        return join_rows(parts).take(np.argsort(np.concatenate(places), kind="stable"))

    def _numbered(self) -> list[tuple[int, Segment]]:
        starts = np.cumsum([0, *(len(segment.rows) for segment in self.segments)]).tolist()
        return list(zip(starts, self.segments, strict=False))


def remember(memory: Memory, rows: Rows, commit: int = 0) -> Memory:
    """Return the memory with all `rows` stored since, up to `commit`; a row is moved a logarithmic number of times."""
    if not len(rows):
        return memory
    # A segment is never changed: whoever holds the memory as it was, or a mapped file of it, goes on with that.
    segments = [*memory.segments, segment_of(rows, (memory.reached, commit))]
    while len(segments) > 1 and _mergeable(len(segments[-2].rows), len(segments[-1].rows)):
        second, first = segments.pop(), segments.pop()
        segments.append(merged(first, second))
    return Memory(tuple(segments))


def _mergeable(before: int, after: int) -> bool:
    return before <= _FANOUT * after and before + after <= _LARGEST
