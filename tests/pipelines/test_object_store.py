"""`--lake s3://…`: every command does what it does with a folder, against a server on loopback."""

import gzip
import json
import sys

import pytest
from apache_beam.portability import python_urns

from pipelines.cli import _run
from schemas.tables import SCHEMAS
from tests.pipelines.conftest import VOLATILE, corpus, write_jsonl
from transforms.lake.layout import create_or_open, open_lake
from transforms.lake.objects import Objects, objects_at
from transforms.lake.read import scan


@pytest.fixture
def articles(tmp_path):
    return write_jsonl(tmp_path / "articles.jsonl", [*corpus(60), {"id": "empty"}])


def rows_of(lake):
    """Return table → rows, sorted."""
    opened = open_lake(lake)
    told = {
        table: [n for n in SCHEMAS[table].names if n not in VOLATILE] for table in ("articles", "duplicates", "rejects")
    }
    return {
        table: sorted(map(repr, (row for batch in scan(opened, table, names) for row in batch.to_pylist())))
        for table, names in told.items()
    }


def told(capfd, *arguments):
    code = _run([str(argument) for argument in arguments])
    out, err = capfd.readouterr()
    assert code == 0, err
    return out


def test_a_lake_on_an_object_store_is_that_of_a_folder(articles, bucket, tmp_path, capfd):
    lake = f"{bucket}/news"
    for where in (lake, tmp_path / "lake"):
        told(capfd, "ingest", articles, "--lake", where, "--workers", 1, "--slice-records", 25)
    assert rows_of(lake) == rows_of(tmp_path / "lake")
    again = json.loads(told(capfd, "ingest", articles, "--lake", lake, "--workers", 1, "--json"))["counts"]
    assert again["seen"] == 60
    assert again["read"] == 61
    count = told(capfd, "query", "--lake", lake, "--format", "csv", "select count(*) as n from stories")
    assert count == "n\n60\n"
    for command in ("compact", "replay", "verify", "report"):
        more = ["--output", tmp_path / "report.html"] if command == "report" else []
        assert "secret" not in told(capfd, command, "--lake", lake, *more)
    assert rows_of(lake) == rows_of(tmp_path / "lake")


def test_what_is_forgotten_stays_away(articles, bucket, capfd):
    lake = f"{bucket}/news"
    told(capfd, "ingest", articles, "--lake", lake, "--workers", 1)
    told(capfd, "forget", "a00000", "--lake", lake)
    again = json.loads(told(capfd, "ingest", articles, "--lake", lake, "--workers", 1, "--json"))
    assert again["rejected_by_reason"] == {"forgotten": 1}
    told(capfd, "verify", "--lake", lake)


def test_retag_moves_rows_to_the_folder_of_their_new_language(bucket, tmp_path, capfd):
    foreign = {
        "id": "pcm",
        "title": "Wetin dey happen",
        "text": "Di pipol wey dey for di market dey wait since morning.",
    }
    articles, where = write_jsonl(tmp_path / "a.jsonl", [*corpus(20), foreign]), (f"{bucket}/news", tmp_path / "lake")
    for lake in where:
        told(capfd, "ingest", articles, "--lake", lake, "--workers", 1, "--language-detector", "langdetect")
    before = rows_of(where[0])
    done, in_a_folder = (json.loads(told(capfd, "retag", "--lake", lake, "--workers", 1, "--json")) for lake in where)
    assert done == in_a_folder
    assert done["retagged"] == 21
    assert done["moved"] >= 1
    assert rows_of(where[0]) == rows_of(where[1]) != before
    assert json.loads(told(capfd, "retag", "--lake", where[0], "--workers", 1, "--json"))["retagged"] == 0
    told(capfd, "verify", "--lake", where[0])


def test_workers_share_staging_on_the_store(articles, bucket, tmp_path, monkeypatch, capfd):
    packed = tmp_path / "articles.jsonl.gz"
    packed.write_bytes(gzip.compress(articles.read_bytes()))
    lake = f"{bucket}/news"
    sent = []
    usual = Objects.upload

    def upload(objects, files):
        listed = list(files)
        sent.extend(f"{objects.url}/{key}" for key, _ in listed)
        usual(objects, listed)

    monkeypatch.setattr(Objects, "upload", upload)
    told(capfd, "ingest", packed, "--lake", lake, "--runner=BundleBasedDirectRunner")
    told(capfd, "ingest", packed, "--lake", tmp_path / "lake", "--workers", 1)
    assert rows_of(lake) == rows_of(tmp_path / "lake")
    kinds = {name.rpartition("/")[2].rpartition(".")[2] for name in sent if "/_staging/" in name}
    assert {"arrow", "signatures", "rejects"} < kinds  # and the unpacked piece of the input
    assert not list(objects_at(lake).list("_staging/"))


@pytest.mark.long
def test_a_worker_shares_the_store_alone(articles, bucket, tmp_path, newsfold):
    lake, there = f"{bucket}/news", tmp_path / "another machine"
    worker = f"XDG_CACHE_HOME='{there}' exec {sys.executable} -m apache_beam.runners.worker.sdk_worker_main"
    beam = ["--runner=PortableRunner", "--job_endpoint=embed", f"--environment_type={python_urns.SUBPROCESS_SDK}"]
    done = newsfold("ingest", articles, "--lake", lake, *beam, f"--environment_config={worker}")
    assert done.code == 0, done.err
    assert there.exists()
    assert newsfold("ingest", articles, "--lake", tmp_path / "lake", "--workers", 1).code == 0
    assert rows_of(lake) == rows_of(tmp_path / "lake")
    assert newsfold("verify", "--lake", lake).code == 0


def test_what_only_a_folder_can_do_is_refused(bucket, articles, tmp_path, capfd):
    assert _run(["ingest", str(articles), "--lake", f"{bucket}/news", "--keep-archive"]) == 2
    assert "not on an object store yet" in capfd.readouterr().err
    create_or_open(tmp_path / "lake")
    assert _run(["compact", "--lake", str(tmp_path / "lake"), "--break-lock"]) == 2
    assert "ends with the process that holds it" in capfd.readouterr().err


def test_a_store_that_is_away_is_one_line(bucket, articles, monkeypatch, capfd):
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:9")
    assert _run(["verify", "--lake", f"{bucket}/elsewhere"]) == 1
    err = capfd.readouterr().err
    assert err.count("\n") == 1
    assert "gives no answer" in err
    assert "secret" not in err
