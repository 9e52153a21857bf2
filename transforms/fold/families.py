"""Which family each article joins: against the family's canonical article, or through a very close member.

Articles are decided one after the other. A node is a number: what is stored already comes first, then the articles of
the slice in the order of decision, so that the smaller of two nodes is always the earlier.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from transforms.fold.compare import Relation
from transforms.fold.settings import Thresholds


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


class Pairs(Protocol):
    """What is known of pairs of nodes."""

    def links(self, node: int) -> Sequence[Link]:
        """Return the pairs of a node with earlier ones of other items, accepted or refused."""

    def compare(self, node: int, other: int) -> Link:
        """Return what a node of this slice and any other node are."""

    def continues(self, node: int, before: int) -> bool:
        """Say whether the text is the same as that of an earlier version, whatever the time between them."""

    def item(self, node: int) -> bytes:
        """Return the item key of a node."""


def assign(
    nodes: Sequence[int], canonical_of: dict[int, int], before: Mapping[int, int], pairs: Pairs, limits: Thresholds
) -> list[Membership]:
    """Return what becomes of each node, in order.

    Args:
        nodes: the nodes to decide.
        canonical_of: the canonical node of each stored node; filled with those that are decided.
        before: the version of the same item before a node, where there is one.
        pairs: what is known of pairs.
        limits: how close a member, and its canonical, must be.
    """
    memberships = []
    for node in nodes:
        membership = _membership(node, canonical_of, before.get(node), pairs, limits)
        canonical_of[node] = membership.canonical
        memberships.append(membership)
    return memberships


def _membership(
    node: int, canonical_of: Mapping[int, int], before: int | None, pairs: Pairs, limits: Thresholds
) -> Membership:
    # A version that still says the same stays in its item's own family: it is no copy of an earlier version of itself.
    kept = canonical_of[before] if before is not None and pairs.continues(node, before) else None
    if kept is not None and pairs.item(kept) == pairs.item(node):
        return Membership(kept)
    # One of a duplicate may have become a copy of something else; only if of nothing does it stay a duplicate.
    links = pairs.links(node)
    best = _best(node, [link for link in links if link.accepted], canonical_of, pairs, limits)
    if best is not None:
        return Membership(canonical_of[best.partner], best)
    if kept is not None:
        return Membership(kept, _still(pairs.compare(node, kept)))
    refused = [link for link in links if link.relation == Relation.LOOKALIKE]
    return Membership(node, lookalike=max(refused, key=_strength, default=None))


def _still(link: Link) -> Link:
    """Return the pair as accepted: the version before was, and its text is the same; only its time may be another."""
    if link.accepted:
        return link
    return Link(link.partner, Relation.NEAR, link.similarity, link.containment, link.shorter)


def _best(
    node: int, accepted: Sequence[Link], canonical_of: Mapping[int, int], pairs: Pairs, limits: Thresholds
) -> Link | None:
    """Return the pair by which a node joins a family: with its canonical, else with a very close member."""
    direct = [link for link in accepted if canonical_of[link.partner] == link.partner]
    if direct:
        return _earliest_of_the_best(direct, limits)
    tried: set[int] = set()  # canonicals: one comparison for all members of a family
    for link in sorted(accepted, key=_strength, reverse=True):
        canonical = canonical_of[link.partner]
        if link.similarity < limits.member_jaccard or canonical in tried:
            continue
        if _near_enough(pairs.compare(node, canonical), limits):
            return link
        tried.add(canonical)
    return None


def _earliest_of_the_best(direct: Sequence[Link], limits: Thresholds) -> Link:
    """Return the exact copy, else the earliest of those about as similar as the most similar one.

    What is chosen by a hair parts the copies of one story among the families that began with two of them.
    """
    best = max(direct, key=_strength)
    if best.relation == Relation.EXACT:
        return best
    return min(
        (link for link in direct if link.similarity >= best.similarity - limits.canonical_margin),
        key=lambda link: link.partner,
    )


def _near_enough(link: Link, limits: Thresholds) -> bool:
    """Tell whether a canonical admits who comes through a member.

    Refused by the guard, it does not: a dated bulletin joined one of long ago through an undated member between them.
    """
    return link.similarity >= limits.canonical_jaccard and link.relation != Relation.LOOKALIKE


def _strength(link: Link) -> tuple[bool, float, float, int]:
    """Order pairs: exact copies first, then the most similar; of equals the earlier article."""
    return link.relation == Relation.EXACT, link.similarity, link.containment, -link.partner
