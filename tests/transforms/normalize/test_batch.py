"""What Skip seen, Normalize and Refuse forgotten do to one batch.

They keep count: every record read is an article, a reject or seen.
"""

from dataclasses import replace
from datetime import UTC, datetime

from schemas.reasons import Reason
from schemas.records import Batch, RawArticle
from schemas.rejects import reject
from transforms.lake.layout import create_or_open
from transforms.normalize.article import normalize
from transforms.normalize.batch import forgotten_by, normalize_batch, without_forgotten, without_seen
from transforms.normalize.identity import copy_key

NOW = datetime(2026, 11, 21, tzinfo=UTC)
EARLIER = reject("a.jsonl#line=3", "read", Reason.BROKEN_RECORD, "", b"{")


def record(number: int, **fields) -> RawArticle:
    return RawArticle(f"a.jsonl#line={number}", "jsonl", f"{number:064x}", title=f"Title {number}", **fields)


BATCH = Batch(0, 7, read=5, articles=(record(1), replace(record(2), title=" "), record(4)), rejects=(EARLIER,), seen=1)


class Index:
    """Stands in for the index of a lake: knows some digests."""

    def __init__(self, *numbers: int) -> None:
        self.digests = {f"{number:064x}" for number in numbers}

    def contains_many(self, digests):
        return [digest in self.digests for digest in digests]


def counted(batch: Batch) -> int:
    return len(batch.articles) + len(batch.rejects) + batch.seen


def test_seen_records_are_dropped_and_counted():
    left = without_seen(BATCH, Index(1, 9))
    assert [raw.raw_sha256[-1] for raw in left.articles] == ["2", "4"]
    assert (left.seen, left.read, left.ordinal, left.rejects) == (2, 5, 7, (EARLIER,))
    assert counted(left) == left.read


def test_what_cannot_be_normalized_joins_the_rejects():
    made = normalize_batch(BATCH, NOW)
    assert [article.title for article in made.articles] == ["Title 1", "Title 4"]
    assert [refused.reason for refused in made.rejects] == [Reason.BROKEN_RECORD, Reason.EMPTY]
    assert counted(made) == made.read == BATCH.read
    assert BATCH.seen == made.seen


def forgotten(*keys: str) -> Index:
    index = Index()
    index.digests = {*keys}
    return index


def test_a_forgotten_item_and_its_words_from_the_same_source_are_refused_without_a_trace():
    told = {"text": "It was said on Monday.", "source": "paper"}
    records = (record(1, **told), record(2, **told), record(3, source="paper"), record(4, **told | {"source": "other"}))
    batch = normalize_batch(Batch(0, 7, read=4, articles=records), NOW)
    item, copied, headline, _ = batch.articles
    keys = (item.item_key, copy_key("paper", copied.content_hash), copy_key("paper", headline.content_hash))
    left = without_forgotten(batch, forgotten(*keys))
    assert [article.title for article in left.articles] == ["Title 3", "Title 4"]  # a headline says too little
    assert [(one.reason, one.payload, one.detail) for one in left.rejects] == [(Reason.FORGOTTEN, b"", "")] * 2
    assert counted(left) == left.read


def test_now_decides_which_dates_lie_in_the_future():
    raw = record(1, published="2026-11-23T00:00:00Z")
    assert normalize(raw, NOW).published_at is None
    later = normalize_batch(replace(BATCH, articles=(raw,)), datetime(2026, 11, 22, tzinfo=UTC))
    assert later.articles[0].published_at == datetime(2026, 11, 23, tzinfo=UTC)


def test_a_lake_that_nothing_was_taken_from_has_no_index_of_the_forgotten(tmp_path):
    root = str(tmp_path / "lake")
    create_or_open(root)
    assert forgotten_by(root) is None
