"""One part of the memory: look-ups against a plain search through all its rows."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from transforms.fold.fingerprint import pack, short_hashes
from transforms.fold.segment import Asked, Index, Rows, join_rows, no_rows, raw_hashes, segment_of
from transforms.fold.settings import DAY_US
from transforms.fold.signature import UNDATED, sign
from transforms.fold.sketch import EMPTY, HOT_RUN, HOT_WINDOW, poor

VALUES = st.lists(st.integers(0, 6), max_size=12)


def index_of(values):
    array = np.array(values, dtype=np.uint32)
    order = np.argsort(array, kind="stable")
    return Index(array[order], order.astype(np.uint32))


def rows_of(stories, published=0, revision=1, items=None):
    """Return stored rows of (title, text), with ids that fall as the stories go on: order is never a given."""
    ids = np.array([f"{len(stories) - number:032x}" for number in range(len(stories))], "S32")
    times = np.full(len(stories), published, dtype=np.int64) if np.isscalar(published) else np.array(published)
    signatures = sign([title for title, _ in stories], [text for _, text in stories], times)
    keys = ids if items is None else np.array(items, "S32")
    raw = raw_hashes(keys, np.array([f"{number:064x}" for number in range(len(stories))], "S64"))
    return Rows(ids, keys, ids, raw, np.full(len(stories), revision, np.int32), pack(signatures))


def asked(stories, published=0):
    times = np.full(len(stories), published, dtype=np.int64)
    signatures = sign([title for title, _ in stories], [text for _, text in stories], times)
    needy = poor(signatures.keys) | (signatures.text_hash == 0)
    names = (short_hashes(getattr(signatures, name)) for name in ("title_hash", "text_hash"))
    return Asked(signatures.keys, times, *names, needy)


def ids_of(segment, pairs):
    """Return (stored id, asked row) of pairs, sorted."""
    return sorted((segment.rows.article_id[row].decode(), owner) for row, owner in pairs.tolist())


def named(place):
    return f"{place:032x}"


@given(VALUES, VALUES)
def test_of_equal_values_the_first_or_the_last_is_found(values, wanted):
    index = index_of(values)
    first = [values.index(one) if one in values else -1 for one in wanted]
    last = [len(values) - 1 - values[::-1].index(one) if one in values else -1 for one in wanted]
    asked_for = np.array(wanted, dtype=np.uint32)
    assert index.find(asked_for).tolist() == first
    assert index.find(asked_for, last=True).tolist() == last


@settings(max_examples=50)
@given(VALUES, VALUES, st.integers(HOT_WINDOW, 12))
def test_matches_are_all_pairs_of_equal_values(values, wanted, most):
    owners = np.arange(len(wanted))
    found = [
        tuple(pair)
        for pairs in index_of(values).matches(np.array(wanted, np.uint32), owners, most)
        for pair in pairs.tolist()
    ]
    assert sorted(found) == sorted(
        (row, owner)
        for owner, one in enumerate(wanted)
        for row in [place for place, value in enumerate(values) if value == one][
            -(HOT_WINDOW if values.count(one) > most else 99) :
        ]
    )


@pytest.mark.parametrize(("count", "met"), [(HOT_RUN, HOT_RUN), (HOT_RUN + 1, HOT_WINDOW)])
def test_a_key_that_more_than_200_rows_share_meets_the_last_8_of_them(count, met):
    (pairs,) = index_of([5] * count).matches(np.array([5], np.uint32), np.array([0]), HOT_RUN)
    assert pairs[:, 0].tolist() == list(range(count - met, count))


def test_articles_records_and_items_are_found_by_name():
    rows = rows_of(
        [("", f"text {number}") for number in range(5)], items=[named(1), named(2), named(1), named(3), named(9)]
    )
    segment = segment_of(rows)
    found = segment.find(np.array([named(1), named(5), named(6)], "S32"))
    assert segment.rows.article_id[found[:2]].tolist() == [named(1).encode(), named(5).encode()]
    assert found[2] == -1
    assert segment.has_raw(np.append(rows.raw[2:4], np.uint64(7))).tolist() == [True, True, False]


def test_of_an_item_the_newest_version_is_found_wherever_it_stands():
    rows = rows_of([("", "one"), ("", "two"), ("", "three")], items=[named(1)] * 3)
    versions = Rows(
        *(getattr(rows, name) for name in ("article_id", "item_key", "family_id", "raw")),
        np.array([2, 3, 1], np.int32),
        rows.fingerprint,
    )
    segment = segment_of(versions)
    newest = segment.newest(np.array([named(1), named(2)], "S32"))
    assert segment.rows.revision[newest[0]] == 3
    assert newest[1] == -1


@pytest.mark.parametrize(
    ("stored", "new", "days", "met"),
    [
        (0, 30 * DAY_US, 30, True),
        (0, 30 * DAY_US + 1, 30, False),
        (30 * DAY_US, 0, 30, True),  # in either direction
        (31 * DAY_US, 0, 30, False),
        (UNDATED, 400 * DAY_US, 30, True),  # an undated one is never too far
        (0, UNDATED, 30, True),
    ],
)
@pytest.mark.parametrize("words", [60, 3])
def test_what_lies_beyond_the_horizon_is_not_met(stored, new, days, met, words):
    text = " ".join(f"word{number}" for number in range(words))
    segment = segment_of(rows_of([("", text)], published=stored))
    question = asked([("", text)], published=new)
    by_key = [pair for pairs in segment.hits(question, days) for pair in pairs.tolist()]
    assert (len(by_key) > 1 or len(segment.namesakes(question, days)) > 0) == met


def test_each_key_in_common_is_a_hit():
    text = " ".join(f"word{number}" for number in range(60))
    segment, question = segment_of(rows_of([("", text), ("", "other words")])), asked([("", text), ("", "none of it")])
    (pairs,) = segment.hits(question, 365)
    assert len(pairs) == np.count_nonzero(question.keys[0] != EMPTY)
    assert set(ids_of(segment, pairs)) == {(named(2), 0)}


LONG = " ".join(f"word{number}" for number in range(60))


@pytest.mark.parametrize(
    ("stored", "new", "met"),
    [
        (("A title", ""), ("A title", LONG), True),  # the stored one has no text
        (("A title", LONG), ("A title", ""), True),
        (("A title", LONG), ("A title", LONG.upper()), False),  # keys do for both
        (("A title", ""), ("Another", ""), False),
        (("", "few words"), ("", "Few words!"), True),
        (("", "few words"), ("", "few other words"), False),
        (("", ""), ("", ""), False),  # nothing is no name
    ],
)
def test_what_has_too_few_words_for_keys_is_met_by_an_equal_title_or_text(stored, new, met):
    segment = segment_of(rows_of([stored]))
    assert ids_of(segment, segment.namesakes(asked([new]), 365)) == ([(named(1), 0)] if met else [])


def test_of_many_namesakes_the_last_8_are_met():
    segment = segment_of(rows_of([("The same title", "")] * 9))
    assert len(segment.namesakes(asked([("The same title", "")]), 365)) == HOT_WINDOW


def test_keys_lie_in_one_order_over_all_bins():
    keys = segment_of(
        rows_of([("", " ".join(f"w{number + place}" for place in range(40))) for number in range(9)])
    ).keys
    assert (np.diff(keys.values.astype(np.int64)) >= 0).all()
    assert EMPTY not in keys.values


def test_rows_are_joined_in_order_and_none_are_none():
    one, other = rows_of([("", "a"), ("", "b")]), rows_of([("", "c")])
    assert join_rows([no_rows(), one, other]).article_id.tolist() == [
        *one.article_id.tolist(),
        *other.article_id.tolist(),
    ]
    assert len(segment_of(no_rows()).rows) == 0
    assert segment_of(no_rows()).find(np.array([named(1)], "S32")).tolist() == [-1]


def test_a_record_is_its_item_and_its_digest():
    items = np.array(["0" * 15 + "2" + "f" * 16, "0" * 32, "0" * 32], "S32")
    digests = np.array(["0" * 16 + "9" * 48, "00000000deadbeef" + "0" * 48, "0" * 64], "S64")
    mix = 0x9E3779B97F4A7C15
    assert raw_hashes(items, digests).tolist() == [2 * mix % 2**64, 0xDEADBEEF, 0]
