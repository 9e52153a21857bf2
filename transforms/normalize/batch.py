"""What Skip seen, Normalize and Refuse forgotten do to one batch."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from schemas.reasons import Reason
from schemas.records import Article, Batch, RawArticle, Reject
from schemas.rejects import reject
from transforms.lake.layout import open_lake
from transforms.lake.read import last_change
from transforms.lake.seen import SeenIndex
from transforms.normalize.article import normalize
from transforms.normalize.identity import copy_key

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def without_seen(batch: Batch[RawArticle], index: SeenIndex) -> Batch[RawArticle]:
    """Return the batch without the records that `index` holds, which are counted."""
    known = index.contains_many([raw.raw_sha256 for raw in batch.articles])
    fresh = tuple(raw for raw, seen in zip(batch.articles, known, strict=True) if not seen)
    return replace(batch, articles=fresh, seen=batch.seen + len(batch.articles) - len(fresh))


def moment_of(microseconds: int) -> datetime:
    """Return the moment so many microseconds after the beginning of 1970, UTC."""
    return _EPOCH + timedelta(microseconds=microseconds)


def normalize_batch(batch: Batch[RawArticle], now: datetime) -> Batch[Article]:
    """Return the batch with its records normalized; what cannot be is added to its rejects."""
    results = [normalize(raw, now) for raw in batch.articles]
    return Batch(
        slice_number=batch.slice_number,
        ordinal=batch.ordinal,
        read=batch.read,
        articles=tuple(result for result in results if isinstance(result, Article)),
        rejects=(*batch.rejects, *(result for result in results if isinstance(result, Reject))),
        seen=batch.seen,
        polls=batch.polls,
        staged=batch.staged,
    )


def forgotten_by(lake_root: str) -> SeenIndex | None:
    """Return the index that knows what is to stay forgotten, None where nothing is."""
    return SeenIndex.open(lake_root) if last_change(open_lake(lake_root), "forgotten") else None


def without_forgotten(batch: Batch[Article], index: SeenIndex | None) -> Batch[Article]:
    """Return the batch without the items that `index` knows as forgotten, and without copies by the same source.

    They become rejects that hold nothing, for what they were is to stay forgotten. Without an index nothing is.
    """
    if index is None:
        return batch
    # Of keys the index of what was seen holds those of the forgotten alone.
    items = index.contains_many([article.item_key for article in batch.articles])
    copies = index.contains_many([copy_key(article.source, article.content_hash) for article in batch.articles])
    # A copy only where there is a text: a headline alone, such as "Weather", is no copy of another.
    allowed = [not item and not (copy and a.text) for a, item, copy in zip(batch.articles, items, copies, strict=True)]
    refused = (article for article, kept in zip(batch.articles, allowed, strict=True) if not kept)
    return replace(
        batch,
        articles=tuple(article for article, kept in zip(batch.articles, allowed, strict=True) if kept),
        rejects=(*batch.rejects, *(reject(one.source_uri, "forgotten", Reason.FORGOTTEN, "", b"") for one in refused)),
    )
