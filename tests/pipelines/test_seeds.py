"""A run over seeds/ finds exactly what docs/seeds.md promises; the expectations are tests/golden/seeds_expected.json."""

import gzip
import importlib.util
import io
import json
import re
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import duckdb
import pyarrow.parquet as pq
import pytest
import zstandard

ROOT = Path(__file__).resolve().parents[2]
EXPECTED = json.loads((ROOT / "tests/golden/seeds_expected.json").read_text(encoding="utf-8"))
STORED = [record for record in EXPECTED["records"] if record["outcome"] != "seen"]
FOLDED = [record for record in STORED if record["outcome"] not in {"new", "revision"}]
OUTCOMES = ("new", "revision", "exact", "near", "excerpt", "expansion", "seen", "rejected")
# What every stored record is compared in; an expectation that is silent on one of the last three allows anything.
ALWAYS = ("title", "language", "outcome", "revision", "text_kind", "published_date")
WHERE_TOLD = ("published_source", "canonical_url")

Row = dict[str, Any]
Key = tuple[str, str, int]


class Ingested:
    """What one run printed and wrote."""

    def __init__(self, lake: Path, summary: dict[str, Any]) -> None:
        self.lake = lake
        self.summary = summary
        self.rows = [self._with_outcome(row) for row in self.ask("articles") + self.ask("duplicates")]
        self.by_key = {_key_of_row(row): row for row in self.rows}
        self.by_name = {record["key"]: self.by_key.get(_key_of_record(record)) for record in STORED}

    def ask(self, table: str) -> list[Row]:
        glob = f"{self.lake}/{table}/**/*.parquet"
        partitions = ", hive_partitioning = true" if table in {"articles", "duplicates"} else ""
        with duckdb.connect() as connection:
            answer = connection.execute(f"FROM read_parquet('{glob}'{partitions})")
            names = [column[0] for column in answer.description]
            return [dict(zip(names, values, strict=True)) for values in answer.fetchall()]

    def stored(self, name: str) -> Row:
        row = self.by_name[name]
        assert row is not None, f"{name} is not in the lake"
        return row

    @staticmethod
    def _with_outcome(row: Row) -> Row:
        own = "new" if row["revision"] == 1 else "revision"
        day = row["published_date"]
        return row | {"outcome": row.get("relation") or own, "published_date": day and day.isoformat()}


def _file_of(source_uri: str) -> str:
    return source_uri.split("#", 1)[0].split("seeds/", 1)[1]


def _key_of_row(row: Row) -> Key:
    file = _file_of(row["source_uri"])
    told = {record.get("id") for record in STORED if record["file"] == file}
    return file, row["item_id"] if row["item_id"] in told and row["item_id"] else row["title"], row["revision"]


def _key_of_record(record: Row) -> Key:
    return record["file"], record.get("id") or record["title"], record.get("revision", 1)


def _expected_view(record: Row) -> Row:
    view = {"revision": 1, "text_kind": "full"} | record
    return {name: view[name] for name in (*ALWAYS, *WHERE_TOLD) if name in view}


@pytest.fixture(scope="module")
def ingested(tmp_path_factory: pytest.TempPathFactory) -> Ingested:
    lake = tmp_path_factory.mktemp("seeds") / "lake"
    command = [sys.executable, "-m", "pipelines.cli", "ingest", "seeds", "--lake", str(lake), "--json"]
    run = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=300, check=False)
    assert run.returncode == 0, run.stderr
    return Ingested(lake, json.loads(run.stdout))


def test_totals_are_those_promised(ingested: Ingested) -> None:
    assert ingested.summary["counts"] == EXPECTED["totals"]


def test_every_record_is_stored_with_its_language_relation_and_date(ingested: Ingested) -> None:
    differing = {}
    for record in STORED:
        row = ingested.by_name[record["key"]]
        want = _expected_view(record)
        got = row and {name: row[name] for name in want}
        if got != want:
            differing[record["key"]] = (got, want)
    assert differing == {}


def test_nothing_is_stored_that_was_not_promised(ingested: Ingested) -> None:
    assert Counter(map(_key_of_row, ingested.rows)) == Counter(map(_key_of_record, STORED))


@pytest.mark.parametrize("record", FOLDED, ids=lambda record: record["key"])
def test_a_copy_joins_the_family_of_its_story(ingested: Ingested, record: Row) -> None:
    row, canonical = ingested.stored(record["key"]), ingested.stored(record["family"])
    members = {other["article_id"] for other in ingested.rows if other["family_id"] == canonical["article_id"]}
    assert row["family_id"] == canonical["article_id"]
    assert row["duplicate_of"] in members


def test_stories_told_once_stand_alone(ingested: Ingested) -> None:
    families = {record["family"] for record in FOLDED}
    singles = [record["key"] for record in STORED if record["outcome"] == "new" and record["key"] not in families]
    joined = {name for name in singles if ingested.stored(name)["family_id"] != ingested.stored(name)["article_id"]}
    assert joined == set()


@pytest.mark.parametrize("pair", EXPECTED["lookalikes"], ids="-".join)
def test_form_letters_with_other_facts_stay_apart_and_say_so(ingested: Ingested, pair: list[str]) -> None:
    one, other = (ingested.stored(name) for name in pair)
    assert one["family_id"] != other["family_id"]
    assert one["lookalike_of"] == other["article_id"] or other["lookalike_of"] == one["article_id"]


def test_a_revision_names_the_version_before_it_and_stays_in_its_family(ingested: Ingested) -> None:
    (record,) = (record for record in STORED if record["outcome"] == "revision")
    row, earlier = ingested.stored(record["key"]), ingested.stored(record["family"])
    assert row["revision_of"] == earlier["article_id"]
    assert row["item_key"] == earlier["item_key"]
    assert row["family_id"] == earlier["family_id"]


def test_broken_inputs_are_rejected_with_their_reason(ingested: Ingested) -> None:
    def place(source_uri: str) -> int | None:
        found = re.search(r"#\w+=(\d+)$", source_uri)
        return int(found[1]) if found else None

    rejects = ingested.ask("rejects")
    got = Counter((_file_of(row["source_uri"]), row["reason"]) for row in rejects)
    assert got == Counter((entry["file"], entry["reason"]) for entry in EXPECTED["rejects"])
    placed = {(entry["file"], entry["place"]) for entry in EXPECTED["rejects"] if entry["place"]}
    assert placed <= {(_file_of(row["source_uri"]), place(row["source_uri"])) for row in rejects}


def test_site_furniture_and_markup_are_gone_from_the_text(ingested: Ingested) -> None:
    text = "\n".join(row["text"] for row in ingested.rows)
    left = re.findall(r"Loading categories|Related News|İlgili Haberler|Datenschutz|Skip to content|<p>|&amp;", text)
    assert left == []


def test_older_charsets_are_read_letter_by_letter(ingested: Ingested) -> None:
    by_file = {_file_of(row["source_uri"]): row for row in ingested.rows}
    for target, charset in (
        ("fr-atlas.txt", "cp1252"),
        ("ru-magnolia.txt", "cp1251"),
        ("el-shepherd.txt", "utf-16-le"),
    ):
        row, source = by_file[f"texts/{target}"], ROOT / "seeds/.source" / target
        told = f"{row['title']}\n\n{row['text']}".split()
        assert told == source.read_text(encoding="utf-8").split(), target
        assert dict(row["extra"])["newsfold:charset"] == charset


def test_fields_that_mean_nothing_to_us_are_kept_in_extra(ingested: Ingested) -> None:
    extra = dict(ingested.stored("bees")["extra"])
    assert (extra["desk"], extra["priority"]) == ("cities", "5")
    assert dict(ingested.stored("library")["extra"])["region"] == 'Reykjavik, "centre"'


def test_paragraphs_survive_every_format(ingested: Ingested) -> None:
    for name in ("ferry", "fr_pont-copy", "fr_dakar", "de_bruecke", "es_mercado", "bees-copy", "telescope"):
        assert ingested.stored(name)["text"].count("\n\n") >= 3, name


def test_expectations_add_up() -> None:
    totals, outcomes = EXPECTED["totals"], Counter(record["outcome"] for record in EXPECTED["records"])
    assert totals == {
        "read": totals["read"],
        **{name: outcomes[name] for name in OUTCOMES[:-1]},
        "rejected": len(EXPECTED["rejects"]),
    }
    assert totals["read"] == sum(totals[name] for name in OUTCOMES) == sum(EXPECTED["files"].values())
    named = Counter(entry["file"] for entry in EXPECTED["records"] + EXPECTED["rejects"])
    assert named == EXPECTED["files"]


def test_seeds_are_as_varied_as_promised() -> None:
    files = {str(path.relative_to(ROOT / "seeds")) for path in _visible_seeds()}
    assert files == set(EXPECTED["files"])
    assert EXPECTED["totals"]["new"] >= 66
    assert len({record["language"] for record in EXPECTED["records"]}) >= 25


def test_files_that_are_made_say_what_their_sources_say() -> None:
    script = ROOT / "seeds/.source/make_binary_seeds.py"
    spec = importlib.util.spec_from_file_location("make_binary_seeds", script)
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    for target, content in module.made().items():
        there = (ROOT / "seeds" / target).read_bytes()
        # Other releases of zlib, zstd and Parquet may pack the same content into other bytes.
        assert _unpacked(target, there) == _unpacked(target, content), target


def test_every_file_is_in_the_documentation_with_its_count() -> None:
    page = (ROOT / "docs/seeds.md").read_text(encoding="utf-8")
    counts = dict(re.findall(r"^\| `([^`]+)` \| (\d+) \|", page, re.MULTILINE))
    assert counts == {file: str(count) for file, count in EXPECTED["files"].items()}
    totals = dict(re.findall(r"^\| (\w+) \| (\d+) \|$", page, re.MULTILINE))
    assert totals == {name: str(count) for name, count in EXPECTED["totals"].items()}


def _visible_seeds() -> list[Path]:
    found = (path for path in (ROOT / "seeds").rglob("*") if path.is_file())
    return [path for path in found if not any(part.startswith(".") for part in path.relative_to(ROOT).parts)]


def _unpacked(target: str, content: bytes) -> object:
    if target.endswith(".zst"):
        return zstandard.ZstdDecompressor().decompress(content)
    if target.endswith(".parquet"):
        return pq.read_table(io.BytesIO(content)).to_pylist()
    if target.startswith("broken/"):
        return gzip.GzipFile(fileobj=io.BytesIO(content)).readline()
    return gzip.decompress(content) if target.endswith(".gz") else content


def test_a_question_is_answered_without_a_word_beside_the_answer(ingested: Ingested) -> None:
    command = [sys.executable, "-m", "pipelines.cli", "query", "--lake", str(ingested.lake), "--format", "json"]
    run = subprocess.run(
        [*command, "select count(*) as n from stories"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert (json.loads(run.stdout), run.stderr) == ({"n": len(ingested.rows)}, "")


def test_german_nouns_that_meet_are_no_persons(ingested: Ingested) -> None:
    assert "Nacht Tiefstwerte" not in {entity["name"] for row in ingested.rows for entity in row["entities"]}
