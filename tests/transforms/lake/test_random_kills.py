"""Kill a writer at a hundred random instants, each followed by one restart, and compare with an undisturbed lake."""

import multiprocessing
import random
import time
from pathlib import Path

import pytest
from small_lakes import content, write

from transforms.lake.layout import Lake, create_or_open, open_lake
from transforms.lake.verify import verify

_CONTEXT = multiprocessing.get_context("forkserver")
_COMMITS = [range(start, start + 12) for start in range(0, 40, 10)]


def _write_all(root: str) -> None:
    lake = open_lake(root)
    for numbers in _COMMITS:
        write(lake, "ingest", numbers)
    write(lake, "compact")


def _run(lake: Lake, seconds: float) -> None:
    process = _CONTEXT.Process(target=_write_all, args=(str(lake.root),))
    process.start()
    process.join(seconds)
    process.kill()
    process.join()


@pytest.mark.long
def test_a_hundred_random_kills_lose_and_double_nothing(tmp_path: Path) -> None:
    whole = create_or_open(tmp_path / "whole")
    begun = time.monotonic()
    _run(whole, 600)
    undisturbed, whole_seconds = content(whole), time.monotonic() - begun
    chance = random.Random(1)
    killed = 0
    for number in range(100):
        lake = create_or_open(tmp_path / f"lake{number}")
        _run(lake, chance.uniform(0, 1.1) * whole_seconds)
        killed += content(lake) != undisturbed
        write(lake, "nothing")
        assert verify(lake) == []
        _write_all(str(lake.root))
        assert content(lake) == undisturbed
        assert verify(lake) == []
    assert killed > 30
