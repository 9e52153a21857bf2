"""What horizons may be, and how the thresholds stand to each other."""

from dataclasses import fields
from pathlib import Path

import pytest

from transforms.fold import settings
from transforms.fold.settings import DAY_US, FoldSettings, Thresholds

LIMITS = Thresholds()


def test_a_day_is_24_hours_of_microseconds():
    assert DAY_US == 24 * 60 * 60 * 1_000_000


@pytest.mark.parametrize(
    ("horizon", "repost", "allowed"),
    [(30, 365, True), (30, 30, True), (0.5, 1, True), (30, 29.9, False), (0, 365, False), (-1, 365, False)],
)
def test_a_horizon_is_above_nothing_and_at_most_that_of_reposts(horizon, repost, allowed):
    if allowed:
        assert FoldSettings(horizon_days=horizon, repost_horizon_days=repost).horizon_days == horizon
    else:
        with pytest.raises(ValueError, match=f"horizon_days={horizon} must be above 0 and at most"):
            FoldSettings(horizon_days=horizon, repost_horizon_days=repost)


@pytest.mark.parametrize(
    ("weaker", "stronger"),
    [
        ("least_jaccard", "edited_jaccard"),  # else a pair is let go before it is looked at
        ("least_jaccard", "excerpt_jaccard"),
        ("teaser_jaccard", "edited_jaccard"),
        ("edited_jaccard", "edited_short_jaccard"),
        ("edited_short_jaccard", "near_jaccard"),
        ("excerpt_jaccard", "near_jaccard"),
        ("near_jaccard", "member_jaccard"),
        ("canonical_jaccard", "member_jaccard"),
        ("edited_title", "edited_same_title"),
        ("teaser_containment", "excerpt_containment"),
        ("edited_bag", "teaser_bag"),
        ("tiny_words", "teaser_words"),
        ("teaser_words", "short_words"),
        ("short_words", "edited_short_words"),
        ("short_days", "short_identical_days"),
    ],
)
def test_what_asks_for_more_has_the_higher_threshold(weaker, stronger):
    assert getattr(LIMITS, weaker) < getattr(LIMITS, stronger)


def test_no_accepting_rule_reaches_below_the_least_jaccard():
    accepting = [
        getattr(LIMITS, name) for name in ("near_jaccard", "excerpt_jaccard", "edited_jaccard", "teaser_jaccard")
    ]
    assert min(accepting) == LIMITS.least_jaccard


def test_shares_are_shares():
    """What counts words, days or deviations is named so; everything else lies between 0 and 1."""
    counted = ("words", "days", "deviations", "edited_numbers")
    shares = [field.name for field in fields(Thresholds) if not field.name.endswith(counted)]
    assert all(0 < getattr(LIMITS, name) < 1 for name in shares)


def test_every_threshold_is_one_that_a_rule_reads():
    modules = [path.read_text("utf-8") for path in Path(settings.__file__).parent.glob("*.py")]
    read = "".join(text for text in modules if "class Thresholds" not in text)
    assert [field.name for field in fields(Thresholds) if f"limits.{field.name}" not in read] == []
