"""A run that is killed, at any named step of a commit, leaves a lake that one restart brings to an undisturbed run's rows."""

import json
import os
import signal
from pathlib import Path

import pytest

from schemas.tables import TABLES
from tests.pipelines.conftest import corpus
from tests.pipelines.interrupted import At, descendants, ended, run, started, wait_for
from tests.pipelines.stored import content
from transforms.lake.layout import open_lake
from transforms.lake.steps import COMMIT_STEPS
from transforms.lake.verify import verify

WRITTEN = ("duplicates", "rejects", "articles", "runs")  # by an ingest of files, unless furniture is learned
# A compaction alone merges; the other tables are not touched by this input.
MET = [step for step in COMMIT_STEPS if not step.startswith(tuple({*TABLES} - {*WRITTEN}))]


SLICE = 8


@pytest.fixture(scope="module")
def articles(tmp_path_factory):
    """A file of a slice for each step and two more, each with a copy and a broken line."""
    dice = corpus(6 * (len(MET) + 2))
    lines = []
    for number in range(0, len(dice), 6):
        group = [json.dumps(article) for article in dice[number : number + 6]]
        copy = json.dumps(dice[number] | {"id": f"copy {number}", "url": f"https://copy.example/{number}"})
        lines += [*group, copy, f'{{"id": "cut {number}", "title": "cut in the mid']
    path = tmp_path_factory.mktemp("in") / "articles.jsonl"
    path.write_text("\n".join(lines) + "\n", "utf-8")
    return path


def ingest_of(articles, lake, workers=1):
    return "ingest", articles, "--lake", lake, "--workers", workers, "--slice-records", SLICE


@pytest.fixture(scope="module")
def undisturbed(articles, tmp_path_factory):
    folder = tmp_path_factory.mktemp("undisturbed")
    done = run(folder, *ingest_of(articles, folder / "lake"), "--json")
    assert done.code == 0, done.err
    assert done.json["commits"] == len(MET) + 2
    whole = content(folder / "lake")
    assert all(len(stored) >= done.json["commits"] for stored in whole.values())
    return whole


@pytest.fixture(scope="module")
def short(articles, tmp_path_factory):
    """The first ten slices, and what an undisturbed run stores of them."""
    folder = tmp_path_factory.mktemp("short")
    lines = articles.read_text("utf-8").splitlines(keepends=True)[: 10 * SLICE]
    (folder / "articles.jsonl").write_text("".join(lines), "utf-8")
    assert run(folder, *ingest_of(folder / "articles.jsonl", folder / "lake")).code == 0
    return folder / "articles.jsonl", content(folder / "lake")


def test_a_run_that_is_killed_at_every_step_in_turn_makes_the_rows_of_an_undisturbed_one(
    articles, undisturbed, tmp_path
):
    lake = tmp_path / "lake"
    for step in MET:
        killed = run(tmp_path, *ingest_of(articles, lake), at=At(step))
        assert killed.code == -signal.SIGKILL, (step, killed.err)
    done = run(tmp_path, *ingest_of(articles, lake), "--json")
    assert done.code == 0, done.err
    assert (done.json["run_id"], done.json["commits"]) == ("00000001", len(MET) + 2)
    assert done.json["counts"]["read"] == SLICE * (len(MET) + 2)
    assert content(lake) == undisturbed
    assert verify(open_lake(lake)) == []
    assert not list(Path(lake, "_staging").rglob("*.*"))


def test_a_signal_ends_with_one_line_and_the_same_command_goes_on(short, tmp_path):
    articles, expected = short
    lake = tmp_path / "lake"
    for number, step in [(signal.SIGTERM, "articles moved"), (signal.SIGINT, "staged"), (signal.SIGINT, "swept")]:
        stopped = run(tmp_path, *ingest_of(articles, lake), at=At(step, 2, signal=number))
        assert stopped.code == 128 + number
        assert [line for line in stopped.err.splitlines() if not line.startswith("ingest: slice")] == [
            "newsfold: interrupted; what was committed stays, and the same command goes on from there"
        ]
    assert run(tmp_path, *ingest_of(articles, lake)).code == 0
    assert content(lake) == expected
    assert verify(open_lake(lake)) == []


def test_signals_and_dying_workers_end_a_run_with_workers_in_one_line_as_well(short, tmp_path):
    articles, expected = short
    lake = tmp_path / "lake"
    for ending in ("signal", "worker", "server"):
        process = started(*ingest_of(articles, lake, workers=2))
        wait_for(process, "slice 1 committed")
        below = descendants(process.pid)
        workers = [pid for pid in below if pid not in children_of(process.pid)]
        assert len(workers) >= 2
        if ending == "signal":
            os.killpg(process.pid, signal.SIGTERM)
        else:
            os.kill(workers[0] if ending == "worker" else parent_of(workers[0]), signal.SIGKILL)
        stopped, seconds = ended(process)
        *progress, last = stopped.err.splitlines()
        assert (stopped.code, last.partition(";")[0]) in {
            (143, "newsfold: interrupted"),
            (1, "newsfold: a worker process died, most likely for want of memory"),
        }
        assert all(line.startswith("ingest: slice") for line in progress)
        assert seconds < 20
        assert not [pid for pid in below if Path(f"/proc/{pid}/exe").exists()]
    assert run(tmp_path, *ingest_of(articles, lake)).code == 0
    assert content(lake) == expected


def parent_of(pid):
    return int(Path(f"/proc/{pid}/stat").read_text("utf-8").rpartition(")")[2].split()[1])


def children_of(pid):
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text("utf-8").split()]
