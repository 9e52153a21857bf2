"""A run that is killed, at any named step of a commit, leaves a lake that one restart brings to an undisturbed run's rows."""

import os
import shutil
import signal
from pathlib import Path

import pytest

from schemas.tables import TABLES
from tests.pipelines.conftest import corpus, write_jsonl
from tests.pipelines.interrupted import At, descendants, ended, run, started, wait_for
from tests.pipelines.stored import content
from transforms.lake.layout import open_lake
from transforms.lake.steps import STEPS
from transforms.lake.verify import verify

WRITTEN = ("duplicates", "rejects", "articles", "runs")  # by an ingest of files, unless furniture is learned
# A compaction alone merges; the other tables are not touched by this input.
MET = [step for step in STEPS if step != "merging begun" and not step.startswith(tuple({*TABLES} - {*WRITTEN}))]


@pytest.fixture(scope="module")
def articles(tmp_path_factory):
    """A file of three slices of 20 records, the first two with a broken line each, all with copies."""
    path = write_jsonl(tmp_path_factory.mktemp("in") / "articles.jsonl", corpus(58))
    lines = path.read_text("utf-8").splitlines(keepends=True)
    lines.insert(5, '{"id": "cut", "title": "cut in the mid\n')
    lines.insert(30, '{"id": "also cut", "title": "cut in the mid\n')
    path.write_text("".join(lines), "utf-8")
    return path


def ingest_of(articles, lake):
    return "ingest", articles, "--lake", lake, "--workers", 1, "--slice-records", 20


@pytest.fixture(scope="module")
def undisturbed(articles, tmp_path_factory):
    folder = tmp_path_factory.mktemp("undisturbed")
    done = run(folder, *ingest_of(articles, folder / "lake"))
    assert done.code == 0, done.err
    whole = content(folder / "lake")
    assert all(len(stored) > 1 for stored in whole.values())
    return whole


@pytest.fixture(scope="module")
def half_done(articles, tmp_path_factory):
    """The lake of a run that was killed when its first slice was committed."""
    folder = tmp_path_factory.mktemp("half")
    assert run(folder, *ingest_of(articles, folder / "lake"), at=At("swept")).code == -signal.SIGKILL
    return folder / "lake"


@pytest.mark.parametrize("step", MET)
def test_one_restart_after_a_kill_makes_the_rows_of_an_undisturbed_run(
    step, articles, half_done, undisturbed, tmp_path
):
    lake = shutil.copytree(half_done, tmp_path / "lake")
    killed = run(tmp_path, *ingest_of(articles, lake), at=At(step))
    assert killed.code == -signal.SIGKILL
    restarted = run(tmp_path, *ingest_of(articles, lake), "--json")
    assert restarted.code == 0, restarted.err
    assert content(lake) == undisturbed
    assert (restarted.json["run_id"], restarted.json["commits"]) == ("00000001", 3)
    assert restarted.json["counts"]["read"] == 60
    assert verify(open_lake(lake)) == []
    assert not list(Path(lake, "_staging").rglob("*.*"))


@pytest.mark.parametrize("step", ["staging begun", "intent written", "articles moved", "runs committed"])
def test_a_kill_in_the_very_first_commit_is_mended_as_well(step, articles, undisturbed, tmp_path):
    lake = tmp_path / "lake"
    assert run(tmp_path, *ingest_of(articles, lake), at=At(step)).code == -signal.SIGKILL
    assert run(tmp_path, *ingest_of(articles, lake)).code == 0
    assert content(lake) == undisturbed
    assert verify(open_lake(lake)) == []


@pytest.mark.parametrize(
    ("number", "step"),
    [
        (signal.SIGTERM, "staging begun"),
        (signal.SIGTERM, "articles moved"),
        (signal.SIGINT, "staged"),
        (signal.SIGINT, "runs committed"),
    ],
)
def test_a_signal_ends_with_one_line_and_the_same_command_goes_on(
    number, step, articles, half_done, undisturbed, tmp_path
):
    lake = shutil.copytree(half_done, tmp_path / "lake")
    stopped = run(tmp_path, *ingest_of(articles, lake), at=At(step, signal=number))
    assert stopped.code == 128 + number
    assert [line for line in stopped.err.splitlines() if not line.startswith("ingest: slice")] == [
        "newsfold: interrupted; what was committed stays, and the same command goes on from there"
    ]
    assert run(tmp_path, *ingest_of(articles, lake)).code == 0
    assert content(lake) == undisturbed
    assert verify(open_lake(lake)) == []


@pytest.fixture(scope="module")
def many(tmp_path_factory):
    """Enough articles for a run of some seconds with two workers, and what a run of them with one worker stores."""
    folder = tmp_path_factory.mktemp("many")
    path = write_jsonl(folder / "articles.jsonl", corpus(600))
    done = run(folder, "ingest", path, "--lake", folder / "lake", "--workers", 1, "--slice-records", 60)
    assert done.code == 0, done.err
    return path, content(folder / "lake")


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_to_the_whole_group_ends_two_workers_as_well(number, many, tmp_path):
    command = ("ingest", many[0], "--lake", tmp_path / "lake", "--workers", 2, "--slice-records", 60)
    process = started(*command)
    wait_for(process, "slice 2 committed")
    below = descendants(process.pid)
    os.killpg(process.pid, number)
    stopped, seconds = ended(process)
    assert stopped.code == 128 + number
    assert stopped.err.splitlines()[-1].startswith("newsfold: interrupted")
    assert all(line.startswith("ingest: slice") for line in stopped.err.splitlines()[:-1])
    assert seconds < 10
    assert len(below) >= 3
    assert not [pid for pid in below if Path(f"/proc/{pid}/exe").exists()]
    assert run(tmp_path, *command[:-4], "--workers", 1, *command[-2:]).code == 0
    assert content(tmp_path / "lake") == many[1]


def test_a_worker_that_is_killed_ends_the_run_with_one_line(many, tmp_path):
    command = ("ingest", many[0], "--lake", tmp_path / "lake", "--workers", 2, "--slice-records", 60)
    process = started(*command)
    wait_for(process, "slice 2 committed")
    workers = [pid for pid in descendants(process.pid) if pid not in children_of(process.pid)]
    os.kill(workers[0], signal.SIGKILL)
    stopped, _ = ended(process)
    assert stopped.code == 1
    assert stopped.err.splitlines()[-1].startswith("newsfold: a worker process died")
    assert all(line.startswith("ingest: slice") for line in stopped.err.splitlines()[:-1])
    assert run(tmp_path, *command[:-4], "--workers", 1, *command[-2:]).code == 0
    assert content(tmp_path / "lake") == many[1]


def children_of(pid):
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text("utf-8").split()]
