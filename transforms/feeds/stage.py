"""The stage Poll feeds: hosts side by side on any number of workers, each host's feeds one after the other."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any

import apache_beam as beam
from apache_beam.coders import PickleCoder
from apache_beam.pvalue import PCollection
from apache_beam.transforms.timeutil import TimeDomain
from apache_beam.transforms.userstate import ReadModifyWriteStateSpec, TimerSpec, on_timer
from apache_beam.transforms.window import TimestampedValue
from apache_beam.utils.timestamp import Timestamp

from transforms.feeds.archive import Archive
from transforms.feeds.feed import Feed
from transforms.feeds.known import Following
from transforms.feeds.moments import Clock, system_moment
from transforms.feeds.poll import Fetches, Polled, settle
from transforms.feeds.turns import Host, Turns
from transforms.lake.layout import open_lake
from transforms.lake.lock import hold_as_worker
from transforms.sources.parser_process import ParserProcess


@dataclass
class PollFeeds(beam.PTransform[PCollection[tuple[str, tuple[Feed, ...]]], PCollection[Polled]]):
    """(host, its feeds), told again and again → what each poll gave, with the moment of the request as its timestamp.

    State and a timer for each host keep its manners: one request at a time, two seconds apart.
    """

    lake_root: str
    fetcher: Callable[[], Fetches]
    keep_archive: bool
    clock: Clock = system_moment

    def expand(self, hosts: PCollection[Any]) -> PCollection[Any]:
        """Poll what is due."""
        poll: Any = beam.ParDo(_PollHosts(self.lake_root, self.fetcher, self.keep_archive, self.clock))
        polled: PCollection[Any] = hosts | "Poll hosts" >> poll.with_output_types(Polled)
        return polled


class _PollHosts(beam.DoFn):
    HOST = ReadModifyWriteStateSpec("host", PickleCoder())
    TURN = TimerSpec("turn", TimeDomain.REAL_TIME)
    # Any: Beam reads defaults as requests, not as values.
    OF_HOST: Any = beam.DoFn.StateParam(HOST)
    OF_TURN: Any = beam.DoFn.TimerParam(TURN)
    NAME: Any = beam.DoFn.KeyParam

    def __init__(self, lake_root: str, fetcher: Callable[[], Fetches], keep_archive: bool, clock: Clock) -> None:
        self._lake_root = lake_root
        self._fetcher = fetcher
        self._keep_archive = keep_archive
        self._clock = clock

    def setup(self) -> None:
        hold_as_worker(self._lake_root)
        lake = open_lake(self._lake_root)
        self._parser = ParserProcess()
        self._turns = Turns(
            Following(lake).states,
            Archive(lake.fetched, lake.archive if self._keep_archive else None),
            self._fetcher(),
            partial(settle, parser=self._parser),
            self._clock,
        )

    def process(self, told: tuple[str, tuple[Feed, ...]], host: Any = OF_HOST, turn: Any = OF_TURN) -> None:
        host.write((host.read() or Host()).told(told[1], self._clock()))
        turn.set(Timestamp.now())

    @on_timer(TURN)
    def next_turn(self, name: Any = NAME, host: Any = OF_HOST, turn: Any = OF_TURN) -> Iterator[Any]:
        took = self._turns.take(name, host.read() or Host())
        host.write(took.host)
        if took.again_seconds is not None:
            turn.set(Timestamp.now() + took.again_seconds)
        if took.polled is not None:
            asked_at = took.polled.attempt.moment.now
            yield TimestampedValue(took.polled, asked_at.timestamp())

    def teardown(self) -> None:
        self._parser.close()
