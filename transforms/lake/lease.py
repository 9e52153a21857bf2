"""The lease: one writer of a lake on an object store, among machines whose clocks nobody compares.

The lease is an object that its holder rewrites every RENEW_SECONDS, each time on the condition that it is still as the
holder left it. Its age is told by the store alone: when it was written, against when a probe is written that is put
beside it, both by the store's clock. Its holder measures its own time, by a clock that goes on while a machine sleeps,
from before the request. So a wrong clock on any machine changes nothing.

A lease does not make a commit safe: a writer may stop between looking at it and committing. What does is the number of
the commit (docs/decisions/object-stores.md). The lease keeps two writers from working for nothing, and names the other.
"""

import json
import secrets
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from schemas.errors import LakeError
from transforms.lake.objects import Found, Objects

LEASE_SECONDS = 60.0
RENEW_SECONDS = 20.0  # so one renewal may fail, with 20 s of retries, before the lease is another's
LEASE_KEY = "_lease.json"

Clock = Callable[[], float]


def uptime() -> float:
    """Return seconds by a clock that nobody sets and that goes on while the machine sleeps."""
    return time.clock_gettime(getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC))


@dataclass(slots=True)
class Lease:
    """A lease that this process holds, or has lost.

    Attributes:
        objects: where it lies.
        told: what it says: the owner, its secret, and the fence, which rises by one with each holder.
        version: of the object as this process wrote it last.
        good_from: when the last renewal that succeeded was begun, by `clock`.
    """

    objects: Objects
    told: Mapping[str, Any]
    version: str
    good_from: float
    clock: Clock
    renewed: int = 0
    lost: bool = False
    guard: threading.Lock = field(default_factory=threading.Lock)

    def renew(self) -> None:
        """Write the lease anew, if it is still as this process left it; otherwise it is lost."""
        # The keeper's thread and `check` may both renew: with an old version one would lose the lease to the other.
        with self.guard:
            begun = self.clock()
            version = self.objects.replace(LEASE_KEY, _content(self.told, self.renewed + 1), self.version)
            if version is None:
                self.lost = True
                return
            self.version, self.good_from, self.renewed = version, begun, self.renewed + 1

    def check(self) -> None:
        """Refuse to go on without the lease; one that nobody could renew for a while is renewed here or lost.

        Raises:
            LakeError: another writer has taken it over.
        """
        if not self.lost and self.clock() - self.good_from > RENEW_SECONDS:
            self.renew()
        if self.lost:
            raise LakeError(
                f"{self.objects.url}: this writer was not heard of for {LEASE_SECONDS:.0f} s, and another one took "
                "over; nothing of this commit was published: run again when the other is done"
            )

    def release(self) -> None:
        """Say that nobody writes, if the lease is still this process's."""
        with self.guard:
            self.objects.replace(LEASE_KEY, _content({"fence": self.told["fence"]}, 0), self.version)


@contextmanager
def held(
    objects: Objects, owner: Mapping[str, object], keepsake: Path, *, break_lock: bool = False, clock: Clock = uptime
) -> Iterator[Lease]:
    """Hold the lease for the time of the block, renewed by a thread.

    Args:
        objects: the lake's store.
        owner: names this process to others.
        keepsake: a file on this machine, which whoever holds the lease alone writes; it tells a lease that a dead
            process of this machine left, and that is taken over at once.
        break_lock: take over a lease that is not expired.
        clock: seconds, of any origin.

    Raises:
        LakeError: another writer holds it.
    """
    lease = acquire(objects, owner, keepsake, break_lock=break_lock, clock=clock)
    ended = threading.Event()
    keeper = threading.Thread(target=_keep, args=(lease, ended), daemon=True)
    keeper.start()
    try:
        yield lease
    finally:
        ended.set()
        keeper.join()
        if not lease.lost:
            with suppress(LakeError):  # the store is out of reach: the lease expires
                lease.release()


def acquire(
    objects: Objects, owner: Mapping[str, object], keepsake: Path, *, break_lock: bool = False, clock: Clock = uptime
) -> Lease:
    """Return the lease, taken; see `held`."""
    # Time counts from before each request: how long it took, and when the store wrote, nobody knows.
    begun, found = clock(), objects.read(LEASE_KEY)
    before = _told(found)
    secret = secrets.token_hex(16)
    left = keepsake.read_text("ascii") if keepsake.exists() else None
    if found is not None and not (break_lock or before.get("secret") in {None, left}):
        age = (objects.now() - found.written_at).total_seconds()
        if age <= LEASE_SECONDS:
            raise LakeError(_refusal(objects.url, before, age))
        begun = clock()
    # Before the lease is written: a kill in between leaves a secret that no lease has, never a lease that this machine
    # does not know for its own.
    keepsake.write_text(secret, "ascii")
    told = {**owner, "secret": secret, "fence": before.get("fence", 0) + 1}
    content = _content(told, 0)
    version = (
        objects.create(LEASE_KEY, content) if found is None else objects.replace(LEASE_KEY, content, found.version)
    )
    if version is None:
        raise LakeError(f"{objects.url}: another writer began at this very moment; wait for it, or stop it")
    return Lease(objects, told, version, begun, clock)


def in_force(objects: Objects) -> bool:
    """Say whether somebody holds the lease; asked without writing, and so without regard to its age."""
    return "secret" in _told(objects.read(LEASE_KEY))


def _keep(lease: Lease, ended: threading.Event) -> None:
    while not (ended.wait(RENEW_SECONDS) or lease.lost):
        with suppress(LakeError):  # the store is out of reach; tried again, and `check` will say what that meant
            lease.renew()


def _content(told: Mapping[str, Any], renewed: int) -> bytes:
    return json.dumps({**told, "renewed": renewed}).encode()


def _told(found: Found | None) -> dict[str, Any]:
    """Return what a lease says; a damaged one is nobody's."""
    try:
        told = json.loads(found.content) if found is not None else {}
    except ValueError:
        return {}
    return told if isinstance(told, dict) else {}


def _refusal(url: str, told: Mapping[str, Any], age: float) -> str:
    owner = f"process {told.get('pid')} on {told.get('host')} since {told.get('started')}"
    return (
        f"{url} is being written by {owner} (newsfold {told.get('command')}), heard of {age:.0f} s ago; wait for it, "
        f"or stop it: {LEASE_SECONDS:.0f} s after a sign of life it is given up. If it is surely gone: --break-lock"
    )
