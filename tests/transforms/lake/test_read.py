"""Readers list the committed files and nothing else."""

import pyarrow as pa
import pytest
from small_lakes import STARTED, broken, ingest, run_info, run_killed, write

from schemas.errors import LakeError
from schemas.tables import ARTICLES, SCHEMAS, TABLES
from transforms.lake import read
from transforms.lake.commit import commit_tables
from transforms.lake.layout import Lake
from transforms.lake.ledger import run_id_of
from transforms.lake.read import (
    files,
    known_reject_ids,
    last_commit,
    ledger_checksums,
    rows_at,
    scan,
    snapshot,
    stored_by_commit,
)


def _column(lake: Lake, table: str, name: str, after_commit: int = 0) -> list:
    return [value for batch in scan(lake, table, [name], after_commit) for value in batch.column(0).to_pylist()]


def test_an_empty_lake_has_no_commit_and_no_rows(lake: Lake) -> None:
    assert last_commit(lake) == 0
    assert snapshot(lake).files == {table: [] for table in TABLES}
    assert not list(scan(lake, "articles", ["title"]))
    assert known_reject_ids(lake) == set()


def test_batches_have_the_columns_asked_for_in_the_types_of_the_schema(lake: Lake) -> None:
    ingest(lake, range(20))
    names = ["published_month", "title", "entities", "language", "extra", "title"]
    for batch in scan(lake, "articles", names):
        assert batch.schema.names == names
        assert all(batch.schema.field(index).type == ARTICLES.field(name).type for index, name in enumerate(names))


def test_partition_columns_are_filled_in_from_the_paths(lake: Lake) -> None:
    ingest(lake, range(20))
    rows = [
        row
        for batch in scan(lake, "articles", ["language", "published_month", "published_at"])
        for row in batch.to_pylist()
    ]
    assert {row["language"] for row in rows} == {"de", "fr"}
    for row in rows:
        assert row["published_month"] == (row["published_at"] and row["published_at"].strftime("%Y-%m"))


def test_rows_after_a_commit_are_those_of_the_later_ones(lake: Lake) -> None:
    for number in range(4):
        ingest(lake, range(number * 10, number * 10 + 10))
    for after in range(5):
        assert set(_column(lake, "articles", "commit", after)) == set(range(after + 1, 5))
        between = [batch.column(0).to_pylist() for batch in scan(lake, "articles", ["commit"], after, 3)]
        assert set().union(*between) == set(range(after + 1, 4))


def test_the_ledger_says_how_many_stories_each_commit_stored(lake: Lake) -> None:
    for number in range(3):
        ingest(lake, range(number * 10, number * 10 + 10))
    stored = dict(stored_by_commit(lake, 1))
    assert list(stored) == [2, 3]
    for commit, stories in stored.items():
        assert stories == sum(_column(lake, table, "commit").count(commit) for table in ("articles", "duplicates"))


@pytest.mark.parametrize("step", ["duplicates committed", "articles synced", "runs moved"])
def test_a_commit_without_its_line_in_the_ledger_is_not_read(lake: Lake, step: str) -> None:
    ingest(lake, range(10))
    before = sorted(_column(lake, "articles", "item_id"))
    assert run_killed(lake, step, "ingest", range(10, 20)) == -9
    assert sorted(_column(lake, "articles", "item_id")) == before
    write(lake, "nothing")
    assert len(_column(lake, "articles", "item_id")) > len(before)


def test_a_column_that_an_older_release_did_not_write_is_null(lake: Lake, monkeypatch: pytest.MonkeyPatch) -> None:
    ingest(lake, range(5))
    newer = ARTICLES.insert(3, ARTICLES.field("title").with_name("subtitle"))
    monkeypatch.setitem(SCHEMAS, "articles", newer)
    assert set(_column(lake, "articles", "subtitle")) == {None}


@pytest.mark.parametrize("places", [[], [0], [1, 2, 19], list(range(20))])
def test_rows_are_read_at_their_places_whatever_groups_hold_them(
    places: list[int], lake: Lake, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("transforms.lake.write.ROW_GROUP_ROWS", 7)
    monkeypatch.setattr(read, "_FEW_ROWS", 3)
    rows = {"feed": [f"feed {number}" for number in range(20)], "polled_at": [STARTED] * 20}
    commit_tables(lake, {"polls": pa.table(rows)}, run_info())
    (file,) = files(lake, "polls")
    found = [row["feed"] for batch in rows_at(lake, file, ["feed", "warnings"], places) for row in batch.to_pylist()]
    assert found == [f"feed {number}" for number in places]


def test_a_damaged_file_is_one_clear_error(lake: Lake) -> None:
    ingest(lake, range(5))
    path = lake.table("articles") / files(lake, "articles")[0].path
    path.write_bytes(b"PAR1 and no more")
    with pytest.raises(LakeError, match=rf"{path.name} cannot be read .*newsfold verify"):
        _column(lake, "articles", "title")


def test_a_lake_that_changes_under_every_listing_is_one_clear_error(
    lake: Lake, monkeypatch: pytest.MonkeyPatch
) -> None:
    numbers = iter(range(1000))
    monkeypatch.setattr(read, "last_commit", lambda _lake: next(numbers))
    with pytest.raises(LakeError, match="changes too fast"):
        snapshot(lake)


def test_the_ledger_knows_a_checksum_for_every_file(lake: Lake) -> None:
    ingest(lake, range(20))
    ingest(lake, range(20, 30))
    checksums = ledger_checksums(lake)
    assert {f"{table}/{file.path}" for table in TABLES for file in files(lake, table)} == set(checksums)
    assert {len(checksum) for checksum in checksums.values()} == {64}


def test_stored_rejects_are_known(lake: Lake) -> None:
    ingest(lake, range(30))
    assert known_reject_ids(lake) == {broken(number).reject_id for number in (10, 21)}


def test_a_run_is_named_after_its_first_commit(lake: Lake) -> None:
    assert ingest(lake, range(3)).run_id == run_id_of(1)
