"""One part of the memory: what some commits stored, as arrays sorted for look-up."""

from collections.abc import Sequence
from dataclasses import dataclass, fields

import numpy as np
import numpy.typing as npt

from transforms.fold.fingerprint import RECORD, Records, keys_of, needs_name
from transforms.fold.ragged import Array, Flags, Ints, spans
from transforms.fold.settings import DAY_US
from transforms.fold.signature import UNDATED
from transforms.fold.sketch import EMPTY, HOT_RUN, HOT_WINDOW, Pairs

ID = np.dtype("S32")
"""An id of 32 hex digits, as ASCII."""
Ids = npt.NDArray[np.bytes_]
Hashes = npt.NDArray[np.uint64]
_MIX = np.uint64(0x9E3779B97F4A7C15)


@dataclass(frozen=True, slots=True)
class Rows:
    """Stored article versions in no particular order; one element a version."""

    article_id: Ids
    item_key: Ids
    family_id: Ids
    raw: Hashes  # of item key and raw_sha256: what was received, once
    revision: npt.NDArray[np.int32]
    fingerprint: Records

    def __len__(self) -> int:
        return len(self.article_id)

    def take(self, rows: Array) -> "Rows":
        """Return the versions at `rows`."""
        return Rows(*(getattr(self, field.name)[rows] for field in fields(self)))


@dataclass(frozen=True, slots=True)
class Asked:
    """What new articles are looked up by; one element an article."""

    keys: npt.NDArray[np.uint32]  # (articles, 64)
    published: Ints
    titles: npt.NDArray[np.uint32]  # as fingerprints keep them
    texts: npt.NDArray[np.uint32]
    needy: Flags  # too few words to be met by keys


def join_rows(parts: Sequence[Rows]) -> Rows:
    """Return the versions of all parts, in order."""
    return Rows(*(np.concatenate([getattr(part, field.name) for part in parts]) for field in fields(Rows)))


def no_rows() -> Rows:
    """Return the memory of an empty lake."""
    ids = np.empty(0, ID)
    return Rows(ids, ids, ids, np.empty(0, np.uint64), np.empty(0, np.int32), np.empty(0, RECORD))


@dataclass(frozen=True, slots=True)
class Segment:
    """Rows sorted by article id, with indexes: each index is a sorted array and the row numbers that belong to it."""

    rows: Rows
    by_item: Ints
    by_raw: Ints
    by_title: Ints
    by_text: Ints
    keys: npt.NDArray[np.uint32]
    key_rows: npt.NDArray[np.uint32]
    commits: tuple[int, int] = (0, 0)  # after the first, up to the last

    def find(self, ids: Ids) -> Ints:
        """Return the row of each article id, -1 where it is not stored here."""
        return _lookup(self.rows.article_id, np.arange(len(self.rows)), ids)

    def has_raw(self, raw: Hashes) -> Flags:
        """Return which of these records were stored."""
        return _lookup(self.rows.raw[self.by_raw], self.by_raw, raw) >= 0

    def newest(self, items: Ids) -> Ints:
        """Return the row of the newest version of each item, -1 where it is unknown here."""
        return _lookup(self.rows.item_key[self.by_item], self.by_item, items, last=True)

    def hits(self, asked: Asked, horizon_days: float) -> Pairs:
        """Return pairs (row here, row of `asked`) for each key in common, within the horizon."""
        owners, bins = np.nonzero(asked.keys != EMPTY)
        values = asked.keys[owners, bins]
        order = np.argsort(values)  # look-ups in rising order stay in the processor's cache
        pairs = _matches(self.keys, self.key_rows, values[order], owners[order], HOT_RUN)
        return self._near(pairs, asked, horizon_days)

    def namesakes(self, asked: Asked, horizon_days: float) -> Pairs:
        """Return pairs (row here, row of `asked`) of equal title or text, of which one has too few words for keys."""
        parts = []
        for name, names, index in (("title", asked.titles, self.by_title), ("text", asked.texts, self.by_text)):
            rows = np.flatnonzero(names)
            pairs = _matches(self.rows.fingerprint[name][index], index, names[rows], rows, HOT_WINDOW)
            parts.append(pairs[asked.needy[pairs[:, 1]] | needs_name(self.rows.fingerprint[pairs[:, 0]])])
        return self._near(np.concatenate(parts), asked, horizon_days)

    def _near(self, pairs: Pairs, asked: Asked, horizon_days: float) -> Pairs:
        stored = self.rows.fingerprint["published"][pairs[:, 0]]
        near: Pairs = pairs[_within(asked.published[pairs[:, 1]], stored, horizon_days)]
        return near


def _matches(ordered: Array, rows: Array, wanted: Array, owners: Ints, most: int) -> Pairs:
    """Return pairs (row, owner) of equal values in `ordered`; of more than `most` only 8, as good as any."""
    first = np.searchsorted(ordered, wanted, side="left")
    sizes = np.searchsorted(ordered, wanted, side="right") - first
    reach = np.where(sizes > most, HOT_WINDOW, sizes)
    met = rows[spans(first + sizes - reach, reach)].astype(np.int64)
    return np.column_stack((met, np.repeat(owners, reach)))


def _within(new: Ints, stored: Ints, days: float) -> Flags:
    undated = (new == UNDATED) | (stored == UNDATED)
    near: Flags = undated | (np.abs(np.where(undated, 0, new - stored)) <= days * DAY_US)
    return near


def segment_of(rows: Rows, commits: tuple[int, int] = (0, 0)) -> Segment:
    """Return the rows, of the commits after the first up to the last, with their indexes."""
    rows = rows.take(np.argsort(rows.article_id, kind="stable"))
    keys = keys_of(rows.fingerprint)
    owners, bins = np.nonzero(keys != EMPTY)
    codes = np.sort((keys[owners, bins].astype(np.uint64) << np.uint64(32)) | owners.astype(np.uint64))
    return Segment(
        rows,
        np.lexsort((rows.revision, rows.item_key)),
        np.argsort(rows.raw, kind="stable"),
        np.argsort(rows.fingerprint["title"], kind="stable"),
        np.argsort(rows.fingerprint["text"], kind="stable"),
        (codes >> np.uint64(32)).astype(np.uint32),
        (codes & np.uint64(0xFFFFFFFF)).astype(np.uint32),
        commits,
    )


def raw_hashes(item_keys: Ids, raw: Ids) -> Hashes:
    """Return one number for item key and raw digest; both are hashes, so their first 16 digits are as good as all."""
    return _number(item_keys) * _MIX + _number(raw)


def _number(hexadecimal: Ids) -> Hashes:
    """Return the first 16 hex digits as a number."""
    size = hexadecimal.dtype.itemsize
    digits = np.frombuffer(hexadecimal.tobytes(), dtype=np.uint8).reshape(-1, size)[:, :16].astype(np.uint64)
    values = np.where(digits >= ord("a"), digits - np.uint64(ord("a") - 10), digits - np.uint64(ord("0")))
    shifts = np.arange(60, -4, -4, dtype=np.uint64)
    numbers: Hashes = (values << shifts).sum(axis=1, dtype=np.uint64)
    return numbers


def _lookup(ordered: Array, rows: Ints, wanted: Array, last: bool = False) -> Ints:
    """Return the row of each wanted value in a sorted array, -1 where it is not there."""
    if not len(ordered):
        return np.full(len(wanted), -1)
    place = np.searchsorted(ordered, wanted, side="right" if last else "left") - int(last)
    place = np.clip(place, 0, len(ordered) - 1)
    return np.where(ordered[place] == wanted, rows[place], -1)
