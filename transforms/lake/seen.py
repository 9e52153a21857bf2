"""What is known already: the first 128 bits of raw_sha256s, reject ids and keys of the forgotten, sorted and mapped.

The index lies under LAKE/_memory in segments, `seen-FROM-TO.npy` for the rows of commits FROM+1 to TO, as two rows of
64-bit numbers (high halves, sorted; low halves). It is derived: what is missing is read from the tables, and a lake
that has gone back behind it makes it start anew. Being too old costs time only, for Fold sees what this lets pass,
and nothing is forgotten while a run is at work.
"""

import contextlib
import os
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

import numpy as np
import numpy.typing as npt

from schemas.tables import STORY_TABLES
from transforms.lake.durable import sync
from transforms.lake.layout import Lake, open_lake
from transforms.lake.read import last_commit, scan

# Each segment costs a look-up 1 µs, and merging costs 0.2 s a million: with sizes that at least double from one segment
# to the one before, few are left and each digest is rewritten seldom.
MAX_SEGMENTS = 4
_HEX_CHARS = 32  # 128 bits: two of a billion digests are equal by chance at odds of 1 in 10^21
_NAME = re.compile(r"seen-(\d+)-(\d+)\.npy")
_SOURCES = (
    *((table, "raw_sha256") for table in STORY_TABLES),
    ("rejects", "reject_id"),
    ("forgotten", "item_key"),
    ("forgotten", "copy_key"),
)

Digests = npt.NDArray[np.uint64]
"""Shape (2, n): high and low halves of n digests, sorted by both."""


@dataclass(frozen=True, slots=True)
class Segment:
    """The digests of a stretch of commits."""

    first: int  # the commit before the stretch
    last: int
    digests: Digests
    highs: npt.NDArray[np.uint64] = field(init=False)
    lows: npt.NDArray[np.uint64] = field(init=False)

    def __post_init__(self) -> None:
        # Plain views, made once: indexing a mapped array or cutting a row of it costs more than the search.
        object.__setattr__(self, "highs", np.asarray(self.digests[0]).view(np.ndarray))
        object.__setattr__(self, "lows", np.asarray(self.digests[1]).view(np.ndarray))

    @property
    def name(self) -> str:
        """The segment's file."""
        return f"seen-{self.first:08d}-{self.last:08d}.npy"


@dataclass(slots=True)
class SeenIndex:
    """The stored digests of one lake as of one commit."""

    lake: Lake
    segments: list[Segment] = field(default_factory=list)

    @classmethod
    def open(cls, lake_root: str | Path) -> Self:
        """Return the index of the last finished commit, brought up to date from the tables where it is not."""
        lake = open_lake(lake_root)
        index = cls(lake, load_segments(lake))
        index._catch_up()
        return index

    @property
    def commit(self) -> int:
        """The last commit whose rows are in the index."""
        return self.segments[-1].last if self.segments else 0

    def contains(self, digest: str) -> bool:
        """Say whether a digest, in hex, is that of a stored row or of what was forgotten."""
        # Number by number: for one digest the arrays that `contains_many` makes would cost more than the search.
        high, low = int(digest[:16], 16), int(digest[16:_HEX_CHARS], 16)
        sought = np.uint64(high)
        for segment in self.segments:
            highs = segment.highs
            at = int(highs.searchsorted(sought))
            if at < highs.size and highs.item(at) == high and segment.lows.item(at) == low:
                return True
        return False

    def contains_many(self, digests: Sequence[str]) -> list[bool]:
        """Say the same of many at once."""
        wanted = unsorted_digests(digests)
        found = np.zeros(wanted.shape[1], dtype=bool)
        for segment in self.segments:
            found |= _among(wanted, segment.digests)
        return [bool(one) for one in found]

    def advance(self, commit: int, digests: Iterable[str]) -> None:
        """Add the digests that `commit` stored; commits come in order."""
        # As in a log-structured tree: while the one before is not twice as large, the two become one.
        segment = Segment(self.commit, commit, sorted_digests(unsorted_digests(list(digests))))
        while self.segments and (
            len(self.segments) >= MAX_SEGMENTS or self.segments[-1].digests.size <= 2 * segment.digests.size
        ):
            before = self.segments.pop()
            both = np.concatenate([before.digests, segment.digests], axis=1)
            segment = Segment(before.first, commit, sorted_digests(both))
        self.segments = [*self.segments, segment]
        with contextlib.suppress(OSError):  # a full disk: what is not saved is read from the tables again
            _save(self.lake, segment)
            _drop_merged(self.lake, self.segments)

    def _catch_up(self) -> None:
        now = last_commit(self.lake)
        if self.commit > now:  # the lake was put back to an older state
            self.segments = []
            _drop_all(self.lake)
        if self.commit < now:
            self.advance(now, stored_digests(self.lake, self.commit))


def stored_digests(lake: Lake, after_commit: int = 0) -> Iterable[str]:
    """Yield the digests of the committed rows newer than `after_commit`, from the tables themselves."""
    for table, column in _SOURCES:
        for batch in scan(lake, table, [column], after_commit):
            yield from batch.column(0).drop_null().to_pylist()


def unsorted_digests(digests: Sequence[str]) -> Digests:
    """Return hex digests as numbers, shape (2, n), in the order given."""
    packed = bytes.fromhex("".join([digest[:_HEX_CHARS] for digest in digests]))
    return np.frombuffer(packed, dtype=">u8").reshape(-1, 2).T.astype(np.uint64)


def sorted_digests(digests: Digests) -> Digests:
    """Return digests in the order in which they are looked up."""
    return np.ascontiguousarray(digests[:, np.lexsort((digests[1], digests[0]))])


def _among(wanted: Digests, stored: Digests) -> npt.NDArray[np.bool_]:
    if not stored.size:
        return np.zeros(wanted.shape[1], dtype=bool)
    # Two digests with one high half: at odds of 1 in 10^7 for a million rows, and then Fold sees the second one.
    at = np.minimum(np.searchsorted(stored[0], wanted[0]), stored.shape[1] - 1)
    return np.asarray((stored[0][at] == wanted[0]) & (stored[1][at] == wanted[1]))


def load_segments(lake: Lake) -> list[Segment]:
    """Return the segments that follow each other from commit 0; another process may be merging them meanwhile."""
    # A merge writes the longer segment before it deletes those it was made of: of equal beginnings the longest counts.
    longest: dict[int, int] = {}
    for match in map(_NAME.fullmatch, _names(lake)):
        if match:
            first, last = int(match[1]), int(match[2])
            longest[first] = max(last, longest.get(first, 0))
    segments: list[Segment] = []
    at = 0
    while at in longest and longest[at] > at:
        segment = Segment(at, longest[at], np.empty((2, 0), dtype=np.uint64))
        try:
            digests = np.load(lake.memory / segment.name, mmap_mode="r")
        except (OSError, ValueError):  # merged away meanwhile, or torn by a power cut: read from the tables instead
            break
        segments.append(Segment(at, segment.last, digests))
        at = segment.last
    return segments


def _names(lake: Lake) -> list[str]:
    return [entry.name for entry in lake.memory.iterdir()] if lake.memory.is_dir() else []


def _save(lake: Lake, segment: Segment) -> None:
    lake.memory.mkdir(exist_ok=True)
    new = lake.memory / f"{segment.name}.{os.getpid()}.new"
    # Forced to disk, for it has no checksum: a digest too many, of a torn page, would lose an article.
    with new.open("wb") as file:
        np.save(file, segment.digests)
        file.flush()
        os.fsync(file.fileno())
    new.replace(lake.memory / segment.name)
    sync(lake.memory)


def _drop_merged(lake: Lake, kept: Sequence[Segment]) -> None:
    """Delete the segments whose commits are all in one of `kept`; what another process added stays."""
    names = {segment.name for segment in kept}
    for name in _names(lake):
        match = _NAME.fullmatch(name)
        if match and name not in names:
            first, last = int(match[1]), int(match[2])
            if any(segment.first <= first and last <= segment.last for segment in kept):
                (lake.memory / name).unlink(missing_ok=True)


def _drop_all(lake: Lake) -> None:
    for name in _names(lake):
        if _NAME.fullmatch(name):
            (lake.memory / name).unlink(missing_ok=True)
