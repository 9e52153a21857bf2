"""Which family each article joins: against the family's canonical article, or through a very close member.

Articles are decided one after the other. A node is a number: what is stored already comes first, then the articles of
the slice in the order of decision, so that the smaller of two nodes is always the earlier.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from transforms.fold.compare import Relation

MEMBER_JACCARD = 0.80
"""Through a member of at least this similarity …"""
CANONICAL_JACCARD = 0.40
"""… whose canonical is still this similar: chains of small changes cannot drift away from where they began."""


@dataclass(frozen=True, slots=True)
class Link:
    """A pair, seen from the article that is decided later."""

    partner: int
    relation: Relation
    similarity: float
    containment: float
    shorter: bool  # than the partner

    @property
    def accepted(self) -> bool:
        """Whether the two are the same story."""
        return self.relation not in (Relation.NONE, Relation.LOOKALIKE)


@dataclass(frozen=True, slots=True)
class Membership:
    """What became of one article: its family's canonical node, and the pair by which it got there, if by one."""

    canonical: int
    by: Link | None = None
    lookalike: Link | None = None


@dataclass(frozen=True, slots=True)
class Pairing:
    """What Fold knows of pairs and versions."""

    links: Callable[[int], Sequence[Link]]  # of a node with earlier ones, never of the same item
    compare: Callable[[int, int], Link]  # any two nodes, the first of this slice
    before: Mapping[int, int]  # node → the version of the same item before it
    continues: Callable[[int, int], bool]  # the text is the same as the version's before, whatever the time between
    item: Callable[[int], bytes]  # item key of a node


def assign(nodes: Sequence[int], canonical_of: dict[int, int], pairing: Pairing) -> list[Membership]:
    """Return what becomes of each node, in order; `canonical_of` holds stored nodes and is filled with these."""
    memberships = []
    for node in nodes:
        membership = _membership(node, canonical_of, pairing)
        canonical_of[node] = membership.canonical
        memberships.append(membership)
    return memberships


def _membership(node: int, canonical_of: Mapping[int, int], pairing: Pairing) -> Membership:
    before = pairing.before.get(node)
    kept = canonical_of[before] if before is not None and pairing.continues(node, before) else None
    if kept is not None and pairing.item(kept) == pairing.item(node):
        return Membership(kept)
    links = pairing.links(node)
    best = _best(node, [link for link in links if link.accepted], canonical_of, pairing)
    if best is not None:
        return Membership(canonical_of[best.partner], best)
    if kept is not None:
        return Membership(kept, _still(pairing.compare(node, kept)))
    refused = [link for link in links if link.relation == Relation.LOOKALIKE]
    return Membership(node, lookalike=max(refused, key=_strength, default=None))


def _still(link: Link) -> Link:
    """Return the pair as accepted: the version before was, and its text is the same."""
    if link.accepted:
        return link
    return Link(link.partner, Relation.NEAR, link.similarity, link.containment, link.shorter)


def _best(node: int, accepted: Sequence[Link], canonical_of: Mapping[int, int], pairing: Pairing) -> Link | None:
    direct = [link for link in accepted if canonical_of[link.partner] == link.partner]
    if direct:
        return max(direct, key=_strength)
    tried: set[int] = set()
    for link in sorted(accepted, key=_strength, reverse=True):
        canonical = canonical_of[link.partner]
        if link.similarity < MEMBER_JACCARD or canonical in tried:
            continue
        if _near_enough(pairing.compare(node, canonical)):
            return link
        tried.add(canonical)
    return None


def _near_enough(link: Link) -> bool:
    return link.similarity >= CANONICAL_JACCARD and link.relation != Relation.LOOKALIKE


def _strength(link: Link) -> tuple[bool, float, float, int]:
    """Order pairs: exact copies first, then the most similar; of equals the earlier article."""
    return link.relation == Relation.EXACT, link.similarity, link.containment, -link.partner
