from dataclasses import dataclass, field

from transforms.fold.compare import Relation
from transforms.fold.families import Link, assign
from transforms.fold.settings import Thresholds


@dataclass
class Known:
    """Pairs as a table: (node, other) → similarity; a pair below .3 is none."""

    similarity: dict[tuple[int, int], float]
    refused: set[tuple[int, int]] = field(default_factory=set)
    unmet: set[tuple[int, int]] = field(default_factory=set)
    continued: set[int] = field(default_factory=set)
    items: dict[int, bytes] = field(default_factory=dict)

    def compare(self, node, other):
        similarity = self.similarity.get((node, other), 0.0)
        relation = Relation.NEAR if similarity >= 0.6 else Relation.NONE
        if (node, other) in self.refused:
            relation = Relation.LOOKALIKE
        return Link(other, relation, similarity, similarity, shorter=False)

    def links(self, node):
        return [self.compare(*pair) for pair in self.similarity if pair[0] == node and pair not in self.unmet]

    def continues(self, node, before):
        return node in self.continued

    def item(self, node):
        return self.items.get(node, b"%d" % node)


def canonicals(known, count, before=None, stored=None):
    canonical_of = dict(stored or {})
    memberships = assign(range(len(canonical_of), count), canonical_of, before or {}, known, Thresholds())
    return [membership.canonical for membership in memberships], memberships


def test_an_article_joins_the_most_similar_canonical():
    found, memberships = canonicals(Known({(2, 0): 0.7, (2, 1): 0.9}), 3)
    assert found == [0, 1, 1]
    assert memberships[2].by.partner == 1


def test_of_equally_similar_ones_the_earlier_wins():
    assert canonicals(Known({(2, 0): 0.9, (2, 1): 0.9}), 3)[0] == [0, 1, 0]


def test_of_about_equally_similar_ones_the_earliest_wins():
    assert canonicals(Known({(3, 0): 0.75, (3, 1): 0.82, (3, 2): 0.91}), 4)[0] == [0, 1, 2, 1]


def test_a_chain_of_small_changes_does_not_drift():
    # Each is like the one before; 2 is far from 0.
    found, _ = canonicals(Known({(1, 0): 0.85, (2, 1): 0.85, (2, 0): 0.3}), 3)
    assert found == [0, 0, 2]


def test_a_very_close_member_vouches_where_the_canonical_is_not_far():
    assert canonicals(Known({(1, 0): 0.7, (2, 1): 0.8, (2, 0): 0.4}), 3)[0] == [0, 0, 0]
    assert canonicals(Known({(1, 0): 0.7, (2, 1): 0.79, (2, 0): 0.4}), 3)[0] == [0, 0, 2]


def test_a_member_does_not_vouch_against_the_guard():
    known = Known({(1, 0): 0.7, (2, 1): 0.9, (2, 0): 0.55}, refused={(2, 0)})
    assert canonicals(known, 3)[0] == [0, 0, 2]


def test_a_canonical_that_was_not_met_is_compared_on_demand():
    known = Known({(1, 0): 0.7, (2, 1): 0.9, (2, 0): 0.5}, unmet={(2, 0)})
    found, memberships = canonicals(known, 3)
    assert found == [0, 0, 0]
    assert memberships[2].by.partner == 1


def test_what_the_guard_refused_is_named_on_articles_that_stay_alone():
    known = Known({(2, 0): 0.8, (2, 1): 0.9}, refused={(2, 0), (2, 1)})
    _, memberships = canonicals(known, 3)
    assert memberships[2].lookalike.partner == 1
    known = Known({(2, 0): 0.8, (2, 1): 0.9}, refused={(2, 1)})
    assert canonicals(known, 3)[1][2].lookalike is None


def test_stored_families_go_on():
    known = Known({(2, 1): 0.9, (2, 0): 0.5})
    assert canonicals(known, 3, stored={0: 0, 1: 0})[0] == [0]


def test_a_revision_of_the_same_text_stays_in_its_own_family():
    known = Known({(2, 1): 0.9}, continued={2}, items={0: b"x", 2: b"x"})
    found, memberships = canonicals(known, 3, before={2: 0})
    assert found == [0, 1, 0]
    assert memberships[2].by is None


def test_a_revision_with_another_text_is_folded_like_a_new_item():
    known = Known({(2, 1): 0.9}, items={0: b"x", 2: b"x"})
    assert canonicals(known, 3, before={2: 0})[0] == [0, 1, 1]
    assert canonicals(Known({}), 3, before={2: 0})[0] == [0, 1, 2]


def test_a_revision_of_a_copy_stays_with_the_copied():
    known = Known({(1, 0): 0.9, (2, 0): 0.5}, continued={2}, items={1: b"x", 2: b"x"}, unmet={(2, 0)})
    found, memberships = canonicals(known, 3, before={2: 1})
    assert found == [0, 0, 0]
    assert memberships[2].by.partner == 0
    assert memberships[2].by.accepted
