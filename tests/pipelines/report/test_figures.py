"""The figures of a lake, against its stories counted by hand."""

import json
from contextlib import contextmanager
from dataclasses import replace
from types import SimpleNamespace

import pyarrow as pa
import pytest

from pipelines.report import figures as module
from pipelines.report.figures import PERIODS, as_json, gather, in_sizes
from schemas.errors import LakeError
from tests.transforms.lake.small_lakes import broken, commit_articles, decided, decision, run_info, spill, story
from transforms.lake.commit import commit_slice
from transforms.lake.layout import create_or_open

STORIES = [
    replace(story(0), language="en", declared_language="en-NZ", source="A"),
    replace(story(2), language="en", declared_language="fr", source="A"),
    replace(story(4), language="no", declared_language="nb", source=None),
    replace(story(6), language="und", declared_language="de", source="B"),  # undated
    replace(story(8), language="en", source="B"),
]


@pytest.fixture(scope="module")
def lake(tmp_path_factory):
    lake = create_or_open(tmp_path_factory.mktemp("figures") / "lake")
    near = {"duplicate_of": STORIES[0].article_id, "family_id": STORIES[0].article_id}
    rows = [decision(one) for one in STORIES[:4]] + [decision(STORIES[4], "near", **near)]
    rows[2]["lookalike_of"] = STORIES[0].article_id
    commit_articles(lake, rows, STORIES)
    commit_slice(lake, decided([spill(lake, 0, [], [broken(10), broken(21)], seen=3)], []), run_info())
    return lake


@pytest.fixture(scope="module")
def figures(lake):
    return gather(lake)


def test_counts_are_those_of_all_commits_and_add_up(figures):
    counts = {name: number for name, number in figures.counts.items() if number}
    assert counts == {"read": 10, "new": 4, "near": 1, "seen": 3, "rejected": 2, "published_rejects": 2}
    assert figures.adds_up
    assert (figures.commit, figures.commits) == (2, 2)


@pytest.mark.parametrize(
    ("counts", "overview"),
    [({"read": 11}, {}), ({"seen": 2}, {}), ({}, {"articles": 5}), ({}, {"duplicates": 0})],
)
def test_a_number_that_is_off_is_seen(figures, counts, overview):
    off = replace(figures, counts=figures.counts | counts, overview=figures.overview | overview)
    assert not off.adds_up


def test_the_overview_counts_stories_by_what_they_lack(figures):
    told = figures.overview
    assert [told[name] for name in ("stories", "articles", "duplicates")] == [5, 4, 1]
    assert [told[name] for name in ("sources", "without_source", "languages", "undetermined")] == [2, 1, 2, 1]
    assert [told[name] for name in ("undated", "lookalikes", "words")] == [1, 1, 500]
    assert told["first_published"] < told["last_published"]


def test_a_source_is_first_where_it_leads_a_family_of_several(figures):
    rows = {row["source"]: row for row in figures.sources}
    assert {name: (row["stories"], row["duplicates"], row["first_in_family"]) for name, row in rows.items()} == {
        "A": (2, 0, 1),
        "B": (2, 1, 0),
    }


def test_a_declared_language_conflicts_where_another_was_found(figures):
    rows = {row["language"]: (row["stories"], row["declared"], row["conflicts"]) for row in figures.languages}
    assert rows == {"en": (3, 2, 1), "no": (1, 1, 0), "und": (1, 1, 0)}
    (conflict,) = figures.conflicts
    assert (conflict["declared"], conflict["detected"], conflict["stories"]) == ("fr", "en", 1)


def test_families_of_several_are_told_with_what_they_are_made_of(figures):
    (family,) = figures.families
    told = [family[name] for name in ("size", "articles", "near", "exact", "title", "sources")]
    assert told == [2, 1, 1, 0, STORIES[0].title, ["A", "B"]]


def test_an_entity_has_the_articles_of_each_period(figures):
    (entity,) = figures.entities
    assert (entity["name"], entity["articles"], entity["mentions"]) == ("Paris", 4, 4)  # of articles alone
    assert len(entity["trend"]) == PERIODS
    assert sum(entity["trend"]) == 3  # those with a date


def test_rejects_have_their_examples(figures):
    (reason,) = figures.rejects
    assert (reason["reason"], reason["records"]) == ("broken_record", 2)
    assert [one["source_uri"] for one in reason["examples"]] == ["a.jsonl#line=10", "a.jsonl#line=21"]


def test_tables_have_files_rows_and_bytes_and_runs_come_newest_first(figures):
    tables = {row["table"]: row for row in figures.tables}
    assert (tables["articles"]["rows"], tables["duplicates"]["rows"], tables["rejects"]["rows"]) == (4, 1, 2)
    assert all(row["bytes"] > 0 for row in figures.tables if row["files"])
    assert [row["commit"] for row in figures.runs] == [2, 1]
    assert figures.versions == [{"name": "newsfold", "version": "1"}]


def test_the_figures_are_json_and_say_whether_they_add_up(figures):
    told = as_json(figures)
    assert told["adds_up"] is True
    assert json.loads(json.dumps(told, default=str))["counts"]["read"] == 10


def test_an_empty_lake_has_figures_too(tmp_path):
    found = gather(create_or_open(tmp_path / "lake"))
    assert found.adds_up
    assert (found.families, found.entities, found.commits, found.family_sizes) == ([], [], 0, [])


def test_a_lake_that_changes_meanwhile_is_asked_again(lake, monkeypatch):
    taken, snapshot = [], module.snapshot

    def moved(of):
        taken.append(of)
        found = snapshot(of)
        return found if len(taken) == 3 else SimpleNamespace(commit=found.commit - 1, files=found.files)

    monkeypatch.setattr(module, "snapshot", moved)
    monkeypatch.setattr(module, "_asked", lambda _root, _ask, commit, _tables: commit)  # what it costs is known above
    assert gather(lake) == 2
    assert len(taken) == 3


def test_a_lake_that_never_rests_is_not_told(lake, monkeypatch):
    asked = []

    @contextmanager
    def session(_lake):
        yield SimpleNamespace(ask=lambda _sql: asked.append(1) or pa.table({"commit": [9]}))

    monkeypatch.setattr(module, "Session", session)
    monkeypatch.setattr(module, "_asked", lambda *_given: None)
    with pytest.raises(LakeError, match="changes too fast for a report"):
        gather(lake)
    assert len(asked) == 5


@pytest.mark.parametrize(
    ("sizes", "classes"),
    [
        ({}, []),
        ({1: 7}, [(1, 1, 7, 7)]),
        ({1: 1, 2: 2, 5: 3}, [(1, 1, 1, 1), (2, 2, 2, 4), (3, 3, 0, 0), (4, 5, 3, 15)]),
        ({6: 1, 10: 1}, [(1, 1, 0, 0), (2, 2, 0, 0), (3, 3, 0, 0), (4, 5, 0, 0), (6, 10, 2, 16)]),
        (
            {50: 1, 51: 1, 900: 1},
            [
                *[(a, b, 0, 0) for a, b in ((1, 1), (2, 2), (3, 3), (4, 5), (6, 10), (11, 20))],
                (21, 50, 1, 50),
                (51, None, 2, 951),
            ],
        ),
    ],
)
def test_families_are_put_in_classes_up_to_the_largest(sizes, classes):
    found = in_sizes([{"size": size, "families": families} for size, families in sizes.items()])
    assert [tuple(row.values()) for row in found] == classes
