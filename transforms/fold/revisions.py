"""Versions of one item: which records were seen before, which article revises which, what is decided first."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from transforms.fold.memory import Memory
from transforms.fold.ragged import Ints
from transforms.fold.segment import Hashes, Ids, raw_hashes
from transforms.fold.signature import undated_last


@dataclass(frozen=True, slots=True)
class Identities:
    """Who the articles of a slice are; one element an article."""

    article_id: Ids
    item_key: Ids
    item_id: Sequence[str | None]
    raw_sha256: Ids
    source_uri: Sequence[str]
    published: Ints  # microseconds, UNDATED for unknown
    updated: Ints

    def __len__(self) -> int:
        return len(self.article_id)

    @property
    def raw(self) -> Hashes:
        """One number for item key and raw digest."""
        return raw_hashes(self.item_key, self.raw_sha256)


def seen(identities: Identities, memory: Memory) -> npt.NDArray[np.bool_]:
    """Return which articles are stored already, or stand in the slice a second time.

    Of several records of the same item with the same content the one with the smallest item_id is kept.
    """
    # By what was received and by what came of it: a later release may make another article of the same record, and a
    # record that changed outside of its article says nothing new.
    raw = identities.raw
    known = memory.has_raw(raw) | (memory.find(identities.article_id) >= 0)
    order = np.array(sorted(range(len(identities)), key=lambda row: _preference(identities, row)), dtype=np.int64)
    repeated = _repeats(identities.article_id, order) | _repeats(raw, order)
    return known | repeated


def _preference(identities: Identities, row: int) -> tuple[bool, str, bytes, str]:
    # Up to the place it was read from, so that no order of files or workers decides which record is kept.
    item_id = identities.item_id[row]
    return item_id is None, item_id or "", bytes(identities.raw_sha256[row]), identities.source_uri[row]


def _repeats(values: npt.NDArray[np.generic], order: Ints) -> npt.NDArray[np.bool_]:
    """Return which values have an equal one before them in the given order."""
    _, first = np.unique(values[order], return_index=True)
    repeated = np.ones(len(values), dtype=bool)
    repeated[order[first]] = False
    return repeated


def decision_order(identities: Identities, rows: Ints) -> Ints:
    """Return `rows` in the order of decision: by publication, undated ones last, then by id.

    Versions of one item keep the places of their item, the version that was updated first coming first.
    """
    order = rows[np.lexsort((identities.article_id[rows], undated_last(identities.published[rows])))]
    versions = order[np.lexsort((identities.article_id[order], identities.published[order], identities.updated[order]))]
    # Both lists grouped by item: the n-th place of an item goes to its n-th version.
    places = np.argsort(identities.item_key[order], kind="stable")
    by_item = versions[np.argsort(identities.item_key[versions], kind="stable")]
    decided = np.empty_like(order)
    decided[places] = by_item
    return decided


def versions_before(item_keys: Ids) -> Ints:
    """Return for each article, in the order of decision, the place of the version before it, -1 for none."""
    order = np.argsort(item_keys, kind="stable")
    before = np.full(len(order), -1)
    again = item_keys[order][1:] == item_keys[order][:-1]
    before[order[1:][again]] = order[:-1][again]
    return before
