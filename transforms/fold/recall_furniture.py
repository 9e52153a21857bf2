"""What a lake knows of site furniture: its table, and the lines of recent articles, kept in the process."""

from dataclasses import dataclass

import numpy as np

from transforms.fold import recent
from transforms.fold.expected import decided_since
from transforms.fold.furniture import Furniture, Hashes, latest
from transforms.fold.furniture_rows import known_hashes
from transforms.lake.layout import Lake
from transforms.lake.process_cache import ProcessCache
from transforms.lake.read import last_commit, scan

SAVED_EVERY = 1_000
"""Articles; the next process reads again what was committed since. A file is 7 MB, too much for each small commit."""


@dataclass(frozen=True, slots=True)
class _Recalled:
    commit: int
    furniture: Furniture
    unsaved: int  # articles


_RECALLED: ProcessCache[_Recalled] = ProcessCache()


def recall_furniture(lake: Lake) -> Furniture:
    """Return what is known as of the last commit; for the writer alone, who saves it for the next process.

    A lake that was set back to an older state has another past than what was recalled of it, which is dropped.
    """
    commit, recalled = last_commit(lake), _RECALLED.get(lake)
    if recalled is None or commit < recalled.commit:
        recalled = _loaded(lake, commit)
    elif commit > recalled.commit:
        recalled = _advanced(lake, commit, recalled)
    if recalled.unsaved >= SAVED_EVERY:
        recent.save(lake, recalled.furniture.recent, commit)
        recalled = _Recalled(commit, recalled.furniture, 0)
    _RECALLED.put(lake, recalled)
    return recalled.furniture


def _loaded(lake: Lake, commit: int) -> _Recalled:
    lines, saved = recent.load(lake, commit)
    added = recent.read(lake, saved)
    return _Recalled(commit, Furniture(_known(lake, 0), latest(lines, added)), len(added))


def _advanced(lake: Lake, commit: int, before: _Recalled) -> _Recalled:
    decided = decided_since(lake, before.commit)
    added = recent.read(lake, before.commit) if decided is None else decided.lines
    known = np.union1d(before.furniture.known, _known(lake, before.commit))
    furniture = Furniture(known, latest(before.furniture.recent, added))
    return _Recalled(commit, furniture, before.unsaved + len(added))


def _known(lake: Lake, after: int) -> Hashes:
    batches = scan(lake, "furniture", ["paragraph_hash"], after)
    return known_hashes(name for batch in batches for name in batch.column(0).to_pylist())
