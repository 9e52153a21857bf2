"""What a lake knows of site furniture: its table, and the lines of recent articles, kept in the process."""

from dataclasses import dataclass

import numpy as np

from schemas.tables import STORY_TABLES
from transforms.fold import recent
from transforms.fold.decide import Decisions
from transforms.fold.furniture import Furniture, Hashes, Lines, latest
from transforms.fold.furniture_rows import known_hashes
from transforms.fold.recall import Place, place_of
from transforms.fold.segment import ID, Ids
from transforms.lake.layout import Lake
from transforms.lake.read import last_commit, scan

SAVED_EVERY = 1_000
"""Articles; what was committed since lines were saved is read again by the next process."""


@dataclass(frozen=True, slots=True)
class _Recalled:
    commit: int
    furniture: Furniture
    unsaved: int  # articles


@dataclass(frozen=True, slots=True)
class _Decided:
    article_id: Ids  # sorted
    lines: Lines


_RECALLED: dict[Place, _Recalled] = {}
_DECIDED: dict[Place, _Decided] = {}


def recall_furniture(lake: Lake) -> Furniture:
    """Return what is known as of the last commit; for the writer alone, who saves it for the next process."""
    place, commit = place_of(lake), last_commit(lake)
    recalled = _RECALLED.get(place)
    if recalled is None or commit < recalled.commit:
        recalled = _loaded(lake, commit)
    elif commit > recalled.commit:
        recalled = _advanced(lake, commit, recalled, _DECIDED.pop(place, None))
    if recalled.unsaved >= SAVED_EVERY:
        recent.save(lake, recalled.furniture.recent, commit)
        recalled = _Recalled(commit, recalled.furniture, 0)
    _RECALLED[place] = recalled
    return recalled.furniture


def expect(lake: Lake, decisions: Decisions) -> None:
    """Keep the lines of a decided slice: if the next commit brings just its articles, no text is read for them."""
    _DECIDED[place_of(lake)] = _Decided(np.sort(decisions.rows.article_id), decisions.lines)


def _loaded(lake: Lake, commit: int) -> _Recalled:
    lines, saved = recent.load(lake, commit)
    added = recent.read(lake, saved)
    return _Recalled(commit, Furniture(_known(lake, 0), latest(lines, added)), len(added))


def _advanced(lake: Lake, commit: int, before: _Recalled, decided: _Decided | None) -> _Recalled:
    stored = _stored(lake, before.commit)
    ours = decided is not None and np.array_equal(stored, decided.article_id)
    added = decided.lines if decided is not None and ours else recent.read(lake, before.commit)
    known = np.union1d(before.furniture.known, _known(lake, before.commit))
    furniture = Furniture(known, latest(before.furniture.recent, added))
    return _Recalled(commit, furniture, before.unsaved + len(stored))


def _known(lake: Lake, after: int) -> Hashes:
    batches = scan(lake, "furniture", ["paragraph_hash"], after)
    return known_hashes(name for batch in batches for name in batch.column(0).to_pylist())


def _stored(lake: Lake, after: int) -> Ids:
    """Return the sorted ids of what was committed after a commit."""
    batches = (batch for table in STORY_TABLES for batch in scan(lake, table, ["article_id"], after))
    return np.sort(np.array([identifier for batch in batches for identifier in batch.column(0).to_pylist()], dtype=ID))
