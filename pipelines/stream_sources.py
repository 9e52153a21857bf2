"""What an unbounded pipeline reads: feeds when they are due, files that are new, messages as they come.

ticks ── look at the inputs (one key) ── new files ── chunks
ticks ── list ── hosts ── poll (one key a host) ── records to staging ── chunks
queues ── messages ── records to staging ── chunks

The timestamp of a chunk is when it arrived.
"""

import logging
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain
from typing import Any

import apache_beam as beam
import pyarrow as pa
from apache_beam.coders import PickleCoder
from apache_beam.pvalue import PBegin, PCollection
from apache_beam.transforms.periodicsequence import PeriodicImpulse
from apache_beam.transforms.userstate import ReadModifyWriteStateSpec

from pipelines.messages import Queue, StageMessages, messages_of
from pipelines.new_files import Looked, NewFiles, version_of
from schemas.errors import UsageError
from schemas.records import Chunk, Segment
from schemas.tables import POLLS
from transforms.feeds.feed import Feed
from transforms.feeds.known import Following
from transforms.feeds.lists import read_list
from transforms.feeds.poll import Fetches, Polled
from transforms.feeds.stage import PollFeeds
from transforms.feeds.turns import LIST_SECONDS, by_host
from transforms.fold.waiting import ordinal_of, polls_path, write_polls
from transforms.lake.layout import open_lake
from transforms.lake.lock import hold_as_worker
from transforms.sources.plan import PlanLimits, plan_files
from transforms.sources.polled import write_polled

LOOK_SECONDS = 5.0  # between two looks at the inputs; a file is read when two of them agree
_ONE_SLICE = PlanLimits(slice_records=1 << 62, slice_bytes=1 << 62)
_LOG = logging.getLogger(__name__)


@dataclass(frozen=True)
class Watched:
    """What is read, by names that hold on every worker."""

    lake: str
    inputs: tuple[str, ...] = ()  # absolute
    mapping: Mapping[str, str] = field(default_factory=dict)
    feeds: str = ""  # the list, absolute
    fetcher: Callable[[], Fetches] | None = None
    keep_archive: bool = False
    queues: tuple[Queue, ...] = ()


def chunks_of(root: PBegin | beam.Pipeline, watched: Watched) -> PCollection[Chunk]:
    """Return the chunks of all that is watched, as they come."""
    parts: list[Any] = []
    if watched.inputs:
        ticks = root | "Look now and then" >> PeriodicImpulse(fire_interval=LOOK_SECONDS)
        parts.append(new_files(ticks, watched))
    if watched.feeds:
        ticks = root | "Read the list now and then" >> PeriodicImpulse(fire_interval=LIST_SECONDS)
        parts.append(polled_feeds(ticks, watched))
    for queue in watched.queues:
        stage = StageMessages(watched.lake, watched.mapping)
        parts.append(messages_of(root, queue) | f"Stage {queue.address}" >> stage)
    together: PCollection[Chunk] = parts[0] if len(parts) == 1 else parts | "All sources" >> beam.Flatten()
    return together


def new_files(ticks: PCollection[Any], watched: Watched) -> PCollection[Chunk]:
    """Return the chunks of files that are new or changed; one worker looks, all read."""
    look: Any = beam.ParDo(_LookForFiles(watched.lake, watched.inputs, dict(watched.mapping)))
    one: Any = beam.Map(_for_one).with_output_types(tuple[str, Any])
    chunks: PCollection[Chunk] = ticks | "Let one look" >> one | "Look for files" >> look.with_output_types(Chunk)
    return chunks


def polled_feeds(ticks: PCollection[Any], watched: Watched) -> PCollection[Chunk]:
    """Return a chunk for each poll, which also holds what the next one is decided by."""
    assert watched.fetcher is not None
    hosts: Any = beam.ParDo(_ListHosts(watched.lake, watched.feeds))
    stage: Any = beam.ParDo(_StagePolled(watched.lake))
    chunks: PCollection[Chunk] = (
        ticks
        | "List hosts" >> hosts.with_output_types(tuple[str, tuple[Feed, ...]])
        | "Poll feeds" >> PollFeeds(watched.lake, watched.fetcher, watched.keep_archive)
        | "Stage polled" >> stage.with_output_types(Chunk)
    )
    return chunks


def _for_one(tick: Any) -> tuple[str, Any]:
    return "inputs", tick


class Pace:
    """Passes over ticks that come in a rush: a source that was away makes up for all that it missed.

    Two looks at once would agree about a file that is half written.
    """

    def __init__(self, seconds: float) -> None:
        self._least = seconds / 2
        self._last = float("-inf")

    def is_due(self, now: float) -> bool:
        """Return whether a tick at `now`, in seconds of a clock that only runs forward, is to be followed."""
        if now - self._last < self._least:
            return False
        self._last = now
        return True


class _LookForFiles(beam.DoFn):
    LOOKED = ReadModifyWriteStateSpec("looked", PickleCoder())
    OF_LOOKED: Any = beam.DoFn.StateParam(LOOKED)  # Any: Beam reads the default as a request, not as a value

    def __init__(self, lake_root: str, inputs: Sequence[str], mapping: dict[str, str]) -> None:
        self._lake_root = lake_root
        self._inputs = inputs
        self._mapping = mapping
        self._pace = Pace(LOOK_SECONDS)

    def setup(self) -> None:
        hold_as_worker(self._lake_root)

    def process(self, told: tuple[str, Any], looked: Any = OF_LOOKED) -> Iterator[Chunk]:
        del told
        if not self._pace.is_due(time.monotonic()):
            return
        before: Looked = looked.read() or Looked()
        files = NewFiles(self._inputs, self._mapping, before)
        files.look()
        found = files.take()
        if files.looked != before:  # a state that is not written is not checkpointed each 5 s
            looked.write(files.looked)
        # By the versions of the files: a look that is repeated gives the same chunks, and is seen.
        token = ordinal_of([version_of(one) for one in found])
        folder = str(open_lake(self._lake_root).stream / "files" / str(token))
        for chunk in plan_files(found, _ONE_SLICE, folder, self._mapping):
            staged = tuple(one.path for one in chunk.segments if one.path.startswith(folder))
            yield Chunk(0, ordinal_of(token, chunk.ordinal), chunk.segments, staged=staged)


class _ListHosts(beam.DoFn):
    def __init__(self, lake_root: str, feeds: str) -> None:
        self._lake_root = lake_root
        self._given = feeds
        self._feeds: tuple[Feed, ...] = ()
        self._pace = Pace(LIST_SECONDS)

    def setup(self) -> None:
        self._known = Following(open_lake(self._lake_root))

    def process(self, tick: Any) -> Iterator[tuple[str, tuple[Feed, ...]]]:
        del tick
        if not self._pace.is_due(time.monotonic()):
            return
        # A list that is being edited may be wrong for a moment; to end the pipeline for that would be worse.
        try:
            self._feeds = read_list(self._given).feeds
        except UsageError as error:
            _LOG.warning("%s; the list as it was is used", error)
        yield from by_host(self._feeds, self._known.states()).items()


class _StagePolled(beam.DoFn):
    """One chunk a poll, however long the feed: its row of `polls` must not be committed before all of its records.

    Chunks travel, and are committed, each for itself. What the next request is made conditional on would outlive a
    record that is lost. A body of 15 MB, the most that is taken, is still one batch.
    """

    def __init__(self, lake_root: str) -> None:
        self._lake_root = lake_root

    def process(self, polled: Polled) -> Iterator[Chunk]:
        lake = open_lake(self._lake_root)
        ordinal = ordinal_of(polled.state.feed, polled.attempt.moment)
        path, polls = lake.stream / "polled" / f"{ordinal}.jsonl", polls_path(lake, ordinal)
        write_polled(path, chain(polled.articles.lines(), polled.rejects.lines()))
        write_polls(polls, pa.Table.from_pylist([polled.row], schema=POLLS))
        yield Chunk(0, ordinal, (Segment("feeds", str(path), "polled"),), str(polls), (str(path),))
