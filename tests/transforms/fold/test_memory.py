import random
from dataclasses import fields
from itertools import pairwise

import numpy as np
import pytest

from transforms.fold import segment as segments
from transforms.fold.fingerprint import pack
from transforms.fold.memory import Memory, remember
from transforms.fold.nodes import asked_of
from transforms.fold.segment import Rows, merged, raw_hashes, segment_of
from transforms.fold.signature import sign


def rows_of(numbers, words, revision=1):
    texts = [" ".join(words(number, 120)) for number in numbers]
    ids = np.array([f"{number:032x}" for number in numbers], "S32")
    items = np.array([f"{number % 1000:016x}{0:016x}" for number in numbers], "S32")
    published = np.array([number * 1_000_000 for number in numbers], dtype=np.int64)
    return Rows(
        ids,
        items,
        ids,
        raw_hashes(items, np.array([f"{number:016x}{0:048x}" for number in numbers], "S64")),
        np.full(len(numbers), revision, dtype=np.int32),
        pack(sign([""] * len(numbers), texts, published)),
    )


@pytest.fixture(scope="module")
def grown(words):
    memory = Memory()
    for first in range(0, 60, 7):
        memory = remember(memory, rows_of(range(first, min(first + 7, 60)), words))
    return memory


def test_it_holds_every_row_once(grown):
    assert len(grown) == 60
    assert sorted(grown.rows(np.arange(60)).article_id.tolist()) == [b"%032x" % number for number in range(60)]


def test_articles_items_and_records_are_found_again(grown, words):
    asked = rows_of([5, 59, 61], words)
    numbers = grown.find(asked.article_id)
    assert grown.rows(numbers[:2]).article_id.tolist() == asked.article_id[:2].tolist()
    assert numbers[2] == -1
    assert (grown.newest(asked.item_key) >= 0).tolist() == [True, True, False]
    assert grown.has_raw(asked.raw).tolist() == [True, True, False]


def test_the_newest_version_wins_in_whichever_segment_it_lies(words):
    old, new = rows_of(range(20), words), rows_of([1004], words, revision=2)
    for memory in (remember(remember(Memory(), old), new), remember(remember(Memory(), new), old)):
        number = memory.newest(old.item_key[[4]])
        assert memory.rows(number).revision.tolist() == [2]


def test_candidates_are_the_rows_with_two_keys_in_common(grown, words):
    signatures = sign(["", ""], [" ".join([*words(33, 100), "more"]), " ".join(words(70, 100))], np.zeros(2, int))
    pairs = grown.candidates(asked_of(signatures, np.arange(len(signatures))), 365)
    assert grown.rows(pairs[:, 1]).article_id.tolist() == [b"%032x" % 33]
    assert pairs[:, 0].tolist() == [0]


def test_candidates_lie_within_the_horizon(grown, words):
    signatures = sign([""], [" ".join(words(33, 120))], np.array([86_400_000_000 * 10]))
    assert len(grown.candidates(asked_of(signatures, np.arange(len(signatures))), 9)) == 0
    assert len(grown.candidates(asked_of(signatures, np.arange(len(signatures))), 11)) == 1


def test_the_order_of_growth_does_not_matter(words):
    numbers = list(range(40))
    asked = rows_of([3, 17, 39], words)
    found = []
    for seed in range(4):
        random.Random(seed).shuffle(numbers)
        memory = Memory()
        for first in range(0, 40, 8):
            memory = remember(memory, rows_of(numbers[first : first + 8], words))
        found.append(memory.rows(memory.find(asked.article_id)).family_id.tolist())
    assert found[0] == found[1] == found[2] == found[3]


def test_segments_stay_few(words):
    memory, one = Memory(), rows_of(range(1), words)
    for number in range(200):
        ids = np.array([f"{number:032x}"], "S32")
        memory = remember(memory, Rows(ids, ids, ids, one.raw + np.uint64(number), one.revision, one.fingerprint))
    assert len(memory) == 200
    assert len(memory.segments) <= 6


def test_a_hot_key_yields_few_rows(words):
    one = rows_of([1], words)
    ids = np.array([f"{number:032x}" for number in range(1000)], "S32")
    same = one.take(np.zeros(1000, dtype=int))
    segment = segment_of(Rows(ids, ids, ids, same.raw, same.revision, same.fingerprint))
    signatures = sign([""], [" ".join(words(1, 120))], np.array([0]))
    assert sum(map(len, segment.hits(asked_of(signatures, np.arange(1)), 365))) <= 8 * 64


def test_articles_are_asked_about_a_portion_at_a_time_and_meet_the_same(monkeypatch, words):
    rows = rows_of(range(1, 60), words)
    texts = [" ".join([*words(number, 80), f"fact{number}"]) for number in range(1, 60)]
    signatures = sign([""] * len(texts), texts, np.zeros(len(texts), dtype=np.int64))
    asked, segment = asked_of(signatures, np.arange(len(texts))), segment_of(rows)
    (whole,) = segment.hits(asked, 365)
    monkeypatch.setattr(segments, "AT_ONCE", 100)
    parts = list(segment.hits(asked, 365))
    assert len(parts) > 10
    assert max(map(len, parts)) <= 100 + 64
    assert np.array_equal(np.unique(whole, axis=0), np.unique(np.concatenate(parts), axis=0))
    assert all(set(one[:, 1]).isdisjoint(other[:, 1]) for one, other in pairwise(parts))


@pytest.mark.parametrize(("before", "after"), [(40, 25), (40, 0), (0, 25), (1, 1)])
def test_a_merged_segment_is_as_if_made_of_all_rows_at_once(before, after, words):
    order = random.Random(before).sample(range(100), before + after)
    # Versions of one item and copies of one text stand in both parts, and some rows have too few words for keys.
    numbers = [number if number % 5 else number % 20 for number in order]
    texts = [" ".join(words(number, 3 if number % 7 == 0 else 40)) for number in numbers]
    ids = np.array([f"{number:032x}" for number in order], "S32")
    items = np.array([f"{number % 10:032x}" for number in order], "S32")
    rows = Rows(
        ids,
        items,
        ids,
        raw_hashes(items, np.array([f"{number:064x}" for number in order], "S64")),
        np.array(order, dtype=np.int32),
        pack(sign([f"Title {number % 3}" for number in order], texts, np.zeros(len(order), dtype=np.int64))),
    )
    first = segment_of(rows.take(np.arange(before)), (0, 3))
    both = merged(first, segment_of(rows.take(np.arange(before, before + after)), (3, 5)))
    whole = segment_of(rows, (0, 5))
    assert both.commits == whole.commits
    for part in fields(Rows):
        assert np.array_equal(getattr(both.rows, part.name), getattr(whole.rows, part.name))
    for name in ("items", "raws", "titles", "texts", "keys"):
        index, other = getattr(both, name), getattr(whole, name)
        assert np.array_equal(index.values, other.values)
        assert np.array_equal(index.rows, other.rows)


def test_an_empty_memory_knows_nothing(words):
    asked = rows_of([1], words)
    assert Memory().find(asked.article_id).tolist() == [-1]
    assert Memory().newest(asked.item_key).tolist() == [-1]
    assert not Memory().has_raw(asked.raw).any()
    assert len(Memory().rows(np.empty(0, dtype=np.int64))) == 0
