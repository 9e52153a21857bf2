"""Which files are new: two looks that agree, each version once, and nothing remembered of what is gone."""

from pathlib import Path

import pytest

from pipelines.new_files import Looked, NewFiles
from pipelines.stream_sources import Pace


@pytest.fixture
def folder(tmp_path):
    folder = tmp_path / "in"
    folder.mkdir()
    return folder


def looks(files, times=2):
    found = []
    for _ in range(times):
        files.look()
        found += [Path(one.path).name for one in files.take()]
    return found


def test_a_file_is_ready_at_the_second_look_and_taken_once(folder):
    (folder / "a.txt").write_text("One\n\ntext")
    files = NewFiles([str(folder)])
    assert [looks(files, 1), looks(files, 1), looks(files, 2)] == [[], ["a.txt"], []]


def test_a_changed_file_is_new_again(folder):
    (folder / "a.txt").write_text("One")
    files = NewFiles([str(folder)])
    assert looks(files) == ["a.txt"]
    (folder / "a.txt").write_text("One and more")
    assert looks(files, 1) == []
    assert looks(files, 1) == ["a.txt"]


def test_what_is_remembered_is_enough_for_another_worker(folder):
    (folder / "a.txt").write_text("One")
    first = NewFiles([str(folder)])
    first.look()
    second = NewFiles([str(folder)], looked=first.looked)
    assert looks(second, 1) == ["a.txt"]
    assert looks(NewFiles([str(folder)], looked=second.looked)) == []


def test_what_is_gone_is_forgotten(folder):
    for number in range(50):
        (folder / f"{number}.txt").write_text("One")
    files = NewFiles([str(folder)])
    assert len(looks(files)) == 50
    assert len(files.looked.taken) == 50
    for number in range(1, 50):
        (folder / f"{number}.txt").unlink()
    files.look()
    assert len(files.looked.taken) == 1


def test_an_input_that_cannot_be_listed_for_a_while_is_not_read_again(folder, tmp_path, caplog):
    (folder / "a.txt").write_text("One")
    files = NewFiles([str(folder)])
    assert looks(files) == ["a.txt"]
    folder.rename(tmp_path / "away")
    assert looks(files) == []
    assert len(caplog.records) == 1
    (tmp_path / "away").rename(folder)
    assert looks(files) == []
    assert files.looked.met == Looked().met


@pytest.mark.parametrize(("cost", "looks"), [(0.0, 301), (0.05, 301), (1.0, 31), (30.0, 2)])
def test_looking_fills_a_twentieth_of_the_time_at_most(cost, looks, tmp_path, monkeypatch):
    clock, made = [0.0], []

    def look(self):
        made.append(clock[0])
        clock[0] += cost

    monkeypatch.setattr(NewFiles, "look", look)
    files = NewFiles([str(tmp_path)])
    for second in range(0, 602, 2):
        clock[0] = max(clock[0], float(second))
        files.look_if_due(lambda: clock[0])
    assert len(made) == pytest.approx(looks, abs=1)
    assert (len(made) - 1) * cost <= 0.05 * 602


def test_ticks_that_come_in_a_rush_are_one():
    pace = Pace(5.0)
    assert [pace.is_due(now) for now in (100.0, 100.1, 102.4, 102.6, 107.6, 107.7)] == [
        True,
        False,
        False,
        True,
        True,
        False,
    ]
