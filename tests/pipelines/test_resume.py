"""A run that was killed goes on from its next slice; changed input starts anew and stores nothing twice."""

import json
import shutil
import signal

import duckdb
import pytest

from tests.pipelines.conftest import corpus, write_jsonl
from tests.pipelines.interrupted import At, run
from tests.pipelines.stored import content, item_ids


@pytest.fixture(scope="module")
def killed(tmp_path_factory):
    """Three slices of 10 articles, of which a killed run has committed two."""
    folder = tmp_path_factory.mktemp("killed")
    articles = write_jsonl(folder / "articles.jsonl", corpus(30))
    done = run(folder, *ingest(articles, folder / "lake"), at=At("swept", 2))
    assert done.code == -signal.SIGKILL
    return folder


@pytest.fixture
def half_done(killed, tmp_path):
    return killed / "articles.jsonl", shutil.copytree(killed / "lake", tmp_path / "lake")


def ingest(articles, lake, *more):
    return "ingest", articles, "--lake", lake, "--workers", 1, "--slice-records", 10, *more


def ledger(lake):
    return duckdb.sql(
        "select commit, run_id, read, new + exact + near + excerpt + expansion + revision as stored, seen "
        "from read_parquet(?) order by commit",
        params=[f"{lake}/runs/*.parquet"],
    ).fetchall()


def test_the_same_command_does_what_is_left_under_the_same_run_id(half_done, tmp_path):
    articles, lake = half_done
    assert ledger(lake) == [(1, "00000001", 10, 10, 0), (2, "00000001", 10, 10, 0)]
    done = run(tmp_path, *ingest(articles, lake, "--json"))
    assert done.code == 0, done.err
    assert ledger(lake)[2:] == [(3, "00000001", 10, 10, 0)]
    assert done.err.count("slice") == 1
    assert (done.json["run_id"], done.json["commits"], done.json["counts"]["read"]) == ("00000001", 3, 30)
    assert sum(done.json["counts"][name] for name in ("new", "exact", "near", "excerpt", "expansion")) == 30


def test_a_finished_run_is_not_taken_up_again(half_done, tmp_path):
    articles, lake = half_done
    for _ in range(2):
        assert run(tmp_path, *ingest(articles, lake)).code == 0
    assert [(run_id, seen) for _, run_id, _, _, seen in ledger(lake)[3:]] == [("00000004", 10)] * 3


@pytest.mark.parametrize("change", ["one line more", "other options"])
def test_what_is_not_the_same_run_starts_anew_and_stores_nothing_twice(change, half_done, tmp_path):
    articles, lake = half_done
    if change == "one line more":
        articles = shutil.copy2(articles, tmp_path / "articles.jsonl")
        with open(articles, "a", encoding="utf-8") as file:  # noqa: PTH123
            file.write(json.dumps({"id": "last", "title": "One more", "text": "The clinic was painted in May."}) + "\n")
    command = ingest(articles, lake, "--json")
    if change == "other options":
        command = (*command, "--language-detector", "py3langid")
    done = run(tmp_path, *command)
    assert done.code == 0, done.err
    assert (done.json["run_id"], done.json["counts"]["seen"]) == ("00000003", 20)
    expected = [article["id"] for article in corpus(30)] + (["last"] if change == "one line more" else [])
    assert item_ids(lake) == expected


def test_two_halves_and_a_whole_make_the_same_rows(half_done, tmp_path):
    articles, lake = half_done
    assert run(tmp_path, *ingest(articles, lake)).code == 0
    assert run(tmp_path, *ingest(articles, tmp_path / "whole")).code == 0
    assert content(lake) == content(tmp_path / "whole")
