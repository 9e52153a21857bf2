"""What a lake knows of its feeds: the newest row of each in the table `polls`.

A row a poll makes a table of millions of rows in a year, of a kilobyte each. So the newest rows are found by three
narrow columns, and only then read.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime

import numpy as np
import pyarrow as pa

from schemas.tables import POLLS
from transforms.feeds.state import FeedState, from_row, newest, same_request
from transforms.lake.intent import DataFile
from transforms.lake.layout import Lake
from transforms.lake.read import files, last_commit, rows_at, scan_file

_RANKED_BY = ["feed", "commit", "polled_at"]
_Rank = tuple[int, datetime]


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
        # Rows come by commits, and a state is its feed's newest row: what is new replaces what was known.
        commit = last_commit(self.lake)
        if commit != self._commit:
            self._states |= _states_after(self.lake, self._commit)
            self._commit = commit
        return self._states


def uncommitted(polls: pa.Table, known: Mapping[str, FeedState]) -> pa.Table:
    """Return the rows of polls that the lake does not hold yet: a bundle that is repeated brings them again."""
    asked = [from_row(row) for row in polls.to_pylist()]
    new = [not same_request(one, known.get(one.feed, FeedState(one.feed))) for one in asked]
    return polls.filter(pa.array(new, pa.bool_()))


def _states_after(lake: Lake, commit: int) -> dict[str, FeedState]:
    places: dict[DataFile, list[int]] = defaultdict(list)
    for file, place in _newest_places(lake, commit):
        places[file].append(place)
    rows = (batch for file, wanted in places.items() for batch in rows_at(lake, file, POLLS.names, sorted(wanted)))
    return newest(row for batch in rows for row in batch.to_pylist())


def _newest_places(lake: Lake, after_commit: int) -> list[tuple[DataFile, int]]:
    """Return for each feed polled since a commit the file and the row in it of its newest poll."""
    best: dict[str, tuple[_Rank, DataFile, int]] = {}
    for file in files(lake, "polls"):
        begun = 0
        for batch in scan_file(lake, file, _RANKED_BY) if file.newest > after_commit else ():
            for feed, rank, row in _last_rows(batch):
                if rank[0] > after_commit and (feed not in best or rank >= best[feed][0]):
                    best[feed] = rank, file, begun + row
            begun += len(batch)
    return [(file, place) for _, file, place in best.values()]


def _last_rows(batch: pa.RecordBatch) -> Iterator[tuple[str, _Rank, int]]:
    """Yield the last row of each feed with its rank: rows stand in the order of their commits."""
    # By numbers, of which the last one that is written stays: no Python object for each of millions of rows.
    feeds = batch.column("feed").dictionary_encode()
    last = np.zeros(len(feeds.dictionary), dtype=np.int64)
    last[feeds.indices.to_numpy()] = np.arange(len(batch))
    for told, row in zip(batch.take(pa.array(last)).to_pylist(), last.tolist(), strict=True):
        yield told["feed"], (told["commit"], told["polled_at"]), row
