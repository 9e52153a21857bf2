"""A round of polls: every feed that is due, hosts side by side, the feeds of one host one after the other.

due ── plan ── 16 lanes at once, one a host: wait for its start ── poll ── results as they come
"""

import queue
import threading
from collections.abc import Callable, Generator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field

from transforms.feeds.moments import Clock
from transforms.feeds.politeness import HOSTS_AT_ONCE, Start, next_start, wants_rest
from transforms.feeds.poll import Polled

Poll = Callable[[Start], Polled | None]
LONGEST_SECONDS = 60.0  # nothing more is begun then: what a slow host keeps waiting, a later round asks
_DRAIN_SECONDS = 0.1
_HELD = 64  # results that wait to be taken; lanes wait with them, so that a slow commit costs no memory


@dataclass(slots=True)
class Round:
    """What a round has and shares between its lanes.

    Attributes:
        clock: tells when starts are due; only its `uptime` is used.
        wait: waits so many seconds for `stop` and returns whether it is set.
        stop: when set, nothing more is asked; what is being asked is finished.
        last_starts: seconds of uptime at which each host was last asked, kept from round to round.
        hosts_at_once: how many lanes there are.
        longest_seconds: after which nothing more is begun.
    """

    clock: Clock
    wait: Callable[[threading.Event, float], bool] = threading.Event.wait
    stop: threading.Event = field(default_factory=threading.Event)
    last_starts: dict[str, float] = field(default_factory=dict)
    hosts_at_once: int = HOSTS_AT_ONCE
    longest_seconds: float = LONGEST_SECONDS

    def since_last(self) -> Mapping[str, float]:
        """Return how many seconds ago each host was last asked, for `politeness.plan`."""
        now = self.clock().uptime
        return {host: now - then for host, then in self.last_starts.items()}

    def run(self, starts: Sequence[Start], poll: Poll) -> Generator[Polled, None, None]:
        """Carry a plan out; results come in the order in which they end.

        Args:
            starts: from `politeness.plan`.
            poll: polls one feed, or returns None where it may no longer be asked; called from several threads, never
                from two for one host.

        Starts that would come more than a minute after the first are left out.

        Raises:
            Whatever `poll` raises; the round stops then.
        """
        lanes: dict[str, list[Start]] = {}
        for start in starts:
            lanes.setdefault(start.host, []).append(start)
        ended: queue.Queue[Polled | None] = queue.Queue(_HELD)
        begin = self.clock().uptime
        with ThreadPoolExecutor(self.hosts_at_once, thread_name_prefix="poll") as pool:
            running = [pool.submit(self._lane, lane, begin, poll, ended) for lane in lanes.values()]
            left = len(running)
            try:
                while left:
                    polled = ended.get()
                    left -= polled is None
                    if polled is not None:
                        yield polled
            finally:
                if left:  # whoever asked for the results wants no more of them, or was interrupted
                    self.stop.set()
                    _let_end(running, ended)
        for lane in running:
            lane.result()  # raises what broke in it

    def _lane(self, lane: list[Start], begin: float, poll: Poll, ended: "queue.Queue[Polled | None]") -> None:
        """Ask the feeds of one host in turn, unless it asks for rest; None says that the lane has ended."""
        last_end, whole = 0.0, False
        try:
            for start in lane:
                last_start = self.last_starts.get(start.host, float("-inf"))
                at = next_start(begin + start.at, last_start, last_end)
                if at - begin > self.longest_seconds:  # else one slow host would hold the commit of all others
                    break
                if self.wait(self.stop, max(0.0, at - self.clock().uptime)):
                    return
                self.last_starts[start.host] = self.clock().uptime
                polled = poll(start)
                if polled is None:
                    continue
                ended.put(polled)
                if wants_rest(polled.state):
                    break
                last_end = self.clock().uptime
            whole = True
        finally:
            if not whole:  # stopped, or something broke that is not the network
                self.stop.set()
            ended.put(None)


def _let_end(lanes: "Sequence[Future[None]]", ended: "queue.Queue[Polled | None]") -> None:
    """Wait for lanes, and take what they put meanwhile: a full queue would hold them."""
    while not all(lane.done() for lane in lanes):
        with suppress(queue.Empty):
            ended.get(timeout=_DRAIN_SECONDS)
