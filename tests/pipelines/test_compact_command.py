"""`newsfold compact`: fewer files, the same rows, also when it is killed."""

import json
import shutil
import signal

import pytest

from pipelines.cli import _run
from tests.pipelines.conftest import corpus, write_jsonl
from tests.pipelines.interrupted import At, run
from tests.pipelines.stored import content
from transforms.lake.layout import open_lake
from transforms.lake.verify import verify


@pytest.fixture(scope="module")
def fragments(tmp_path_factory):
    """A lake of three commits, and so of up to three files a partition."""
    folder = tmp_path_factory.mktemp("fragments")
    articles = write_jsonl(folder / "articles.jsonl", [*corpus(30), {"id": "empty"}])
    done = run(folder, "ingest", articles, "--lake", folder / "lake", "--workers", 1, "--slice-records", 12)
    assert done.code == 0, done.err
    return folder / "lake"


@pytest.fixture
def lake(fragments, tmp_path):
    return shutil.copytree(fragments, tmp_path / "lake")


def files(lake):
    return sorted(lake.glob("articles/*/*/*.parquet"))


def test_each_partition_becomes_one_file_with_the_same_rows(fragments, lake, capfd):
    assert _run(["compact", "--lake", str(lake), "--json"]) == 0
    done = json.loads(capfd.readouterr().out)
    assert done["merged"] > done["written"] > 0
    assert len(files(lake)) == len({path.parent for path in files(lake)}) < len(files(fragments))
    assert content(lake) == content(fragments)
    assert verify(open_lake(lake)) == []
    before = files(lake)
    assert _run(["compact", "--lake", str(lake)]) == 0
    assert files(lake) == before


def test_a_merged_lake_is_gone_on_with(lake, tmp_path, capfd):
    assert _run(["compact", "--lake", str(lake)]) == 0
    more = write_jsonl(tmp_path / "more.jsonl", corpus(36))
    capfd.readouterr()
    assert _run(["ingest", str(more), "--lake", str(lake), "--workers", "1", "--json"]) == 0
    counts = json.loads(capfd.readouterr().out)["counts"]
    assert (counts["read"], counts["seen"]) == (36, 30)
    assert verify(open_lake(lake)) == []


@pytest.mark.parametrize("step", ["staged", "articles moved", "runs committed"])
def test_a_killed_compaction_changes_no_row_and_the_next_one_ends_it(step, fragments, lake, tmp_path):
    assert run(tmp_path, "compact", "--lake", lake, at=At(step)).code == -signal.SIGKILL
    assert content(lake) == content(fragments)
    assert run(tmp_path, "compact", "--lake", lake).code == 0
    assert content(lake) == content(fragments)
    assert len(files(lake)) == len({path.parent for path in files(lake)})
    assert verify(open_lake(lake)) == []
