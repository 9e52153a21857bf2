"""What a process keeps of a lake, and when it lets go."""

import weakref
from pathlib import Path

import pytest

from transforms.lake.layout import Lake, create_or_open, open_lake
from transforms.lake.process_cache import ProcessCache
from transforms.lake.storage import storage_of


class _Index:
    """Something that can be seen to be let go."""


@pytest.fixture
def lake(tmp_path: Path) -> Lake:
    return create_or_open(tmp_path / "lake")


def test_what_is_put_is_found_by_whoever_opens_the_lake(lake: Lake, tmp_path: Path) -> None:
    cache: ProcessCache[str] = ProcessCache()
    assert cache.get(lake) is None
    cache.put(lake, "first")
    cache.put(lake, "second")
    assert cache.get(open_lake(lake.root)) == "second"
    assert cache.get(create_or_open(tmp_path / "other")) is None
    cache.drop(lake)
    assert cache.get(lake) is None


def test_a_lake_is_told_from_the_one_that_lay_there_before(lake: Lake, tmp_path: Path) -> None:
    cache: ProcessCache[str] = ProcessCache()
    cache.put(lake, "old")
    lake.root.rename(tmp_path / "moved")
    assert cache.get(create_or_open(lake.root)) is None


def test_of_a_lake_that_was_marked_anew_nothing_is_held(lake: Lake) -> None:
    cache: ProcessCache[_Index] = ProcessCache()
    index = _Index()
    cache.put(lake, index)
    held = weakref.ref(index)
    del index
    assert held() is not None
    storage_of(lake).mark_anew()
    assert cache.get(lake) is None
    assert held() is None
