"""Fold among its neighbours: spills on disk, a lake that remembers, and Beam."""

import shutil
from collections import Counter
from dataclasses import replace

import pyarrow as pa
import pytest

from pipelines.local import run_local
from schemas.reasons import Reason
from schemas.rejects import reject
from schemas.tables import DECISION, PREPARED
from tests.transforms.fold.ingested import article, batch, ingested
from transforms.fold.against_lake import fold_spills
from transforms.fold.recall import recall
from transforms.fold.settings import FoldSettings
from transforms.fold.signature import join
from transforms.fold.slices import fold_slice
from transforms.fold.spills import read_columns, read_signatures, write_spill
from transforms.fold.stage import Fingerprint, GatherSlice
from transforms.lake.layout import create_or_open
from transforms.lake.process_cache import ProcessCache


@pytest.fixture
def articles(words):
    texts = [" ".join(words(seed, 200)) for seed in range(6)]
    made = [article(number, text) for number, text in enumerate(texts)]
    made += [article(10 + number, text + " changed here") for number, text in enumerate(texts[:4])]
    made += [article(20, texts[0]), article(0, texts[0]), article(21, " ".join(words(77, 60)), key=5)]
    return made


def test_a_spill_holds_the_articles_and_what_they_look_like(tmp_path, articles):
    spill = write_spill(batch(articles), str(tmp_path))
    assert (spill.articles, spill.rejects, spill.read) == (13, 0, 13)
    columns = read_columns(spill, ["text", "article_id"])
    assert columns.column_names == ["text", "article_id"]
    assert columns.column("text").to_pylist() == [one.text for one in articles]
    parts, fingerprints = read_signatures([spill])
    signatures = join(parts)
    assert signatures.words.sizes.tolist() == [len(one.text.split()) for one in articles]
    assert fingerprints["tokens"].tolist() == signatures.words.sizes.tolist()
    assert read_columns(spill, PREPARED.names).schema.equals(PREPARED)


def test_a_spill_keeps_rejects_beside_it(tmp_path):
    refused = reject("a.jsonl#line=1", "normalize", Reason.EMPTY, "nothing in it", b"{}")
    spill = write_spill(replace(batch([]), rejects=(refused,), read=1), str(tmp_path))
    with pa.OSFile(spill.path + ".rejects") as file:
        assert pa.ipc.open_file(file).read_all().column("detail").to_pylist() == ["nothing in it"]
    assert len(join(read_signatures([spill])[0])) == 0


def test_a_spill_written_again_is_the_same_file(tmp_path, articles):
    first = write_spill(batch(articles), str(tmp_path))
    content = {path: path.read_bytes() for path in tmp_path.iterdir()}
    assert write_spill(batch(articles), str(tmp_path)) == first
    assert {path: path.read_bytes() for path in tmp_path.iterdir()} == content
    assert len(list(tmp_path.iterdir())) == 3  # articles, signatures, rejects


def test_decisions_stand_in_the_order_of_the_spills_and_count_everything(tmp_path, articles, fold):
    spills = [write_spill(batch(articles[at : at + 5], at), str(tmp_path)) for at in (0, 5, 10)]
    decided = fold_slice(7, reversed(spills), fold().memory, FoldSettings())[0]
    assert decided.decisions.schema.equals(DECISION)
    assert decided.decisions.column("article_id").to_pylist() == [one.article_id for one in articles]
    assert [spill.ordinal for spill in decided.spills] == [0, 5, 10]
    assert decided.counts == {"new": 6, "near": 4, "exact": 1, "seen": 1, "revision": 1}
    rows = decided.decisions.to_pylist()
    assert rows[6]["duplicate_of"] == rows[6]["family_id"] == articles[0].article_id
    assert rows[6]["differences"] == ["changed", "here"]
    assert rows[6]["links"][0]["article_id"] == articles[0].article_id
    assert {name: value for name, value in rows[11].items() if value is not None} == {
        "article_id": articles[11].article_id,
        "outcome": "seen",
    }
    assert all(len(row["fingerprint"]) <= 512 for row in rows if row["outcome"] != "seen")


def test_an_empty_slice_is_decided(tmp_path, fold):
    spill = write_spill(batch([]), str(tmp_path))
    assert len(fold_slice(0, [spill], fold().memory, FoldSettings())[0].decisions) == 0
    assert len(fold_slice(0, [], fold().memory, FoldSettings())[0].decisions) == 0


def test_the_lake_is_the_memory(tmp_path, articles):
    assert ingested(tmp_path / "lake", articles[:6], articles[6:]) == [
        {"new": 6},
        {"near": 4, "exact": 1, "seen": 1, "revision": 1},
    ]


def test_a_second_run_finds_everything_seen(tmp_path, articles):
    ingested(tmp_path / "lake", articles)
    assert ingested(tmp_path / "lake", articles) == [{"seen": 13}]


def test_memory_from_the_tables_is_memory_from_the_process(tmp_path, articles, monkeypatch):
    ingested(tmp_path / "lake", articles[:6], articles[6:])
    lake = create_or_open(tmp_path / "lake")
    carried = recall(lake)
    monkeypatch.setattr("transforms.fold.recall._RECALLED", ProcessCache())
    mapped = recall(lake)
    shutil.rmtree(lake.memory)
    monkeypatch.setattr("transforms.fold.recall._RECALLED", ProcessCache())
    rebuilt = recall(lake)
    assert len(carried) == len(rebuilt) == len(mapped) == 12
    ids = rebuilt.rows(rebuilt.find(carried.segments[0].rows.article_id))
    for name in ("article_id", "item_key", "family_id", "raw", "revision"):
        assert getattr(ids, name).tolist() == getattr(carried.segments[0].rows, name).tolist()
    assert ids.fingerprint.tobytes() == carried.segments[0].rows.fingerprint.tobytes()


def test_a_large_memory_is_made_anew_stretch_by_stretch(tmp_path, articles, monkeypatch):
    ingested(tmp_path / "lake", articles[:3], articles[3:6], articles[6:10], articles[10:])
    lake = create_or_open(tmp_path / "lake")
    shutil.rmtree(lake.memory)
    found = {}
    for most in (4, 100):
        monkeypatch.setattr("transforms.fold.recall._RECALLED", ProcessCache())
        monkeypatch.setattr("transforms.fold.recall._MOST_ROWS", most)
        memory = recall(lake)
        found[most] = sorted(zip(*(part(memory) for part in (_ids, _revisions)), strict=True))
    assert found[4] == found[100]
    assert len(found[4]) == 12


def _ids(memory):
    return [one for segment in memory.segments for one in segment.rows.article_id.tolist()]


def _revisions(memory):
    return [one for segment in memory.segments for one in segment.rows.revision.tolist()]


def test_another_lake_in_the_same_place_is_noticed(tmp_path, articles):
    ingested(tmp_path / "lake", articles[:4], articles[4:])
    (tmp_path / "lake").rename(tmp_path / "old")
    assert ingested(tmp_path / "lake", articles[:6]) == [{"new": 6}]


def test_the_stages_run_in_beam(tmp_path, articles):
    lake = create_or_open(tmp_path / "lake")
    batches = [batch(articles[:6], 0, 0), batch(articles[6:], 1, 0)]
    gathered = run_local(batches, lambda given: given | Fingerprint(str(lake.staging)) | GatherSlice())
    assert len(gathered) == 1
    decided = fold_spills(lake, 0, tuple(gathered[0][1]), FoldSettings())
    assert Counter(decided.decisions.column("outcome").to_pylist()) == Counter(
        {"new": 6, "near": 4, "exact": 1, "seen": 1, "revision": 1}
    )
