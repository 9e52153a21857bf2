"""Why two stories are, or are not, the same: what Fold sees of them, from their whole texts."""

from collections.abc import Sequence
from dataclasses import dataclass, fields

import numpy as np

from transforms.fold.compare import Evidence, Relation, guard, judge, only_edited
from transforms.fold.differences import differing_words, words_of
from transforms.fold.evidence import measure
from transforms.fold.furniture import Hashes, bare
from transforms.fold.nodes import needs_name
from transforms.fold.settings import FoldSettings
from transforms.fold.signature import Signatures, sign
from transforms.fold.sketch import EMPTY, SHARED_KEYS, named_pairs


@dataclass(frozen=True, slots=True)
class Told:
    """One story as it is stored."""

    title: str
    text: str
    published: int  # microseconds since 1970, UNDATED for unknown
    content_hash: str


@dataclass(frozen=True, slots=True)
class Explanation:
    """What a comparison found, without the lines that are known as site furniture."""

    relation: str  # none, lookalike, near, excerpt, exact
    shared_keys: int  # of the 64 of a sketch
    met_as_candidates: bool  # by two keys, or by title or text where one has few words
    furniture: tuple[int, int]  # lines of each that were left out
    evidence: dict[str, float]  # by the names of compare.Evidence
    guard: Sequence[str]  # what spoke against
    differences: Sequence[str]


def explain(first: Told, second: Told, settings: FoldSettings, furniture: Hashes) -> Explanation:
    """Return what Fold finds when it compares two stories; the order does not matter but for `differences`.

    Args:
        first: one story.
        second: the other.
        settings: the horizons and thresholds.
        furniture: sorted hashes of the lines that are known as site furniture.
    """
    both = (first, second)
    signatures = sign(
        [told.title for told in both],
        [told.text for told in both],
        np.array([told.published for told in both], dtype=np.int64),
        [told.content_hash for told in both],
    )
    lines = signatures.line_hashes.sizes
    signatures = bare(signatures, furniture)
    left_out = (lines - signatures.line_hashes.sizes).tolist()
    evidence = measure(signatures, np.array([0]), np.array([1]), settings.limits, whole=True)
    keys = signatures.keys
    shared_keys = int(np.count_nonzero((keys[0] == keys[1]) & (keys[0] != EMPTY)))
    against = guard(evidence, evidence.days, only_edited(evidence, settings.limits), settings.limits)
    return Explanation(
        relation=Relation(int(judge(evidence, settings)[0])).name.lower(),
        shared_keys=shared_keys,
        met_as_candidates=shared_keys >= SHARED_KEYS or _met_by_name(signatures),
        furniture=(left_out[0], left_out[1]),
        evidence={field.name: float(getattr(evidence, field.name)[0]) for field in fields(Evidence)},
        guard=[name for name, found in against.items() if found[0]],
        differences=differing_words(words_of(first.title, first.text), words_of(second.title, second.text)),
    )


def _met_by_name(signatures: Signatures) -> bool:
    """Say whether the two have the same title or the same text, and one of them too few words for a sketch."""
    needy = needs_name(signatures, np.arange(2))
    return any(len(named_pairs(names, needy)) > 0 for names in (signatures.title_hash, signatures.text_hash))
