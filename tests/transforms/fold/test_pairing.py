"""Which pairs a slice makes with what is stored, and what each pair is."""

import hashlib

import numpy as np
import pytest

from transforms.fold import pairing as module
from transforms.fold.compare import Relation
from transforms.fold.evidence import measure
from transforms.fold.fingerprint import pack
from transforms.fold.furniture import no_furniture, without
from transforms.fold.memory import Memory, remember
from transforms.fold.pairing import Looks, Pairing, gather, needs_name
from transforms.fold.segment import Rows
from transforms.fold.settings import DAY_US, FoldSettings
from transforms.fold.signature import join, line_hashes, sign
from transforms.fold.texts import StoredText

SETTINGS = FoldSettings()
# Of 200 words: the opening is another, and so many windows are that their Jaccard similarity is .71, the threshold .70.
DOUBTFUL = (*range(7), *range(20, 200, 20))


def named(number):
    return f"{number:032x}"


def signatures_of(stories):
    """Stories are (text, day, item) or (text, day, item, title)."""
    times = np.array([round(day * DAY_US) for _, day, *_ in stories], dtype=np.int64)
    texts = [text for text, *_ in stories]
    return sign(_titles(stories), texts, times, [_content(*both) for both in zip(_titles(stories), texts, strict=True)])


def _content(title, text):
    return "1:" + hashlib.sha256(f"{title}\n{text}".encode()).hexdigest()


def _titles(stories):
    return [(story[3:] or [""])[0] for story in stories]


def stored_rows(stories, numbers, families=None):
    ids = np.array([named(number) for number in numbers], "S32")
    items = np.array([named(item) for _, _, item, *_ in stories], "S32")
    canonical = ids if families is None else np.array([named(number) for number in families], "S32")
    revisions = np.arange(1, len(stories) + 1, dtype=np.int32)
    return Rows(ids, items, canonical, np.arange(len(ids), dtype=np.uint64), revisions, pack(signatures_of(stories)))


def remembered(*rows):
    memory = Memory()
    for part in rows:
        memory = remember(memory, part)
    return memory


def nodes_of(new, memory=None):
    signatures = signatures_of(new)
    rows = np.arange(len(new))
    items = np.array([named(item) for _, _, item, *_ in new], "S32")
    looks = Looks(signatures, rows, rows, no_furniture().known)
    return gather(looks, items, memory or Memory(), SETTINGS)


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
            {
                named(int(number[1:])).encode(): StoredText("", text, _content("", text))
                for number, text in told.items()
            },
        )

    def __call__(self, ids, published):
        self.asked += [int(identifier, 16) for identifier in ids.tolist()]
        return {one: self.told[one] for one in ids.tolist() if one in self.told}


def test_nodes_are_what_matters_of_the_stored_in_order_of_publication_then_the_slice(texts):
    stored = [(texts[0], 5, 10), (texts[1], 9, 11), (texts[2], 1, 12), (texts[3], 3, 13)]
    memory = remembered(stored_rows(stored, [1, 2, 3, 4], families=[1, 3, 3, 4]))
    nodes = nodes_of([(texts[0] + " more", 6, 20), (texts[1] + " more", 10, 21)], memory)
    assert [int(one, 16) for one in nodes.stored.article_id.tolist()] == [
        3,
        1,
        2,
    ]  # 3 as the canonical of 2, 4 not at all
    assert (nodes.first, len(nodes)) == (3, 5)
    assert [int(one, 16) for one in nodes.items.tolist()] == [12, 10, 11, 20, 21]
    assert sorted(map(tuple, nodes.candidates.tolist())) == [(1, 3), (2, 4)]


def test_how_the_memory_came_about_changes_nothing(texts):
    stored = [(text, day, 10 + day) for day, text in enumerate(texts)]
    rows = stored_rows(stored, range(1, 7))
    new = [(text + " more", 9, 30 + place) for place, text in enumerate(texts)]
    at_once, one_by_one = (
        nodes_of(new, remembered(*parts))
        for parts in ([rows], [rows.take(np.array([place])) for place in (3, 0, 5, 1, 4, 2)])
    )
    assert at_once.stored.article_id.tolist() == one_by_one.stored.article_id.tolist()
    assert at_once.candidates.tolist() == one_by_one.candidates.tolist()


def test_the_newest_stored_version_of_an_item_is_known_whatever_it_says(texts):
    memory = remembered(stored_rows([(texts[0], 0, 10), (texts[1], 1, 10), (texts[2], 2, 12)], [1, 2, 3]))
    nodes = nodes_of([(texts[4], 5, 12), (texts[5], 5, 13), (texts[3], 5, 10)], memory)
    assert [int(one, 16) for one in nodes.stored.article_id.tolist()] == [2, 3]
    assert nodes.newest.tolist() == [1, -1, 0]


@pytest.mark.parametrize(
    ("text", "title", "needy"),
    [
        ("", "", True),
        ("one two three four five", "", True),  # one window of five words, one key
        ("", "A title of so many words that it has some keys of its own", True),
        ("one two three four five six seven eight nine ten", "", False),
    ],
)
def test_what_has_no_text_or_few_words_is_not_met_by_keys(text, title, needy):
    assert needs_name(signatures_of([(text, 0, 1, title)]), np.arange(1)).tolist() == [needy]


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
