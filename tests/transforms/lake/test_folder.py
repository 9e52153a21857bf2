"""A lake in a folder: files moved in, folders swapped whole, and both again after a kill."""

import os
from collections.abc import Sequence
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from schemas.errors import LakeError, UsageError
from transforms.lake.folder import Folder
from transforms.lake.intent import Change, DataFile, Intent
from transforms.lake.layout import Lake

FRENCH, GERMAN = "language=fr/published_month=2024-01", "language=de/published_month=2024-01"
STAGING = "_staging/commit-00000002"


@pytest.fixture
def folder(lake: Lake) -> Folder:
    return Folder(lake)


def at(path: Path, content: str = "x") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(content)
    return path


def file(name: str, home: str = FRENCH, table: str = "articles", staged: str = "") -> DataFile:
    return DataFile(table, name if home == "." else f"{home}/{name}", 1, 1, staged=staged)


def intent_of(*changes: Change) -> Intent:
    return Intent(2, 0, STAGING, changes)


def table(lake: Lake, name: str = "articles") -> dict[str, str]:
    return {
        str(path.relative_to(lake.table(name))): path.read_text()
        for path in sorted(lake.table(name).rglob("*.parquet"))
    }


def test_a_lake_is_told_from_one_that_was_marked_anew(folder: Folder) -> None:
    before = folder.identity()
    assert folder.identity() == before
    content = folder.lake.marker.read_bytes()
    folder.mark_anew()
    assert folder.identity() != before
    assert folder.lake.marker.read_bytes() == content


def test_a_table_is_its_folder_made_when_it_is_first_written(folder: Folder) -> None:
    url = folder.table_url("polls")
    assert url == str(folder.lake.root / "polls")
    assert not Path(url).exists()
    assert folder.new_table("polls") == folder.new_table("polls") == url
    assert Path(url).is_dir()
    assert folder.newest_version("polls", None) is None
    at(Path(url, "_delta_log", "00000000000000000012.json"))
    assert folder.newest_version("polls", 3) == 12


def test_the_intent_is_there_whole_or_not_at_all(folder: Folder) -> None:
    assert (folder.has_intent(), folder.read_intent()) == (False, None)
    (folder.lake.root / STAGING).mkdir(parents=True)
    intent = intent_of(Change("articles", (file("a.parquet"),)))
    folder.write_intent(intent)
    assert (folder.has_intent(), folder.read_intent()) == (True, intent)
    folder.lake.intent.write_text('{"number": 1')
    with pytest.raises(LakeError, match=r"_intent\.json is damaged"):
        folder.read_intent()
    folder.remove_intent(intent)
    assert not folder.has_intent()


def test_room_for_what_follows_an_intent_is_tried_and_given_back(
    folder: Folder, monkeypatch: pytest.MonkeyPatch
) -> None:
    room: list[int] = []
    (folder.lake.root / STAGING).mkdir(parents=True)
    monkeypatch.setattr(os, "posix_fallocate", lambda _descriptor, _start, size: room.append(size))
    folder.write_intent(intent_of(Change("articles", (file("a"), file("b"))), Change("runs", (file("c"),))))
    assert room == [256 * 1024 + 3 * 5 * 1024]
    assert list((folder.lake.root / STAGING).iterdir()) == []


def test_staged_files_are_moved_in_and_moving_them_again_is_nothing(folder: Folder) -> None:
    lake, added = (
        folder.lake,
        [file(name, home, staged=f"{STAGING}/{name}") for name, home in (("a.parquet", FRENCH), ("b.parquet", GERMAN))],
    )
    for one in added:
        at(lake.root / one.staged, one.path)
    change = Change("articles", tuple(added))
    for _ in range(2):
        folder.bring_in(intent_of(change), change)
        assert table(lake) == {one.path: one.path for one in added}
    assert folder.sizes([*added, file("c.parquet")]) == [len(added[0].path), len(added[1].path), None]


def swap(folder: Folder, gone: Sequence[str], merged: str | None, kept: Sequence[str] = ()) -> Intent:
    """Prepare the French folder: files that stay, and one in the place of those that go; return the intent."""
    lake = folder.lake
    for name in (*gone, *kept):
        at(lake.table("articles") / FRENCH / name, name)
    removed = tuple(file(name) for name in gone)
    folder.prepare_folders(2, removed, [file(name) for name in kept])
    adds: tuple[DataFile, ...] = ()
    if merged:
        staged = f"{STAGING}/articles/{FRENCH}/{merged}"
        at(lake.root / staged, merged)
        adds = (file(merged, staged=staged),)
    return intent_of(Change("articles", adds, removed))


def test_a_folder_is_swapped_whole_and_swapping_it_again_is_nothing(folder: Folder) -> None:
    intent = swap(folder, ["a.parquet", "b.parquet"], "merged.parquet", ["kept.parquet"])
    for _ in range(2):
        folder.bring_in(intent, intent.changes[0])
        assert list(table(folder.lake)) == [f"{FRENCH}/kept.parquet", f"{FRENCH}/merged.parquet"]


def test_what_stays_is_linked_and_copied_where_there_are_no_links(
    folder: Folder, monkeypatch: pytest.MonkeyPatch
) -> None:
    swap(folder, ["a.parquet"], None, ["kept.parquet"])
    prepared = folder.lake.root / STAGING / "articles" / FRENCH
    assert (prepared / "kept.parquet").stat().st_nlink == 2

    def refused(*_paths: object) -> None:
        raise PermissionError

    (prepared / "kept.parquet").unlink()
    monkeypatch.setattr(os, "link", refused)
    swap(folder, ["a.parquet"], None, ["kept.parquet"])
    assert (prepared / "kept.parquet").stat().st_nlink == 1
    assert (prepared / "kept.parquet").read_text() == "kept.parquet"


def test_a_swap_of_two_renames_that_was_cut_short_is_finished(folder: Folder) -> None:
    intent = swap(folder, ["a.parquet"], "merged.parquet")
    old = folder.lake.table("articles") / FRENCH
    old.rename(folder.lake.root / STAGING / "aside")
    folder.bring_in(intent, intent.changes[0])
    assert list(table(folder.lake)) == [f"{FRENCH}/merged.parquet"]


def test_a_folder_that_loses_all_its_rows_goes(folder: Folder) -> None:
    intent = swap(folder, ["a.parquet"], None)
    folder.bring_in(intent, intent.changes[0])
    assert not (folder.lake.table("articles") / FRENCH).exists()


def test_rows_may_arrive_in_a_folder_that_was_not_prepared(folder: Folder) -> None:
    intent = swap(folder, ["a.parquet"], "merged.parquet")
    arriving = file("new.parquet", GERMAN, staged=f"{STAGING}/arriving/articles-00001.staged")
    at(folder.lake.root / arriving.staged)
    change = Change("articles", (*intent.changes[0].adds, arriving), intent.changes[0].removes)
    folder.bring_in(intent_of(change), change)
    assert list(table(folder.lake)) == [f"{GERMAN}/new.parquet", f"{FRENCH}/merged.parquet"]


def test_in_a_table_without_partitions_old_files_leave_before_the_new_one_comes(folder: Folder) -> None:
    lake, old = folder.lake, file("a.parquet", ".", "polls")
    at(lake.table("polls") / "a.parquet")
    at(lake.table("polls") / "_delta_log" / "00000000000000000000.json")
    new = file("m.parquet", ".", "polls", f"{STAGING}/polls/m.parquet")
    at(lake.root / new.staged)
    change = Change("polls", (new,), (old,))
    for _ in range(2):
        folder.bring_in(intent_of(change), change)
        assert list(table(lake, "polls")) == ["m.parquet"]
        assert (lake.root / STAGING / "polls" / "replaced" / "a.parquet").exists()


@pytest.mark.parametrize("home", [FRENCH, "."])
def test_a_file_is_found_where_a_merge_that_was_cut_short_set_it_aside(folder: Folder, home: str) -> None:
    name = "articles" if home == FRENCH else "polls"
    gone, stays = file("a.parquet", home, name), file("b.parquet", home, name)
    (folder.lake.root / STAGING).mkdir(parents=True)
    folder.write_intent(intent_of(Change(name, (), (gone,))))
    aside = folder.lake.root / STAGING / name / (gone.path if home == FRENCH else f"replaced/{gone.path}")
    at(aside)
    at(aside.with_name("b.parquet"))
    assert folder.place(gone) == str(aside)
    assert folder.place(stays) == str(folder.lake.table(name) / stays.path)  # the merge took nothing of it
    at(folder.lake.table(name) / gone.path)
    assert folder.place(gone) == str(folder.lake.table(name) / gone.path)


def test_files_are_opened_read_and_listed_where_they_lie(folder: Folder) -> None:
    one = file("a.parquet")
    path = folder.lake.table("articles") / one.path
    path.parent.mkdir(parents=True)
    pq.write_table(pa.table({"a": [1, 2]}), path)
    at(folder.lake.table("articles") / "_delta_log" / "00000000000000000010.checkpoint.parquet")
    with folder.open(one) as opened:
        assert opened.metadata.num_rows == 2
    (opens,) = folder.open_all([one])
    with opens() as opened:
        assert opened.read()["a"].to_pylist() == [1, 2]
    assert folder.read(one).to_pybytes() == path.read_bytes()
    assert folder.relation("articles", [one]) == [str(path)]
    assert list(folder.exposed("articles")) == [f"articles/{one.path}"]


def test_the_systems_lock_is_enough_and_is_not_broken(folder: Folder) -> None:
    with folder.exclusive({}, break_lock=False):
        assert not folder.in_use()
    with pytest.raises(UsageError, match="--break-lock: the lock of a folder ends with the process"):
        folder.exclusive({}, break_lock=True)


def test_what_is_for_object_stores_alone_is_nothing_here(folder: Folder) -> None:
    path = at(folder.lake.table("articles") / FRENCH / "a.parquet")
    folder.discard([file("a.parquet")])
    folder.sweep_shared()
    assert folder.sweep(set()) == 0
    assert path.exists()
    assert folder.options is None
