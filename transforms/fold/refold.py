"""Fold stories again, slice after slice, in memory: what other settings or another order would make of them.

Nothing is decided here: each slice goes through the same `decide` as at its commit.
"""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa

from transforms.fold.decide import Decisions, decide
from transforms.fold.fingerprint import Records, pack
from transforms.fold.furniture import Furniture, latest, no_furniture
from transforms.fold.memory import Memory, remember
from transforms.fold.revisions import Identities
from transforms.fold.settings import FoldSettings
from transforms.fold.signature import Signatures, sign, undated_last
from transforms.fold.slices import IDENTITY, identities_of
from transforms.fold.texts import Texts, no_texts

COLUMNS = (*IDENTITY, "title", "text", "content_hash")
"""What is asked of stored stories."""


@dataclass(frozen=True, slots=True)
class Slice:
    """Stories that are decided together; one element a story in each field."""

    identities: Identities
    signatures: Signatures
    fingerprints: Records


@dataclass(frozen=True, slots=True)
class Remembered:
    """What the slices before have left: here they are remembered at once, not when they are committed."""

    memory: Memory = field(default_factory=Memory)
    furniture: Furniture = field(default_factory=no_furniture)


@dataclass(frozen=True, slots=True)
class Families:
    """What became of stories, each named by its article id."""

    family_of: dict[str, str] = field(default_factory=dict)
    links: list[tuple[str, str, float]] = field(default_factory=list)  # accepted pairs and their similarity
    published: dict[str, int] = field(default_factory=dict)  # microseconds since 1970, undated ones last

    def add(self, given: Slice, decisions: Decisions) -> None:
        """Count in the decisions on one more slice."""
        ids = [identifier.decode("ascii") for identifier in given.identities.article_id.tolist()]
        published = undated_last(given.identities.published).tolist()
        for one in decisions.decided:
            self.family_of[ids[one.row]] = one.family_id
            self.published[ids[one.row]] = published[one.row]
            self.links.extend((ids[one.row], partner, similarity) for partner, similarity, _ in one.links)

    def bridged(self) -> dict[str, str]:
        """Return the families as the view of that name shows them: merged where a link joins them."""
        return bridged(self.family_of, [link[:2] for link in self.links], self.published)


def slice_of(stories: pa.Table) -> Slice:
    """Return stored stories, a table of COLUMNS, as they were when they were decided."""
    identities = identities_of(stories)
    titles, texts = (stories.column(name).fill_null("").to_pylist() for name in ("title", "text"))
    signatures = sign(titles, texts, identities.published, stories.column("content_hash").to_pylist())
    return Slice(identities, signatures, pack(signatures))


def fold_again(
    given: Slice, before: Remembered, settings: FoldSettings, texts: Texts = no_texts
) -> tuple[Decisions, Remembered]:
    """Decide one slice, and return what it leaves to the next."""
    known = before.furniture
    decisions = decide(given.identities, [given.signatures], given.fingerprints, before.memory, settings, known, texts)
    furniture = Furniture(np.union1d(known.known, decisions.learned.hashes), latest(known.recent, decisions.lines))
    return decisions, Remembered(remember(before.memory, decisions.rows), furniture)


def bridged(
    family_of: Mapping[str, str], links: Sequence[tuple[str, str]], published: Mapping[str, int]
) -> dict[str, str]:
    """Return story → family with the families merged that a story joins, named by the smallest of them.

    It is in one and was accepted by the earliest story of the other too, as it would have been had both come in order;
    or it is linked with two stories of the other or more, and these are a third of it. Through single members families
    would drift from story to story. `published` says when: of equals the smaller id is the earlier.

    The same rule as that of the view `bridges` (`transforms/lake/views.py`), against which a test holds it.
    """
    root = {family: family for family in family_of.values()}
    sizes, met = Counter(family_of.values()), defaultdict[tuple[str, str], set[str]](set)
    order = {story: place for place, story in enumerate(sorted(family_of, key=lambda one: (published[one], one)))}
    first = {family_of[story]: story for story in reversed(order)}
    for one, other in links:
        met[one, family_of[other]].add(other)
        met[other, family_of[one]].add(one)
    joints = [
        joint
        for joint, members in met.items()
        if (first[joint[1]] in members and order[first[joint[1]]] < order[joint[0]])
        or (len(members) > 1 and sizes[joint[1]] <= 3 * len(members))
    ]
    # Towards the smaller id, so that the name does not depend on the order of the joints.
    for story, family in joints:
        one, other = _root(root, family_of[story]), _root(root, family)
        root[max(one, other)] = min(one, other)
    return {story: _root(root, family) for story, family in family_of.items()}


def _root(root: dict[str, str], family: str) -> str:
    while root[family] != family:
        root[family] = root[root[family]]  # a shorter way for whoever comes next
        family = root[family]
    return family
