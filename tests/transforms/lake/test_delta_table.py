"""The seam to deltalake: one table, entry by entry."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from small_lakes import ingest

from schemas.errors import LakeError
from transforms.lake import delta_table
from transforms.lake.delta_table import Opened, file_system, newest_entry, open_table, write
from transforms.lake.intent import Change, DataFile
from transforms.lake.layout import Lake

STORIES = "language=fr/published_month=2024-11"


def part(number: int, folder: str = ".") -> DataFile:
    name = f"part-{number:08d}-00000.parquet"
    return DataFile(
        "polls" if folder == "." else "articles", name if folder == "." else f"{folder}/{name}", 10 * number, number
    )


def entries(url: str) -> list[list[dict[str, Any]]]:
    return [
        list(map(json.loads, path.read_text().splitlines())) for path in sorted(Path(url, "_delta_log").glob("*.json"))
    ]


@pytest.fixture
def polls(tmp_path: Path) -> Callable[..., Opened]:
    """Write changes of polls one after the other; return the table as it was opened after them."""
    url = str(tmp_path / "polls")

    def written(*changes: tuple[int, Change]) -> Opened:
        Path(url).mkdir(exist_ok=True)
        opened = None
        for number, change in changes:
            write(url, None, opened, change, number, 1_000)
            opened = open_table(url, None, opened)
        assert opened is not None
        return opened

    return written


@pytest.mark.parametrize(
    ("names", "newest"),
    [
        ([], None),
        (["00000000000000000000.json", "00000000000000000010.json", "00000000000000000009.json"], 10),
        (["_last_checkpoint", "00000000000000000010.checkpoint.parquet", "x.json", ".json", "9.temp"], None),
    ],
)
def test_the_newest_entry_is_the_highest_number(names: list[str], newest: int | None) -> None:
    assert newest_entry(names) == newest


def test_a_table_tells_its_number_version_and_files(polls: Callable[..., Opened]) -> None:
    opened = polls((3, Change("polls", (part(1),))), (7, Change("polls", (part(2),))))
    assert (opened.version, opened.number()) == (1, 7)
    assert sorted(opened.files("polls"), key=lambda file: file.path) == [part(1), part(2)]


def test_a_table_that_was_known_is_read_on(polls: Callable[..., Opened], tmp_path: Path) -> None:
    before = polls((1, Change("polls", (part(1),))))
    write(str(tmp_path / "polls"), None, open_table(str(tmp_path / "polls"), None), Change("polls", (part(2),)), 2, 0)
    assert (before.version, before.number()) == (0, 1)
    assert open_table(str(tmp_path / "polls"), None, before) is before
    assert (before.version, before.number(), len(before.files("polls"))) == (1, 2, 2)


@pytest.mark.parametrize("number", [2, 3])
def test_a_number_that_is_there_is_not_written_again(polls: Callable[..., Opened], tmp_path: Path, number: int) -> None:
    opened = polls((3, Change("polls", (part(1),))))
    write(str(tmp_path / "polls"), None, opened, Change("polls", (part(2),)), number, 0)
    assert len(entries(str(tmp_path / "polls"))) == 1


def test_an_entry_that_came_first_is_an_error(polls: Callable[..., Opened], tmp_path: Path) -> None:
    url = str(tmp_path / "polls")
    overtaken = polls((1, Change("polls", (part(1),))))
    write(url, None, open_table(url, None), Change("polls", (part(2),)), 2, 0)
    with pytest.raises(LakeError, match="commit 3 was not written to the Delta log"):
        write(url, None, overtaken, Change("polls", (part(3),)), 3, 0)


@pytest.mark.parametrize(("rows_change", "news"), [(False, False), (True, True)])
def test_merged_files_are_no_news_and_rewritten_rows_are(
    polls: Callable[..., Opened], tmp_path: Path, rows_change: bool, news: bool
) -> None:
    polls((1, Change("polls", (part(1),))), (2, Change("polls", (part(2),), (part(1),), rows_change)))
    actions = {
        name: action for entry in entries(str(tmp_path / "polls"))[1:] for one in entry for name, action in one.items()
    }
    assert (actions["add"]["dataChange"], actions["remove"]["dataChange"]) == (news, news)
    assert (actions["remove"]["path"], actions["remove"]["size"]) == (part(1).path, 10)
    assert [file.path for file in open_table(str(tmp_path / "polls"), None).files("polls")] == [part(2).path]


def test_an_entry_says_sizes_rows_partitions_and_no_other_statistics(tmp_path: Path) -> None:
    url = str(tmp_path / "articles")
    Path(url).mkdir()
    files = part(3, STORIES), part(4, "language=und/published_month=__HIVE_DEFAULT_PARTITION__")
    write(url, None, None, Change("articles", files), 1, 5_000)
    adds = [action["add"] for entry in entries(url) for action in entry if "add" in action]
    assert [json.loads(add["stats"]) for add in adds] == [{"numRecords": 3}, {"numRecords": 4}]
    assert [add["partitionValues"] for add in adds] == [
        {"language": "fr", "published_month": "2024-11"},
        {"language": "und", "published_month": None},
    ]
    assert {(add["dataChange"], add["modificationTime"]) for add in adds} == {(True, 5_000)}
    assert sorted(open_table(url, None).files("articles"), key=lambda file: file.rows) == list(files)


def test_a_log_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    with pytest.raises(LakeError, match=f"{tmp_path}: the Delta log cannot be read .*; restore it from a backup"):
        open_table(str(tmp_path), None)


def test_old_entries_are_looked_for_every_hundredth_time(monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[bool] = []

    class Handle:
        at = 97

        def version(self) -> int:
            return self.at

        def transaction_version(self, _app: str) -> int:
            return 0

        def schema(self) -> Any:
            return delta_table.Schema.from_arrow(delta_table.SCHEMAS["polls"])

        def create_write_transaction(self, *_args: object, post_commithook_properties: Any, **_kwargs: object) -> None:
            told.append(post_commithook_properties.cleanup_expired_logs)
            self.at += 1

    opened = Opened(Handle())
    for number in range(1, 5):
        write("x", None, opened, Change("polls"), number, 0)
    assert told == [False, False, True, False]  # versions 98 to 101
    assert opened.numbered == (101, 4)


def test_files_of_a_table_are_read_as_pyarrow_reads_files(lake: Lake) -> None:
    ingest(lake, range(3))
    url = str(lake.table("runs"))
    (file,) = open_table(url, None).files("runs")
    with file_system(url, None, {file.path: file.bytes}).open_input_file(file.path) as opened:
        assert (opened.size(), opened.read(4)) == (file.bytes, b"PAR1")
