"""The traps of the Delta log that the seam keeps out."""

import json
from pathlib import Path

import pytest
from small_lakes import ingest, write

from schemas.errors import LakeError
from schemas.tables import ARTICLES
from transforms.lake import delta, delta_table
from transforms.lake.file_names import newest_commit
from transforms.lake.intent import Change, DataFile
from transforms.lake.layout import Lake
from transforms.lake.storage import storage_of


def _log(lake: Lake, table: str) -> list[dict]:
    entries = sorted((lake.table(table) / "_delta_log").glob("*.json"))
    return [json.loads(line) for entry in entries for line in entry.read_text().splitlines()]


def test_a_table_that_is_not_there_has_no_commits_and_no_files(lake: Lake) -> None:
    assert delta.last_number(lake, "polls") == 0
    assert delta.list_files(lake, "polls") == []


def test_every_table_carries_the_number_of_its_last_commit(lake: Lake) -> None:
    ingest(lake, range(10))
    ingest(lake, range(10))
    assert delta.last_number(lake, "articles") == 1  # the second brought no article
    assert delta.last_number(lake, "runs") == 2


def test_files_are_listed_with_their_partition_size_and_rows(lake: Lake) -> None:
    ingest(lake, range(20))
    for file in delta.list_files(lake, "articles"):
        assert (lake.table("articles") / file.path).stat().st_size == file.bytes
        assert file.partition["language"] in {"de", "fr"}
        assert (file.partition["published_month"] is None) == ("__HIVE" in file.path)
        assert file.newest == newest_commit(file.path) == 1


def test_the_log_holds_row_counts_and_no_other_statistics(lake: Lake) -> None:
    ingest(lake, range(20))
    stats = [json.loads(action["add"]["stats"]) for action in _log(lake, "articles") if "add" in action]
    assert stats
    assert all(set(one) == {"numRecords"} for one in stats)


def test_merged_files_are_no_change_of_data(lake: Lake) -> None:
    write(lake, "ingest", range(20))
    write(lake, "ingest", range(20, 40))
    write(lake, "compact")
    entry = max((lake.table("articles") / "_delta_log").glob("*.json"))
    actions = [json.loads(line) for line in entry.read_text().splitlines()]
    changed = [next(iter(action.values()))["dataChange"] for action in actions if "add" in action or "remove" in action]
    assert changed
    assert not any(changed)


def test_a_commit_that_cannot_be_written_says_what_will_become_of_it(
    lake: Lake, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_args: object, **_kwargs: object) -> None:
        raise OSError("No space left on device")

    monkeypatch.setattr(delta_table, "create_table_with_add_actions", refuse)
    with pytest.raises(LakeError, match="next command that writes to the lake finishes it"):
        delta.commit(lake, Change("polls"), 1, 0)


def test_an_older_table_gets_its_new_columns_before_the_first_append(
    lake: Lake, monkeypatch: pytest.MonkeyPatch
) -> None:
    older = ARTICLES.remove(ARTICLES.get_field_index("lookalike_of"))
    monkeypatch.setitem(delta_table.SCHEMAS, "articles", older)
    delta.commit(lake, Change("articles"), 1, 0)
    monkeypatch.undo()
    delta.commit(lake, Change("articles"), 2, 0)
    metadata = [action["metaData"] for action in _log(lake, "articles") if "metaData" in action]
    assert "lookalike_of" not in metadata[0]["schemaString"]
    assert "lookalike_of" in metadata[-1]["schemaString"]


def test_a_hundred_commits_leave_a_checkpoint_that_reads_the_same(lake: Lake) -> None:
    for number in range(1, 103):
        file = DataFile("polls", f"part-{number:08d}-00000.parquet", 1, 1)
        delta.commit(lake, Change("polls", (file,)), number, 0)
        storage_of(lake).sync_log("polls")
    assert list(Path(lake.table("polls") / "_delta_log").glob("*.checkpoint.parquet"))
    assert len(delta.list_files(lake, "polls")) == 102
    assert delta.last_number(lake, "polls") == 102
