"""A disk that fills up during an ingest: one line, nothing half-published, and the same command completes later."""

import subprocess

import pytest

from tests.pipelines.conftest import corpus, write_jsonl
from tests.pipelines.interrupted import run
from tests.pipelines.stored import content
from transforms.lake.layout import open_lake
from transforms.lake.verify import verify


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    """Articles in three slices, and what an undisturbed run stores of them."""
    folder = tmp_path_factory.mktemp("whole")
    articles = write_jsonl(folder / "articles.jsonl", [*corpus(100), {"id": "empty"}])
    done = run(folder, *ingest(articles, folder / "lake"))
    assert done.code == 0, done.err
    return articles, content(folder / "lake")


def ingest(articles, lake):
    return "ingest", articles, "--lake", lake, "--workers", 1, "--slice-records", 50


@pytest.fixture
def disk(tmp_path):
    """A folder of its own that `mount` makes a disk of a given size, and that is given back in the end."""
    folder = tmp_path / "disk"
    folder.mkdir()
    yield folder
    subprocess.run(["umount", "-l", str(folder)], capture_output=True, check=False)


def mount(folder, kilobytes, *options):
    how = ["mount", "-t", "tmpfs", "-o", ",".join([f"size={kilobytes}k", *options]), "none", str(folder)]
    done = subprocess.run(how, capture_output=True, text=True, check=False)
    if done.returncode:
        pytest.skip(f"mounting a small disk is not permitted here: {done.stderr.strip()}")


@pytest.mark.parametrize("kilobytes", [8, 200, 600])
def test_a_full_disk_ends_with_one_line_and_room_lets_the_same_command_complete(kilobytes, whole, disk, tmp_path):
    articles, expected = whole
    mount(disk, kilobytes)
    lake = disk / "lake"
    done = run(tmp_path, *ingest(articles, lake))
    complaint = [line for line in done.err.splitlines() if not line.startswith("ingest: slice")]
    assert done.code == 1
    assert len(complaint) == 1
    assert str(lake) in complaint[0]
    assert "disk is full" in complaint[0] or "No space left" in complaint[0]
    if (lake / "_newsfold.json").exists() and not (lake / "_intent.json").exists():
        assert verify(open_lake(lake)) == []
    mount(disk, 32_000, "remount")
    assert run(tmp_path, *ingest(articles, lake)).code == 0
    assert content(lake) == expected
    assert verify(open_lake(lake)) == []
