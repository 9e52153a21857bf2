"""What a lake knows of its feeds: the newest row of each in the table `polls`."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pyarrow as pa

from schemas.tables import POLLS
from transforms.feeds.state import FeedState, from_row, newest, same_request
from transforms.lake.layout import Lake
from transforms.lake.read import last_commit, scan


def known_states(lake: Lake) -> dict[str, FeedState]:
    """Return the state of every feed that was ever polled into `lake`, by the feed's address without secrets."""
    return _states_after(lake, 0)


@dataclass(slots=True)
class Following:
    """The same while other processes commit: what is new is read, and nothing twice."""

    lake: Lake
    _commit: int = 0
    _states: dict[str, FeedState] = field(default_factory=dict)

    def states(self) -> Mapping[str, FeedState]:
        """Return the states as of the last commit."""
        commit = last_commit(self.lake)
        if commit != self._commit:
            self._states |= _states_after(self.lake, self._commit)
            self._commit = commit
        return self._states


def uncommitted(lake: Lake, polls: pa.Table) -> pa.Table:
    """Return the rows of polls that the lake does not hold yet: a bundle that is repeated brings them again."""
    if not len(polls):
        return polls
    known = known_states(lake)
    asked = [from_row(row) for row in polls.to_pylist()]
    return polls.filter(pa.array([not same_request(one, known.get(one.feed, FeedState(one.feed))) for one in asked]))


def _states_after(lake: Lake, commit: int) -> dict[str, FeedState]:
    batches = scan(lake, "polls", POLLS.names, after_commit=commit)
    return newest(row for batch in batches for row in _last_rows(batch))


def _last_rows(batch: pa.RecordBatch) -> Iterator[Mapping[str, Any]]:
    """Yield the last row of each feed: rows stand in the order of their commits."""
    feeds = batch.column("feed").dictionary_encode()
    last = np.zeros(len(feeds.dictionary), dtype=np.int64)
    last[feeds.indices.to_numpy()] = np.arange(len(batch))
    yield from batch.take(pa.array(last)).to_pylist()
