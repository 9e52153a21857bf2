"""The index of what is stored, against a set of what was stored."""

import shutil
import time

import numpy as np
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from small_lakes import hexed, ingest, story, write

from transforms.lake.layout import Lake
from transforms.lake.seen import MAX_SEGMENTS, SeenIndex, load_segments


def _digests(*numbers: int) -> list[str]:
    return [hexed(f"digest {number}", 64) for number in numbers]


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.frozensets(st.integers(0, 60), max_size=20), max_size=12))
def test_an_index_holds_what_was_added_in_few_segments(lake: Lake, commits: list[frozenset[int]]) -> None:
    shutil.rmtree(lake.memory, ignore_errors=True)
    index, held = SeenIndex(lake), set()
    for number, added in enumerate(commits, start=1):
        index.advance(number, _digests(*sorted(added - held)))
        held |= added
    for other in (index, SeenIndex(lake, load_segments(lake))):
        assert other.contains_many(_digests(*range(70))) == [number in held for number in range(70)]
        assert [other.contains(one) for one in _digests(*range(70))] == [number in held for number in range(70)]
        assert len(other.segments) <= MAX_SEGMENTS
        assert other.commit == len(commits)
    assert len(list(lake.memory.iterdir()) if commits else []) == len(index.segments)


def test_an_empty_index_holds_nothing(lake: Lake) -> None:
    index = SeenIndex.open(lake.root)
    assert index.contains_many(_digests(1)) == [False]
    assert index.contains_many([]) == []
    assert not index.contains(_digests(1)[0])


def test_what_is_missing_is_read_from_the_tables(lake: Lake) -> None:
    write(lake, "ingest", range(10))
    write(lake, "ingest", range(10, 20))
    stored = [story(number).raw_sha256 for number in range(20) if number != 10]
    assert all(SeenIndex.open(lake.root).contains_many(stored))
    shutil.rmtree(lake.memory)
    assert all(SeenIndex.open(lake.root).contains_many(stored))
    for segment in lake.memory.iterdir():
        segment.write_bytes(b"torn")
    assert all(SeenIndex.open(lake.root).contains_many(stored))
    assert not SeenIndex.open(lake.root).contains(story(99).raw_sha256)


def test_a_lake_put_back_to_an_older_state_forgets_what_came_after(lake: Lake) -> None:
    write(lake, "ingest", range(5))
    for table in ("articles", "duplicates", "rejects", "runs", "furniture", "polls"):
        shutil.copytree(lake.table(table), lake.root / "kept" / table)
    write(lake, "ingest", range(5, 10))
    for table in ("articles", "duplicates", "rejects", "runs", "furniture", "polls"):
        shutil.rmtree(lake.table(table))
        (lake.root / "kept" / table).rename(lake.table(table))
    index = SeenIndex.open(lake.root)
    assert index.contains(story(1).raw_sha256)
    assert not index.contains(story(6).raw_sha256)


def test_a_full_disk_costs_the_index_nothing_but_its_file(lake: Lake) -> None:
    lake.memory.write_text("no folder can be made here")
    index = SeenIndex(lake)
    index.advance(1, _digests(1))
    assert index.contains(_digests(1)[0])


def test_a_look_up_is_cheap_in_a_large_index(lake: Lake) -> None:
    generator = np.random.default_rng(1)
    index = SeenIndex(lake)
    for number, size in enumerate((200_000, 50_000, 10_000, 1_000), start=1):
        index.advance(number, [row.tobytes().hex() for row in generator.integers(0, 256, (size, 16), np.uint8)])
    wanted = _digests(*range(2_000))
    begun = time.process_time()
    assert not any(index.contains(one) for one in wanted)
    one_by_one = time.process_time() - begun
    begun = time.process_time()
    index.contains_many(wanted)
    together = time.process_time() - begun
    assert one_by_one / len(wanted) < 50e-6  # 5 µs on a quiet machine
    assert together < one_by_one


def test_an_ingest_asks_the_index_before_it_stores(lake: Lake) -> None:
    ingest(lake, range(6))
    assert ingest(lake, range(8)).counts["seen"] == 6
