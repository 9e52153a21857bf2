"""What a lake knows of its feeds: the newest row of each in the table `polls`."""

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
import pyarrow as pa

from schemas.tables import POLLS
from transforms.feeds.state import FeedState, newest
from transforms.lake.layout import Lake
from transforms.lake.read import scan


def known_states(lake: Lake) -> dict[str, FeedState]:
    """Return the state of every feed that was ever polled into `lake`, by the feed's address without secrets."""
    return newest(row for batch in scan(lake, "polls", POLLS.names) for row in _last_rows(batch))


def _last_rows(batch: pa.RecordBatch) -> Iterator[Mapping[str, Any]]:
    """Yield the last row of each feed: rows stand in the order of their commits."""
    feeds = batch.column("feed").dictionary_encode()
    last = np.zeros(len(feeds.dictionary), dtype=np.int64)
    last[feeds.indices.to_numpy()] = np.arange(len(batch))
    yield from batch.take(pa.array(last)).to_pylist()
