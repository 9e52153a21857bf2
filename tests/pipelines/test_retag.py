"""`newsfold retag`: stored stories get the tags that they would get today, and keep everything else."""

import json
import shutil
import signal

import pytest

from pipelines.cli import _run
from tests.pipelines.conftest import corpus, published, rows, write_jsonl
from tests.pipelines.interrupted import At, run
from tests.pipelines.stored import content
from transforms.lake.layout import open_lake
from transforms.lake.verify import verify

TAGS = {"language", "language_score", "language_runner_up", "language_runner_up_score", "entities", "tags_version"}
FOREIGN = [
    {"id": "pcm", "title": "Wetin dey happen", "text": "Di pipol wey dey for di market dey wait since morning."},
    {"id": "none", "title": "4711", "text": "0123 4567 8910"},
    {"id": "de", "title": "Die Brücke", "text": "Die Brücke in Graz wird am Montag nach zwei Jahren wieder geöffnet."},
]


@pytest.fixture(scope="module")
def given(tmp_path_factory):
    folder = tmp_path_factory.mktemp("retag")
    return write_jsonl(folder / "articles.jsonl", [*corpus(30), *FOREIGN, {"id": "empty"}])


def ingested(given, name, *options):
    folder = given.parent
    lake = folder / name
    arguments = ("ingest", given, "--lake", lake, "--workers", 1, "--slice-records", 12, *options)
    done = run(folder, *arguments)
    assert done.code == 0, done.err
    return lake


@pytest.fixture(scope="module")
def present(given):
    """A lake of the present taggers."""
    return ingested(given, "present")


@pytest.fixture(scope="module")
def past(given):
    """A lake of the same stories by another language detector."""
    return ingested(given, "past", "--language-detector", "langdetect")


@pytest.fixture
def lake(past, tmp_path):
    return shutil.copytree(past, tmp_path / "lake")


def test_a_retagged_lake_is_as_if_ingested_today(lake, past, present, capfd):
    assert content(past) != content(present)
    assert _run(["retag", "--lake", str(lake), "--workers", "1", "--json"]) == 0
    done = json.loads(capfd.readouterr().out)
    assert done["retagged"] == sum(len(rows(lake, table)) for table in ("articles", "duplicates"))
    assert done["moved"] >= 1
    assert content(lake) == content(present)
    assert verify(open_lake(lake)) == []


def test_ids_families_and_evidence_stay(lake, past):
    assert _run(["retag", "--lake", str(lake), "--workers", "1"]) == 0

    def rest(folder, table):
        return [{name: value for name, value in row.items() if name not in TAGS} for row in rows(folder, table)]

    for table in ("articles", "duplicates"):
        assert rest(lake, table) == rest(past, table)


def test_what_has_the_present_tags_is_left_alone(present, tmp_path, capfd):
    lake = shutil.copytree(present, tmp_path / "lake")
    before = published(lake)
    assert _run(["retag", "--lake", str(lake), "--workers", "1", "--json"]) == 0
    assert json.loads(capfd.readouterr().out) == {"retagged": 0, "moved": 0, "commits": 0}
    assert published(lake) == before


def test_of_a_mixed_lake_only_the_old_rows_are_tagged(lake, tmp_path, capfd):
    more = write_jsonl(tmp_path / "more.jsonl", corpus(36))
    assert _run(["ingest", str(more), "--lake", str(lake), "--workers", "1"]) == 0
    assert _run(["compact", "--lake", str(lake)]) == 0  # old and new in one file
    capfd.readouterr()
    stored = sum(len(rows(lake, table)) for table in ("articles", "duplicates"))
    assert _run(["retag", "--lake", str(lake), "--workers", "1", "--json"]) == 0
    assert json.loads(capfd.readouterr().out)["retagged"] == stored - 6
    assert len({row["tags_version"] for table in ("articles", "duplicates") for row in rows(lake, table)}) == 1
    assert verify(open_lake(lake)) == []


def test_workers_change_nothing(lake, present):
    assert _run(["retag", "--lake", str(lake), "--workers", "2"]) == 0
    assert content(lake) == content(present)


@pytest.mark.parametrize("step", ["rewriting begun", "staged", "intent written", "articles moved", "runs committed"])
def test_a_killed_retag_is_gone_on_with(step, lake, present, tmp_path):
    assert run(tmp_path, "retag", "--lake", lake, "--workers", 1, at=At(step)).code == -signal.SIGKILL
    assert run(tmp_path, "retag", "--lake", lake, "--workers", 1).code == 0
    assert content(lake) == content(present)
    assert verify(open_lake(lake)) == []


def test_a_retagged_lake_is_gone_on_with(lake, given, capfd):
    assert _run(["retag", "--lake", str(lake), "--workers", "1"]) == 0
    capfd.readouterr()
    before = published(lake)
    assert _run(["ingest", str(given), "--lake", str(lake), "--workers", "1", "--json"]) == 0
    assert json.loads(capfd.readouterr().out)["counts"]["seen"] == len(corpus(30)) + len(FOREIGN)
    assert published(lake) == before


def test_a_large_lake_is_retagged_commit_by_commit(lake, present, monkeypatch, capfd):
    monkeypatch.setattr("pipelines.retag._COMMIT_ROWS", 10)
    assert _run(["retag", "--lake", str(lake), "--workers", "1", "--json"]) == 0
    assert json.loads(capfd.readouterr().out)["commits"] > 2
    assert content(lake) == content(present)
    assert verify(open_lake(lake)) == []
