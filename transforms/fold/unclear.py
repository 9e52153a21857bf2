"""Which pairs a fingerprint cannot decide: those so near a threshold that its error could turn the decision."""

from dataclasses import replace

import numpy as np

from transforms.fold.compare import Evidence, Relation, judge
from transforms.fold.ragged import Flags, Floats
from transforms.fold.settings import FoldSettings

SAMPLES = 128
"""Windows and tokens that a fingerprint holds."""
DEVIATIONS = 2.0
"""Standard deviations of the estimate that the band is wide on either side: some 95 of 100 errors lie within."""


def unclear(evidence: Evidence, settings: FoldSettings) -> Flags:
    """Return which estimated pairs would be accepted at one end of the error and not at the other."""
    accepted = [judge(_moved(evidence, by), settings) > Relation.LOOKALIKE for by in (-1, 1)]
    different: Flags = accepted[0] != accepted[1]
    return different & ~evidence.title_only


def _moved(evidence: Evidence, by: int) -> Evidence:
    """Return the evidence as it would be at one end of the error: all for the pair (1), or all against it (-1)."""
    ratio = evidence.length_ratio
    room = 1 + ratio * (1 - evidence.containment)
    containment = DEVIATIONS * _deviation(evidence.containment, evidence.words)
    # J follows from containment C and the ratio r of sizes: J = C r / (1 + r - C r).
    jaccard = containment * ratio * (1 + ratio) / (room * room)
    tokens = DEVIATIONS * _deviation(evidence.bag, evidence.words)
    return replace(
        evidence,
        jaccard=np.clip(evidence.jaccard + by * jaccard, 0, 1),
        containment=np.clip(evidence.containment + by * containment, 0, 1),
        bag=np.clip(evidence.bag + by * tokens, 0, 1),
        numbers_replaced=_lost(evidence.numbers_replaced, evidence.numbers, evidence.words, by),
        names_replaced=_lost(evidence.names_replaced, evidence.names, evidence.words, by),
    )


def _deviation(share: Floats, words: Floats) -> Floats:
    """Return the standard deviation of a share of so many words that was measured on a sample of them."""
    sampled = SAMPLES * -np.expm1(-words / SAMPLES)  # bins that are not empty
    missed = 1 - sampled / np.maximum(words, sampled)
    deviation: Floats = np.sqrt((share * (1 - share) + 1 / SAMPLES) / np.maximum(sampled, 1) * missed)
    return deviation


def _lost(replaced: Floats, among: Floats, words: Floats, by: int) -> Floats:
    """Return replaced numbers or names at one end of the error; few of them are in the sample of a long text."""
    share = replaced / np.maximum(among, 1)
    sampled = np.maximum(among * SAMPLES / np.maximum(words, SAMPLES), 1)
    error = DEVIATIONS * among * np.sqrt((share * (1 - share) + 0.05) / sampled) * (among > 0)
    return np.clip(np.rint(replaced - by * error), 0, among)
