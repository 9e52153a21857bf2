"""One part of the memory: what some commits stored, as arrays sorted for look-up."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields
from itertools import pairwise

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from transforms.fold.fingerprint import RECORD, Records, keys_in, needs_name
from transforms.fold.ragged import Array, Flags, Ints, portions, spans
from transforms.fold.settings import DAY_US
from transforms.fold.signature import UNDATED
from transforms.fold.sketch import AT_ONCE, BIN_SHIFT, BINS, EMPTY, HOT_RUN, HOT_WINDOW, Pairs

ID = np.dtype("S32")
"""An id of 32 hex digits, as ASCII."""
Ids = npt.NDArray[np.bytes_]
Hashes = npt.NDArray[np.uint64]
Codes = npt.NDArray[np.uint64]
"""32 bits of value, then 32 of row."""
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
class Index:
    """Values in order, each beside its row: a look-up in a mapped file meets a few of its pages."""

    values: Array
    rows: npt.NDArray[np.uint32]

    def find(self, wanted: Array, last: bool = False) -> Ints:
        """Return the row of each wanted value, -1 where there is none; of equal ones the first or the last."""
        if not len(self.values):
            return np.full(len(wanted), -1)
        place = np.searchsorted(self.values, wanted, side="right" if last else "left") - int(last)
        place = np.clip(place, 0, len(self.values) - 1)
        return np.where(self.values[place] == wanted, self.rows[place].astype(np.int64), -1)

    def matches(self, wanted: Array, owners: Ints, most: int) -> Iterator[Pairs]:
        """Yield pairs (row, owner) of equal values, some owners at a time; of more than `most` only 8, good as any."""
        order = np.argsort(wanted)  # look-ups in rising order stay in the processor's cache
        wanted, owners = wanted[order], owners[order]
        first = np.searchsorted(self.values, wanted, side="left")
        # Most keys are met nowhere: where their run would end need not be looked for.
        known = np.flatnonzero(self.values.take(first, mode="clip") == wanted) if len(self.values) else first[:0]
        first, wanted, owners = first[known], wanted[known], owners[known]
        sizes = np.searchsorted(self.values, wanted, side="right") - first
        reach = np.where(sizes > most, HOT_WINDOW, sizes)
        first += sizes - reach  # the last of its run: values are sorted with their rows behind them
        for places in portions(owners, reach, AT_ONCE):
            met = self.rows[spans(first[places], reach[places])].astype(np.int64)
            yield np.column_stack((met, np.repeat(owners[places], reach[places])))


@dataclass(frozen=True, slots=True)
class Segment:
    """Rows sorted by article id, with what else they are looked up by."""

    rows: Rows
    items: Index  # of equal ones the newest version last
    raws: Index
    titles: Index
    texts: Index
    keys: Index
    commits: tuple[int, int] = (0, 0)  # after the first, up to the last

    def find(self, ids: Ids) -> Ints:
        """Return the row of each article id, -1 where it is not stored here."""
        return Index(self.rows.article_id, np.arange(len(self.rows), dtype=np.uint32)).find(ids)

    def has_raw(self, raw: Hashes) -> Flags:
        """Return which of these records were stored."""
        return self.raws.find(raw) >= 0

    def newest(self, items: Ids) -> Ints:
        """Return the row of the newest version of each item, -1 where it is unknown here."""
        return self.items.find(items, last=True)

    def hits(self, asked: Asked, horizon_days: float) -> Iterator[Pairs]:
        """Yield pairs (row here, row of `asked`) for each key in common, within the horizon; all of one row at once."""
        owners, bins = np.nonzero(asked.keys != EMPTY)
        for pairs in self.keys.matches(asked.keys[owners, bins], owners, HOT_RUN):
            yield self._near(pairs, asked, horizon_days)

    def namesakes(self, asked: Asked, horizon_days: float) -> Pairs:
        """Return pairs (row here, row of `asked`) of equal title or text, of which one has too few words for keys."""
        parts = [np.empty((0, 2), np.int64)]
        for names, index in ((asked.titles, self.titles), (asked.texts, self.texts)):
            rows = np.flatnonzero(names)
            for pairs in index.matches(names[rows], rows, HOT_WINDOW):
                needy = asked.needy[pairs[:, 1]] | needs_name(self.rows.fingerprint[pairs[:, 0]])
                parts.append(self._near(pairs[needy], asked, horizon_days))
        return np.concatenate(parts)

    def _near(self, pairs: Pairs, asked: Asked, horizon_days: float) -> Pairs:
        stored = self.rows.fingerprint["published"][pairs[:, 0]]
        near: Pairs = pairs[_within(asked.published[pairs[:, 1]], stored, horizon_days)]
        return near


def _within(new: Ints, stored: Ints, days: float) -> Flags:
    undated = (new == UNDATED) | (stored == UNDATED)  # whose difference would overflow
    near: Flags = undated | (np.abs(np.where(undated, 0, new - stored)) <= days * DAY_US)
    return near


def segment_of(rows: Rows, commits: tuple[int, int] = (0, 0)) -> Segment:
    """Return the rows, of the commits after the first of `commits` up to the last, with their indexes."""
    rows = rows.take(np.argsort(rows.article_id, kind="stable"))
    fingerprints, numbers = rows.fingerprint, np.arange(len(rows))
    keys = []
    # Bin by bin: sorting the keys of all bins at once would hold 64 times as much.
    for place in range(BINS):
        of_bin = keys_in(fingerprints, place)
        filled = np.flatnonzero(of_bin != EMPTY)
        keys.append(_sorted(_codes(of_bin[filled], filled)))
    titles, texts = (_sorted(_codes(fingerprints[name], numbers)) for name in ("title", "text"))
    return _segment(rows, _index_of(titles), _index_of(texts), _index_of(*keys), commits)


def merged(first: Segment, second: Segment) -> Segment:
    """Return the rows of both, of which the second were stored later, as `segment_of` would.

    What is in order in both is merged and not sorted anew: rows keep their order, so codes of value and row do too.
    """
    rows = join_rows([first.rows, second.rows])
    order = np.argsort(rows.article_id, kind="stable")
    place = np.empty_like(order)
    place[order] = np.arange(len(order))
    places = place[: len(first.rows)], place[len(first.rows) :]

    def together(one: Index, other: Index) -> Codes:
        parts = [_codes(index.values, rows[index.rows]) for index, rows in zip((one, other), places, strict=True)]
        return _sorted(np.concatenate(parts))

    keys = [together(*bins) for bins in zip(_bins(first.keys), _bins(second.keys), strict=True)]
    titles, texts = together(first.titles, second.titles), together(first.texts, second.texts)
    commits = first.commits[0], second.commits[1]
    return _segment(rows.take(order), _index_of(titles), _index_of(texts), _index_of(*keys), commits)


def _segment(rows: Rows, titles: Index, texts: Index, keys: Index, commits: tuple[int, int]) -> Segment:
    # Equal items by revision, so that the last is the newest. These two are sorted anew: 32 bytes and 64 bits a row fit
    # in no code with a row behind them.
    items = _index(rows.item_key, np.lexsort((rows.revision, rows.item_key)))
    return Segment(rows, items, _index(rows.raw, np.argsort(rows.raw, kind="stable")), titles, texts, keys, commits)


def _index(values: Array, order: Ints) -> Index:
    return Index(values[order], order.astype(np.uint32))


def _bins(keys: Index) -> Iterator[Index]:
    """Yield the keys of one bin after the other, as their highest bits are, so that little is held at once."""
    bounds = np.searchsorted(keys.values, np.arange(BINS, dtype=np.uint32) << BIN_SHIFT).tolist()
    for start, end in pairwise([*bounds, len(keys.values)]):
        yield Index(keys.values[start:end], keys.rows[start:end])


def _codes(values: Array, rows: Array) -> Codes:
    """Return each 32-bit value with its row behind it, as one number to sort by."""
    codes: Codes = (values.astype(np.uint64) << np.uint64(32)) | rows.astype(np.uint64)
    return codes


def _sorted(codes: Codes) -> Codes:
    codes.sort(kind="stable")  # which merges two runs that are in order already
    return codes


def _index_of(*codes: Codes) -> Index:
    """Return the index of sorted codes, part after part."""
    values = np.concatenate([(part >> np.uint64(32)).astype(np.uint32) for part in codes])
    return Index(values, np.concatenate([(part & np.uint64(0xFFFFFFFF)).astype(np.uint32) for part in codes]))


def hexadecimal(column: pa.Array | pa.ChunkedArray, digits: int) -> Ids:
    """Return a column of ids or digests, which has no nulls, as so many ASCII digits each."""
    return np.array([value.encode("ascii") for value in column.to_pylist()], dtype=f"S{digits}")


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
