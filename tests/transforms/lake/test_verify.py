"""Damage a lake in every way that verify promises to notice."""

import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from small_lakes import content, decided, decision, run_info, spill, story, write

from transforms.lake import delta
from transforms.lake.commit import commit_slice
from transforms.lake.intent import Change
from transforms.lake.layout import Lake, create_or_open, open_lake
from transforms.lake.read import files
from transforms.lake.seen import SeenIndex
from transforms.lake.verify import verify


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Lake:
    lake = create_or_open(tmp_path_factory.mktemp("verify") / "lake")
    write(lake, "ingest", range(24))
    write(lake, "ingest", range(20, 40))
    return lake


@pytest.fixture
def copied(sound: Lake, tmp_path: Path) -> Lake:
    shutil.copytree(sound.root, tmp_path / "lake")
    return open_lake(tmp_path / "lake")


def _path(lake: Lake, table: str) -> Path:
    return lake.table(table) / files(lake, table)[0].path


def _flip(lake: Lake, table: str, at: float) -> None:
    path = _path(lake, table)
    held = bytearray(path.read_bytes())
    held[int(len(held) * at)] ^= 1
    path.write_bytes(held)


def _unlist(lake: Lake) -> None:
    delta.commit(lake, Change("articles", (), (files(lake, "articles")[0],)), 3, 0)


def _renumber(lake: Lake) -> None:
    delta.commit(lake, Change("rejects"), 7, 0)


def _remember_more(lake: Lake) -> None:
    index = SeenIndex.open(lake.root)
    last = index.commit
    index.segments = []
    index.advance(last, ["ab" * 32])


DAMAGE: dict[str, tuple[Callable[[Lake], object], str]] = {
    "a flipped bit in a story": (lambda lake: _flip(lake, "articles", 0.3), r"articles/.*bytes are not those.*restore"),
    "a flipped bit in a footer": (lambda lake: _flip(lake, "duplicates", 0.95), r"duplicates/.*bytes are not those"),
    "a flipped bit in the ledger": (lambda lake: _flip(lake, "runs", 0.5), r"runs/.*bytes are not those"),
    "a missing file": (lambda lake: _path(lake, "articles").unlink(), r"articles/.*missing; restore"),
    "a shortened file": (lambda lake: _path(lake, "rejects").write_bytes(b"PAR1"), r"rejects/.* 4 bytes instead of"),
    "a file that nobody published": (
        lambda lake: shutil.copy(_path(lake, "articles"), lake.table("articles") / "mine.parquet"),
        r"mine.parquet: no commit published",
    ),
    "a file the log forgot": (_unlist, r"ledger says published, the Delta log does not list"),
    "a number out of order": (_renumber, r"rejects: the Delta log ends with commit 7, the ledger with"),
    "an unfinished commit": (lambda lake: lake.intent.write_text("{}"), r"lake: a commit is unfinished"),
    "a memory of what never was": (_remember_more, r"_memory: the index of what was seen differs"),
    "an unreadable log": (
        lambda lake: (lake.table("articles") / "_delta_log" / f"{1:020d}.json").write_text("{"),
        r"articles: the Delta log cannot be read",
    ),
}


@pytest.mark.parametrize("name", DAMAGE)
def test_damage_is_found_and_named(name: str, copied: Lake) -> None:
    damage, message = DAMAGE[name]
    damage(copied)
    faults = verify(copied)
    assert faults
    assert any(re.search(message, fault) for fault in faults), faults
    assert all("\n" not in fault for fault in faults)


def test_a_sound_lake_has_no_fault_and_is_not_changed(sound: Lake) -> None:
    before = {path: path.read_bytes() for path in sound.root.rglob("*") if path.is_file()}
    assert verify(sound) == []
    assert {path: path.read_bytes() for path in sound.root.rglob("*") if path.is_file()} == before
    assert content(sound)


def test_an_empty_lake_has_no_fault(lake: Lake) -> None:
    assert verify(lake) == []


def test_an_id_that_stands_twice_and_one_that_leads_nowhere_are_found(lake: Lake) -> None:
    for _ in range(2):
        one = [decision(story(1), family_id="f" * 32)]
        commit_slice(lake, decided([spill(lake, 0, [story(1)])], one), run_info())
    faults = "\n".join(verify(lake))
    assert "1 article_id stand twice" in faults
    assert "family_id: 1 values name no stored article (ffff" in faults
