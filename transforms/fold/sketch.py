"""One-permutation sketches, and the pairs of articles worth a comparison.

Of a text's 5-word windows the smallest hash in each of 64 bins is kept. Two texts that share two of these keys are a
candidate pair: recall 1.0000 of the pairs that count on real sets at one to four pairs an article (64 bins, 2 keys).
"""

import numpy as np
import numpy.typing as npt

from transforms.fold.ragged import Array, Flags, Floats, Ints, Ragged, firsts, portions, runs, share, spans

BINS = 64
WIDTH = 5  # words; windows of 3, by which pairs are judged, make 3 to 11 times as many candidates
EMPTY = np.uint32(0xFFFFFFFF)  # no key: of these the two lowest bits are 0
SHARED_KEYS = 2
# A form letter has the same keys in all its copies: all pairs of 50,000 would be a billion. Each meets a few before it,
# and is held against their canonical through them (`families`).
HOT_RUN = 200
HOT_WINDOW = 8
AT_ONCE = 4_000_000
"""Pairs held before those that share two keys are told: 100 MB. Bulletins of one form make 13,000 an article."""
BIN_SHIFT = np.uint32(26)
"""A key's highest 6 bits are its bin."""
# A fingerprint stores 24 bits of a key beside its bin; keys drop the other two, so that old and new ones are equal.
_STORED = np.uint32(0xFFFFFFFC)

Pairs = npt.NDArray[np.int64]
"""Two columns: numbers of rows."""


def sketches(shingles: Ragged) -> npt.NDArray[np.uint32]:
    """Return the 64 keys of each row of sorted 5-word windows; the bin is a key's highest 6 bits, EMPTY has none."""
    keys = np.full((len(shingles), BINS), EMPTY, dtype=np.uint32)
    bins = shingles.values >> BIN_SHIFT
    first = np.flatnonzero(firsts(shingles, bins))
    keys[shingles.owners_of(first), bins[first]] = shingles.values[first] & _STORED
    return keys


def resemblance(keys: Array, left: Ints, right: Ints) -> Floats:
    """Return the estimated Jaccard similarity of the 5-word windows of pairs of rows: equal bins of filled ones."""
    first, second = keys[left], keys[right]
    filled = np.count_nonzero((first != EMPTY) | (second != EMPTY), axis=1)
    equal = np.count_nonzero((first == second) & (first != EMPTY), axis=1)
    return share(equal, filled)


def candidate_pairs(keys: Array) -> Pairs:
    """Return the pairs (earlier row, later row) that share two keys, sorted.

    Rows are in the order of decision. A key that more than 200 rows share pairs each row with the 8 before it only, so
    that a form letter seen 50,000 times costs linear time.
    """
    owners, reach = _reaches(*_runs_of_owners(keys))
    pairs = [
        _twice(_run_pairs(owners, reach, places, len(keys)), len(keys)) for places in portions(owners, reach, AT_ONCE)
    ]
    return np.concatenate([np.empty((0, 2), np.int64), *pairs])


def _runs_of_owners(keys: Array) -> tuple[Ints, Ints, Ints]:
    """Return the rows that have a key in common, key by key, where each key's run starts and how long it is."""
    # Bin by bin, for the highest bits of a key are its bin.
    coded = (keys.T.astype(np.uint64) << np.uint64(32)) | np.arange(len(keys), dtype=np.uint64)
    coded.sort(axis=1)
    coded = coded.reshape(-1)
    values = coded >> np.uint64(32)
    starts, sizes = runs(values)
    met = (sizes > 1) & (values[starts] != EMPTY)
    owners = (coded & np.uint64(0xFFFFFFFF)).astype(np.int64)[spans(starts[met], sizes[met])]
    return owners, np.cumsum(sizes[met]) - sizes[met], sizes[met]


def poor(keys: Array) -> Flags:
    """Return which rows have too few keys to be met by them: those of a few words, and those without any."""
    needy: Flags = np.count_nonzero(keys != EMPTY, axis=1) < SHARED_KEYS
    return needy


def named_pairs(names: Array, needy: Flags) -> Pairs:
    """Return the pairs (earlier row, later row) of equal names, 0 being none, of which one row is needy.

    A row meets the first of its name and the 8 before it.
    """
    named = np.flatnonzero(names != 0)
    ordered = named[np.argsort(names[named], kind="stable")]
    starts, sizes = runs(names[ordered])
    place = np.arange(len(ordered)) - np.repeat(starts, sizes)
    reach = np.minimum(place, HOT_WINDOW)
    later = np.repeat(np.arange(len(ordered)), reach)
    earlier = spans(np.arange(len(ordered)) - reach, reach)
    far = np.flatnonzero(place > HOT_WINDOW)
    pairs = np.column_stack(
        (
            ordered[np.concatenate((earlier, far - place[far]))],
            ordered[np.concatenate((later, far))],
        )
    )
    found: Pairs = pairs[needy[pairs].any(axis=1)]
    return found


def distinct_pairs(*parts: Pairs) -> Pairs:
    """Return all pairs once, sorted by their second, then first member."""
    pairs = np.concatenate(parts)
    ordered = pairs[np.lexsort((pairs[:, 0], pairs[:, 1]))]
    fresh = np.ones(len(ordered), dtype=bool)
    fresh[1:] = (ordered[1:] != ordered[:-1]).any(axis=1)
    return ordered[fresh]


def shared(hits: Pairs, rows: int) -> Pairs:
    """Return the distinct pairs that were hit by at least two keys, sorted by their second, then first member."""
    return _twice(hits[:, 1] * max(rows, 1) + hits[:, 0], rows)


def _reaches(owners: Ints, starts: Ints, sizes: Ints) -> tuple[Ints, Ints]:
    """Return the members of runs of equal keys, and with how many before it in its run each is paired."""
    place = np.arange(len(owners)) - np.repeat(starts, sizes)
    return owners, np.where(np.repeat(sizes, sizes) > HOT_RUN, np.minimum(place, HOT_WINDOW), place)


def _run_pairs(owners: Ints, reach: Ints, places: Ints, rows: int) -> Ints:
    """Return the pairs of the members at `places` with those before them, as `later * rows + earlier`.

    One number a pair: a form letter seen 20,000 times gives ten million pairs before those of equal rows are one.
    """
    codes = owners[spans(places - reach[places], reach[places])]
    codes += np.repeat(owners[places] * rows, reach[places])
    return codes


def _twice(codes: Ints, rows: int) -> Pairs:
    """Return the pairs whose numbers occur at least twice; sorts `codes` where it lies."""
    codes.sort(kind="stable")  # much of it is in order: a third of the time
    again = codes[1:][codes[1:] == codes[:-1]]
    pairs = again[runs(again)[0]]
    return np.column_stack((pairs % max(rows, 1), pairs // max(rows, 1)))
