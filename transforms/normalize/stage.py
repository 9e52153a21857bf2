"""The stages Skip seen, Normalize and Refuse forgotten: batches of raw articles become batches of articles."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

import apache_beam as beam
from apache_beam.pvalue import PCollection

from schemas.records import Article, Batch, RawArticle
from transforms.batches import map_batches
from transforms.counters import count
from transforms.lake.seen import SeenIndex
from transforms.normalize.batch import forgotten_by, moment_of, normalize_batch, without_forgotten, without_seen


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

    # When the run started, microseconds since 1970; dates past it by more than a day are no dates. None: each batch has
    # a moment of its own, the timestamp of its element, which is when it arrived.
    now_us: int | None

    def expand(self, batches: PCollection[Any]) -> PCollection[Any]:
        """Return the batches normalized, in the order of their records."""
        if self.now_us is None:
            return map_batches(batches, "Normalize records", _normalize_arrived)
        return map_batches(batches, "Normalize records", partial(_normalize, now=moment_of(self.now_us)))


@dataclass
class RefuseForgotten(beam.PTransform[PCollection[Batch[Article]], PCollection[Batch[Article]]]):
    """Refuse what a takedown removed from the lake."""

    lake_root: str

    def expand(self, batches: PCollection[Any]) -> PCollection[Any]:
        """Return the batches without forgotten items, which are counted among the rejects."""
        refuse: Any = beam.ParDo(_RefuseForgotten(self.lake_root))
        kept: PCollection[Any] = batches | "Refuse forgotten items" >> refuse.with_input_types(Any).with_output_types(
            Batch
        )
        return kept


# Any: Beam reads the default as a request, not as a value
def _normalize_arrived(batch: Batch[RawArticle], arrived: Any = beam.DoFn.TimestampParam) -> Batch[Article]:
    return _normalize(batch, moment_of(arrived.micros))


def _normalize(batch: Batch[RawArticle], now: datetime) -> Batch[Article]:
    done = normalize_batch(batch, now)
    count("normalize", articles=len(done.articles), rejects=len(done.rejects) - len(batch.rejects))
    return done


class _SkipSeen(beam.DoFn):
    def __init__(self, lake_root: str) -> None:
        self._lake_root = lake_root
        self._index: SeenIndex | None = None

    def start_bundle(self) -> None:
        # Not once per process: workers outlive a slice, and each commit moves the index on.
        self._index = SeenIndex.open(self._lake_root)

    def process(self, batch: Batch[RawArticle]) -> Iterator[Batch[RawArticle]]:
        assert self._index is not None
        fresh = without_seen(batch, self._index)
        count("skip_seen", seen=fresh.seen - batch.seen)
        yield fresh


class _RefuseForgotten(beam.DoFn):
    def __init__(self, lake_root: str) -> None:
        self._lake_root = lake_root
        self._index: SeenIndex | None = None

    def start_bundle(self) -> None:
        # A takedown takes the lake's lock, so none comes while a bundle is at work.
        self._index = forgotten_by(self._lake_root)

    def process(self, batch: Batch[Article]) -> Iterator[Batch[Article]]:
        kept = without_forgotten(batch, self._index)
        count("refuse_forgotten", rejects=len(kept.rejects) - len(batch.rejects))
        yield kept
