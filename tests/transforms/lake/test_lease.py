"""The lease against a store with a clock of its own and machines whose clocks are wrong."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from schemas.errors import LakeError
from transforms.lake.lease import LEASE_KEY, LEASE_SECONDS, RENEW_SECONDS, Lease, acquire, held, in_force
from transforms.lake.objects import Found

_EPOCH = datetime(2030, 1, 1, tzinfo=UTC)


@dataclass
class Store:
    """An object store in memory, with versions and a clock, that can be out of reach."""

    url: str = "s3://bucket/news"
    seconds: float = 0.0
    reached: bool = True
    held: dict[str, Found] = field(default_factory=dict)
    writes: int = 0

    def read(self, key: str) -> Found | None:
        self._answer()
        return self.held.get(key)

    def now(self) -> datetime:
        self._answer()
        return _EPOCH + timedelta(seconds=int(self.seconds))

    def write(self, key: str, content: bytes) -> str:
        self.writes += 1
        self.held[key] = Found(content, str(self.writes), self.now())
        return str(self.writes)

    def create(self, key: str, content: bytes) -> str | None:
        return None if self.read(key) else self.write(key, content)

    def replace(self, key: str, content: bytes, version: str) -> str | None:
        found = self.read(key)
        return self.write(key, content) if found and found.version == version else None

    def _answer(self) -> None:
        if not self.reached:
            raise LakeError("the store gives no answer")


@dataclass
class Machine:
    """One machine: its clock, and the folder that is its own."""

    store: Store
    keepsake: Path
    ahead: float = 0.0

    def clock(self) -> float:
        return self.store.seconds + self.ahead

    def lease(self, *, break_lock: bool = False) -> Lease:
        owner = {"pid": 7, "host": self.keepsake.stem, "started": "today", "command": "ingest"}
        return acquire(self.store, owner, self.keepsake, break_lock=break_lock, clock=self.clock)

    @contextmanager
    def writing(self) -> Iterator[Lease]:
        with held(self.store, {"host": self.keepsake.stem}, self.keepsake, clock=self.clock) as lease:
            yield lease


@pytest.fixture
def store() -> Store:
    return Store()


@pytest.fixture
def one(store: Store, tmp_path: Path) -> Machine:
    return Machine(store, tmp_path / "one")


@pytest.fixture
def other(store: Store, tmp_path: Path) -> Machine:
    return Machine(store, tmp_path / "other", ahead=-86_400.0)  # its clock is a day behind


def test_a_second_writer_is_refused_and_told_of_the_first(store: Store, one: Machine, other: Machine) -> None:
    one.lease()
    store.seconds += 12
    with pytest.raises(LakeError, match=r"process 7 on one since today \(newsfold ingest\), heard of 12 s ago"):
        other.lease()


def test_a_lease_that_is_given_back_is_taken_at_once(one: Machine, other: Machine) -> None:
    with one.writing() as first:
        assert in_force(one.store)
    assert not in_force(one.store)
    with other.writing() as second:
        assert second.told["fence"] == first.told["fence"] + 1


def test_a_lease_is_taken_over_when_its_time_is_over_by_the_clock_of_the_store(
    store: Store, one: Machine, other: Machine
) -> None:
    first = one.lease()
    store.seconds += LEASE_SECONDS - 1
    with pytest.raises(LakeError, match="is being written"):
        other.lease()
    store.seconds += 2
    second = other.lease()
    assert second.told["fence"] == first.told["fence"] + 1
    second.check()


def test_a_lease_that_is_renewed_is_not_taken_over(store: Store, one: Machine, other: Machine) -> None:
    lease = one.lease()
    for _ in range(10):
        store.seconds += RENEW_SECONDS
        lease.renew()
        with pytest.raises(LakeError, match="is being written"):
            other.lease()
    lease.check()


def test_a_writer_that_sleeps_finds_its_lease_lost_before_it_commits(
    store: Store, one: Machine, other: Machine
) -> None:
    sleeper = one.lease()
    store.seconds += LEASE_SECONDS + 1
    other.lease()
    with pytest.raises(LakeError, match="another one took over"):
        sleeper.check()
    sleeper.release()
    assert in_force(store)  # what the other holds stays


def test_a_writer_that_sleeps_unmissed_goes_on(store: Store, one: Machine) -> None:
    sleeper = one.lease()
    store.seconds += 10 * LEASE_SECONDS
    sleeper.check()
    assert sleeper.good_from == one.clock()


def test_a_writer_whose_store_is_out_of_reach_does_not_commit(store: Store, one: Machine) -> None:
    lease = one.lease()
    store.seconds += RENEW_SECONDS + 1
    store.reached = False
    with pytest.raises(LakeError, match="no answer"):
        lease.check()
    store.reached = True
    lease.check()


def test_what_a_dead_process_of_this_machine_left_is_taken_at_once(store: Store, one: Machine) -> None:
    dead = one.lease()
    again = one.lease()  # under the lock of the machine's folder, which ended with the dead one
    assert again.told["fence"] == dead.told["fence"] + 1


def test_a_lock_can_be_broken(one: Machine, other: Machine) -> None:
    first = one.lease()
    other.lease(break_lock=True).check()
    first.renew()
    with pytest.raises(LakeError, match="took over"):
        first.check()


def test_of_two_that_begin_at_once_one_is_refused(store: Store, one: Machine, other: Machine) -> None:
    meets_nothing = store.read

    def late(key: str) -> Found | None:
        store.read = meets_nothing
        other.lease()
        return None

    store.read = late
    with pytest.raises(LakeError, match="at this very moment"):
        one.lease()


@pytest.mark.parametrize("content", [b"", b"{", b"[]", json.dumps({"fence": 3}).encode()])
def test_a_lease_that_names_nobody_is_nobodys(store: Store, one: Machine, content: bytes) -> None:
    store.write(LEASE_KEY, content)
    one.lease().check()
