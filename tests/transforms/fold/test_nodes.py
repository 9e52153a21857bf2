"""Which stored rows a slice is decided about, and how they are numbered."""

import numpy as np
import pytest

from tests.transforms.fold.stored_stories import nodes_of, remembered, signatures_of, stored_rows
from transforms.fold.nodes import needs_name


@pytest.fixture(scope="module")
def texts(words):
    return [" ".join(words(seed, 200)) for seed in range(6)]


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
