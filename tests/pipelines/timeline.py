"""Simulated time for a watch: waiting takes none of ours, and things happen at their instants while it waits."""

import threading
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from transforms.feeds.fetch import Fetcher
from transforms.feeds.moments import Moment
from transforms.feeds.rounds import Round

START = datetime(2026, 11, 2, tzinfo=UTC)


@dataclass
class Timeline:
    """Seconds since the start, how far the wall clock is set wrong, and what is to happen when."""

    seconds: float = 0.0
    step: timedelta = timedelta(0)
    boot: int = 0
    booted: float = 0.0
    events: list = field(default_factory=list)  # (seconds, function)
    stop: threading.Event = field(default_factory=threading.Event)

    def moment(self):
        wall = START + timedelta(seconds=self.seconds) + self.step
        return Moment(wall, f"boot {self.boot}", self.seconds - self.booted)

    def at(self, seconds, happens):
        self.events.append((seconds, happens))
        self.events.sort(key=lambda event: event[0])

    def ends(self, seconds):
        self.at(seconds, self.stop.set)

    def reboot(self):
        self.boot, self.booted = self.boot + 1, self.seconds

    def wait(self, stop, seconds):
        until = self.seconds + seconds
        while self.events and self.events[0][0] <= until and not stop.is_set():
            then, happens = self.events.pop(0)
            self.seconds = max(self.seconds, then)
            happens()
        if not stop.is_set():
            self.seconds = max(self.seconds, until)
        return stop.is_set()

    def round(self):
        """Return a round that lives in this time, one host after the other: lanes side by side would race for it."""
        return Round(self.moment, self.wait, self.stop, hosts_at_once=1)


def loopback_fetcher():
    """Return what asks, with every name at 127.0.0.1."""
    return Fetcher("newsfold/0 (+tests@example.org)", resolve=lambda host, port: ["127.0.0.1"])
