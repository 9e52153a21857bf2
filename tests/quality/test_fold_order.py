"""Twenty random splits of a planted corpus: what is folded together hardly depends on what came first."""

import random

import pytest

from tests.quality.test_fold_quality import FLOORS, agreement, corpus, families, pairs

SPLITS = 20


def splits(planted):
    """Yield each way of giving the corpus: A then B, B then A, and ten slices, all at random."""
    for seed in range(SPLITS):
        order = list(planted)
        random.Random(100 + seed).shuffle(order)
        half = len(order) // 2
        yield "halves", [order[:half], order[half:]]
        yield "halves", [order[half:], order[:half]]
        yield "tenths", [order[at::10] for at in range(10)]


@pytest.mark.long
def test_twenty_splits_agree_with_one_run():
    planted = corpus(5)
    whole_decided, whole_viewed = map(pairs, families([planted]))
    decided, viewed = {"halves": [], "tenths": []}, {"halves": [], "tenths": []}
    for way, parts in splits(planted):
        split_decided, split_viewed = map(pairs, families(parts))
        decided[way].append(agreement(whole_decided, split_decided))
        viewed[way].append(agreement(whole_viewed, split_viewed))
        # What the view shows apart or together otherwise is little beside what it mends.
        assert len(whole_viewed ^ split_viewed) <= len(whole_decided ^ split_decided)
    assert {
        f"split_{way}_decided" for way, found in decided.items() if min(found) < FLOORS[f"split_{way}_decided"]
    } == set()
    assert {
        f"split_{way}_viewed" for way, found in viewed.items() if min(found) < FLOORS[f"split_{way}_viewed"]
    } == set()
