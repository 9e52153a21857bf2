"""`--gazetteer FILE`: a user's own names in ingest, retag and tag; what counts is the content, not the path."""

import json

import pytest

from pipelines.cli import _run
from pipelines.commands.given import typed
from pipelines.options import IngestOptions
from tests.pipelines.conftest import corpus, rows, write_jsonl
from transforms.lake.layout import open_lake
from transforms.lake.verify import verify

HEADER = "name,type,id,aliases\n"
OWN = HEADER + "Globex Institute,organisation,desk:1,Globex\n"
STORY = {"id": "g", "title": "Globex grows", "text": "Globex hired ten people in Paris on Monday, the mayor said."}


@pytest.fixture
def own(tmp_path):
    path = tmp_path / "own.csv"
    path.write_text(OWN)
    return path


@pytest.fixture
def given(tmp_path):
    return write_jsonl(tmp_path / "articles.jsonl", [STORY, *corpus(20)])


def tags_of(lake):
    (row,) = (row for row in rows(lake, "articles") if row["item_id"] == "g")
    return {entity["name"]: entity["id"] for entity in row["entities"]}, row["tags_version"]


def test_ingest_finds_own_names_and_retag_brings_other_ones(given, own, tmp_path, capfd):
    lake = tmp_path / "lake"
    assert _run(["ingest", str(given), "--lake", str(lake), "--workers", "1", "--gazetteer", str(own)]) == 0
    found, version = tags_of(lake)
    assert found["Globex Institute"] == "desk:1"
    assert found["Paris"].startswith("geonames:")
    own.write_text(OWN.replace("desk:1", "desk:2"))
    capfd.readouterr()
    assert _run(["retag", "--lake", str(lake), "--workers", "2", "--gazetteer", str(own), "--json"]) == 0
    assert json.loads(capfd.readouterr().out)["retagged"] == 21
    assert tags_of(lake)[0]["Globex Institute"] == "desk:2"
    assert tags_of(lake)[1] != version
    assert verify(open_lake(lake)) == []


def test_tag_finds_own_names(newsfold, own):
    done = newsfold("tag", "--gazetteer", own, stdin=json.dumps({"id": 1, "text": STORY["text"]}) + "\n")
    assert done.code == 0, done.err
    assert next((one["name"], one["id"]) for one in done.json["entities"]) == ("Globex Institute", "desk:1")


def test_a_bad_line_is_one_line_and_usage(given, own, tmp_path, newsfold):
    own.write_text(HEADER + "Globex,firm,,\n")
    done = newsfold("ingest", given, "--lake", tmp_path / "lake", "--gazetteer", own)
    assert (done.code, done.err.count("\n")) == (2, 1)
    assert f"{own} line 2: type 'firm' is none of person, place, organisation" in done.err
    assert not (tmp_path / "lake").exists()


def test_the_options_digest_follows_the_content_not_the_path(own, tmp_path):
    def digest(path):
        return IngestOptions(inputs=(), **typed({"lake": "x", "gazetteer": str(path)})).digest()

    other = tmp_path / "other.csv"
    other.write_text(OWN)
    assert digest(own) == digest(other)
    other.write_text(OWN.replace("desk:1", "desk:2"))
    assert len({digest(own), digest(other), IngestOptions(inputs=(), lake="x").digest()}) == 3
