"""The stage Commit: decided slices become rows of the lake."""

import time
from dataclasses import dataclass
from functools import partial
from typing import Any

import apache_beam as beam
import pyarrow as pa
from apache_beam.pvalue import PCollection

from transforms.counters import count, observe
from transforms.fold.decided import DecidedSlice
from transforms.lake.commit import commit_slice
from transforms.lake.layout import open_lake
from transforms.lake.ledger import STORED_IN_ARTICLES, STORED_IN_DUPLICATES, RunInfo


@dataclass
class Commit(beam.PTransform[PCollection[DecidedSlice], PCollection[int]]):
    """Publish each decided slice, all or nothing; gives the numbers of the commits.

    `polls` are committed with the slice: what the next requests are made conditional on never outlives lost items.
    The process that started the run holds the lake's lock; this one may run elsewhere.
    """

    lake_root: str
    run: RunInfo
    polls: pa.Table | None = None

    def expand(self, slices: PCollection[Any]) -> PCollection[Any]:
        """Return the commit numbers, one for each slice."""
        commit_each: Any = beam.Map(partial(_commit, self.lake_root, self.run, self.polls))
        numbers: PCollection[Any] = slices | "Publish slices" >> commit_each
        return numbers


def _commit(lake_root: str, run: RunInfo, polls: pa.Table | None, decided: DecidedSlice) -> int:
    beside = {} if polls is None else {"polls": polls}
    begun = time.perf_counter()
    done = commit_slice(open_lake(lake_root), decided, run, beside)
    observe("commit", publish_ms=1_000 * (time.perf_counter() - begun))
    count(
        "commit",
        articles=sum(done.counts[name] for name in STORED_IN_ARTICLES),
        duplicates=sum(done.counts[name] for name in STORED_IN_DUPLICATES),
        rejects=done.counts["published_rejects"],
        files=done.files,
    )
    return done.number
