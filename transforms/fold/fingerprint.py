"""What is kept of an article for later comparison: 511 bytes, from which most pairs are decided without its text.

Layout (little endian, packed; the first byte is the version):

    version 1 · flags 1 · tokens 4 · windows 4 · numbers 2 · names 2 · published 8
    text hash 4 · title hash 4 · content hash 4
    title tokens 1 · opening 16 · title 12 · keys 64 x 3 · windows sampled 128 · tokens sampled 128

Windows (3 words) and tokens are sampled by one permutation: the smallest hash in each of 128 bins, 8 bits of it. A pair
is judged by asking how many of the stored samples the *whole* sets of the newcomer hold, which is much sharper than to
compare two sketches.
"""

from collections.abc import Callable, Sequence

import numpy as np
import numpy.typing as npt

from transforms.fold.compare import Evidence, days_between, kept_by_windows
from transforms.fold.evidence import TITLE_TOKENS, in_common, met
from transforms.fold.ragged import Array, Flags, Floats, Ints, Ragged, firsts
from transforms.fold.signature import UNDATED, Signatures, word_lengths
from transforms.fold.sketch import BINS, EMPTY, poor
from transforms.fold.tokens import CAPITAL, DIGIT

VERSION = 1
"""Another meaning of any byte is another version: `unpack` passes over what it does not know."""
SAMPLES = 128
TITLE_BYTES = 12
_CHARACTERS, _NO_TEXT, _ALPHABETIC = 1, 2, 4
_SAMPLE_SHIFT = np.uint32(25)  # a hash's highest 7 bits are its bin of 128
_PAIRS = 64  # compared at a time: the tables of as many newcomers, 2 MB, stay in the processor's cache
RECORD = np.dtype(
    [
        ("version", "u1"),
        ("flags", "u1"),
        ("tokens", "<u4"),
        ("windows", "<u4"),
        ("numbers", "<u2"),
        ("names", "<u2"),
        ("published", "<i8"),
        ("text", "<u4"),
        ("title", "<u4"),
        ("content", "<u4"),
        ("title_size", "u1"),
        ("opening", "u1", (16,)),
        ("title_bytes", "u1", (TITLE_BYTES,)),
        ("keys", "u1", (BINS, 3)),
        ("sample", "u1", (SAMPLES,)),
        ("bag", "u1", (SAMPLES,)),
    ]
)
BYTES = RECORD.itemsize

Records = npt.NDArray[np.void]
"""Fingerprints as a structured array of RECORD."""


def pack(signatures: Signatures) -> Records:
    """Return the fingerprint of each article."""
    records = np.zeros(len(signatures), dtype=RECORD)
    records["version"] = VERSION
    records["flags"] = (
        signatures.characters * _CHARACTERS
        + (signatures.text_hash == 0) * _NO_TEXT
        + signatures.alphabetic * _ALPHABETIC
    )
    records["tokens"] = signatures.words.sizes
    records["windows"] = signatures.shingles.sizes
    records["numbers"] = np.minimum(signatures.numbers, 0xFFFF)
    records["names"] = np.minimum(signatures.names, 0xFFFF)
    records["published"] = signatures.published
    records["text"] = short_hashes(signatures.text_hash)
    records["title"] = short_hashes(signatures.title_hash)
    records["content"] = short_hashes(signatures.content)
    records["title_size"] = np.minimum(signatures.title.sizes, 0xFF)
    records["opening"] = _byte(signatures.opening)
    records["title_bytes"] = _title_bytes(signatures.title)
    records["keys"] = _packed_keys(signatures.keys)
    records["sample"] = _sampled(signatures.shingles, _window_byte)
    records["bag"] = _sampled(signatures.bag, _token_byte)
    return records


def unpack(packed: Sequence[bytes | None]) -> Records:
    """Return stored fingerprints; one that is missing or of another version is one that nothing meets."""
    unknown = np.zeros(1, dtype=RECORD)
    unknown["keys"] = 0xFF  # EMPTY in every bin; the zeros for text and title stand for none
    known = (value if value and len(value) == BYTES and value[0] == VERSION else unknown.tobytes() for value in packed)
    return np.frombuffer(b"".join(known), dtype=RECORD)


def keys_of(records: Records) -> npt.NDArray[np.uint32]:
    """Return the sketches that these fingerprints hold, as they were when they were packed."""
    return np.stack([keys_in(records, place) for place in range(BINS)], axis=1)


def keys_in(records: Records, place: int) -> npt.NDArray[np.uint32]:
    """Return the keys of one bin."""
    # The place is the bin, which is a key's highest 6 bits, and its lowest 2 are 0: 24 bits are left to be stored.
    first, second, third = records["keys"][:, place].T.astype(np.uint32)
    low = first | (second << np.uint32(8)) | (third << np.uint32(16))
    return np.where(low == 0xFFFFFF, EMPTY, np.uint32(place << 26) | (low << np.uint32(2)))


def needs_name(records: Records) -> Flags:
    """Return which stored articles the sketch cannot meet."""
    needy: Flags = poor(keys_of(records)) | ((records["flags"] & _NO_TEXT) != 0)
    return needy


def compare_stored(signatures: Signatures, rows: Ints, records: Records) -> Evidence:
    """Return the evidence on pairs of a new article (a row of `signatures`) and a stored one, in part estimated."""
    sizes, counts = signatures.shingles.sizes_of(rows), signatures.words.sizes_of(rows)
    stored_sizes, stored_counts = records["windows"].astype(np.int64), records["tokens"].astype(np.int64)
    held, held_tokens, lost_numbers, lost_names = _held(signatures, rows, records)
    windows = np.minimum(held * stored_sizes, np.minimum(sizes, stored_sizes))
    tokens = np.minimum(held_tokens * stored_counts, np.minimum(counts, stored_counts))
    shorter, longer = np.minimum(counts, stored_counts), np.maximum(counts, stored_counts)
    numbers = np.minimum(signatures.numbers[rows], records["numbers"])
    names = np.minimum(signatures.names[rows], records["names"])
    same_text = (short_hashes(signatures.text_hash[rows]) == records["text"]) & (records["text"] != 0)
    title = short_hashes(signatures.title_hash[rows])
    same_title = (title == records["title"]) & (title != 0)
    characters = (records["flags"] & _CHARACTERS) != 0
    alphabetic = signatures.alphabetic[rows] & ((records["flags"] & _ALPHABETIC) != 0)
    containment = windows / np.maximum(np.minimum(sizes, stored_sizes), 1)
    # Field by field as `evidence.measure` has it: the same thresholds are held against both.
    return Evidence(
        words=np.minimum(signatures.lengths_of(rows), word_lengths(stored_counts, characters)).astype(float),
        length_ratio=shorter / np.maximum(longer, 1),
        jaccard=windows / np.maximum(sizes + stored_sizes - windows, 1),
        containment=containment,
        bag=np.where(alphabetic, kept_by_windows(containment), tokens / np.maximum(shorter, 1)),
        opening=in_common(_byte(signatures.opening[rows]), records["opening"]),
        title=_title_similarity(signatures.title, rows, records, same_title),
        numbers=numbers.astype(float),
        numbers_replaced=_replaced(lost_numbers, records["numbers"], numbers),
        names=names.astype(float),
        names_replaced=_replaced(lost_names, records["names"], names),
        days=days_between(signatures.published[rows], records["published"], UNDATED),
        same_text=same_text,
        same_content=short_hashes(signatures.content[rows]) == records["content"],
        same_title=same_title & (signatures.title.sizes_of(rows) >= TITLE_TOKENS),
        title_only=(signatures.text_hash[rows] == 0) | ((records["flags"] & _NO_TEXT) != 0),
    )


def _replaced(lost_share: Array, stored: Array, fewer: Array) -> Floats:
    """Return how many of the fewer numbers (or names) the other article does not have.

    The share that is lost was sampled from the stored one's, which may be the more: what the newcomer never had is not
    replaced.
    """
    common = stored * (1 - lost_share)
    replaced: Floats = np.rint(np.maximum(fewer - common, 0))
    return replaced


def _held(signatures: Signatures, rows: Ints, records: Records) -> tuple[Array, Array, Array, Array]:
    """Return shares of stored windows and tokens that the newcomer holds, and of numbers and names it lacks.

    One value a pair in each. A newcomer's tables of what it holds, 32 KB each, serve all its pairs in a portion.
    """
    found = np.zeros((4, len(rows)))
    for start in range(0, len(rows), _PAIRS):
        here = slice(start, start + _PAIRS)
        new, place = np.unique(rows[here], return_inverse=True)
        windows, tokens = signatures.shingles.take(new), signatures.bag.take(new)
        found[0, here] = _share_held(_tables(windows, _window_byte), place, records["sample"][here])
        found[1:, here] = _tokens_held(_tables(tokens, _uncapitalised), place, records["bag"][here])
    return found[0], found[1], found[2], found[3]


def _share_held(tables: Flags, place: Ints, stored: Array) -> Floats:
    filled = stored != 0
    hits = _hits(tables, place, stored) & filled
    return _corrected(hits.sum(1), filled.sum(1), (filled * _filled_share(tables)[place]).sum(1))


def _tokens_held(tables: Flags, place: Ints, stored: Array) -> Array:
    filled = stored != 0
    # Tokens are equal whatever their capital; the stored one tells whether a name was lost.
    hits = _hits(tables, place, stored & ~np.uint8(CAPITAL)) & filled
    # Of the 256 values that a byte has, the table can hold a quarter: none that is 0 in the hash or has a capital.
    held = _corrected(hits.sum(1), filled.sum(1), (filled * _filled_share(tables)[place] * 4).sum(1))
    numbers, names = filled & ((stored & DIGIT) != 0), filled & ((stored & CAPITAL) != 0)
    return np.stack((held, _lost(hits, numbers), _lost(hits, names)))


def _lost(hits: Array, flagged: Array) -> Floats:
    lost: Floats = (flagged & ~hits).sum(1) / np.maximum(flagged.sum(1), 1)
    return lost


def _corrected(hits: Array, filled: Array, by_chance: Array) -> Floats:
    """Return the share held, less what 8 bits agree by chance: the newcomer's table is filled to a known part."""
    chance = by_chance / np.maximum(filled, 1)
    return np.clip((hits / np.maximum(filled, 1) - chance) / np.maximum(1 - chance, 1e-9), 0, 1)


def _tables(rows: Ragged, stored: Callable[[Array], npt.NDArray[np.uint8]]) -> Flags:
    """Return for each row and bin which of the 256 values that can be `stored` one of its values has."""
    tables = np.zeros((len(rows), SAMPLES, 256), dtype=bool)
    bins = (rows.owners * SAMPLES) + (rows.values >> _SAMPLE_SHIFT)
    tables.reshape(-1)[bins * 256 + stored(rows.values)] = True
    return tables


def _hits(tables: Flags, place: Ints, stored: Array) -> Flags:
    """Return for each pair and bin whether the table of its newcomer, at `place`, has what is stored."""
    bins = place[:, np.newaxis] * SAMPLES + np.arange(SAMPLES)
    hits: Flags = tables.reshape(-1)[bins * 256 + stored]
    return hits


def _filled_share(tables: Flags) -> Floats:
    """Return the share of each bin's 256 values that is held; flags are counted 64 at a time."""
    counts = np.bitwise_count(np.packbits(tables, axis=2).view(np.uint64))
    # The product adds the four counts of a bin in its highest byte: no byte of 0 is stored, so they are 255 at most.
    filled = counts.view(np.uint32)[..., 0] * np.uint32(0x01010101) >> np.uint32(24)
    shares: Floats = filled / 256
    return shares


def _sampled(rows: Ragged, stored: Callable[[Array], npt.NDArray[np.uint8]]) -> npt.NDArray[np.uint8]:
    """Return what is `stored` of the smallest value in each bin of each sorted row; 0 marks an empty bin."""
    sampled = np.zeros((len(rows), SAMPLES), dtype=np.uint8)
    bins = rows.values >> _SAMPLE_SHIFT
    first = np.flatnonzero(firsts(rows, bins))
    sampled[rows.owners_of(first), bins[first]] = stored(rows.values[first])
    return sampled


def _window_byte(values: Array) -> npt.NDArray[np.uint8]:
    return (values % np.uint32(255) + np.uint32(1)).astype(np.uint8)


def _token_byte(values: Array) -> npt.NDArray[np.uint8]:
    """Return 6 bits of hash, never zero, and the two flags."""
    hashed = (values >> np.uint32(2)) % np.uint32(63) + np.uint32(1)
    return ((hashed << np.uint32(2)) | (values & np.uint32(3))).astype(np.uint8)


def _uncapitalised(values: Array) -> npt.NDArray[np.uint8]:
    return _token_byte(values) & ~np.uint8(CAPITAL)


def _byte(values: Array) -> npt.NDArray[np.uint8]:
    """Return 8 bits of tokens; 0 stays 0, for nothing is there, and no token becomes 0."""
    hashed = (values >> np.uint32(2)) % np.uint32(255) + np.uint32(1)
    return np.where(values == 0, 0, hashed).astype(np.uint8)


def short_hashes(hashes: Array) -> npt.NDArray[np.uint32]:
    """Return what a fingerprint keeps of 64-bit hashes; 0 stays 0."""
    return (hashes >> np.uint64(32)).astype(np.uint32)


# The smallest tokens of each title, for these are sorted: of two long titles the same part of each is sampled.
def _title_bytes(title: Ragged) -> npt.NDArray[np.uint8]:
    sizes = np.minimum(title.sizes, TITLE_BYTES)
    place = np.arange(len(title.values)) - np.repeat(title.offsets[:-1], title.sizes)
    kept = place < TITLE_BYTES
    packed = np.zeros((len(sizes), TITLE_BYTES), dtype=np.uint8)
    packed[title.owners[kept], place[kept]] = _byte(title.values[kept])
    return packed


def _packed_keys(keys: npt.NDArray[np.uint32]) -> npt.NDArray[np.uint8]:
    low = np.where(keys == EMPTY, 0xFFFFFF, (keys & np.uint32(0x03FFFFFF)) >> np.uint32(2)).astype(np.uint32)
    return np.stack((low & 0xFF, (low >> np.uint32(8)) & 0xFF, low >> np.uint32(16)), axis=2).astype(np.uint8)


def _title_similarity(title: Ragged, rows: Ints, records: Records, same: Array) -> Floats:
    """Return the Jaccard similarity of titles, of the 12 smallest tokens where a title is longer."""
    new = _title_bytes(title.take(rows))
    sizes, stored = title.sizes_of(rows), records["title_size"].astype(np.int64)
    held = met(new, records["title_bytes"]) / np.maximum(np.minimum(sizes, TITLE_BYTES), 1)
    both = np.minimum(held * sizes, stored)
    similarity: Floats = both / np.maximum(sizes + stored - both, 1)
    return np.where(same, 1.0, similarity)
