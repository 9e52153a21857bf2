"""Articles on their way through Fold and into a lake, without the stages before."""

import hashlib
from datetime import UTC, datetime, timedelta

from schemas.records import Article, Batch
from transforms.fold.recall import recall
from transforms.fold.settings import FoldSettings
from transforms.fold.slices import fold_slice
from transforms.fold.spills import write_spill
from transforms.lake.commit import commit_slice
from transforms.lake.layout import create_or_open
from transforms.lake.ledger import RunInfo
from transforms.lake.lock import writer_lock

START = datetime(2026, 3, 1, tzinfo=UTC)


def article(number, text, title="Title", key=None):
    item = hashlib.sha256(f"{number if key is None else key}".encode()).hexdigest()[:32]
    content = "1:" + hashlib.sha256(f"{title}\x1f{text}".encode()).hexdigest()
    return Article(
        article_id=hashlib.sha256(f"{item}{content}".encode()).hexdigest()[:32],
        item_key=item,
        content_hash=content,
        raw_sha256=hashlib.sha256(f"{item}{content}{number}".encode()).hexdigest(),
        source_uri=f"a.jsonl#line={number}",
        source_kind="jsonl",
        title=title,
        text=text,
        text_kind="full",
        word_count=len(text.split()),
        item_id=str(number),
        published_at=START + timedelta(hours=number),
    )


def batch(articles, ordinal=0, slice_number=0):
    return Batch(slice_number, ordinal, len(articles), tuple(articles))


def run_info(slice_number=0):
    return RunInfo(
        run_id="00000001",
        command="ingest",
        started_at=START,
        plan_digest="plan",
        slice_number=slice_number,
        last_slice=False,
        inputs=(),
        input_files=1,
        input_bytes=1,
        options_hash="",
        versions={},
    )


def ingested(root, *slices):
    """Fold and commit slices of articles, each spilled in two chunks; return the counts of each."""
    lake, counts = create_or_open(root), []
    with writer_lock(lake, "ingest"):
        for number, articles in enumerate(slices):
            half = len(articles) // 2
            spills = [
                write_spill(batch(part, 2 * number + ordinal, number), str(lake.staging))
                for ordinal, part in enumerate((articles[:half], articles[half:]))
            ]
            decided = fold_slice(number, spills, recall(lake, save=True), FoldSettings())[0]
            commit_slice(lake, decided, run_info(number))
            counts.append(dict(decided.counts))
    return counts
