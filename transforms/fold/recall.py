"""The memory of a lake: derived from its committed rows, kept in the process and in files, advanced by every commit."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from schemas.tables import STORY_TABLES
from transforms.fold import store
from transforms.fold.expected import decided_since
from transforms.fold.fingerprint import unpack
from transforms.fold.memory import Memory, remember
from transforms.fold.segment import Rows, hexadecimal, join_rows, no_rows, raw_hashes
from transforms.lake.layout import Lake
from transforms.lake.process_cache import ProcessCache
from transforms.lake.read import last_commit, scan, stored_by_commit

_COLUMNS = ["article_id", "item_key", "family_id", "raw_sha256", "revision", "fingerprint"]
_MOST_ROWS = 200_000
"""Read at once where the memory is made anew: each reading is a segment that need not be merged."""


@dataclass(frozen=True, slots=True)
class Recalled:
    """The memory as of a commit."""

    commit: int
    memory: Memory


# A process folds slice after slice of one lake: what was loaded for the first is advanced for the next.
_RECALLED: ProcessCache[Recalled] = ProcessCache()


def recall(lake: Lake, save: bool = False) -> Memory:
    """Return the memory of all that is committed in `lake`; the writer saves it for the next process."""
    commit, known = last_commit(lake), _RECALLED.get(lake)
    # A lake that was set back, from a backup as it may be, has another past than what was remembered of it.
    if known is None or commit < known.commit:
        memory = store.load(lake.memory, commit)
        known = Recalled(memory.reached, memory)
    # Saved stretch by stretch: what is written is mapped and no longer held, and a kill loses one stretch at most.
    for last, rows in _news(lake, known.commit, commit):
        memory = remember(known.memory, rows, last)
        known = Recalled(last, store.save(lake.memory, memory) if save else memory)
    _RECALLED.put(lake, known)
    return known.memory


def _news(lake: Lake, after: int, last: int) -> Iterator[tuple[int, Rows]]:
    """Yield the rows of the commits after one, up to the last, with the commit that they reach."""
    decided = decided_since(lake, after) if last > after else None
    if decided is not None:
        yield last, decided.rows
        return
    for reached in _stretches(lake, after, last):
        yield reached, _stored(lake, after, reached)
        after = reached


def _stretches(lake: Lake, after: int, last: int) -> Iterator[int]:
    """Yield the commits up to which to read, one after the other, so that each time few rows are held."""
    if last - after > 1:  # else the ledger need not be read: there is one stretch
        rows = 0
        for commit, stored in stored_by_commit(lake, after):
            if rows and rows + stored > _MOST_ROWS:
                yield commit - 1
                rows = 0
            rows += stored
    if last > after:
        yield last


def _stored(lake: Lake, after: int, last: int) -> Rows:
    """Return the rows of the commits after one, up to the last."""
    batches = (batch for table in STORY_TABLES for batch in scan(lake, table, _COLUMNS, after, last))
    return join_rows([no_rows(), *(_rows(batch) for batch in batches if len(batch))])


def _rows(batch: pa.RecordBatch) -> Rows:
    items = hexadecimal(batch.column("item_key"), 32)
    return Rows(
        hexadecimal(batch.column("article_id"), 32),
        items,
        hexadecimal(batch.column("family_id"), 32),
        raw_hashes(items, hexadecimal(batch.column("raw_sha256"), 64)),
        batch.column("revision").to_numpy(zero_copy_only=False).astype(np.int32),
        unpack(batch.column("fingerprint").to_pylist()),
    )
