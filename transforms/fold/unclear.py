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
    # The ends of the error are two whole sets of evidence, not one threshold at a time: rules lean on several measures.
    fewer_lost = _with_lost(evidence, 1)
    # Of a text that keeps more of its words the guard expects fewer numbers replaced: each error may matter alone.
    ends = (_moved(_with_lost(evidence, -1), -1), _moved(fewer_lost, 1), fewer_lost)
    accepted = [judge(end, settings) > Relation.LOOKALIKE for end in ends]
    different: Flags = np.logical_or.reduce(accepted) & ~np.logical_and.reduce(accepted)
    return different & ~evidence.title_only


def _moved(evidence: Evidence, by: int) -> Evidence:
    """Return the similarities at one end of the error: all for the pair (1), or all against it (-1)."""
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
    )


def _with_lost(evidence: Evidence, by: int) -> Evidence:
    """Return the pairs with the numbers and names that are replaced at one end of the error."""
    return replace(
        evidence,
        numbers_replaced=_lost(evidence.numbers_replaced, evidence.numbers, evidence.words, by),
        names_replaced=_lost(evidence.names_replaced, evidence.names, evidence.words, by),
    )


def _deviation(share: Floats, words: Floats) -> Floats:
    """Return the standard deviation of a share of so many words that was measured on a sample of them.

    Binomial, with what 8 bits agree by chance added, and less the part that was sampled: of a text of few words nearly
    all are, and little is left to be wrong about.
    """
    sampled, missed = _sampled(words)
    deviation: Floats = np.sqrt((share * (1 - share) + 1 / SAMPLES) / np.maximum(sampled, 1) * missed)
    return deviation


def _sampled(words: Floats) -> tuple[Floats, Floats]:
    """Return how many of so many words are in the sample, as bins that are not empty, and the share that is not."""
    sampled = SAMPLES * -np.expm1(-words / SAMPLES)
    return sampled, 1 - sampled / np.maximum(words, sampled)


def _lost(replaced: Floats, among: Floats, words: Floats, by: int) -> Floats:
    """Return replaced numbers or names at one end of the error.

    A long text has one or two of its numbers in the sample. That both were replaced does not say that all were: a share
    of so few is read as if some more had been seen, half of them replaced (Agresti and Coull 1998).
    """
    _, missed = _sampled(words)
    seen, more = among * (1 - missed), DEVIATIONS * DEVIATIONS * missed
    total = np.maximum(seen + more, 1e-9)
    share = (seen * replaced / np.maximum(among, 1) + more / 2) / total
    error = DEVIATIONS * np.sqrt(share * (1 - share) / total * missed)
    return np.clip(np.rint(among * (share - by * error)), 0, among)
