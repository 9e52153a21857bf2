"""What becomes of the articles of one slice, given what is remembered: pure, and whatever order they come in."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate

import numpy as np

from schemas.records import Outcome
from transforms.fold.compare import Relation
from transforms.fold.families import Link, Membership, assign
from transforms.fold.fingerprint import Records, pack
from transforms.fold.furniture import (
    Furniture,
    Learned,
    Lines,
    join_lines,
    learn,
    lines_of,
    no_furniture,
    touched,
    without,
)
from transforms.fold.memory import Memory
from transforms.fold.nodes import Looks, Nodes, gather
from transforms.fold.pairing import Pairing
from transforms.fold.ragged import Ints
from transforms.fold.revisions import Identities, decision_order, seen, versions_before
from transforms.fold.segment import Rows
from transforms.fold.settings import FoldSettings
from transforms.fold.signature import Signatures, join
from transforms.fold.texts import StoredText, Texts, no_texts


@dataclass(frozen=True, slots=True)
class Decision:
    """What became of one article that was not seen before."""

    row: int  # in the slice as given
    outcome: Outcome
    family_id: str
    links: Sequence[tuple[str, float, float]]  # article id, similarity, containment
    revision: int
    revision_of: str | None
    lookalike_of: str | None
    by: Link | None  # the pair by which it was folded
    partner: str | None  # its article id
    partner_row: int | None  # its row, where it is of this slice


@dataclass(frozen=True, slots=True)
class Decisions:
    """A slice decided; articles seen before stand in no decision."""

    decided: Sequence[Decision]  # in the order of decision
    rows: Rows  # what the memory learns from it once it is committed, in the same order
    learned: Learned  # furniture that was not known before
    lines: Lines  # of the decided articles, in the same order, without known furniture
    texts: Mapping[bytes, StoredText]  # of stored articles, as far as they were read


def decide(
    identities: Identities,
    signatures: Sequence[Signatures],
    fingerprints: Records,
    memory: Memory,
    settings: FoldSettings,
    furniture: Furniture | None = None,
    texts: Texts = no_texts,
) -> Decisions:
    """Decide a slice.

    Args:
        identities: who its articles are.
        signatures: what they look like, in the same order, in parts that are joined once: at least one.
        fingerprints: what is kept of them, likewise.
        memory: what earlier commits stored.
        settings: the horizons.
        furniture: what earlier commits know of site furniture.
        texts: gives the texts of stored articles that fingerprints cannot tell apart.
    """
    # What was seen leaves first: it would teach furniture twice, and be a copy of itself.
    order = decision_order(identities, np.flatnonzero(~seen(identities, memory)))
    furniture = no_furniture() if furniture is None else furniture
    # Before candidates: furniture in common makes strangers meet, and hides short copies behind what is around them.
    looks, fingerprints, learned = _unfurnished(signatures, fingerprints, order, furniture)
    nodes = gather(looks, identities.item_key[order], memory, settings)
    pairing, before = Pairing(nodes, settings, texts), _versions(nodes)
    memberships = assign(range(nodes.first, len(nodes)), _families(nodes.stored), before, pairing, settings.limits)
    given = _Given(identities, order, fingerprints[looks.rows])
    decided = _decisions(nodes, pairing, memberships, before, given)
    lines = lines_of(looks.signatures, looks.rows)
    return Decisions(decided, _remembered(nodes, decided, given), learned, lines, pairing.texts)


def _unfurnished(
    parts: Sequence[Signatures], fingerprints: Records, order: Ints, furniture: Furniture
) -> tuple[Looks, Records, Learned]:
    """Return what the articles in order look like without site furniture, and which furniture is new."""
    lines = join_lines(*(lines_of(part, np.arange(len(part))) for part in parts)).take(order)
    learned = learn(lines, furniture)
    learned = replace(learned, row=order[learned.row])
    known = np.union1d(furniture.known, learned.hashes)
    # Articles that hold some are signed again and put behind all others: nothing that lies in a mapped file is moved,
    # and each keeps its row with furniture, by which it meets what was stored before that was known.
    rows = [touched(part, known) for part in parts]
    without_any = [without(part, some, known) for part, some in zip(parts, rows, strict=True) if len(some)]
    begun = accumulate(map(len, parts), initial=0)
    furnished = np.concatenate([first + some for first, some in zip(begun, rows, strict=False)])
    place = np.arange(len(fingerprints))
    place[furnished] = len(fingerprints) + np.arange(len(furnished))
    looks = Looks(join([*parts, *without_any]), place[order], order, known)
    return looks, np.concatenate((fingerprints, *map(pack, without_any))), learned


def _versions(nodes: Nodes) -> dict[int, int]:
    """Return for each article that revises another one the node of the version before it."""
    within = versions_before(nodes.items[nodes.first :])
    before = np.where(within >= 0, within + nodes.first, nodes.newest)
    revising = np.flatnonzero(before >= 0)
    return dict(zip((revising + nodes.first).tolist(), before[revising].tolist(), strict=True))


def _families(stored: Rows) -> dict[int, int]:
    """Return the canonical node of each stored node; its own where the canonical was taken down."""
    nodes = {identifier: node for node, identifier in enumerate(stored.article_id.tolist())}
    return {node: nodes.get(family, node) for node, family in enumerate(stored.family_id.tolist())}


@dataclass(frozen=True, slots=True)
class _Given:
    """What is known of the slice's articles besides their nodes."""

    identities: Identities
    order: Ints
    fingerprints: Records  # in the order of decision


def _decisions(
    nodes: Nodes, pairing: Pairing, memberships: Sequence[Membership], before: Mapping[int, int], given: _Given
) -> list[Decision]:
    """Return what became of each article: names take the place of nodes. Families and revisions grow with the loop."""
    ids = _decoded([*nodes.stored.article_id.tolist(), *given.identities.article_id[given.order].tolist()])
    families = _decoded(nodes.stored.family_id.tolist())
    revisions = nodes.stored.revision.tolist()
    order = given.order.tolist()
    decided = []
    for node, membership in enumerate(memberships, start=nodes.first):
        earlier, by = before.get(node), membership.by
        families.append(ids[node] if membership.canonical == node else families[membership.canonical])
        revisions.append(1 if earlier is None else revisions[earlier] + 1)
        decided.append(
            Decision(
                row=order[node - nodes.first],
                outcome=_outcome(by, earlier),
                family_id=families[node],
                links=[(ids[x.partner], x.similarity, x.containment) for x in pairing.links(node) if x.accepted],
                revision=revisions[node],
                revision_of=None if earlier is None else ids[earlier],
                lookalike_of=None if membership.lookalike is None else ids[membership.lookalike.partner],
                by=by,
                partner=None if by is None else ids[by.partner],
                partner_row=order[by.partner - nodes.first] if by is not None and by.partner >= nodes.first else None,
            )
        )
    return decided


def _remembered(nodes: Nodes, decided: Sequence[Decision], given: _Given) -> Rows:
    """Return what the memory keeps of the decided articles: just what it would read of them from the tables."""
    ids = given.identities.article_id[given.order]
    return Rows(
        ids,
        nodes.items[nodes.first :],
        np.array([one.family_id for one in decided], dtype=ids.dtype),
        given.identities.raw[given.order],
        np.array([one.revision for one in decided], dtype=np.int32),
        given.fingerprints,
    )


def _decoded(ids: Sequence[bytes]) -> list[str]:
    return [identifier.decode("ascii") for identifier in ids]


def _outcome(by: Link | None, before: int | None) -> Outcome:
    if by is None:
        return "new" if before is None else "revision"
    if by.relation == Relation.EXACT:
        return "exact"
    if by.relation == Relation.NEAR:
        return "near"
    return "excerpt" if by.shorter else "expansion"
