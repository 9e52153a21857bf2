"""`newsfold ingest --dry-run`: what would be read, and nothing written."""

import gzip
import json

import pytest

from pipelines.cli import _run
from tests.pipelines.conftest import corpus, write_jsonl


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "in").mkdir()
    lines = write_jsonl(tmp_path / "in" / "a.jsonl", corpus(5)).read_bytes()
    (tmp_path / "in" / "b.jsonl.gz").write_bytes(gzip.compress(lines))
    (tmp_path / "in" / "c.csv").write_text("headline;inhoud;nr\nThe tram;It was painted.;1\n")
    (tmp_path / "in" / "d.txt").write_text("The tram\n\nIt was painted in the morning.\n")
    (tmp_path / "in" / "e.jsonl").write_text('{"kop": "a", "inhoud": "b"}\n')
    (tmp_path / "in" / "f\x1b[31m.jsonl").write_text('{"title": "a"}\n')
    (tmp_path / "in" / "out.jsonl").symlink_to("/etc/hostname")
    return tmp_path


def names(folder):
    return sorted(str(path) for path in folder.rglob("*"))


def test_every_input_is_described_and_nothing_written(folder, capfd):
    before = names(folder)
    assert _run(["ingest", "in", "--dry-run", "--lake", "lake"]) == 0
    said = capfd.readouterr()
    assert said.err == ""
    assert "\x1b" not in said.out
    assert "in/a.jsonl: jsonl utf-8, 5 records" in said.out
    assert "in/b.jsonl.gz: jsonl gzip utf-8, 5 records" in said.out
    assert "headline → title" in said.out
    assert "kop, inhoud" in said.out.partition("in/e.jsonl")[2]
    assert "outside_tree" in said.out
    assert said.out.splitlines()[-1].startswith("7 files, ")
    assert said.out.splitlines()[-1].endswith("nothing was written")
    assert names(folder) == before


def test_what_is_said_as_json_is_one_list(folder, capfd):
    assert _run(["ingest", "in", "--dry-run", "--json", "--map", "text=inhoud"]) == 0
    reports = {report["uri"]: report for report in json.loads(capfd.readouterr().out)}
    assert len(reports) == 7
    assert (reports["in/a.jsonl"]["records"], reports["in/a.jsonl"]["exact"]) == (5, True)
    assert ["inhoud", "text"] in reports["in/c.csv"]["columns"]
    assert reports["in/out.jsonl"]["format"] == ""
