"""Which pairs a slice makes with what is stored, and what each pair is."""

import numpy as np
import pytest

from tests.transforms.fold.stored_stories import (
    SETTINGS,
    content,
    named,
    nodes_of,
    remembered,
    signatures_of,
    stored_rows,
)
from transforms.fold import pairing as module
from transforms.fold.compare import Relation
from transforms.fold.evidence import measure
from transforms.fold.furniture import without
from transforms.fold.nodes import Looks, gather
from transforms.fold.pairing import Pairing
from transforms.fold.signature import join, line_hashes, sign
from transforms.fold.texts import StoredText

# Of 200 words: the opening is another, and so many windows are that their Jaccard similarity is .71, the threshold .70.
DOUBTFUL = (*range(7), *range(20, 200, 20))


def changed(text, *places):
    parts = text.split()
    for place in places:
        parts[place] = f"other{place}"
    return " ".join(parts)


@pytest.fixture(scope="module")
def texts(words):
    return [" ".join(words(seed, 200)) for seed in range(6)]


class Asked:
    """Gives stored texts, and remembers which it was asked for."""

    def __init__(self, **told):
        self.asked, self.told = (
            [],
            {named(int(number[1:])).encode(): StoredText("", text, content("", text)) for number, text in told.items()},
        )

    def __call__(self, ids, published):
        self.asked += [int(identifier, 16) for identifier in ids.tolist()]
        return {one: self.told[one] for one in ids.tolist() if one in self.told}


def test_an_article_is_linked_with_earlier_ones_and_strangers_are_none(texts):
    new = [(texts[0], 0, 1), (texts[1], 1, 2), (changed(texts[0], 7), 2, 3), (changed(texts[0], 90), 3, 4)]
    pairing = Pairing(nodes_of(new), SETTINGS)
    assert [[link.partner for link in pairing.links(node)] for node in range(4)] == [[], [], [0], [0, 2]]
    assert all(link.relation is Relation.NEAR for link in pairing.links(3))


def test_what_the_guard_refuses_is_a_link_that_is_not_accepted(words):
    form = " ".join(words(9, 80)).translate(str.maketrans("0123456789", "ghijklmnop"))  # else each word is a number
    (link,) = Pairing(nodes_of([(f"{form} at 4 and 12", 0, 1), (f"{form} at 5 and 77", 1, 2)]), SETTINGS).links(1)
    assert (link.relation, link.accepted) == (Relation.LOOKALIKE, False)


def test_versions_of_one_item_are_no_pair(texts):
    memory = remembered(stored_rows([(texts[0], 0, 1)], [1]))
    pairing = Pairing(nodes_of([(changed(texts[0], 5), 1, 1), (changed(texts[0], 9), 2, 1)], memory), SETTINGS)
    assert [list(pairing.links(node)) for node in (1, 2)] == [[], []]
    assert pairing.continues(1, 0)
    assert pairing.continues(2, 1)


def test_a_link_says_which_is_shorter_and_equal_words_under_another_title_are_wholly_similar(texts):
    tiny = " ".join(texts[1].split()[:24])
    new = [(texts[0], 0, 1), (tiny, 0, 4, "rain"), (tiny, 1, 2, "sun"), (" ".join(texts[0].split()[:150]), 2, 3)]
    pairing = Pairing(nodes_of(new), SETTINGS)
    (same,), (cut,) = pairing.links(2), pairing.links(3)
    assert (same.relation, same.similarity, same.containment, same.shorter) == (Relation.NEAR, 1, 1, False)
    assert (cut.partner, cut.shorter, cut.similarity) == (0, True, pytest.approx(148 / 198))


def test_links_are_bound_by_the_horizon_and_comparisons_by_none(texts):
    new = [(texts[0], 0, 1), (changed(texts[0], *range(10, 190, 30)), 400, 2)]
    pairing = Pairing(nodes_of(new), SETTINGS)
    assert list(pairing.links(1)) == []
    assert pairing.compare(1, 0).accepted
    assert pairing.continues(1, 0)


def test_only_doubtful_pairs_are_read_and_what_was_read_decides(texts):
    near = changed(texts[0], *DOUBTFUL)
    memory = remembered(stored_rows([(texts[0], 0, 10), (texts[1], 0, 11)], [1, 2]))
    asked = Asked(_1=texts[0], _2=texts[1])
    new = [(near, 1, 20), (texts[1], 1, 21)]
    pairing = Pairing(nodes_of(new, memory), SETTINGS, asked)
    assert asked.asked == [1]
    both = sign(["", ""], [texts[0], near], np.zeros(2, np.int64))
    exact = measure(both, np.array([0]), np.array([1]), SETTINGS.limits)
    (link,) = pairing.links(2)
    assert (link.similarity, link.containment) == (exact.jaccard[0], exact.containment[0])
    assert pairing.compare(2, 0).similarity == link.similarity
    assert list(pairing.texts) == [named(1).encode()]


def test_a_text_that_cannot_be_read_leaves_the_estimate(texts):
    memory = remembered(stored_rows([(texts[0], 0, 10)], [1]))
    new = [(changed(texts[0], *DOUBTFUL), 1, 20)]
    unread, estimated = Pairing(nodes_of(new, memory), SETTINGS, Asked()), Pairing(nodes_of(new, memory), SETTINGS)
    assert unread.links(1) == estimated.links(1)
    assert unread.texts == {}


def test_a_title_in_front_of_one_text_only_is_a_reason_to_read(words, monkeypatch):
    monkeypatch.setattr(module, "unclear", lambda evidence, _settings: np.zeros(len(evidence), dtype=bool))
    tiny = " ".join(words(1, 20))
    memory = remembered(stored_rows([(tiny, 0, 10, "Rain over the town")], [1]))
    for title, read in (("Rain over the town", [1]), ("Nothing of the kind", [])):
        asked = Asked()
        Pairing(nodes_of([(f"{tiny} and on and on it went today", 0, 20, title)], memory), SETTINGS, asked)
        assert asked.asked == read


def test_what_was_stored_before_its_furniture_was_known_is_read_where_furniture_makes_a_pair(words):
    story, site = " ".join(words(1, 60)), " ".join(words(2, 90))
    memory = remembered(stored_rows([(f"{story}\n{site}", 0, 10)], [1]))
    plain = signatures_of([(f"{story}\n{site}", 1, 20)])
    looks = {
        "known": Looks(
            join([plain, without(plain, np.array([0]), line_hashes([site]))]),
            np.array([1]),
            np.array([0]),
            line_hashes([site]),
        ),
        "unknown": Looks(plain, np.array([0]), np.array([0]), line_hashes([])),
    }
    for furniture, read in (("known", [1]), ("unknown", [])):
        asked = Asked(_1=f"{story}\n{site}")
        nodes = gather(looks[furniture], np.array([named(20)], "S32"), memory, SETTINGS)
        pairing = Pairing(nodes, SETTINGS, asked)
        assert asked.asked == read
        assert [link.similarity for link in pairing.links(1)] == [1]


def test_pairs_measured_some_at_a_time_are_the_same_pairs(texts, monkeypatch):
    memory = remembered(stored_rows([(text, 0, 10 + place) for place, text in enumerate(texts)], range(1, 7)))
    new = [(changed(text, 3 * turn), turn, 100 * turn + place) for turn in (1, 2) for place, text in enumerate(texts)]
    whole = Pairing(nodes_of(new, memory), SETTINGS)
    monkeypatch.setattr(module, "_BLOCK", 2)
    parts = Pairing(nodes_of(new, memory), SETTINGS)
    assert [parts.links(node) for node in range(6, 18)] == [whole.links(node) for node in range(6, 18)]
    assert sum(len(whole.links(node)) for node in range(6, 18)) == 18


def test_a_slice_of_nothing_has_no_pairs():
    assert len(nodes_of([])) == 0
    assert Pairing(nodes_of([]), SETTINGS).texts == {}
