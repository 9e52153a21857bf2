"""May this address be fetched, and when: robots.txt of its site, kept for a day, and two seconds between starts.

For pages and discovery. Feeds that a person listed are asked without it: to list them was the permission.
"""

import json
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path

from transforms.feeds.addresses import Policy, Target, target_of
from transforms.feeds.failures import FetchError, FetchReason, FetchRefused
from transforms.feeds.fetch import Request
from transforms.feeds.moments import Clock
from transforms.feeds.politeness import BETWEEN_STARTS
from transforms.feeds.poll import Fetches
from transforms.feeds.robots import Robots, read_robots

KEPT_FOR = timedelta(hours=24)
_MAX_KEPT_CHARS = 64 * 1024  # of one site's text between runs; a longer one is asked for again
_FOR_THE_PAGE_AS_WELL = {FetchReason.PRIVATE_ADDRESS, FetchReason.PORT}  # and say more than "robots" would
_Origin = tuple[str, str, int]


def _pause(seconds: float) -> bool:
    return threading.Event().wait(seconds)


@dataclass(slots=True)
class Pace:
    """When hosts were last asked, in seconds of uptime; a host's requests come from one thread at a time."""

    clock: Clock
    wait: Callable[[float], bool] = _pause  # waits so many seconds and returns whether to stop
    last_starts: dict[str, float] = field(default_factory=dict)

    def start(self, host: str, between: float = 0.0) -> None:
        """Wait for the host's turn and take it.

        Raises:
            FetchRefused: interrupted, because the run is to stop.
        """
        gap = max(BETWEEN_STARTS.total_seconds(), between)
        left = self.last_starts.get(host, float("-inf")) + gap - self.clock().uptime
        if self.wait(max(0.0, left)):
            raise FetchRefused(FetchReason.INTERRUPTED, "stopped before its turn")
        self.last_starts[host] = self.clock().uptime


@dataclass(slots=True)
class Permission:
    """What the sites' robots.txt say, asked for once a day each; serves many threads.

    Attributes:
        fetcher: asks for robots.txt.
        pace: by which it is asked for.
        kept_in: a file that carries the answers from run to run; None: this run only.
    """

    fetcher: Fetches
    pace: Pace
    kept_in: Path | None = None
    _known: dict[_Origin, tuple[datetime, Robots]] = field(default_factory=dict)
    _locks: dict[_Origin, threading.Lock] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def __post_init__(self) -> None:
        """Take up what an earlier run was told."""
        if self.kept_in is not None:
            self._known = _load(self.kept_in)

    def admit(self, target: Target, policy: Policy) -> Robots:
        """Return what the site of `target` says, if it lets us have it.

        Raises:
            FetchRefused: robots.txt forbids the address, or could not be had; or the address may not be asked at all.
        """
        robots = self._of(target, policy)
        if not robots.allows(target.url):
            raise FetchRefused(FetchReason.ROBOTS, f"robots.txt of {target.host} does not allow it")
        return robots

    def allowed_url(self, url: str, policy: Policy) -> Robots:
        """Return the same for an address as it is written.

        Raises:
            FetchRefused: as `admit`, or it is no address of the web.
        """
        return self.admit(target_of(url), policy)

    def save(self) -> None:
        """Keep what was told for the next run; that it cannot be kept costs it a request, no more."""
        if self.kept_in is None:
            return
        rows = [
            {"site": origin, "at": at.isoformat(), "text": robots.text, "allowed": robots.allowed}
            for origin, (at, robots) in sorted(self._known.items())
            if len(robots.text or "") <= _MAX_KEPT_CHARS and self._fresh(at)
        ]
        new = self.kept_in.with_name(f"{self.kept_in.name}.new")
        with suppress(OSError):
            new.parent.mkdir(parents=True, exist_ok=True)
            new.write_text(json.dumps(rows), "utf-8")
            new.replace(self.kept_in)

    def _of(self, target: Target, policy: Policy) -> Robots:
        # A lock a site: many threads may wait for one robots.txt, none for that of another site.
        with self._lock:
            lock = self._locks.setdefault(target.origin, threading.Lock())
        with lock:
            known = self._known.get(target.origin)
            if known is None or not self._fresh(known[0]):
                known = self.pace.clock().now, self._ask(target, policy)
                self._known[target.origin] = known
            return known[1]

    def _ask(self, target: Target, policy: Policy) -> Robots:
        self.pace.start(target.host.removeprefix("www."))
        # RFC 9309: of the same scheme, host and port. What cannot be had forbids, for it may have been forbidden.
        url = f"{target.scheme}://{target.host_header}/robots.txt"
        try:
            answer = self.fetcher.fetch(Request(url, policy, accept="text/plain, */*;q=0.1"))
        except FetchError as error:
            if error.reason in _FOR_THE_PAGE_AS_WELL:
                raise
            return read_robots(None, b"")
        return read_robots(answer.status, answer.body)

    def _fresh(self, at: datetime) -> bool:
        return abs(self.pace.clock().now - at) < KEPT_FOR


def admitted(request: Request, permission: Permission) -> Request:
    """Return a request whose every hop asks for permission first."""

    def admit(target: Target) -> None:
        permission.admit(target, request.policy)

    return replace(request, admit=admit)


def _load(path: Path) -> dict[_Origin, tuple[datetime, Robots]]:
    """Return what an earlier run kept; nothing where it is not there or not whole."""
    try:
        rows = json.loads(path.read_text("utf-8"))
        return {
            (str(row["site"][0]), str(row["site"][1]), int(row["site"][2])): (
                datetime.fromisoformat(row["at"]),
                Robots(row["text"], bool(row["allowed"])),
            )
            for row in rows
        }
    except (OSError, ValueError, TypeError, LookupError):
        return {}
