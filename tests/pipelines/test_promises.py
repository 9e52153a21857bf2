"""The promises to the user, each seen to hold through the command line."""

import json
import random
import socket
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest

from pipelines.summary import STORED
from tests.pipelines.conftest import corpus, published, rows, write_jsonl

TABLES = ("articles", "duplicates")


@pytest.fixture(scope="module")
def articles(tmp_path_factory):
    """A file of 300 good lines with two broken ones between them."""
    path = write_jsonl(tmp_path_factory.mktemp("in") / "articles.jsonl", corpus(300))
    lines = path.read_text("utf-8").splitlines(keepends=True)
    lines.insert(100, '{"id": "cut", "title": "cut in the mid\n')
    lines.insert(200, '{"id": "empty", "title": "", "text": " "}\n')
    path.write_text("".join(lines), "utf-8")
    return path


@pytest.fixture(scope="module")
def undisturbed(articles, newsfold, tmp_path_factory):
    """The lake that one quiet run with one worker makes."""
    lake = tmp_path_factory.mktemp("lake") / "lake"
    done = newsfold("ingest", articles, "--lake", lake, "--workers", 1, "--json")
    assert done.code == 0, done.err
    return lake, done.json


def test_every_record_read_is_stored_seen_or_rejected(undisturbed):
    _, result = undisturbed
    counts = result["counts"]
    assert counts["read"] == 302 == sum(counts[name] for name in (*STORED, "seen", "rejected"))
    assert counts["rejected"] == 2 == sum(result["rejected_by_reason"].values())
    assert result["rejected_by_reason"] == {"broken_record": 1, "empty": 1}


def test_every_id_stands_in_exactly_one_table(articles, undisturbed):
    lake, _ = undisturbed
    stored = [row["item_id"] for table in TABLES for row in rows(lake, table)]
    assert len(stored) == len(set(stored)) == 300
    assert set(stored) == {article["id"] for article in corpus(300)}


def test_copies_are_folded_and_name_their_partner(undisturbed):
    lake, result = undisturbed
    duplicates = rows(lake, "duplicates")
    known = {row["article_id"] for table in TABLES for row in rows(lake, table)}
    assert len(duplicates) == sum(result["counts"][name] for name in ("exact", "near", "excerpt", "expansion")) > 20
    assert all(row["duplicate_of"] in known and row["family_id"] in known for row in duplicates)


def test_the_same_input_again_publishes_nothing_and_changes_no_byte(articles, newsfold, tmp_path):
    lake = tmp_path / "lake"
    assert newsfold("ingest", articles, "--lake", lake, "--workers", 1).code == 0
    before = published(lake)
    again = newsfold("ingest", articles, "--lake", lake, "--workers", 1, "--json")
    assert again.code == 0, again.err
    assert published(lake) == before
    assert again.json["counts"]["seen"] == 300
    assert sum(again.json["counts"][name] for name in STORED) == 0


@pytest.mark.parametrize(
    ("workers", "environment"),
    [(2, {}), (1, {"PYTHONHASHSEED": "1", "TZ": "Pacific/Kiritimati"}), (1, {"PYTHONHASHSEED": "4242", "LC_ALL": "C"})],
    ids=["two workers", "hash seed 1, far time zone", "hash seed 4242, C locale"],
)
def test_rows_do_not_depend_on_how_the_run_is_done(articles, undisturbed, newsfold, tmp_path, workers, environment):
    lake = tmp_path / "lake"
    # Chunks of 50, so that both workers have some.
    done = newsfold("ingest", articles, "--lake", lake, "--workers", workers, "--slice-records", 400, **environment)
    assert done.code == 0, done.err
    for table in TABLES:
        assert rows(lake, table) == rows(undisturbed[0], table)


def test_rows_do_not_depend_on_the_order_of_the_input(articles, undisturbed, newsfold, tmp_path):
    lines = articles.read_text("utf-8").splitlines(keepends=True)
    random.Random(3).shuffle(lines)
    shuffled = tmp_path / articles.name
    shuffled.write_text("".join(lines), "utf-8")
    lake = tmp_path / "lake"
    assert newsfold("ingest", shuffled, "--lake", lake, "--workers", 1).code == 0

    def placeless(row):
        return {name: value for name, value in row.items() if name != "source_uri"}

    for table in TABLES:
        assert [placeless(row) for row in rows(lake, table)] == [placeless(row) for row in rows(undisturbed[0], table)]


def test_slices_make_the_same_families_as_one_run(articles, undisturbed, newsfold, tmp_path):
    lake = tmp_path / "lake"
    done = newsfold("ingest", articles, "--lake", lake, "--workers", 1, "--slice-records", 60, "--json")
    assert done.code == 0, done.err
    assert done.json["commits"] == 6

    def pairs(where):
        family = {row["item_id"]: row["family_id"] for table in TABLES for row in rows(where, table)}
        return {(a, b) for a in family for b in family if a < b and family[a] == family[b]}

    one, many = pairs(undisturbed[0]), pairs(lake)
    assert len(one & many) / len(one | many) >= 0.95


def test_entity_offsets_cut_the_name_out_of_its_field(undisturbed):
    lake, _ = undisturbed
    mentions = [
        (row[mention["field"]][mention["start"] : mention["end"]], mention["text"])
        for row in rows(lake, "articles")
        for entity in row["entities"]
        for mention in entity["mentions"]
    ]
    assert len(mentions) > 100
    assert all(cut == text for cut, text in mentions)


def test_an_ingest_of_files_tries_no_connection(articles, newsfold, tmp_path):
    log = tmp_path / "connections.txt"
    (tmp_path / "sitecustomize.py").write_text(
        "import socket\n"
        "_connect = socket.socket.connect\n"
        "def connect(self, address):\n"
        "    if self.family != socket.AF_UNIX:\n"
        f"        open({str(log)!r}, 'a').write(repr(address) + chr(10))\n"
        "    return _connect(self, address)\n"
        "socket.socket.connect = connect\n"
        "_resolve = socket.getaddrinfo\n"
        "def getaddrinfo(*args, **kwargs):\n"
        f"    open({str(log)!r}, 'a').write('resolve ' + repr(args) + chr(10))\n"
        "    return _resolve(*args, **kwargs)\n"
        "socket.getaddrinfo = getaddrinfo\n",
        encoding="utf-8",
    )
    done = newsfold(
        "ingest",
        articles,
        "--lake",
        tmp_path / "lake",
        "--workers",
        2,
        "--slice-records",
        400,
        PYTHONPATH=str(tmp_path),
    )
    assert done.code == 0, done.err
    assert not log.exists(), log.read_text("utf-8")
    with pytest.raises(OSError, match="refused"), socket.socket() as probe:
        probe.connect(("127.0.0.1", 1))  # connecting is possible here, so the log could have been written


def test_a_plain_glob_reader_never_fails_while_slices_are_committed(articles, newsfold, tmp_path):
    lake = tmp_path / "lake"
    reader = tmp_path / "reader.py"
    reader.write_text(
        "import duckdb, glob, json, os, sys\n"
        "lake, stop = sys.argv[1:]\n"
        "duckdb.execute('set threads = 1')\n"
        "counts = []\n"
        "while not os.path.exists(stop):\n"
        "    pattern = lake + '/articles/*/*/*.parquet'\n"
        "    if glob.glob(pattern):\n"
        "        counts.append(duckdb.execute('select count(*), count(distinct article_id) from read_parquet(?)', [pattern]).fetchall()[0])\n"
        "print(json.dumps(counts))\n",
        encoding="utf-8",
    )
    stop = tmp_path / "stop"
    polling = subprocess.Popen([sys.executable, reader, lake, stop], stdout=subprocess.PIPE, text=True)
    try:
        done = newsfold("ingest", articles, "--lake", lake, "--workers", 1, "--slice-records", 30)
    finally:
        stop.touch()
    out, _ = polling.communicate(timeout=60)
    assert done.code == 0, done.err
    assert polling.returncode == 0
    counts = json.loads(out)
    assert len(counts) > 3
    assert all(total == distinct for total, distinct in counts)
    assert [total for total, _ in counts] == sorted(total for total, _ in counts)


def test_verify_finds_one_flipped_bit(articles, newsfold, tmp_path):
    lake = tmp_path / "lake"
    assert newsfold("ingest", articles, "--lake", lake, "--workers", 1).code == 0
    assert newsfold("verify", "--lake", lake).code == 0
    victim = min(Path(lake, "articles").rglob("*.parquet"))
    content = bytearray(victim.read_bytes())
    content[len(content) // 2] ^= 1
    victim.write_bytes(content)
    found = newsfold("verify", "--lake", lake)
    assert found.code == 1
    assert victim.name in found.out + found.err


def test_what_is_stored_answers_to_duckdb(undisturbed):
    lake, result = undisturbed
    glob = str(Path(lake, "articles", "*", "*", "*.parquet"))
    count = duckdb.execute("select count(*) from read_parquet(?, hive_partitioning = true)", [glob]).fetchall()
    assert count == [(result["counts"]["new"] + result["counts"]["revision"],)]


def test_folders_of_the_user_are_never_taken_for_ours(articles, tmp_path):
    for name in ("pipelines", "transforms", "schemas"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "__init__.py").write_text("raise SystemExit('this is not newsfold')\n", encoding="utf-8")
    done = subprocess.run(
        [
            Path(sys.executable).with_name("newsfold"),
            "ingest",
            articles,
            "--lake",
            "lake",
            "--workers",
            "2",
            "--slice-records",
            "150",
        ],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "read 302 articles" in done.stdout
