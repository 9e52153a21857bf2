"""Whether two articles are the same story told again: one pure, symmetric decision over many pairs at once."""

from dataclasses import dataclass, fields
from enum import IntEnum

import numpy as np
import numpy.typing as npt

from transforms.fold.ragged import Flags, Floats, share
from transforms.fold.settings import DAY_US, FoldSettings, Thresholds


class Relation(IntEnum):
    """What a pair of articles is; EXCERPT says that the shorter is part of the longer, whichever came first."""

    NONE = 0
    LOOKALIKE = 1
    NEAR = 2
    EXCERPT = 3
    EXACT = 4


@dataclass(frozen=True, slots=True)
class Evidence:
    """What was measured of pairs of articles; one element a pair in every field, none depends on the pair's order."""

    words: Floats  # length of the shorter, in words (letters of scripts without spaces count 1 / 1.6)
    length_ratio: Floats  # shorter to longer
    jaccard: Floats  # of 3-word windows
    containment: Floats  # share of the shorter's windows that the other has
    bag: Floats  # share of the shorter's tokens that the other has, or nearly: the rest was replaced, not added
    opening: Floats  # share of the first 16 tokens in common
    title: Floats  # Jaccard similarity of the titles' tokens; 0 where one has none
    numbers: Floats  # numbers in the article that has fewer
    numbers_replaced: Floats  # of these, not in the other
    names: Floats  # capitalised words in the article that has fewer
    names_replaced: Floats
    days: Floats  # between publications; nan where one is undated
    same_text: Flags
    same_content: Flags  # the same text and title
    same_title: Flags
    title_only: Flags  # one of the two has no text

    def __len__(self) -> int:
        return len(self.jaccard)

    def take(self, rows: npt.NDArray[np.int64] | Flags) -> "Evidence":
        """Return the pairs at `rows`."""
        return Evidence(*(getattr(self, field.name)[rows] for field in fields(self)))

    def put(self, rows: npt.NDArray[np.int64], others: "Evidence") -> "Evidence":
        """Return the pairs with those at `rows` replaced."""
        columns = {field.name: getattr(self, field.name).copy() for field in fields(self)}
        for name, column in columns.items():
            column[rows] = getattr(others, name)
        return Evidence(**columns)


def join_evidence(parts: list[Evidence]) -> Evidence:
    """Return the pairs of all parts, in order; there must be at least one part."""
    return Evidence(*(np.concatenate([getattr(part, field.name) for part in parts]) for field in fields(Evidence)))


def only_edited(evidence: Evidence, limits: Thresholds) -> Flags:
    """Return the pairs that are alike only as one text edited: neither nearly the same nor one part of the other."""
    near = evidence.jaccard >= limits.near_jaccard
    part = (evidence.containment >= limits.excerpt_containment) & (evidence.jaccard >= limits.excerpt_jaccard)
    return _edited(evidence, limits) & ~near & ~part


def judge(evidence: Evidence, settings: FoldSettings, with_time: bool = True) -> npt.NDArray[np.int8]:
    """Return the Relation of each pair.

    Without time, horizons and the guard's rules on time do not apply: so a new version is held against the one before.
    """
    limits = settings.limits
    # nan is what an undated article has: no comparison with it is true, so no rule on time refuses it.
    days = evidence.days if with_time else np.full(len(evidence), np.nan)
    near = evidence.jaccard >= limits.near_jaccard
    part = (evidence.containment >= limits.excerpt_containment) & (evidence.jaccard >= limits.excerpt_jaccard)
    edited = _edited(evidence, limits)
    teaser = _teaser(evidence, days, limits)
    titled = _titled(evidence, days, limits)
    alike = np.where(evidence.title_only, titled, near | part | edited | teaser)
    alike &= within_horizon(evidence, days, settings)
    against = guard(evidence, days, only_edited(evidence, limits), limits)
    refused = np.logical_or.reduce(list(against.values())) & ~evidence.title_only
    # What is part of the other is called an excerpt even where it passes for an edit: containment says more. Equal
    # words overrule both, equal content them, and the guard all: an identical short bulletin may be next week's.
    relation = np.where(near | (edited & ~part), Relation.NEAR, Relation.EXCERPT)
    relation = np.where(evidence.same_text & ~evidence.title_only, Relation.NEAR, relation)
    relation = np.where(evidence.same_content, Relation.EXACT, relation)
    relation = np.where(refused, Relation.LOOKALIKE, relation)
    return np.where(alike, relation, Relation.NONE).astype(np.int8)


def within_horizon(evidence: Evidence, days: Floats, settings: FoldSettings) -> Flags:
    """Return which pairs are close enough in event time; an undated article is close to all."""
    limits = settings.limits
    repost = (evidence.words >= limits.short_words) & (evidence.jaccard >= limits.near_jaccard)
    return np.isnan(days) | (days <= np.where(repost, settings.repost_horizon_days, settings.horizon_days))


def guard(evidence: Evidence, days: Floats, edited: Flags, limits: Thresholds) -> dict[str, Flags]:
    """Return what speaks against each pair, by name: the same template with other facts, however similar.

    Long texts that are nearly the same are not guarded by numbers: page dates and counters differ in true copies.
    `edited` tells the pairs that are alike only as one text edited.
    """
    short = evidence.words < limits.short_words
    tiny = (
        (evidence.words < limits.tiny_words)
        & (evidence.jaccard < limits.tiny_jaccard)
        & (evidence.bag < limits.tiny_bag)
        & ~((evidence.title >= limits.edited_same_title) & (evidence.numbers_replaced == 0))
    )
    return {
        "days between short texts": short
        & (days > limits.short_days)
        & (evidence.containment < limits.short_days_containment),
        "days between repeated short texts": short & (days > limits.short_identical_days),
        "other numbers in a short text": short
        & (share(evidence.numbers_replaced, evidence.numbers) > limits.short_numbers),
        "other names in a short text": short & (share(evidence.names_replaced, evidence.names) > limits.short_names),
        "too few words to tell": tiny,
        "days between an original and an edit": edited & (days > limits.edited_days),
        "other numbers than an edit would leave": edited & _other_numbers(evidence, limits),
    }


def _edited(evidence: Evidence, limits: Thresholds) -> Flags:
    """Return where few tokens were replaced, whatever was added.

    Follow-ups repeat the background of a story nearly as well; what they do not share is its opening, or its title. Of
    few words some agree by chance of subject, so a short text needs more in common, or the same headline.
    """
    by_chance = evidence.numbers_replaced <= 1 + _numbers_of_an_edit(evidence)
    same_title = (evidence.title >= limits.edited_same_title) & by_chance
    enough = (
        (evidence.words >= limits.edited_short_words) | (evidence.jaccard >= limits.edited_short_jaccard) | same_title
    )
    agrees = (evidence.opening >= limits.edited_opening) | (evidence.title >= limits.edited_title)
    edited: Flags = (
        (evidence.bag >= limits.edited_bag)
        & (evidence.jaccard >= limits.edited_jaccard)
        & (evidence.length_ratio >= limits.edited_length_ratio)
        & agrees
        & enough
    )
    return edited


def _teaser(evidence: Evidence, days: Floats, limits: Thresholds) -> Flags:
    """Return where a few sentences of a story stand under its headline, of the same days and with no other number.

    Next to a long original they are too few words to reach the Jaccard similarity of an excerpt.
    """
    whole = (evidence.containment >= limits.teaser_containment) & (evidence.title >= limits.teaser_title)
    changed = (
        (evidence.bag >= limits.teaser_bag)
        & (evidence.title >= limits.teaser_same_title)
        & (evidence.opening >= limits.teaser_opening)
    )
    teaser: Flags = (
        (evidence.words < limits.teaser_words)
        & (whole | changed)
        & (evidence.jaccard >= limits.teaser_jaccard)
        & ~(days > limits.teaser_days)
        & (evidence.numbers_replaced == 0)
    )
    return teaser


def _titled(evidence: Evidence, days: Floats, limits: Thresholds) -> Flags:
    """Return where an item without text is told by its title alone: the next week's "Weather" is another item."""
    return evidence.same_title & ~(days > limits.title_only_days)


def _other_numbers(evidence: Evidence, limits: Thresholds) -> Flags:
    """Return where an edit replaced numbers clearly more often than chance would among all words replaced."""
    expected = _numbers_of_an_edit(evidence)
    # Counts of rare events spread by the root of what is expected (Poisson); one more, for few are expected at all.
    many = evidence.numbers_replaced > expected + limits.edited_numbers_deviations * np.sqrt(expected) + 1
    enough = evidence.numbers_replaced >= limits.edited_numbers
    other: Flags = many & enough & (share(evidence.numbers_replaced, evidence.numbers) > limits.edited_numbers_share)
    return other


def _numbers_of_an_edit(evidence: Evidence) -> Floats:
    """Return how many numbers are replaced by chance where words are replaced as often as in these pairs."""
    expected: Floats = (1 - evidence.bag) * evidence.numbers
    return expected


def kept_by_windows(containment: Floats) -> Floats:
    """Return the share of words kept in scripts of few letters without spaces, read from the windows that are kept.

    Their letters tell nothing, for any two texts share nearly all of them. A word has some 3.3 letters, and where it is
    replaced the windows of 2 more break: 1.6 times its share of the text.
    """
    kept: Floats = 1 - (1 - containment) / 1.6
    return kept


def days_between(first: npt.NDArray[np.int64], second: npt.NDArray[np.int64], undated: int) -> Floats:
    """Return the days between times in microseconds, nan where one is `undated`."""
    days = np.abs(first - second) / DAY_US
    return np.where((first == undated) | (second == undated), np.nan, days)
