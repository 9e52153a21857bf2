"""Slices carried out one by one: which, in what order, and what they leave in staging."""

import errno
from concurrent.futures import Future
from dataclasses import replace
from pathlib import Path

import pytest

from pipelines import slices as module
from pipelines.graph import Graph
from pipelines.slices import commit_slices
from schemas.errors import LakeError
from schemas.records import Chunk, Segment, Spill
from transforms.entities.taggers import EntityChoice
from transforms.fold.settings import FoldSettings
from transforms.lake.layout import create_or_open
from transforms.lake.ledger import RunInfo


@pytest.fixture
def lake(tmp_path):
    lake = create_or_open(tmp_path / "lake")
    lake.staging.mkdir()
    return lake


class Pool:
    """Workers that leave a spill a chunk, and tell what they were given when."""

    def __init__(self, lake, events):
        self.lake, self.events = lake, events

    def submit(self, _graph, chunks):
        self.events.append(f"prepare {chunks[0].slice_number}")
        spills = []
        for chunk in chunks:
            path = self.lake.staging / f"{chunk.slice_number}-{chunk.ordinal}.arrow"
            for suffix in ("", ".signatures", ".rejects"):
                Path(f"{path}{suffix}").touch()
            spills.append(Spill(chunk.slice_number, chunk.ordinal, str(path), read=10, seen=0, articles=10, rejects=0))
        future = Future()
        future.set_result(spills)
        return [future]


@pytest.fixture
def carried(lake, monkeypatch):
    """Carry chunks out without Beam; return what happened, in order."""

    def run(chunks, done=None, fails=None):
        events = []

        def decide(spills, wire):
            run = wire.keywords["graph"].run
            events.append(f"commit {run.slice_number}{' last' if run.last_slice else ''} of {len(spills)}")
            if fails is not None:
                raise fails

        monkeypatch.setattr(module, "run_local", decide)
        commit_slices(lake, iter(chunks), Pool(lake, events), graph_of(lake, done), lambda *told: events.append(told))
        return events

    return run


def graph_of(lake, done=None):
    run = RunInfo("ingest", started_at=None, slice_number=done)
    return Graph(lake.name, str(lake.staging), (), "default", EntityChoice(), "", None, FoldSettings(), run)


def chunk(number, ordinal=0, **given):
    return Chunk(number, ordinal, (), **given)


def test_the_next_slice_is_prepared_before_one_is_committed_and_the_last_is_known(carried):
    assert carried([chunk(0, 0), chunk(0, 1), chunk(1, 2), chunk(2, 3)]) == [
        "prepare 0",
        "prepare 1",
        "commit 0 of 2",
        (20, 1),
        "prepare 2",
        "commit 1 of 1",
        (30, 2),
        "commit 2 last of 1",
        (40, 3),
    ]


def test_one_slice_is_the_last_and_none_is_none(carried):
    assert carried([chunk(4)]) == ["prepare 4", "commit 4 last of 1", (10, 1)]
    assert carried([]) == []


def test_what_a_killed_run_has_committed_is_left_out(carried):
    assert carried([chunk(0), chunk(1), chunk(2)], done=1) == ["prepare 2", "commit 2 last of 1", (10, 1)]
    assert carried([chunk(0), chunk(1)], done=1) == []


@pytest.mark.parametrize("done", [None, 0])
def test_a_committed_slice_leaves_nothing_in_staging_and_takes_nothing_of_the_user(carried, lake, tmp_path, done):
    own, piece, unpacked, polls = (
        tmp_path / "a.jsonl",
        lake.staging / "piece",
        tmp_path / "piece",
        lake.staging / "x.polls",
    )
    for path in (own, piece, unpacked, polls):
        path.touch()
    segments = (
        Segment(str(own), str(own), "jsonl"),
        Segment("b.gz", str(piece), "jsonl"),
        Segment("c", str(unpacked), "jsonl"),
    )
    carried([replace(chunk(0, polls=str(polls)), segments=segments)], done)
    assert list(lake.staging.iterdir()) == []
    assert own.exists()
    assert unpacked.exists()


def test_a_full_disk_is_named_and_other_faults_are_theirs(carried, lake):
    with pytest.raises(LakeError, match=f"{lake.name}: the disk is full; free some space and run again"):
        carried([chunk(0)], fails=OSError(errno.ENOSPC, "No space left on device"))
    with pytest.raises(PermissionError):
        carried([chunk(0)], fails=PermissionError(errno.EACCES, "Permission denied"))


def test_each_slices_spills_may_be_looked_at_before_they_are_committed(lake, monkeypatch):
    seen = []
    monkeypatch.setattr(module, "run_local", lambda spills, _wire: seen.append("commit"))
    commit_slices(
        lake,
        iter([chunk(0), chunk(1)]),
        Pool(lake, []),
        graph_of(lake),
        lambda *_told: None,
        lambda spills: seen.append(len(spills)),
    )
    assert seen == [1, "commit", 1, "commit"]
