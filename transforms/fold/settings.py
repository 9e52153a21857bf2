"""What decides about folding: the horizons, and every threshold.

The thresholds were chosen on public sets of near-duplicates and on planted corpora; docs/decisions/folding.md says what
each one pays and how far it can move.
"""

from dataclasses import dataclass, field

DAY_US = 86_400_000_000
"""Microseconds of a day: all times here are microseconds since 1970, UTC."""


@dataclass(frozen=True, slots=True)
class Thresholds:
    """Every number the decision rests on."""

    # No rule accepts a pair that has fewer windows in common: its words need not be compared.
    least_jaccard: float = 0.12
    # Near: look-alikes of 110 words and more reach .66; true pairs below .70 are nearly all excerpts or edits.
    near_jaccard: float = 0.70
    # Excerpt: below .40 readers call it another article, however well it is contained.
    excerpt_containment: float = 0.94
    excerpt_jaccard: float = 0.40
    # Edited: few tokens were replaced, whatever was added, and the opening or the title agrees.
    edited_bag: float = 0.82
    edited_jaccard: float = 0.27
    edited_length_ratio: float = 0.55
    edited_opening: float = 0.65
    edited_title: float = 0.60
    # Shorter ones need more: few words agree by chance of subject alone.
    edited_short_words: float = 143
    edited_short_jaccard: float = 0.46
    edited_same_title: float = 0.95
    # Short excerpt: a teaser of the same headline within days.
    teaser_words: float = 60
    teaser_containment: float = 0.90
    teaser_title: float = 0.60
    teaser_jaccard: float = 0.12
    teaser_days: float = 4
    # … or with a few words changed, or beside furniture, where headline and opening leave no doubt.
    teaser_bag: float = 0.90
    teaser_same_title: float = 0.95
    teaser_opening: float = 0.80
    # An item without text folds by equal title alone, and only while the news is fresh.
    title_only_days: float = 4
    # The guard. Bulletins are short: below 110 words the same template with other facts reaches any similarity.
    short_words: float = 110
    short_days: float = 3
    short_days_containment: float = 0.97
    short_identical_days: float = 7
    short_numbers: float = 0.18
    short_names: float = 0.25
    tiny_words: float = 40
    tiny_jaccard: float = 0.80
    tiny_bag: float = 0.95
    # Edited texts of any length: numbers replaced clearly more often than words in general mean other facts.
    edited_days: float = 4
    edited_numbers: float = 3
    edited_numbers_share: float = 0.25
    edited_numbers_deviations: float = 2.0
    # Families: an article also joins through a member that is very close to it, if the family's canonical is not far:
    # chains of small changes cannot drift away from where they began.
    member_jaccard: float = 0.80
    canonical_jaccard: float = 0.40
    # Of several canonicals the earliest that is about as similar as the most similar one.
    canonical_margin: float = 0.10


@dataclass(frozen=True, slots=True)
class FoldSettings:
    """How far apart in event time two articles may be one story, and how alike; an undated one is never too far."""

    horizon_days: float = 30
    repost_horizon_days: float = 365  # for long texts that are nearly the same: reposts come back after months
    limits: Thresholds = field(default_factory=Thresholds)

    def __post_init__(self) -> None:
        if not 0 < self.horizon_days <= self.repost_horizon_days:
            raise ValueError(
                f"horizon_days={self.horizon_days} must be above 0 and at most "
                f"repost_horizon_days={self.repost_horizon_days}"
            )
