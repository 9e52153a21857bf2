"""Hostile inputs between good ones: each is a reject or a harmless row, and the good rows are as without them."""

import re
import unicodedata
from collections import Counter
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from tests.pipelines import hostile
from tests.pipelines.conftest import corpus, rows, write_jsonl
from tests.pipelines.interrupted import run
from tests.pipelines.stored import rejects
from transforms.lake.layout import open_lake
from transforms.lake.verify import verify

GOOD_BETWEEN = 10
BLANK = "nul only"  # the hole that a crash leaves in a file is no record
REJECTED = {
    "long title": "too_large",
    "longer title": "too_large",
    "too long text": "too_large",
    "nested markup": "too_deep",
    "attributes": "too_large",
    "comment openers": "empty",
    "text as object": "bad_field",
    "title as object": "bad_field",
    "empty": "empty",
    "nothing": "empty",
    "nested arrays": "too_deep",
    "nested objects": "too_deep",
    "not closed": "broken_record",
    "no utf-8": "bad_encoding",
    "a list": "not_a_record",
    "a string": "not_a_record",
    "null": "not_a_record",
    "17 MB": "too_large",
}
REJECTED_FILES = {
    "zip.jsonl": "unknown_format",
    "truncated.jsonl.gz": "broken_archive",
    "bomb.jsonl.gz": "unknown_format",
    "bomb-of-spaces.jsonl.gz": "broken_archive",
    "bomb.jsonl.zst": "unknown_format",
    "bomb.jsonl.bz2": "unknown_format",
    "stacked.jsonl.gz": "unknown_format",
    "no-gzip.jsonl.gz": "unknown_format",
    "noise.txt": "unknown_format",
    "picture.html": "unknown_format",
    "cut.parquet": "broken_archive",
    "turned.parquet": "broken_archive",
    "magic.parquet": "broken_archive",
    "unclosed.csv": "broken_record",
    "wide.csv": "broken_record",
    "nul.csv": "empty",
    "array.json": "too_deep",
    "broken-array.json": "broken_record",
    "nested.html": "too_deep",
    "comments.html": "empty",
    "long.html": "too_large",
    "nested.xml": "too_deep",
    "many-items.xml": "too_large",
    "nested-feed.json": "too_deep",
    "out.jsonl": "outside_tree",
    "out": "outside_tree",
    "gone.jsonl": "unreadable",
    "pipe.jsonl": "unreadable",
}


@pytest.fixture(scope="module")
def mixed(tmp_path_factory):
    """The lake of a run over good records with hostile ones and hostile files between, and what was on the way."""
    folder = tmp_path_factory.mktemp("hostile")
    outside = tmp_path_factory.mktemp("outside")
    (outside / "secret.jsonl").write_text('{"id": "secret", "text": "What nobody gave away."}\n')
    (folder / "in").mkdir()
    hostile_lines = hostile.records()
    good = write_jsonl(folder / "good.jsonl", corpus(GOOD_BETWEEN * len(hostile_lines)))
    waiting = iter(good.read_bytes().splitlines())
    places = {}
    with (folder / "in" / "mixed.jsonl").open("wb") as file:
        for number, (name, line) in enumerate(hostile_lines.items()):
            file.write(b"".join(next(waiting) + b"\n" for _ in range(GOOD_BETWEEN)) + line + b"\n")
            places[f"{folder}/in/mixed.jsonl#line={(number + 1) * (GOOD_BETWEEN + 1)}"] = name
    for name, content in hostile.files().items():
        (folder / "in" / name).write_bytes(content)
    hostile.make_names(folder / "in", outside)
    before = names(folder, outside)
    done = run(folder, "ingest", folder / "in", "--lake", folder / "lake", "--workers", 1, "--json")
    assert done.code == 0, done.err
    assert [line for line in done.err.splitlines() if not line.startswith("ingest: slice")] == []
    left = names(folder, outside) - {name for name in names(folder) if name.startswith(f"{folder}/lake")}
    assert left - before == {f"{folder}/out.txt", f"{folder}/err.txt"}
    return folder, places, done.json


def names(*folders):
    return {str(path) for folder in folders for path in folder.rglob("*")}


def stored(folder, lake="lake"):
    return [row for table in ("articles", "duplicates") for row in rows(folder / lake, table)]


def test_the_good_rows_are_those_of_a_run_without_the_hostile_ones(mixed):
    folder, places, _ = mixed
    assert run(folder, "ingest", folder / "good.jsonl", "--lake", folder / "alone", "--workers", 1).code == 0
    ids = {article["id"] for article in corpus(GOOD_BETWEEN * len(places))}
    for table in ("articles", "duplicates"):
        alone, between = rows(folder / "alone", table), rows(folder / "lake", table)
        assert placeless(alone) == placeless(row for row in between if row["item_id"] in ids)


def placeless(stories):
    return [{name: value for name, value in row.items() if name != "source_uri"} for row in stories]


def test_each_hostile_record_is_one_reject_or_one_row(mixed):
    folder, places, _ = mixed
    refused = {
        places[row["source_uri"]]: row["reason"] for row in rejects(folder / "lake") if row["source_uri"] in places
    }
    kept = Counter(places[row["source_uri"]] for row in stored(folder) if row["source_uri"] in places)
    assert refused == REJECTED
    assert set(kept) == set(places.values()) - set(refused) - {BLANK}
    assert set(kept.values()) == {1}


def test_each_hostile_file_is_refused_for_what_it_is(mixed):
    folder, places, _ = mixed
    refused = {
        row["source_uri"].partition("#")[0]: row["reason"]
        for row in rejects(folder / "lake")
        if row["source_uri"] not in places
    }
    assert {uri.removeprefix(f"{folder}/in/"): reason for uri, reason in refused.items()} == REJECTED_FILES


def test_everything_read_is_accounted_for_and_the_lake_is_sound(mixed):
    folder, places, result = mixed
    counts = result["counts"]
    assert counts["read"] == sum(count for name, count in counts.items() if name != "read")
    assert counts["read"] > (GOOD_BETWEEN + 1) * len(places)
    assert verify(open_lake(folder / "lake")) == []


def test_nothing_stored_acts_on_a_reader(mixed):
    folder, _, _ = mixed
    for row in stored(folder):
        text = f"{row['title']}\n{row['text']}\n{row['source']}\n{row['item_id']}"
        assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]", text)
        assert unicodedata.is_normalized("NFC", row["title"] + row["text"][:10_000])
        assert "steal" not in text
        assert "alert(" not in text
        assert "root:" not in text
        assert "What nobody gave away" not in text
        for url in filter(None, (row["url"], row["canonical_url"])):
            assert url == row["url"] or urlsplit(url).scheme in {"http", "https"}
        assert row["published_at"] is None or 1900 < row["published_at"].year < 2100


def test_no_input_chooses_the_name_of_a_folder(mixed):
    folder, _, _ = mixed
    partition = re.compile(
        r"(articles|duplicates)/language=[a-z]{2,3}/published_month=(\d{4}-\d\d|__HIVE_DEFAULT_PARTITION__)"
    )
    files = [path.relative_to(folder / "lake") for path in Path(folder, "lake").rglob("*.parquet")]
    assert all(
        partition.fullmatch(str(path.parent)) or path.parts[0] in {"rejects", "runs", "furniture"} for path in files
    )


def test_the_same_hostile_input_again_stores_nothing(mixed):
    folder, _, result = mixed
    done = run(folder, "ingest", folder / "in", "--lake", folder / "lake", "--workers", 1, "--json")
    assert done.code == 0, done.err
    assert sum(done.json["counts"][name] for name in ("new", "revision", "exact", "near", "excerpt", "expansion")) == 0
    assert done.json["counts"]["rejected"] == result["counts"]["rejected"]
    assert done.json["counts"]["read"] == result["counts"]["read"]
