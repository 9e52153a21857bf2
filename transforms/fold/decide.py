"""What becomes of the articles of one slice, given what is remembered: pure, and whatever order they come in."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from schemas.records import Outcome
from transforms.fold.compare import Evidence, Relation, join_evidence, judge
from transforms.fold.evidence import Facts, facts_of, measure
from transforms.fold.families import Link, Membership, Pairing, assign
from transforms.fold.fingerprint import Records, compare_stored, pack
from transforms.fold.furniture import learn, mask
from transforms.fold.memory import Memory
from transforms.fold.ragged import Ints
from transforms.fold.revisions import Identities, decision_order, seen, versions_before
from transforms.fold.segment import Rows
from transforms.fold.settings import FoldSettings
from transforms.fold.signature import Signatures
from transforms.fold.sketch import Pairs, candidate_pairs


@dataclass(frozen=True, slots=True)
class Decision:
    """What became of one article that was not seen before."""

    row: int  # in the slice as given
    outcome: Outcome
    family_id: str
    links: tuple[tuple[str, float, float], ...]  # article id, similarity, containment
    revision: int
    revision_of: str | None
    lookalike_of: str | None
    by: Link | None  # the pair by which it was folded
    partner: str | None  # its article id
    partner_row: int | None  # its row, where it is of this slice


@dataclass(frozen=True, slots=True)
class Decisions:
    """A slice decided; seen rows stand in no decision."""

    decided: Sequence[Decision]  # in the order of decision
    fingerprints: Records  # of the decided, in that order
    rows: Rows  # what the memory learns from it once it is committed


def decide(identities: Identities, signatures: Signatures, memory: Memory, settings: FoldSettings) -> Decisions:
    """Decide a slice.

    Args:
        identities: who its articles are.
        signatures: what they look like, in the same order.
        memory: what earlier commits stored.
        settings: the horizons.
    """
    fresh = np.flatnonzero(~seen(identities, memory))
    order = decision_order(identities, fresh)
    signatures = signatures.take(order)
    signatures = mask(signatures, learn(signatures))
    slice_ = _Slice(identities, order, facts_of(signatures, identities.published[order]), memory, settings)
    memberships = slice_.memberships()
    return slice_.decisions(memberships)


class _Slice:
    """One slice while it is decided: nodes are stored rows that matter here, then its articles in order of decision."""

    def __init__(
        self, identities: Identities, order: Ints, facts: Facts, memory: Memory, settings: FoldSettings
    ) -> None:
        self._facts, self._settings, self._order = facts, settings, order
        items = identities.item_key[order]
        candidates = memory.candidates(facts.signatures.keys, facts.published, settings.repost_horizon_days)
        newest = memory.newest(items)
        numbers = _involved(memory, candidates[:, 1], newest)
        self._stored = memory.rows(numbers)
        self._first = len(numbers)  # node of the first article of this slice
        self._ids = np.concatenate((self._stored.article_id, identities.article_id[order]))
        self._items = np.concatenate((self._stored.item_key, items))
        self._raw = identities.raw[order]
        place = {number: node for node, number in enumerate(numbers.tolist())}
        self._before = self._versions(newest, place)
        self._pairs, self._evidence = self._compared(candidates, place)
        self._relations = judge(self._evidence, settings)
        self._bounds = np.searchsorted(self._pairs[:, 1], np.arange(self._first, self._first + len(order) + 1))

    def memberships(self) -> list[Membership]:
        """Assign every article of the slice to a family."""
        families = _nodes_of(self._stored)
        pairing = Pairing(
            self._links, self._compare, self._before, self._continues, lambda node: bytes(self._items[node])
        )
        return assign(range(self._first, len(self._ids)), families, pairing)

    def decisions(self, memberships: Sequence[Membership]) -> Decisions:
        """Return the decisions, and what the memory learns from them."""
        ids = [identifier.decode() for identifier in self._ids.tolist()]
        families = [bytes(family).decode() for family in self._stored.family_id.tolist()]
        revisions = self._stored.revision.tolist()
        decided = []
        for place, membership in enumerate(memberships):
            node = self._first + place
            before = self._before.get(node)
            families.append(ids[node] if membership.canonical == node else families[membership.canonical])
            revisions.append(1 if before is None else revisions[before] + 1)
            decided.append(self._decision(node, membership, ids, families[node], revisions[node]))
        fingerprints = pack(self._facts)
        rows = Rows(
            self._ids[self._first :],
            self._items[self._first :],
            np.array(families[self._first :], dtype="S32"),
            self._raw,
            np.array(revisions[self._first :], dtype=np.int32),
            fingerprints,
        )
        return Decisions(decided, fingerprints, rows)

    def _decision(self, node: int, membership: Membership, ids: Sequence[str], family: str, revision: int) -> Decision:
        before, by = self._before.get(node), membership.by
        partner_place = -1 if by is None else by.partner - self._first
        return Decision(
            row=int(self._order[node - self._first]),
            outcome=_outcome(by, before),
            family_id=family,
            links=tuple(
                (ids[link.partner], link.similarity, link.containment) for link in self._links(node) if link.accepted
            ),
            revision=revision,
            revision_of=None if before is None else ids[before],
            lookalike_of=None if membership.lookalike is None else ids[membership.lookalike.partner],
            by=by,
            partner=None if by is None else ids[by.partner],
            partner_row=int(self._order[partner_place]) if partner_place >= 0 else None,
        )

    def _versions(self, newest: Ints, place: Mapping[int, int]) -> dict[int, int]:
        """Return for each article that revises another one the node of the version before it."""
        within = versions_before(self._items[self._first :])
        before = {}
        for index in np.flatnonzero((within >= 0) | (newest >= 0)).tolist():
            earlier = int(within[index])
            before[self._first + index] = self._first + earlier if earlier >= 0 else place[int(newest[index])]
        return before

    def _compared(self, candidates: Pairs, place: Mapping[int, int]) -> tuple[Pairs, Evidence]:
        """Return the pairs (earlier node, later node) of different items, sorted by the later, with their evidence."""
        nodes = np.array([place[number] for number in candidates[:, 1].tolist()], dtype=np.int64)
        against = np.column_stack((nodes, candidates[:, 0] + self._first))
        within = candidate_pairs(self._facts.signatures.keys) + self._first
        against, within = self._of_different_items(against), self._of_different_items(within)
        evidence = join_evidence(
            [
                compare_stored(self._facts, against[:, 1] - self._first, self._stored.fingerprint[against[:, 0]]),
                measure(self._facts, within[:, 0] - self._first, within[:, 1] - self._first),
            ]
        )
        pairs = np.concatenate((against, within))
        order = np.lexsort((pairs[:, 0], pairs[:, 1]))
        return pairs[order], evidence.take(order)

    def _of_different_items(self, pairs: Pairs) -> Pairs:
        different: Pairs = pairs[self._items[pairs[:, 0]] != self._items[pairs[:, 1]]]
        return different

    def _links(self, node: int) -> list[Link]:
        place = node - self._first
        pairs = range(int(self._bounds[place]), int(self._bounds[place + 1]))
        return [
            self._link(int(self._pairs[pair, 0]), node, self._evidence, self._relations[pair], pair)
            for pair in pairs
            if self._relations[pair]
        ]

    def _link(self, partner: int, node: int, evidence: Evidence, relation: int, pair: int) -> Link:
        same = bool(evidence.same_text[pair]) and not evidence.title_only[pair]
        exact = relation == Relation.EXACT or (same and relation == Relation.NEAR)
        return Link(
            partner,
            Relation(int(relation)),
            1.0 if exact else float(evidence.jaccard[pair]),
            1.0 if exact else float(evidence.containment[pair]),
            self._tokens(node) < self._tokens(partner),
        )

    def _tokens(self, node: int) -> int:
        if node < self._first:
            return int(self._stored.fingerprint["tokens"][node])
        return int(self._facts.signatures.words.sizes[node - self._first])

    def _evidence_on(self, node: int, other: int) -> Evidence:
        row = np.array([node - self._first])
        if other < self._first:
            return compare_stored(self._facts, row, self._stored.fingerprint[[other]])
        return measure(self._facts, row, np.array([other - self._first]))

    def _compare(self, node: int, other: int) -> Link:
        evidence = self._evidence_on(node, other)
        return self._link(other, node, evidence, int(judge(evidence, self._settings)[0]), 0)

    def _continues(self, node: int, before: int) -> bool:
        """Say whether the text is the same as that of an earlier version, whatever the time between them."""
        return int(judge(self._evidence_on(node, before), self._settings, with_time=False)[0]) > Relation.LOOKALIKE


def _involved(memory: Memory, candidates: Ints, newest: Ints) -> Ints:
    """Return the stored rows that matter to a slice: met ones, earlier versions, the canonicals of both; in order."""
    met = np.unique(np.concatenate((candidates, newest[newest >= 0])))
    canonicals = memory.find(memory.rows(met).family_id)
    numbers = np.unique(np.concatenate((met, canonicals[canonicals >= 0])))
    rows = memory.rows(numbers)
    # Row numbers depend on how the memory came about; publication and id do not.
    return numbers[np.lexsort((rows.article_id, rows.fingerprint["published"]))]


def _nodes_of(stored: Rows) -> dict[int, int]:
    """Return the canonical node of each stored node."""
    nodes = {identifier: node for node, identifier in enumerate(stored.article_id.tolist())}
    return {node: nodes.get(family, node) for node, family in enumerate(stored.family_id.tolist())}


def _outcome(by: Link | None, before: int | None) -> Outcome:
    if by is None:
        return "new" if before is None else "revision"
    if by.relation == Relation.EXACT:
        return "exact"
    if by.relation == Relation.NEAR:
        return "near"
    return "excerpt" if by.shorter else "expansion"
