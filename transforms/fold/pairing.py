"""What each pair of nodes is: the pairs met within a slice and with what is stored, and any other on demand."""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from transforms.fold.compare import Evidence, Relation, join_evidence, judge
from transforms.fold.evidence import measure
from transforms.fold.families import Link
from transforms.fold.fingerprint import compare_stored
from transforms.fold.furniture import bare
from transforms.fold.nodes import Nodes, needs_name
from transforms.fold.ragged import Flags, Ints
from transforms.fold.settings import FoldSettings
from transforms.fold.signature import Signatures, join, sign
from transforms.fold.sketch import Pairs, candidate_pairs, distinct_pairs, named_pairs
from transforms.fold.texts import StoredText, Texts, no_texts
from transforms.fold.titles import maybe_titled, titled
from transforms.fold.unclear import unclear

_BLOCK = 100_000  # pairs measured together, 1 KB each for that time; bulletins of one form make 200 and more an article


class Pairing:
    """What each pair of nodes is: met as candidates, or compared on demand."""

    def __init__(self, nodes: Nodes, settings: FoldSettings, texts: Texts = no_texts) -> None:
        self._nodes, self._settings, self._first = nodes, settings, nodes.first
        # For pairs that are compared on demand: a canonical may be older than the horizon, its members are within it.
        self._ever = replace(settings, horizon_days=math.inf, repost_horizon_days=math.inf)
        self._told = _Told({}, np.empty(0, np.int64), sign([], [], np.empty(0, np.int64)))
        self._sizes: list[int] = [
            *nodes.stored.fingerprint["tokens"].tolist(),
            *nodes.signatures.words.sizes[nodes.rows].tolist(),
        ]
        pairs, evidence = self._measured(texts)
        relations = judge(evidence, settings)
        met = np.flatnonzero(relations)
        self._links = _links(pairs[met], evidence.take(met), relations[met], self._sizes)
        self._bounds = np.searchsorted(pairs[met][:, 1], np.arange(nodes.first, len(nodes) + 1)).tolist()

    @property
    def texts(self) -> Mapping[bytes, StoredText]:
        """What was read of stored articles, by article id."""
        return self._told.texts

    def links(self, node: int) -> Sequence[Link]:
        """Return the pairs of an article with earlier ones of other items, accepted or refused."""
        place = node - self._first
        return self._links[self._bounds[place] : self._bounds[place + 1]]

    def compare(self, node: int, other: int) -> Link:
        """Return what an article and any other node are, whatever the horizon: it is for those that meet."""
        evidence = self._evidence(node, other)
        pair = np.array([[other, node]])
        return _links(pair, evidence, judge(evidence, self._ever), self._sizes)[0]

    def continues(self, node: int, before: int) -> bool:
        """Say whether the text is the same as that of an earlier version, whatever the time between them."""
        return int(judge(self._evidence(node, before), self._settings, with_time=False)[0]) > Relation.LOOKALIKE

    def item(self, node: int) -> bytes:
        """Return the item key of a node."""
        return bytes(self._nodes.items[node])

    def _evidence(self, node: int, other: int) -> Evidence:
        nodes = self._nodes
        if other >= nodes.first:
            rows = nodes.rows[[node - nodes.first]], nodes.rows[[other - nodes.first]]
            return measure(nodes.signatures, *rows, self._settings.limits)
        # What was read of a stored text decides wherever it is met; nothing is read for a single pair.
        pair = np.array([[other, node]])
        return self._read(pair) if other in self._told.nodes else self._estimated(pair, nodes.rows)

    def _measured(self, texts: Texts) -> tuple[Pairs, Evidence]:
        """Return the pairs (earlier node, later node) that are no strangers, by the later, with their evidence."""
        nodes = self._nodes
        within, known = self._within()
        against, estimated, doubtful = self._against()
        self._told = _told(nodes, np.unique(against[doubtful, 0]), texts)
        # A text that is past the budget of a slice leaves the estimate.
        doubtful &= np.isin(against[:, 0], self._told.nodes)
        pairs = np.concatenate((against[~doubtful], against[doubtful], within))
        evidence = join_evidence([estimated.take(~doubtful), self._read(against[doubtful]), known])
        # By the later node, so that the pairs of each node lie side by side, and by the earlier, so that they have one
        # order however they were met.
        order = np.lexsort((pairs[:, 0], pairs[:, 1]))
        return pairs[order], evidence.take(order)

    def _within(self) -> tuple[Pairs, Evidence]:
        """Return the pairs of the slice's own articles that are no strangers."""
        nodes, kept, known = self._nodes, [], []
        for pairs in _blocks(self._of_different_items(_met_within(nodes.signatures, nodes.rows) + nodes.first)):
            rows = nodes.rows[pairs - nodes.first]
            evidence = measure(nodes.signatures, rows[:, 0], rows[:, 1], self._settings.limits)
            related = judge(evidence, self._settings) > Relation.NONE
            kept.append(pairs[related])
            known.append(evidence.take(related))
        return np.concatenate(kept), join_evidence(known)

    def _against(self) -> tuple[Pairs, Evidence, Flags]:
        """Return the pairs with stored articles that may be no strangers, and which of them are in doubt."""
        kept, known, in_doubt = [], [], []
        for pairs in _blocks(self._of_different_items(self._nodes.candidates)):
            estimated = self._estimated(pairs, self._nodes.rows)
            doubtful = self._in_doubt(pairs, estimated)
            related = doubtful | (judge(estimated, self._settings) > Relation.NONE)
            kept.append(pairs[related])
            known.append(estimated.take(related))
            in_doubt.append(doubtful[related])
        return np.concatenate(kept), join_evidence(known), np.concatenate(in_doubt)

    def _in_doubt(self, pairs: Pairs, estimated: Evidence) -> Flags:
        """Return which pairs with stored articles are worth reading a text.

        An article that was stored before its furniture was known is like the newcomer only with furniture. A title in
        front of one of the two is part of its fingerprint.
        """
        doubtful, nodes = unclear(estimated, self._settings), self._nodes
        places = pairs[:, 1] - nodes.first
        doubtful |= self._unlike_titled(pairs, nodes.rows[places], estimated)
        late = np.flatnonzero(nodes.rows[places] != nodes.whole[places])
        furnished = self._estimated(pairs[late], nodes.whole)
        accepted = judge(estimated.take(late), self._settings) > Relation.LOOKALIKE
        doubtful[late] |= (judge(furnished, self._settings) > Relation.LOOKALIKE) & ~accepted
        return doubtful

    def _unlike_titled(self, pairs: Pairs, rows: Ints, estimated: Evidence) -> Flags:
        """Return which pairs of like title have it in front of one text, as it seems, and not of the other."""
        stored = self._nodes.stored.fingerprint[pairs[:, 0]]
        new, place = np.unique(rows, return_inverse=True)
        before, here = maybe_titled(stored["tokens"], stored["title_size"]), titled(self._nodes.signatures, new)[place]
        unlike: Flags = (before != here) & (estimated.title >= self._settings.limits.edited_title)
        return unlike & ~estimated.title_only

    def _estimated(self, pairs: Pairs, rows: Ints) -> Evidence:
        """Return the evidence on pairs (stored node, node of the slice) from fingerprints."""
        nodes = self._nodes
        looks = rows[pairs[:, 1] - nodes.first]
        return compare_stored(nodes.signatures, looks, nodes.stored.fingerprint[pairs[:, 0]])

    def _read(self, pairs: Pairs) -> Evidence:
        """Return the evidence on such pairs from the texts of both."""
        nodes, told = self._nodes, self._told
        new, rows = np.unique(nodes.rows[pairs[:, 1] - nodes.first], return_inverse=True)
        both = join([nodes.signatures.take(new), told.signatures])
        return measure(both, np.searchsorted(told.nodes, pairs[:, 0]) + len(new), rows, self._settings.limits)

    def _of_different_items(self, pairs: Pairs) -> Pairs:
        items = self._nodes.items
        different: Pairs = pairs[items[pairs[:, 0]] != items[pairs[:, 1]]]
        return different


@dataclass(frozen=True, slots=True)
class _Told:
    """Stored articles whose text was read."""

    texts: Mapping[bytes, StoredText]
    nodes: Ints  # sorted
    signatures: Signatures  # of the nodes, without furniture


def _told(nodes: Nodes, wanted: Ints, texts: Texts) -> _Told:
    ids, published = nodes.stored.article_id[wanted], nodes.stored.fingerprint["published"][wanted]
    found = texts(ids, published)
    here = np.array([identifier in found for identifier in ids.tolist()], dtype=bool)
    read = [found[identifier] for identifier in ids[here].tolist()]
    signatures = sign(
        [one.title for one in read], [one.text for one in read], published[here], [one.content_hash for one in read]
    )
    return _Told(found, wanted[here], bare(signatures, nodes.furniture))


def _met_within(signatures: Signatures, rows: Ints) -> Pairs:
    """Return the pairs of a slice worth a comparison; what has few words or none is met by its title or its text."""
    keys = signatures.keys[rows]
    needy = needs_name(signatures, rows)
    return distinct_pairs(
        candidate_pairs(keys),
        named_pairs(signatures.title_hash[rows], needy),
        named_pairs(signatures.text_hash[rows], needy),
    )


def _blocks(pairs: Pairs) -> Iterator[Pairs]:
    """Yield the pairs some at a time, once at least."""
    for start in range(0, max(1, len(pairs)), _BLOCK):
        yield pairs[start : start + _BLOCK]


def _links(pairs: Pairs, evidence: Evidence, relations: npt.NDArray[np.int8], sizes: Sequence[int]) -> list[Link]:
    """Return each pair seen from its later node; the same text under another title is wholly similar."""
    same = (evidence.same_text & ~evidence.title_only & (relations == Relation.NEAR)) | (relations == Relation.EXACT)
    columns = (
        pairs[:, 0],
        pairs[:, 1],
        relations,
        np.where(same, 1.0, evidence.jaccard),
        np.where(same, 1.0, evidence.containment),
    )
    return [
        Link(earlier, _RELATIONS[relation], similarity, containment, sizes[later] < sizes[earlier])
        for earlier, later, relation, similarity, containment in zip(*(c.tolist() for c in columns), strict=True)
    ]


_RELATIONS = {int(relation): relation for relation in Relation}
