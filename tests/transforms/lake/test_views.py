"""What DuckDB shows of a lake, and what it is kept from."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from small_lakes import broken, commit_articles, decided, decision, ingest, run_info, spill, story, write

from schemas.errors import LakeError, UsageError
from schemas.tables import SCHEMAS
from transforms.fold.refold import bridged
from transforms.lake import views
from transforms.lake.commit import commit_slice
from transforms.lake.layout import Lake, create_or_open
from transforms.lake.read import files
from transforms.lake.views import VIEWS, Session, connect


def ask(lake: Lake, sql: str) -> list[dict]:
    with Session(lake) as session:
        return session.ask(sql).to_pylist()


def test_an_empty_lake_shows_empty_views_with_their_columns(lake: Lake) -> None:
    with Session(lake) as session:
        for view in VIEWS:
            assert len(session.ask(f"select * from {view}")) == 0
        assert session.ask("select * from articles").column_names == SCHEMAS["articles"].names


def test_stored_tables_have_the_types_of_their_schemas(lake: Lake) -> None:
    ingest(lake, range(30))
    with Session(lake) as session:
        for table in ("articles", "duplicates", "rejects", "runs", "polls"):
            answer = session.ask(f"select * from {table}").schema
            assert [(field.name, field.type) for field in answer] == [(f.name, f.type) for f in SCHEMAS[table]]


def without_columns(lake: Lake, table: str, missing: list[str], some: slice) -> None:
    """Make files of a table as a release wrote them that did not know some columns yet."""
    for file in files(lake, table)[some]:
        path = lake.table(table) / file.path
        pq.write_table(pq.ParquetFile(path).read().drop_columns(missing), path)


@pytest.mark.parametrize("some", [slice(None), slice(1), slice(1, None)])
def test_columns_that_an_older_release_did_not_write_are_null(lake: Lake, some: slice) -> None:
    write(lake, "ingest", range(20))
    write(lake, "ingest", range(20, 40))
    for table, missing in (
        ("runs", ["retagged", "moved", "forgotten", "erased"]),
        ("articles", ["tags_version", "lookalike_of"]),
    ):
        rows = len(ask(lake, f"select * from {table}"))
        without_columns(lake, table, missing, some)
        answer = ask(lake, f"select * from {table}")
        assert len(answer) == rows
        assert any(row[missing[0]] is None for row in answer)
    assert ask(lake, "select count(*) as n from families")


def test_a_lake_of_undated_stories_alone_has_a_month_that_is_text(lake: Lake) -> None:
    commit_articles(lake, [decision(story(6))], [story(6)])
    assert ask(lake, "select published_month, typeof(published_month) as type from articles") == [
        {"published_month": None, "type": "VARCHAR"}
    ]


def test_rejects_that_a_replay_resolved_are_not_open(lake: Lake) -> None:
    commit_slice(lake, decided([spill(lake, 0, [], [broken(1), broken(2)])], []), run_info())
    commit_slice(lake, decided([], []), run_info(command="replay", resolved=(broken(1).reject_id,)))
    assert ask(lake, "select reject_id from rejects") == [{"reject_id": broken(2).reject_id}]


def test_a_family_has_its_items_its_sources_and_its_earliest_as_canonical(lake: Lake) -> None:
    late, early, undated = story(3), story(1), story(6)
    family = {"family_id": late.article_id}
    near = {"duplicate_of": late.article_id, **family}
    rows = [decision(late, **family), decision(early, "near", **near), decision(undated, "exact", **near)]
    commit_articles(lake, rows, [late, early, undated])
    (found,) = ask(lake, "select * from families")
    assert found["canonical"] == early.article_id
    assert found["size"] == 3
    assert found["sources"] == ["source 0", "source 1"]
    assert (found["first_seen"], found["last_seen"]) == (early.published_at, late.published_at)


@pytest.mark.parametrize("first", [0, 4, 2])
def test_the_canonical_is_named_by_policy_not_by_arrival(lake: Lake, first: int) -> None:
    stories = [
        replace(story(number), source=f"desk {number}", word_count=[90, 80, 70, 95, 95][number]) for number in range(5)
    ]
    begun = {"duplicate_of": stories[first].article_id, "family_id": stories[first].article_id}
    later = [one for one in stories if one is not stories[first]]
    commit_articles(lake, [decision(stories[first])], [stories[first]])
    commit_articles(lake, [decision(one, "near", **begun) for one in later], later)
    policies = {"earliest": 0, "longest": 4, "source=desk 4, desk 2": 4, "source=desk 9,desk 2": 2, "source=nobody": 0}
    for policy, expected in policies.items():
        with Session(lake, policy) as session:
            assert session.ask("select canonical from families")[0].to_pylist() == [stories[expected].article_id]


@pytest.mark.parametrize("policy", ["newest", "source", "source=", "source= , ", ""])
def test_an_unknown_policy_is_wrong_usage(lake: Lake, policy: str) -> None:
    with pytest.raises(UsageError, match="--canonical"):
        Session(lake, policy).ask("select 1")


def test_revisions_count_as_one_item_and_only_the_newest_is_current(lake: Lake) -> None:
    first, other = story(1), story(2)
    second = replace(first, article_id="2" * 32, raw_sha256="2" * 64, title="Corrected")
    rows = [
        decision(first),
        decision(other),
        decision(second, "revision", revision=2, revision_of=first.article_id, family_id=first.article_id),
    ]
    commit_articles(lake, rows, [first, other, second])
    assert [row["size"] for row in ask(lake, "select size from families order by size")] == [1, 1]
    titles = ask(lake, "select title from current_articles order by title")
    assert [row["title"] for row in titles] == ["Corrected", "Title 2"]


# Many small cases lie in one lake, each of stories of its own: a lake and its first question take a quarter of a second.
PAIRS = st.lists(st.tuples(st.integers(0, 8), st.integers(0, 8)), max_size=14)


@settings(max_examples=2)
@given(st.lists(PAIRS, min_size=15, max_size=15))
def test_bridged_families_are_merged_as_a_union_find_merges_them(
    tmp_path_factory: pytest.TempPathFactory, cases: list[list[tuple[int, int]]]
) -> None:
    rows, stories, expected = [], [], []
    for case, pairs in enumerate(cases):
        own = [story(9 * case + number) for number in range(9)]
        links = {one: [{"article_id": own[other].article_id} for a, other in pairs if a == one] for one in range(9)}
        rows += [decision(article, links=links[number]) for number, article in enumerate(own)]
        stories += own
        root = list(range(9))
        for one, other in pairs:
            root = [root[other] if label == root[one] else label for label in root]
        expected += [sorted(own[n].article_id for n in range(9) if root[n] == label) for label in set(root)]
    lake = create_or_open(tmp_path_factory.mktemp("bridges") / "lake")
    commit_articles(lake, rows, stories)
    assert sorted(row["family_ids"] for row in ask(lake, "select family_ids from families")) == sorted(expected)


CASES = st.tuples(
    st.lists(st.integers(0, 8), min_size=9, max_size=9),
    PAIRS,
    st.lists(st.none() | st.integers(0, 3), min_size=9, max_size=9),
)


@settings(max_examples=2)
@given(st.lists(CASES, min_size=15, max_size=15))
def test_the_view_merges_as_folding_again_does(
    tmp_path_factory: pytest.TempPathFactory,
    cases: list[tuple[list[int], list[tuple[int, int]], list[int | None]]],
) -> None:
    rows, stories, expected = [], [], []
    for case, (joins, drawn, days) in enumerate(cases):
        times = [None if day is None else datetime(2026, 3, 1 + day, tzinfo=UTC) for day in days]
        own = [replace(story(9 * case + number), published_at=time) for number, time in enumerate(times)]
        ids = [one.article_id for one in own]
        begun = [number if join >= number or joins[join] < join else join for number, join in enumerate(joins)]
        pairs = [(max(pair), min(pair)) for pair in drawn if pair[0] != pair[1]]
        links = {one: [{"article_id": ids[other]} for a, other in pairs if a == one] for one in range(9)}
        for number, one in enumerate(own):
            first = {"family_id": ids[begun[number]], "links": links[number]}
            near = {"outcome": "near", "duplicate_of": ids[begun[number]]} if begun[number] != number else {}
            rows.append(decision(one, **first, **near))  # type: ignore[arg-type]
        stories += own
        family_of = {ids[number]: ids[first] for number, first in enumerate(begun)}
        published = {one: 9 if day is None else day for one, day in zip(ids, days, strict=True)}
        merged = bridged(family_of, [(ids[one], ids[other]) for one, other in pairs], published)
        expected += [sorted({family_of[one] for one in ids if merged[one] == label}) for label in set(merged.values())]
    lake = create_or_open(tmp_path_factory.mktemp("bridges") / "lake")
    commit_articles(lake, rows, stories)
    assert sorted(row["family_ids"] for row in ask(lake, "select family_ids from families")) == sorted(expected)


def test_a_pair_with_a_mere_member_bridges_nothing(lake: Lake) -> None:
    canonical, member, other = story(1), story(2), story(3)
    rows = [
        decision(canonical),
        decision(member, "near", duplicate_of=canonical.article_id, family_id=canonical.article_id),
        decision(other, links=[{"article_id": member.article_id}]),
    ]
    commit_articles(lake, rows, [canonical, member, other])
    assert sorted(row["size"] for row in ask(lake, "select size from families")) == [1, 2]


def test_mentions_has_one_row_per_article_and_entity(lake: Lake) -> None:
    ingest(lake, range(3))
    rows = ask(lake, "select type, name, id, count, len(mentions) as places from mentions")
    assert rows == [{"type": "place", "name": "Paris", "id": "iso:FR", "count": 1, "places": 1}] * 3


@pytest.mark.parametrize("name", ["plain", "with space", "[1]*?'quoted\"", "языки", "key=value"])
def test_a_lake_may_lie_under_any_name(tmp_path: Path, name: str) -> None:
    lake = create_or_open(tmp_path / name)
    write(lake, "ingest", range(12))
    assert ask(lake, "select count(*) as stories from stories") == [{"stories": 11}]


@pytest.mark.parametrize(
    "sql",
    [
        "copy (select 1) to 'x.csv'",
        "create table t (i int)",
        "insert into runs select * from runs",
        "drop view articles",
        "attach 'x.db'",
        "install httpfs",
        "load json",
        "set memory_limit = '4GB'",
        "select 1; select 2",
        "",
        "select * from read_csv('/etc/hostname')",
        "select * from read_text('../../../etc/hostname')",
        "select * from glob('/etc/*')",
        "select * from 'https://example.org/x.parquet'",
        "select * from missing",
        "selec 1",
    ],
)
def test_what_is_no_reading_of_the_lake_is_refused_in_one_line(lake: Lake, sql: str) -> None:
    ingest(lake, range(3))
    with pytest.raises(UsageError) as refusal:
        ask(lake, sql)
    assert "\n" not in str(refusal.value)
    assert not [path for path in lake.root.iterdir() if path.suffix in {".csv", ".db"}]


def test_python_variables_are_not_tables(lake: Lake) -> None:
    secret = story(1)
    with pytest.raises(UsageError):
        ask(lake, "select * from secret")
    assert secret


def test_a_file_that_compaction_took_away_is_looked_for_again(lake: Lake) -> None:
    for number in range(3):
        write(lake, "ingest", range(number * 10, number * 10 + 10))
    with Session(lake) as session:
        before = session.ask("select count(*) from articles").to_pylist()
        write(lake, "compact")
        assert session.ask("select count(*) from articles").to_pylist() == before


def test_a_file_that_is_gone_for_good_is_one_clear_error(lake: Lake, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(views, "_RETRY_SECONDS", 0)
    ingest(lake, range(5))
    (lake.table("articles") / files(lake, "articles")[0].path).unlink()
    with pytest.raises(LakeError, match="newsfold verify says"):
        ask(lake, "select title from articles")


def test_a_connection_can_be_used_directly(lake: Lake) -> None:
    ingest(lake, range(5))
    with connect(lake) as connection:
        assert connection.execute("select count(*) from stories").fetchall() == [(5,)]
