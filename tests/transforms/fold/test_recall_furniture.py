"""What one slice learns of site furniture, later slices, runs and processes know."""

import hashlib
import shutil
from dataclasses import fields
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

from schemas.records import Article, Batch
from transforms.fold import expected, recent
from transforms.fold.against_lake import fold_spills
from transforms.fold.expected import committed
from transforms.fold.recall import recall
from transforms.fold.recall_furniture import recall_furniture
from transforms.fold.segment import Rows
from transforms.fold.settings import FoldSettings
from transforms.fold.signature import sign
from transforms.fold.spills import write_spill
from transforms.lake.commit import commit_slice
from transforms.lake.layout import create_or_open
from transforms.lake.ledger import RunInfo
from transforms.lake.lock import writer_lock
from transforms.lake.process_cache import ProcessCache
from transforms.lake.read import scan

START = datetime(2026, 3, 1, tzinfo=UTC)
FOOTER = "Follow our paper on all channels and never miss a story from the region again"
CACHES = ("transforms.fold.recall._RECALLED", "transforms.fold.recall_furniture._RECALLED")


def article(number, text, source="herald"):
    digest = hashlib.sha256(f"{number}{text}".encode()).hexdigest()
    return Article(
        article_id=digest[:32],
        item_key=hashlib.sha256(f"{number}".encode()).hexdigest()[:32],
        content_hash=f"1:{digest}",
        raw_sha256=digest,
        source_uri=f"a.jsonl#line={number}",
        source_kind="jsonl",
        title=f"Title {number}",
        text=text,
        text_kind="full",
        word_count=len(text.split()),
        item_id=str(number),
        source=source,
        published_at=START + timedelta(hours=number),
    )


def page(words, number, footer=FOOTER):
    return article(number, f"{' '.join(words(number, 80))}\n\n{footer}")


def ingest(root, number, articles):
    """Fold and commit one slice; return the decided slice."""
    lake = create_or_open(root)
    with writer_lock(lake, "ingest"):
        spill = write_spill(Batch(number, 0, len(articles), tuple(articles)), str(lake.staging))
        decided = fold_spills(lake, number, [spill], FoldSettings())
        run = RunInfo(command="ingest", started_at=START, plan_digest="plan", slice_number=number)
        committed(lake, commit_slice(lake, decided, run).number)
    return decided


def furniture(root):
    columns = ["scope", "paragraph_hash", "sample", "articles", "commit", "learned_at"]
    return [row for batch in scan(create_or_open(root), "furniture", columns) for row in batch.to_pylist()]


@pytest.fixture
def forget(monkeypatch):
    """Make the next recall that of a new process."""

    def forgotten():
        for cache in CACHES:
            monkeypatch.setattr(cache, ProcessCache())
        monkeypatch.setattr("transforms.fold.expected._DECIDED", ProcessCache())

    return forgotten


def test_what_a_slice_learns_is_a_row_with_its_evidence(tmp_path, words):
    ingest(tmp_path / "lake", 0, [page(words, number) for number in range(5)])
    (row,) = furniture(tmp_path / "lake")
    assert (row["scope"], row["sample"], row["articles"], row["commit"]) == ("herald", FOOTER, 5, 1)
    assert row["learned_at"] is not None


def test_it_is_learned_once(tmp_path, words):
    ingest(tmp_path / "lake", 0, [page(words, number) for number in range(5)])
    decided = ingest(tmp_path / "lake", 1, [page(words, number) for number in range(5, 10)])
    assert len(decided.furniture) == 0
    assert len(furniture(tmp_path / "lake")) == 1


def test_one_article_a_slice_teaches_as_much_as_one_slice(tmp_path, words):
    learned = [len(ingest(tmp_path / "lake", n, [page(words, n)]).furniture) for n in range(5)]
    assert learned == [0, 0, 0, 1, 0]


@pytest.mark.parametrize("kept", ["file", "tables"])
def test_a_new_process_counts_on(tmp_path, words, forget, monkeypatch, kept):
    monkeypatch.setattr("transforms.fold.recall_furniture.SAVED_EVERY", 1)
    learned = []
    for number in range(5):
        learned.append(len(ingest(tmp_path / "lake", number, [page(words, number)]).furniture))
        forget()
        if kept == "tables":
            shutil.rmtree(tmp_path / "lake" / "_memory")
    assert learned == [0, 0, 0, 1, 0]


def test_a_damaged_file_is_passed_over(tmp_path, words, forget, monkeypatch):
    monkeypatch.setattr("transforms.fold.recall_furniture.SAVED_EVERY", 1)
    for number in range(4):
        ingest(tmp_path / "lake", number, [page(words, number)])
    lake = create_or_open(tmp_path / "lake")
    known = recall_furniture(lake)
    (saved,) = lake.memory.glob("lines-*.npz")
    saved.write_bytes(saved.read_bytes()[:100] + b"damaged" + saved.read_bytes()[107:])
    forget()
    assert recall_furniture(lake).known.tolist() == known.known.tolist()
    assert len(recall_furniture(lake).recent) == len(known.recent) == 4


def test_only_recent_articles_are_counted_with(tmp_path, words, forget, monkeypatch):
    monkeypatch.setattr("transforms.fold.furniture.RECENT_ARTICLES", 6)
    monkeypatch.setattr("transforms.fold.recent.RECENT_ARTICLES", 6)
    for number in range(4):
        ingest(tmp_path / "lake", number, [page(words, 3 * number + n, f"{number} ends here now") for n in range(3)])
    lake = create_or_open(tmp_path / "lake")
    carried = recall_furniture(lake).recent
    forget()
    shutil.rmtree(lake.memory)
    read = recall_furniture(lake).recent
    assert len(carried) == len(read) == 6
    assert carried.hashes.values.tolist() == read.hashes.values.tolist()
    assert carried.keys.tolist() == read.keys.tolist()
    assert recent.load(lake, 4)[1] == 2


def test_more_recent_articles_than_are_counted_with_are_read_in_order(tmp_path, words, forget, monkeypatch):
    monkeypatch.setattr("transforms.fold.furniture.RECENT_ARTICLES", 4)
    monkeypatch.setattr("transforms.fold.recent.RECENT_ARTICLES", 4)
    pages = [page(words, number, f"page {number} ends here") for number in range(6)]
    ingest(tmp_path / "lake", 0, pages[:3])
    ingest(tmp_path / "lake", 1, pages[3:])
    lake = create_or_open(tmp_path / "lake")
    forget()
    shutil.rmtree(lake.memory)
    newest = sign([""] * 4, [one.text for one in pages[2:]], np.zeros(4, np.int64))
    assert recall_furniture(lake).recent.keys.tolist() == newest.keys.tolist()


def test_what_was_decided_here_is_remembered_as_it_is_stored(tmp_path, words, forget):
    for number in range(2):
        ingest(tmp_path / "lake", number, [page(words, 3 * number + n) for n in range(3)])
    lake = create_or_open(tmp_path / "lake")
    decided = recall(lake).rows(np.arange(6))
    forget()
    shutil.rmtree(lake.memory)
    read = recall(lake)
    stored = read.rows(read.find(decided.article_id))
    for field in fields(Rows):
        assert getattr(stored, field.name).tobytes() == getattr(decided, field.name).tobytes()


def test_a_slice_that_others_commit_after_is_read_back(tmp_path, words):
    """What was decided is taken for what is stored only where nothing else was stored since."""
    lake = create_or_open(tmp_path / "lake")
    ingest(tmp_path / "lake", 0, [page(words, 0)])
    expect_here = expected._DECIDED.get(lake)
    ingest(tmp_path / "lake", 1, [page(words, 1)])
    assert expected.decided_since(lake, 1) is not None
    expected._DECIDED.put(lake, expect_here)
    assert expected.decided_since(lake, 0) is None
    assert len(recall(lake)) == 2


def test_what_was_decided_and_not_committed_is_not_counted(tmp_path, words):
    ingest(tmp_path / "lake", 0, [page(words, number) for number in range(3)])
    lake = create_or_open(tmp_path / "lake")
    spill = write_spill(Batch(1, 0, 1, (page(words, 3),)), str(lake.staging))
    assert len(fold_spills(lake, 1, [spill], FoldSettings()).furniture) == 1
    ingest(tmp_path / "lake", 1, [page(words, 4, "Another ending of the page")])
    assert len(recall_furniture(lake).recent) == 4
    assert np.array_equal(recall_furniture(lake).known, np.empty(0, dtype=np.uint64))


def test_an_article_stored_before_its_furniture_was_known_is_met_again(tmp_path, words):
    long_footer = " ".join(words(999, 60))
    body = " ".join(words(0, 80))
    ingest(tmp_path / "lake", 0, [article(0, f"{body}\n\n{long_footer}")])
    ingest(tmp_path / "lake", 1, [page(words, number, long_footer) for number in range(1, 5)])
    decided = ingest(tmp_path / "lake", 2, [article(9, f"{body}\n\n{long_footer} again")])
    assert len(recall(create_or_open(tmp_path / "lake"))) == 6
    assert decided.counts == {"near": 1}
    decided = ingest(tmp_path / "lake", 3, [article(10, f"{body}\n\n{long_footer}")])
    assert decided.counts == {"near": 1}
    assert decided.decisions.column("similarity").to_pylist() == [1.0]


def test_the_words_that_differ_from_a_stored_partner_are_named_where_its_text_was_read(tmp_path, words):
    text = words(1, 300)
    ingest(tmp_path / "lake", 0, [article(0, " ".join(text))])
    edited = [*text[:252], *words(2, 48)]
    decided = ingest(tmp_path / "lake", 1, [article(1, " ".join(edited))])
    assert decided.counts == {"near": 1}
    (differing,) = decided.decisions.column("differences").to_pylist()
    assert set(differing) <= {*edited, *text, "0", "1"}  # also those of the titles
    decided = ingest(tmp_path / "lake", 2, [article(2, " ".join([*text, "and", "more"]))])
    assert decided.decisions.column("differences").to_pylist() == [None]
