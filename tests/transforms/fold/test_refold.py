"""Stories folded again in memory, and families merged by their links."""

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schemas.tables import ARTICLES
from tests.transforms.fold.ingested import article
from transforms.fold.refold import COLUMNS, Families, Remembered, bridged, fold_again, slice_of
from transforms.fold.settings import FoldSettings
from transforms.fold.signature import UNDATED

SETTINGS = FoldSettings()


def merged_by(family_of, links, **published):
    """Return story → merged family; stories are as old as their names, but for those `published` at other times."""
    return bridged(family_of, links, dict.fromkeys(family_of, 0) | published)


def families(**members):
    """Return story → family, of families named by their first story."""
    return {story: family for family, stories in members.items() for story in [family, *stories.split()]}


@pytest.mark.parametrize(
    ("links", "merged"),
    [
        ([], False),
        ([("b1", "a")], True),  # accepted by the earliest of the other
        ([("a", "b1")], True),  # whichever was decided later
        ([("b", "a")], True),
        ([("b1", "a1")], False),  # one member is no bridge
        ([("b1", "a1"), ("b2", "a2")], False),  # nor are two stories with one each
        ([("b1", "a1"), ("b1", "a2")], True),  # two of six are a third
        ([("a1", "b1"), ("a2", "b1")], True),  # whichever was decided later
        ([("b1", "a1"), ("b1", "a1")], False),  # the same one twice
        ([("b1", "b")], False),  # within one family
    ],
)
def test_a_story_joins_another_family_by_its_earliest_or_a_third_of_its_stories(links, merged):
    found = merged_by(families(a="a1 a2 a3 a4 a5", b="b1 b2"), links)
    assert (found["b1"] == found["a1"]) == merged
    assert set(found.values()) == ({"a"} if merged else {"a", "b"})


@pytest.mark.parametrize(
    ("links", "published", "merged"),
    [
        # The original came after a cut of it, whose family it is in, and before another cut that it accepts.
        ([("b", "a1")], {"a1": -1}, True),
        ([("b", "a")], {"a1": -1}, False),  # that cut alone is no bridge
        ([("b", "a1")], {"b": 1}, False),
        ([("b", "a1")], {"b": -1}, True),  # in order that cut would have been accepted by the other
    ],
)
def test_what_came_late_counts_by_when_it_was_published(links, published, merged):
    found = merged_by(families(a="a1", b=""), links, **published)
    assert (found["b"] == found["a"]) == merged


@pytest.mark.parametrize(("others", "merged"), [("a1 a2 a3 a4 a5", True), ("a1 a2 a3 a4 a5 a6", False)])
def test_two_stories_of_seven_are_less_than_a_third(others, merged):
    found = merged_by(families(a=others, b=""), [("b", "a1"), ("b", "a2")])
    assert (found["b"] == "a") == merged


def test_families_merge_on_and_on_and_are_named_by_the_smallest():
    found = merged_by(families(d="d1", c="c1", b="b1", a="a1", e=""), [("d1", "c"), ("c1", "b"), ("b1", "a")])
    assert found == dict.fromkeys(("a", "a1", "b", "b1", "c", "c1", "d", "d1"), "a") | {"e": "e"}


STORIES = st.dictionaries(st.sampled_from("abcdefghij"), st.sampled_from("abc"), min_size=3).map(
    lambda given: given | {family: family for family in given.values()}
)


@settings(max_examples=60)
@given(STORIES, st.data())
def test_merging_only_ever_joins_and_the_order_of_links_is_nothing(family_of, data):
    names = st.sampled_from(sorted(family_of))
    links = data.draw(st.lists(st.tuples(names, names), max_size=12))
    found = merged_by(family_of, links)
    assert found == merged_by(family_of, data.draw(st.permutations(links)))
    for one in family_of:
        for other in family_of:
            assert family_of[one] != family_of[other] or found[one] == found[other]
    merged = {name: {family_of[story] for story in family_of if found[story] == name} for name in found.values()}
    assert all(name == min(parts) for name, parts in merged.items())


def stored(*articles):
    rows = [{name: getattr(one, name) for name in COLUMNS} for one in articles]
    return pa.Table.from_pylist(rows, pa.schema([ARTICLES.field(name) for name in COLUMNS]))


@pytest.fixture
def copies(words):
    text = words(1, 200)
    return [article(number, " ".join([*text, *["more"] * number])) for number in range(4)]


def test_a_slice_is_who_its_stories_are_and_what_they_look_like(copies):
    given = slice_of(stored(*copies))
    assert given.identities.article_id.tolist() == [one.article_id.encode() for one in copies]
    assert given.signatures.words.sizes.tolist() == [200, 201, 202, 203]
    assert given.fingerprints["tokens"].tolist() == [200, 201, 202, 203]


def test_what_is_null_in_a_table_is_empty_or_undated(copies):
    rows = stored(copies[0])
    for name in ("title", "text", "published_at"):
        rows = rows.set_column(COLUMNS.index(name), rows.schema.field(name), pa.nulls(1, rows.schema.field(name).type))
    given = slice_of(rows)
    assert given.signatures.words.sizes.tolist() == [0]
    assert given.signatures.published.tolist() == [UNDATED]


@pytest.mark.parametrize("cut", [[4], [2, 2], [1, 1, 1, 1]])
def test_slices_one_after_the_other_fold_as_at_their_commits(copies, cut):
    before, found, at = Remembered(), Families(), 0
    for size in cut:
        part = slice_of(stored(*copies[at : at + size]))
        decisions, before = fold_again(part, before, SETTINGS)
        found.add(part, decisions)
        at += size
    assert found.family_of == {one.article_id: copies[0].article_id for one in copies}
    assert found.bridged() == found.family_of
    assert len(before.memory) == 4
    assert {(one, other) for one, other, _ in found.links} >= {
        (one.article_id, copies[0].article_id) for one in copies[1:]
    }
    assert all(0.9 < similarity <= 1 for *_, similarity in found.links)


def test_furniture_of_one_slice_is_known_to_the_next(words):
    footer = "Follow our paper on all channels and never miss a story"
    pages = [article(number, f"{' '.join(words(number, 80))}\n{footer}") for number in range(8)]
    learned, before = [], Remembered()
    for part in (pages[:4], pages[4:]):
        decisions, before = fold_again(slice_of(stored(*part)), before, SETTINGS)
        learned.append(len(decisions.learned.hashes))
    assert learned == [1, 0]
    assert len(before.furniture.known) == 1
    assert len(before.furniture.recent) == 8
    assert np.array_equal(before.furniture.known, np.unique(before.furniture.known))
