"""Chains of changes do not drift: every member is held against its family's canonical by brute force."""

import random

import numpy as np
import pytest

from transforms.fold.compare import Relation, judge
from transforms.fold.evidence import measure
from transforms.fold.settings import DAY_US, FoldSettings, Thresholds
from transforms.fold.signature import sign

LIMITS = Thresholds()


def chain(story, words, seed):
    """Return versions of a text, each with a few words changed, added or left out from the one before."""
    chance = random.Random(seed)
    text, versions = words(seed, 160), []
    for step in range(24):
        for fresh in words(1000 * seed + step + 1, chance.randint(4, 12)):
            place = chance.randrange(len(text))
            text = [*text[:place], *([fresh] if chance.random() < 0.8 else []), *text[place + chance.randint(0, 1) :]]
        versions.append(story(f"{seed}-{step}", " ".join(text), "Same headline over all", day=step * 0.05))
    return versions


@pytest.mark.parametrize("slices", [1, 4, 24])
def test_no_member_is_far_from_its_canonical(fold, story, words, slices):
    stories = [version for seed in range(1, 6) for version in chain(story, words, seed)]
    random.Random(slices).shuffle(stories)
    folded = fold(*(stories[place::slices] for place in range(slices)))
    named = {one.id: place for place, one in enumerate(stories)}
    members = np.array([named[one] for one in folded.families])
    canonicals = np.array([named[one] for one in folded.families.values()])
    times = np.array([round(one.day * DAY_US) for one in stories])
    signatures = sign([one.title for one in stories], [one.text for one in stories], times)
    evidence = measure(signatures, members, canonicals, LIMITS, whole=True)
    accepted = judge(evidence, FoldSettings()) > Relation.LOOKALIKE
    # What is stored is judged by its fingerprint where that is not near a threshold: an error of some .04.
    bound = LIMITS.canonical_jaccard - (0 if slices == 1 else 0.08)
    assert (accepted | (evidence.jaccard >= bound)).all()
    assert 5 < len(set(canonicals.tolist())) < len(stories) / 2
