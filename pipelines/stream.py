"""The pipeline that never ends: the stages of `pipelines/ingest.py`, over chunks that keep coming.

    feeds, by host ─┐
    new files ──────┼─ chunks ── Read … Fingerprint ── Event time ── Windows ── Gather ── Fold and commit ──► lake
    messages ───────┘              (`prepare`)             │                       (`decide`)                  │
         ▲                                                 └── how many are late                              │
         └────────────────── what is due, what is seen, what is remembered ────────────────────────────────────┘

Event time is when an article was published, bounded by when it arrived: not after that, and not more than a year
before. A batch has the event time of its newest article. A window is a day of publication (UTC). What waits for it is
committed 30 seconds after its first batch came, early and late alike, so a commit never waits for a watermark. An
article is late when its day was over before it came. The windows allow for two years, so that late never means dropped:
whether it is a copy is decided by the lake's memory, not by the window that it came in.
"""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import apache_beam as beam
import pyarrow as pa
from apache_beam.pvalue import PCollection
from apache_beam.transforms.trigger import AccumulationMode, AfterProcessingTime, Repeatedly
from apache_beam.transforms.window import FixedWindows, TimestampedValue
from apache_beam.utils.timestamp import Duration, Timestamp

from pipelines.graph import Graph
from pipelines.ingest import decide, prepare
from schemas.records import Chunk, Spill
from transforms.counters import count
from transforms.fold.spills import read_columns
from transforms.fold.waiting import is_due
from transforms.lake.compact import COMPACT_EVERY, compact
from transforms.lake.layout import open_lake
from transforms.lake.lock import committing, hold_as_worker

DAY_SECONDS = 24 * 3600
COMMIT_SECONDS = 30  # between a window's first batch and its commit: as long as the rounds of a local watch
OLDEST_SECONDS = 365 * DAY_SECONDS  # behind its arrival an event time may be
LATENESS_SECONDS = 2 * OLDEST_SECONDS


def build_stream(chunks: PCollection[Chunk], graph: Graph) -> PCollection[int]:
    """Wire the stages over chunks whose timestamps are their arrival; return the numbers of the commits."""
    # Spread first, or a runner would fuse reading with all that follows. Then asked whether they are still to be read,
    # for a checkpoint that is gone back to brings chunks again whose files a commit has used up.
    due: Any = beam.ParDo(_StillDue(graph.lake))
    arrived: PCollection[Any] = (
        chunks | "Spread chunks" >> beam.Reshuffle() | "Still due" >> due.with_output_types(Chunk)
    )
    timed: Any = beam.Map(_with_event_time)
    spills: PCollection[Any] = prepare(arrived, graph) | "Event time" >> timed.with_output_types(Spill)
    commits: PCollection[Any] = decide(spills | "Windows" >> windows(), graph)
    merged: PCollection[int] = commits | "Compact" >> beam.ParDo(_Compact(graph.lake)).with_output_types(int)
    return merged


def windows() -> beam.WindowInto:
    """Return the windows and triggers, which the drawing above explains."""
    return beam.WindowInto(
        FixedWindows(DAY_SECONDS),
        trigger=Repeatedly(AfterProcessingTime(COMMIT_SECONDS)),
        accumulation_mode=AccumulationMode.DISCARDING,
        allowed_lateness=Duration.of(LATENESS_SECONDS),
    )


def event_seconds(newest: datetime | None, arrived: float) -> float:
    """Return the event time of a batch, in seconds since 1970: its newest publication, bounded by its arrival."""
    published = arrived if newest is None else newest.timestamp()
    return min(arrived, max(published, arrived - OLDEST_SECONDS))


def late_ones(published: pa.ChunkedArray, arrived: float) -> int:
    """Return how many of these times of publication are of a day that was over on arrival."""
    today = datetime.fromtimestamp(arrived, UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    return sum(at is not None and at < today for at in published.to_pylist())


class _StillDue(beam.DoFn):
    def __init__(self, lake_root: str) -> None:
        self._lake_root = lake_root

    def setup(self) -> None:
        hold_as_worker(self._lake_root)
        self._lake = open_lake(self._lake_root)

    def process(self, chunk: Chunk) -> Iterator[Chunk]:
        if is_due(self._lake, chunk):
            yield chunk


# Any: Beam reads the default as a request, not as a value
def _with_event_time(spill: Spill, arrived: Any = beam.DoFn.TimestampParam) -> Any:
    # Here and not in Read: dates are parsed by Normalize, and only a spill tells them.
    at = arrived.micros / 1_000_000
    published = read_columns(spill, ["published_at"]).column(0)
    count("stream", articles=len(published), late=late_ones(published, at))
    newest = max((one for one in published.to_pylist() if one is not None), default=None)
    return TimestampedValue(spill, Timestamp.of(event_seconds(newest, at)))


class _Compact(beam.DoFn):
    def __init__(self, lake_root: str) -> None:
        self._lake_root = lake_root

    def process(self, number: int) -> Iterator[int]:
        if number % COMPACT_EVERY == 0:
            lake = open_lake(self._lake_root)
            with committing(lake):  # a compaction is a commit too
                compact(lake, only_crowded=True)
        yield number
