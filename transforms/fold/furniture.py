"""Site furniture: lines that recur across unrelated articles and say nothing about the story.

It is learned from the articles themselves. A line counts as furniture when it stands in at least four articles and most
sampled pairs of them are strangers by what is left without the lines that recur in both. It masks windows of words
only: text, hashes and ids keep it.
What was learned once stays known; lines that recurred less often count on, as long as their articles are recent.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from transforms.fold.ragged import Flags, Floats, Ints, Ragged, concatenate, offsets_of, runs, spans
from transforms.fold.signature import TINY, Signatures, join, masked
from transforms.fold.sketch import BINS, WIDTH, resemblance

# Chosen together in trials: without any of this F1 fell from .998 to .993 on planted corpora and from .997 to .984 on
# syndicated copy. Whether the rest of a long text differs was tried as a test and took paragraphs of real stories.
ARTICLES = 4
STRANGER_PAIRS = 3
STRANGER_SHARE = 0.60  # some of the articles with a line may well be copies of each other
STRANGER = 0.25  # estimated Jaccard similarity below which two articles are strangers
SAMPLED_PAIRS = 24  # a line: one that 10,000 articles hold has 50 million pairs
LINE_TOKENS = 3
KEPT_SHARE = 0.25
"""An article of which furniture leaves less is compared with it, and proves nothing about others."""
SURE = 0.80
"""Articles as alike as this by their whole texts are no strangers, whatever they share."""
SHORT = 150
"""Tokens. In longer articles furniture does not make strangers alike, and what copies share is most of them."""
RECENT_ARTICLES = 20_000
"""So many articles of earlier slices are counted with, two slices of an ingest: their lines and sketches are 7 MB."""

STRANGER_TOKENS = 15
"""Of fewer tokens besides their furniture nobody can tell strangers."""
_TOKEN_BITS = 20  # a text has at most 1 M characters
_TOKENS = (1 << _TOKEN_BITS) - 1

Hashes = npt.NDArray[np.uint64]


@dataclass(frozen=True, slots=True)
class Lines:
    """The lines of some articles, and their sketches; one row an article, the earlier ones first."""

    hashes: Ragged  # uint64
    sizes: npt.NDArray[np.int32]  # tokens of each of these lines
    words: npt.NDArray[np.int32]  # tokens of each article
    titles: Hashes  # 0 for none
    keys: npt.NDArray[np.uint32]  # (articles, 64)

    def __len__(self) -> int:
        return len(self.keys)

    def take(self, rows: Ints) -> "Lines":
        """Return the given articles, in that order."""
        sizes = Ragged(self.sizes, self.hashes.offsets).take(rows).values
        return Lines(self.hashes.take(rows), sizes, self.words[rows], self.titles[rows], self.keys[rows])

    def keep(self, mask: Flags) -> "Lines":
        """Return the same articles with only the lines where `mask` (one flag a line) holds."""
        return Lines(self.hashes.keep(mask), self.sizes[mask], self.words, self.titles, self.keys)


@dataclass(frozen=True, slots=True)
class Furniture:
    """What earlier slices know: sorted hashes of furniture, and the lines of recent articles."""

    known: Hashes
    recent: Lines


@dataclass(frozen=True, slots=True)
class Learned:
    """Lines that turned out to be furniture, sorted by hash; one element a line."""

    hashes: Hashes
    articles: Ints  # in which each was seen
    row: Ints  # of an article of the slice that holds it


def no_lines() -> Lines:
    """Return the lines of no article."""
    nothing, hashes = np.empty(0, np.int32), np.empty(0, np.uint64)
    keys = np.empty((0, BINS), np.uint32)
    return Lines(Ragged(hashes, np.zeros(1, np.int64)), nothing, nothing, hashes, keys)


def no_furniture() -> Furniture:
    """Return what an empty lake knows."""
    return Furniture(np.empty(0, np.uint64), no_lines())


def lines_of(signatures: Signatures, rows: Ints) -> Lines:
    """Return the lines of the given rows that are long enough to count."""
    sizes = signatures.line_sizes.take(rows).values
    words = signatures.words.sizes[rows].astype(np.int32)
    hashes, titles = signatures.line_hashes.take(rows), signatures.title_hash[rows]
    lines = Lines(hashes, sizes, words, titles, signatures.keys[rows])
    return lines.keep(sizes >= LINE_TOKENS)


def join_lines(*parts: Lines) -> Lines:
    """Return the lines of all parts, in order."""
    return Lines(
        concatenate([part.hashes for part in parts], np.uint64),
        np.concatenate([part.sizes for part in parts]),
        np.concatenate([part.words for part in parts]),
        np.concatenate([part.titles for part in parts]),
        np.concatenate([part.keys for part in parts]),
    )


def latest(*parts: Lines) -> Lines:
    """Return the lines of the last articles of all parts, in order: of as many as are counted with."""
    lines = join_lines(*parts)
    return lines if len(lines) <= RECENT_ARTICLES else lines.take(np.arange(len(lines) - RECENT_ARTICLES, len(lines)))


def learn(lines: Lines, furniture: Furniture) -> Learned:
    """Return unknown lines that are furniture among these articles, in decision order, and recent ones."""
    recent = furniture.recent
    hashes, owners, tokens = _distinct(lines.keep(~_among(lines.hashes.values, furniture.known)), recent)
    starts, sizes = runs(hashes)
    often = sizes >= ARTICLES
    starts, sizes = starts[often], sizes[often]
    articles = _Recurring(
        np.concatenate((recent.keys, lines.keys)),
        np.concatenate((recent.words, lines.words)),
        np.concatenate((recent.titles, lines.titles)),
        _by_owner(hashes, owners, tokens, spans(starts, sizes), len(recent) + len(lines)),
    )
    between = _between_strangers(articles, owners, starts, sizes)
    starts, sizes = starts[between], sizes[between]
    return Learned(hashes[starts], sizes, owners[starts + sizes - 1] - len(recent))


@dataclass(frozen=True, slots=True)
class _Recurring:
    """Articles, and of their lines those that recur."""

    keys: npt.NDArray[np.uint32]
    words: npt.NDArray[np.int32]
    titles: Hashes
    lines: Ragged  # two columns as one number: the line's place among those that recur, and its tokens


def touched(signatures: Signatures, furniture: Hashes) -> Ints:
    """Return the rows that hold such lines, sorted, and enough besides to be told apart without them."""
    marked = _among(signatures.line_hashes.values, furniture)
    lost = _per_row(signatures.line_sizes, marked)
    sizes = signatures.words.sizes
    return np.flatnonzero((lost > 0) & (sizes - lost >= TINY) & (sizes - lost >= KEPT_SHARE * sizes))


def without(signatures: Signatures, rows: Ints, furniture: Hashes) -> Signatures:
    """Return the given articles as they look without these lines."""
    return masked(signatures, rows, _among(signatures.line_hashes.take(rows).values, furniture))


def bare(signatures: Signatures, furniture: Hashes) -> Signatures:
    """Return all articles, those that hold such lines and enough besides without them."""
    rows = touched(signatures, furniture)
    if not len(rows):
        return signatures
    place = np.arange(len(signatures))
    place[rows] = len(signatures) + np.arange(len(rows))
    return join([signatures, without(signatures, rows, furniture)]).take(place)


def _distinct(lines: Lines, recent: Lines) -> tuple[Hashes, Ints, Ints]:
    """Return hashes of `lines`, the articles they stand in, recent ones too, and tokens: each pair once, sorted."""
    again = _among(recent.hashes.values, np.unique(lines.hashes.values))
    hashes = np.concatenate((recent.hashes.values[again], lines.hashes.values))
    owners = np.concatenate((recent.hashes.owners[again], lines.hashes.owners + len(recent)))
    tokens = np.concatenate((recent.sizes[again], lines.sizes))
    order = np.lexsort((owners, hashes))
    hashes, owners = hashes[order], owners[order]
    # A line that stands twice in one article recurs in no other for that.
    fresh = np.ones(len(hashes), dtype=bool)
    fresh[1:] = (hashes[1:] != hashes[:-1]) | (owners[1:] != owners[:-1])
    return hashes[fresh], owners[fresh], tokens[order][fresh].astype(np.int64)


def _by_owner(hashes: Hashes, owners: Ints, tokens: Ints, places: Ints, articles: int) -> Ragged:
    """Return for each article the lines at `places` that it holds, sorted."""
    lines = (np.unique(hashes[places], return_inverse=True)[1] << _TOKEN_BITS) | np.minimum(tokens[places], _TOKENS)
    order = np.lexsort((lines, owners[places]))
    return Ragged(lines[order], offsets_of(np.bincount(owners[places], minlength=articles)))


def _among(values: Hashes, ordered: Hashes) -> Flags:
    if not len(ordered):
        return np.zeros(len(values), dtype=bool)
    places = np.minimum(np.searchsorted(ordered, values), len(ordered) - 1)
    found: Flags = ordered[places] == values
    return found


def _between_strangers(articles: _Recurring, owners: Ints, starts: Ints, sizes: Ints) -> Flags:
    """Return for each run of articles with one line whether most sampled pairs of them are strangers."""
    pairs = np.minimum(SAMPLED_PAIRS, sizes * (sizes - 1) // 2)
    run = np.repeat(np.arange(len(starts)), pairs)
    place = np.arange(len(run)) - np.repeat(np.cumsum(pairs) - pairs, pairs)
    left, right = _sampled(place, sizes[run])
    met = np.sort(np.column_stack((owners[starts[run] + left], owners[starts[run] + right])), axis=1)
    # A pair of articles is sampled for each line that both hold.
    distinct, again = np.unique(met, axis=0, return_inverse=True)
    strange = _strangers(articles, distinct[:, 0], distinct[:, 1])[again.reshape(-1)]
    strangers = np.bincount(run, weights=strange, minlength=len(starts))
    between: Flags = (strangers >= STRANGER_PAIRS) & (strangers >= STRANGER_SHARE * pairs)
    return between


def _strangers(articles: _Recurring, left: Ints, right: Ints) -> Flags:
    """Return which pairs of articles are strangers, by their whole texts or without the lines that recur in both."""
    alike = resemblance(articles.keys, left, right)
    strange: Flags = alike < STRANGER
    short = np.minimum(articles.words[left], articles.words[right]) < SHORT
    same_title = (articles.titles[left] == articles.titles[right]) & (articles.titles[left] != 0)
    asked = np.flatnonzero(~strange & (alike < SURE) & short & ~same_title)
    strange[asked] = _without_shared(articles, left[asked], right[asked], alike[asked])
    return strange


def _without_shared(articles: _Recurring, left: Ints, right: Ints, alike: Floats) -> Flags:
    """Return which pairs have enough besides what recurs in both, and are strangers by that."""
    # With J = both / union and both + union = the windows of the one and the other: union = their sum / (1 + J). What
    # recurs in both is in both and in the union, and is taken from each.
    shared = np.array(
        [
            _shared(articles.lines.row(one), articles.lines.row(other))
            for one, other in zip(left.tolist(), right.tolist(), strict=True)
        ],
        dtype=np.int64,
    ).reshape(-1, 2)
    tokens, windows = shared[:, 0], shared[:, 1]
    fewer = np.minimum(articles.words[left], articles.words[right])
    union = (articles.words[left] + articles.words[right] - 2 * (WIDTH - 1)) / (1 + alike)
    rest = (alike * union - windows) / np.maximum(union - windows, 1)
    strangers: Flags = (rest < STRANGER) & (fewer - tokens >= STRANGER_TOKENS) & (fewer - tokens >= KEPT_SHARE * fewer)
    return strangers


def _shared(lines: Ints, others: Ints) -> tuple[int, int]:
    """Return how many tokens, and how many windows of words, stand in lines of both."""
    tokens = np.intersect1d(lines, others, assume_unique=True) & _TOKENS
    return int(tokens.sum()), int(np.maximum(tokens - (WIDTH - 1), 0).sum())


def _sampled(place: Ints, sizes: Ints) -> tuple[Ints, Ints]:
    """Return two different members of a run of `sizes` for each place: growing distances, spread over the run.

    Without chance, so that whoever looks at the same articles learns the same.
    """
    distance = 1 + place // sizes
    return place % sizes, (place % sizes + distance) % sizes


def _per_row(sizes: Ragged, marked: Flags) -> Ints:
    total = np.concatenate(([0], np.cumsum(np.where(marked, sizes.values, 0))))
    return np.diff(total[sizes.offsets])
