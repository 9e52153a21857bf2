"""Which folders are lakes, and which may become one."""

import json
from pathlib import Path

import pytest

from schemas.errors import LakeError, UsageError
from schemas.tables import SCHEMA_VERSION
from transforms.lake.layout import create_or_open, open_lake


def test_a_new_and_an_empty_folder_become_lakes(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    for name in ("empty", "new/deep"):
        lake = create_or_open(tmp_path / name)
        assert open_lake(lake.root) == lake
        assert json.loads(lake.marker.read_text()) == {"schema_version": SCHEMA_VERSION, "app_id": "newsfold"}


def test_a_folder_with_something_else_in_it_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("mine")
    with pytest.raises(UsageError, match="not empty and no lake"):
        create_or_open(tmp_path)
    assert [entry.name for entry in tmp_path.iterdir()] == ["notes.txt"]


def test_a_file_is_no_lake(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(UsageError, match="is a file"):
        create_or_open(tmp_path / "file")


def test_opening_makes_nothing(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="is no lake"):
        open_lake(tmp_path / "missing")
    assert not list(tmp_path.iterdir())


def test_a_lake_of_a_newer_release_is_refused(tmp_path: Path) -> None:
    lake = create_or_open(tmp_path / "lake")
    lake.marker.write_text(json.dumps({"schema_version": SCHEMA_VERSION + 1}))
    with pytest.raises(LakeError, match="newer newsfold"):
        create_or_open(lake.root)
    lake.marker.write_text("{")
    with pytest.raises(LakeError, match="damaged"):
        open_lake(lake.root)


def test_a_kill_while_the_folder_is_marked_leaves_one_that_may_be_used(tmp_path: Path) -> None:
    (tmp_path / "_newsfold.json.new").write_text("{")
    assert create_or_open(tmp_path).marker.is_file()
