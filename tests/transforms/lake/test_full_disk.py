"""A disk of a few hundred kilobytes: one clear error, nothing half published, and the next run is fine."""

import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from small_lakes import content, ingest, write

from schemas.errors import LakeError
from transforms.lake.layout import Lake, create_or_open
from transforms.lake.read import last_commit
from transforms.lake.verify import verify


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    folder = tmp_path / "disk"
    folder.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=4m", "none", str(folder)], capture_output=True, text=True, check=False
    )
    if mounted.returncode:
        pytest.skip(f"mounting a small disk is not permitted here: {mounted.stderr.strip()}")
    yield folder
    subprocess.run(["umount", "-l", str(folder)], check=True)


def _fill(folder: Path, free: int) -> Path:
    """Leave `free` bytes of the disk to whoever comes."""
    block = bytes(4096)
    path = folder / "filler"
    with path.open("wb", buffering=0) as file:
        try:
            while True:
                file.write(block)
        except OSError:
            pass
        file.truncate(file.tell() - free)
    return path


def _refusal(lake: Lake) -> str | None:
    try:
        write(lake, "ingest", range(10, 40))
    except (LakeError, OSError) as error:
        return str(error)
    return None


@pytest.fixture
def lake_on_it(small_disk: Path) -> Lake:
    lake = create_or_open(small_disk / "lake")
    write(lake, "ingest", range(10))
    return lake


@pytest.mark.parametrize("free_kilobytes", [64, 128, 256, 384, 512, 640, 768])
def test_a_full_disk_is_one_clear_error_and_nothing_is_published(lake_on_it: Lake, free_kilobytes: int) -> None:
    lake = lake_on_it
    before = content(lake)
    filler = _fill(lake.root.parent, free_kilobytes * 1024)
    refusal = _refusal(lake)
    if refusal is not None:  # the largest sizes are enough
        assert "disk is full" in refusal or "No space left" in refusal  # the latter before the commit, while spilling
        assert content(lake) == before
        assert last_commit(lake) == 1
        assert not lake.intent.exists()
    filler.unlink()
    write(lake, "ingest", range(10, 40))
    whole = create_or_open(lake.root.parent / "whole")
    write(whole, "ingest", range(40))
    assert content(lake) == content(whole)
    assert verify(lake) == []


def test_the_error_of_a_commit_names_the_lake_and_the_remedy(lake_on_it: Lake) -> None:
    filler = _fill(lake_on_it.root.parent, 200 * 1024)
    with pytest.raises(LakeError, match="the disk is full; free some space and run again; nothing was published"):
        ingest(lake_on_it, range(10, 40))
    assert not list(lake_on_it.staging.glob("commit-*"))
    filler.unlink()
