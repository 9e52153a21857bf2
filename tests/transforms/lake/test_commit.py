"""What one commit stores, counts and refuses."""

from dataclasses import replace
from datetime import UTC, datetime

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from small_lakes import broken, content, decided, decision, ingest, published, run_info, spill, story, write

from schemas.errors import LakeError
from schemas.tables import ARTICLES, PARTITIONS, RUNS
from transforms.lake.commit import commit_slice, commit_tables
from transforms.lake.layout import Lake
from transforms.lake.ledger import ConservationError
from transforms.lake.read import files, last_commit, last_run, scan


def _ledger(lake: Lake) -> list[dict]:
    return [row for batch in scan(lake, "runs", RUNS.names) for row in batch.to_pylist()]


def test_each_outcome_goes_where_it_belongs(lake: Lake) -> None:
    stories = [story(number) for number in range(8)]
    to = {"duplicate_of": stories[0].article_id, "similarity": 0.5, "containment": 0.75, "differences": ["a", "b"]}
    outcomes = ["new", "revision", "exact", "near", "excerpt", "expansion", "seen", "new"]
    decisions = [
        decision(article, outcome, **(to if outcome in {"exact", "near", "excerpt", "expansion"} else {}))
        for article, outcome in zip(stories, outcomes, strict=True)
    ]
    done = commit_slice(lake, decided([spill(lake, 0, stories, [broken(1)], seen=2)], decisions), run_info())
    found = {
        table: {row["item_id"] for batch in scan(lake, table, ["item_id"]) for row in batch.to_pylist()}
        for table in ("articles", "duplicates")
    }
    assert found == {"articles": {"0", "1", "7"}, "duplicates": {"2", "3", "4", "5"}}
    relations = [row for batch in scan(lake, "duplicates", ["item_id", "relation"]) for row in batch.to_pylist()]
    assert {row["item_id"]: row["relation"] for row in relations}["4"] == "excerpt"
    assert done.counts == {
        **dict.fromkeys(outcomes, 1), "new": 2, "read": 11, "seen": 3, "rejected": 1, "published_rejects": 1, "forgotten": 0
    }  # fmt: skip
    assert _ledger(lake)[0]["read"] == 11


def test_rows_are_stored_as_they_were_decided(lake: Lake) -> None:
    article = story(1)
    given = {"links": [{"article_id": "b" * 32, "similarity": 0.5, "containment": 1.0}], "revision": 3}
    commit_slice(lake, decided([spill(lake, 0, [article])], [decision(article, **given)]), run_info())
    (row,) = [row for batch in scan(lake, "articles", ARTICLES.names) for row in batch.to_pylist()]
    assert (row["title"], row["revision"], row["links"]) == ("Title 1", 3, given["links"])
    assert (row["language"], row["published_month"], row["commit"]) == ("fr", "2024-01", 1)
    assert row["published_date"] == datetime(2024, 1, 1, tzinfo=UTC).date()


def test_files_are_sorted_partitioned_and_lean(lake: Lake) -> None:
    ingest(lake, range(40))
    for file in files(lake, "articles"):
        table = pq.read_table(lake.table("articles") / file.path, partitioning=None)
        assert table.schema.names == [name for name in ARTICLES.names if name not in PARTITIONS]
        keys = list(zip(table["published_at"].to_pylist(), table["article_id"].to_pylist(), strict=True))
        assert keys == sorted(keys, key=lambda key: (key[0] is None, key))
    folders = {file.folder for file in files(lake, "articles")}
    assert "language=de/published_month=2024-01" in folders
    assert "language=de/published_month=__HIVE_DEFAULT_PARTITION__" in folders


def test_the_same_input_again_publishes_nothing_and_changes_no_byte(lake: Lake) -> None:
    write(lake, "ingest", range(30))
    before, rows = published(lake, "articles", "duplicates", "rejects", "runs"), content(lake)
    write(lake, "ingest", range(30))
    assert published(lake, "articles", "duplicates", "rejects") == {
        path: held for path, held in before.items() if "/runs/" not in path
    }
    assert before.items() <= published(lake, "articles", "duplicates", "rejects", "runs").items()
    assert content(lake) == rows
    again = _ledger(lake)[1]
    assert (again["read"], again["seen"], again["rejected"], again["published_rejects"]) == (30, 28, 2, 0)


def test_a_reject_met_twice_in_a_slice_is_stored_once(lake: Lake) -> None:
    spills = [spill(lake, 0, [], [broken(1), broken(1)]), spill(lake, 1, [], [broken(1), broken(2)])]
    counts = commit_slice(lake, decided(spills, []), run_info()).counts
    assert (counts["rejected"], counts["published_rejects"]) == (4, 2)


def test_an_item_lost_on_the_way_stops_the_commit(lake: Lake) -> None:
    waiting = replace(spill(lake, 0, [story(1)]), read=2)
    with pytest.raises(ConservationError, match="2 records were read but 1 decided"):
        commit_slice(lake, decided([waiting], [decision(story(1))]), run_info())
    assert last_commit(lake) == 0
    assert not list(lake.staging.glob("commit-*"))


@pytest.mark.parametrize(
    ("decisions", "message"),
    [
        ([decision(story(2))], "do not stand in the order"),
        ([], "do not stand in the order"),
        ([decision(story(1)), decision(story(2))], "2 decisions were made about 1"),
        ([decision(story(1), duplicate_of="a" * 32)], "marked new or revision"),
        ([decision(story(1), "unheard of")], "Fold counted"),
    ],
)
def test_decisions_that_do_not_fit_the_articles_stop_the_commit(
    lake: Lake, decisions: list[dict], message: str
) -> None:
    with pytest.raises(ConservationError, match=message):
        commit_slice(lake, decided([spill(lake, 0, [story(1)])], decisions), run_info())
    assert last_commit(lake) == 0


def test_a_spill_that_lost_rows_stops_the_commit(lake: Lake) -> None:
    short = replace(spill(lake, 0, [story(1)]), articles=2, read=2)
    with pytest.raises(ConservationError, match="holds 1 articles instead of 2"):
        commit_slice(lake, decided([short], [decision(story(1)), decision(story(2))]), run_info())


def test_a_language_that_is_no_code_is_no_folder(lake: Lake) -> None:
    odd = replace(story(1), language="../fr")
    with pytest.raises(ValueError, match="is no partition"):
        commit_slice(lake, decided([spill(lake, 0, [odd])], [decision(odd)]), run_info())
    assert last_commit(lake) == 0


def test_an_unfinished_commit_forbids_the_next(lake: Lake) -> None:
    lake.intent.write_text("{}")
    with pytest.raises(LakeError, match="unfinished commit"):
        ingest(lake, range(3))


def test_the_first_commit_of_a_run_names_it_and_the_later_ones_keep_the_name(lake: Lake) -> None:
    first = ingest(lake, range(3), last_slice=False, plan_digest="d")
    second = ingest(lake, range(3, 6), run_id=first.run_id, slice_number=1, last_slice=False, plan_digest="d")
    assert first.run_id == second.run_id == "00000001"
    progress = last_run(lake, "d")
    assert progress is not None
    assert (progress.run_id, progress.slice_number, progress.counts["new"]) == ("00000001", 1, 5)
    ingest(lake, range(6, 9), run_id=first.run_id, last_slice=True, plan_digest="d")
    assert last_run(lake, "d") is None
    assert last_run(lake, "other") is None


def test_tables_without_stories_are_committed_too(lake: Lake) -> None:
    polls = pa.table({"feed": ["f"], "status": [304]})
    assert commit_tables(lake, {"polls": polls}, run_info(command="watch")).number == 1
    (row,) = [row for batch in scan(lake, "polls", ["feed", "status", "commit"]) for row in batch.to_pylist()]
    assert row == {"feed": "f", "status": 304, "commit": 1}
