"""`newsfold replay`: rejects run again once their source, or what is said about it, was mended."""

import json
import signal

import duckdb
import pytest

from pipelines.cli import _run
from tests.pipelines.conftest import corpus, rows, write_jsonl
from tests.pipelines.interrupted import At, run
from tests.pipelines.stored import item_ids, rejects
from transforms.lake.layout import open_lake
from transforms.lake.verify import verify

BROKEN = '{"id": "broken", "title": "cut in the mid'
OTHER = {"id": "other", "rubrik": "The tram of Graz", "brödtext": "The tram of Graz was painted before the holidays."}


@pytest.fixture
def folder(tmp_path):
    """A lake made of two files: one with a broken line, one whose third line has its text under other names."""
    lines = write_jsonl(tmp_path / "broken.jsonl", corpus(4)).read_text("utf-8").splitlines()
    (tmp_path / "broken.jsonl").write_text("\n".join([*lines[:2], BROKEN, *lines[2:]]) + "\n", "utf-8")
    others = [json.dumps(article) for article in corpus(3, seed=8)]
    others = [line.replace('"a0', '"b0').replace("/paper", "/other") for line in others]
    (tmp_path / "names.jsonl").write_text("\n".join([*others, json.dumps(OTHER, ensure_ascii=False)]) + "\n", "utf-8")
    command = ["ingest", tmp_path / "broken.jsonl", tmp_path / "names.jsonl", "--lake", tmp_path / "lake"]
    assert _run([*map(str, command), "--workers", "1"]) == 0
    return tmp_path


def replay(folder, capfd, *more):
    capfd.readouterr()
    code = _run(["replay", "--lake", str(folder / "lake"), "--workers", "1", "--json", *more])
    assert code == 0
    return json.loads(capfd.readouterr().out)


def open_rejects(folder, capfd):
    capfd.readouterr()
    question = "select reason, source_uri from rejects order by source_uri"
    assert _run(["query", "--lake", str(folder / "lake"), "--format", "json", question]) == 0
    return [json.loads(line)["reason"] for line in capfd.readouterr().out.splitlines()]


def mend(folder):
    path = folder / "broken.jsonl"
    mended = {"id": "broken", "title": "Not cut any more", "text": "The market of Cork was moved for the first time."}
    path.write_text(path.read_text("utf-8").replace(BROKEN, json.dumps(mended)), "utf-8")


def test_nothing_mended_resolves_nothing_and_stores_nothing(folder, capfd):
    before = item_ids(folder / "lake")
    assert open_rejects(folder, capfd) == ["broken_record", "empty"]
    assert replay(folder, capfd) == {"open": 2, "resolved": 0, "still_rejected": 2, "out_of_reach": 0, "documents": 0}
    assert item_ids(folder / "lake") == before
    assert len(rejects(folder / "lake")) == 2
    assert open_rejects(folder, capfd) == ["broken_record", "empty"]


def test_a_line_that_was_mended_in_its_file_is_stored_and_its_reject_closed(folder, capfd):
    mend(folder)
    assert replay(folder, capfd) == {"open": 2, "resolved": 1, "still_rejected": 1, "out_of_reach": 0, "documents": 0}
    assert "broken" in item_ids(folder / "lake")
    assert open_rejects(folder, capfd) == ["empty"]
    assert len(rejects(folder / "lake")) == 2  # the table forgets nothing
    assert replay(folder, capfd) == {"open": 1, "resolved": 0, "still_rejected": 1, "out_of_reach": 0, "documents": 0}
    assert verify(open_lake(folder / "lake")) == []


def test_a_replay_tags_as_it_is_told(folder, capfd):
    mend(folder)
    (folder / "own.csv").write_text("name,type,id\nCork,organisation,club:1\n", "utf-8")
    replay(folder, capfd, "--language-detector", "langdetect", "--gazetteer", str(folder / "own.csv"))
    (row,) = [row for row in rows(folder / "lake", "articles") if row["item_id"] == "broken"]
    assert "/langdetect " in row["tags_version"]
    assert [(entity["name"], entity["id"]) for entity in row["entities"]] == [("Cork", "club:1")]


def test_a_tagger_that_there_is_not_is_told_before_anything_happens(folder, capfd):
    assert _run(["replay", "--lake", str(folder / "lake"), "--entities", "quick"]) == 2
    assert "--entities quick" in capfd.readouterr().err


def test_what_is_refused_again_for_another_reason_stays_open_as_that(folder, capfd):
    path = folder / "broken.jsonl"
    path.write_text(path.read_text("utf-8").replace(BROKEN, '["not a record"]'), "utf-8")
    assert replay(folder, capfd) == {"open": 2, "resolved": 0, "still_rejected": 2, "out_of_reach": 0, "documents": 0}
    assert open_rejects(folder, capfd) == ["not_a_record", "empty"]


def test_a_payload_is_enough_when_the_file_is_gone(folder, capfd):
    (folder / "names.jsonl").unlink()
    done = replay(folder, capfd, "--map", "title=rubrik,text=brödtext")
    assert done == {"open": 2, "resolved": 1, "still_rejected": 1, "out_of_reach": 0, "documents": 0}
    (row,) = [row for row in stories(folder) if row[0] == "other"]
    assert row == ("other", "The tram of Graz", OTHER["brödtext"], f"{folder}/names.jsonl#line=4")
    assert open_rejects(folder, capfd) == ["broken_record"]
    assert verify(open_lake(folder / "lake")) == []


def test_a_payload_that_was_cut_is_out_of_reach_without_its_file(folder, capfd):
    path = folder / "long.jsonl"
    path.write_text('{"id": "long", "text": "' + "x" * 100_000 + "\n" + json.dumps(corpus(1)[0]) + "\n", "utf-8")
    assert _run(["ingest", str(path), "--lake", str(folder / "lake"), "--workers", "1"]) == 0
    path.unlink()
    assert replay(folder, capfd) == {"open": 3, "resolved": 0, "still_rejected": 2, "out_of_reach": 1, "documents": 0}
    assert len(open_rejects(folder, capfd)) == 3


@pytest.mark.parametrize("nth", [2])
def test_a_replay_that_is_killed_is_done_by_the_next_one(nth, folder, capfd):
    mend(folder)
    command = ("replay", "--lake", folder / "lake", "--workers", 1)
    assert run(folder, *command, at=At("runs moved", nth)).code == -signal.SIGKILL
    assert run(folder, *command).code == 0
    assert item_ids(folder / "lake").count("broken") == 1
    assert open_rejects(folder, capfd) == ["empty"]
    assert verify(open_lake(folder / "lake")) == []


def stories(folder):
    return duckdb.sql(
        "select item_id, title, text, source_uri from read_parquet(?, hive_partitioning = true)",
        params=[f"{folder}/lake/articles/*/*/*.parquet"],
    ).fetchall()
