"""The stages Skip seen and Normalize: batches of raw articles become batches of articles."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

import apache_beam as beam
from apache_beam.pvalue import PCollection

from schemas.records import Article, Batch, RawArticle, Reject
from transforms.batches import map_batches
from transforms.lake.seen import SeenIndex
from transforms.normalize.article import normalize

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass
class SkipSeen(beam.PTransform[PCollection[Batch[RawArticle]], PCollection[Batch[RawArticle]]]):
    """Drop and count records whose raw content some committed story of the lake already has."""

    lake_root: str

    # Any, because Beam reads annotations as hints and then finds a plain Batch where Batch[…] is asked for.
    def expand(self, batches: PCollection[Any]) -> PCollection[Any]:
        """Return the batches without what was seen; `seen` says how many that were."""
        skip: Any = beam.ParDo(_SkipSeen(self.lake_root))
        fresh: PCollection[Any] = batches | "Skip seen records" >> skip.with_input_types(Any).with_output_types(Batch)
        return fresh


@dataclass
class Normalize(beam.PTransform[PCollection[Batch[RawArticle]], PCollection[Batch[Article]]]):
    """Turn every raw article into an article or a reject."""

    now_us: int  # when the run started, microseconds since 1970; dates past it by more than a day are no dates

    def expand(self, batches: PCollection[Any]) -> PCollection[Any]:
        """Return the batches normalized, in the order of their records."""
        now = _EPOCH + timedelta(microseconds=self.now_us)
        return map_batches(batches, "Normalize records", partial(normalize_batch, now=now))


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
    )


def without_seen(batch: Batch[RawArticle], index: SeenIndex) -> Batch[RawArticle]:
    """Return the batch without the records that `index` holds, which are counted."""
    known = index.contains_many([raw.raw_sha256 for raw in batch.articles])
    fresh = tuple(raw for raw, seen in zip(batch.articles, known, strict=True) if not seen)
    return replace(batch, articles=fresh, seen=batch.seen + len(batch.articles) - len(fresh))


class _SkipSeen(beam.DoFn):
    def __init__(self, lake_root: str) -> None:
        self._lake_root = lake_root
        self._index: SeenIndex | None = None

    def start_bundle(self) -> None:
        # Not once per process: workers outlive a slice, and each commit moves the index on.
        self._index = SeenIndex.open(self._lake_root)

    def process(self, batch: Batch[RawArticle]) -> Iterator[Batch[RawArticle]]:
        assert self._index is not None
        yield without_seen(batch, self._index)
