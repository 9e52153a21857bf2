"""The stage that folds and commits, given the same batches again: by a retry, a checkpoint, or a start after a crash."""

from dataclasses import replace
from functools import partial
from pathlib import Path

import pyarrow as pa
import pytest

from pipelines.continuous import commit_prepared, endless, sweep
from pipelines.fold_and_commit import fold_and_commit
from pipelines.forget import forget
from pipelines.ingest import decide, prepare
from pipelines.local import run_local
from pipelines.run import graph_of
from schemas.errors import LakeError
from schemas.records import Chunk, Segment
from schemas.tables import POLLS
from tests.pipelines.conftest import corpus, rows, write_jsonl
from tests.pipelines.live import polls
from tests.pipelines.streaming import at, options
from tests.pipelines.test_stream import runs
from transforms.feeds.known import Following, known_states
from transforms.feeds.state import FeedState, to_row
from transforms.fold.waiting import is_due, ordinal_of, polls_path, write_polls
from transforms.lake.layout import create_or_open
from transforms.lake.lock import writer_lock
from transforms.lake.verify import verify

NOW_US = int(at(1).timestamp() * 1_000_000)


@pytest.fixture
def lake(tmp_path):
    return create_or_open(tmp_path / "lake")


@pytest.fixture
def graph(lake):
    with writer_lock(lake):
        return replace(endless(graph_of(lake, options(lake.root), [], "watch"), lake), now_us=NOW_US)


def prepared(lake, graph, articles, name="a", feed=None):
    """Let a batch of articles wait, with the poll that brought them if it has a feed; return its chunk and its spill."""
    folder = lake.stream / "polled"
    folder.mkdir(parents=True, exist_ok=True)
    path = write_jsonl(folder / f"{name}.jsonl", articles)
    ordinal, told = ordinal_of(name), ""
    if feed is not None:
        told = str(polls_path(lake, ordinal))
        write_polls(Path(told), pa.Table.from_pylist([to_row(feed)], schema=POLLS))
    segment = Segment(str(path), str(path), "jsonl", end=path.stat().st_size)
    chunk = Chunk(0, ordinal, (segment,), told, (str(path),))
    (spill,) = run_local([chunk], partial(prepare, graph=graph))
    return chunk, spill


def waiting(lake):
    return sorted(path.name for path in lake.stream.rglob("*") if path.is_file())


def test_what_is_committed_leaves_nothing_behind(lake, graph):
    _, spill = prepared(lake, graph, corpus(8), feed=FeedState("f", at(1), uptime=1.0))
    assert len(waiting(lake)) == 5
    assert fold_and_commit(Following(lake), 0, [spill], graph.fold, graph.run) == 1
    assert waiting(lake) == []
    assert [row["feed"] for row in polls(lake.root)] == ["f"]
    assert [row["spills"] for row in runs(lake.root)] == [[Path(spill.path).name]]


def test_a_batch_that_comes_again_from_a_checkpoint_is_seen(lake, graph):
    chunk, spill = prepared(lake, graph, corpus(8), feed=FeedState("f", at(1), uptime=1.0))
    fold_and_commit(Following(lake), 0, [spill], graph.fold, graph.run)
    stored = rows(lake.root, "articles"), rows(lake.root, "duplicates")
    _, other = prepared(lake, graph, corpus(12)[8:], "b")
    assert fold_and_commit(Following(lake), 0, [spill, other], graph.fold, graph.run) == 2
    assert [(row["read"], row["seen"]) for row in runs(lake.root)] == [(8, 0), (12, 8)]
    again = rows(lake.root, "articles"), rows(lake.root, "duplicates")
    assert all(row in again[0] for row in stored[0])
    assert sum(map(len, again)) == 12
    assert [row["feed"] for row in polls(lake.root)] == ["f"]
    assert not is_due(lake, chunk)
    assert waiting(lake) == []
    assert verify(lake) == []


def test_a_poll_that_comes_again_is_one_row(lake, graph):
    state = FeedState("f", at(1), uptime=1.0, etag='"1"')
    for name in ("a", "b"):
        _, spill = prepared(lake, graph, corpus(3), name, feed=state)
        fold_and_commit(Following(lake), 0, [spill], graph.fold, graph.run)
    assert len(polls(lake.root)) == 1
    assert known_states(lake) == {"f": state}


def test_files_that_are_gone_without_a_commit_are_told(lake, graph):
    chunk, spill = prepared(lake, graph, corpus(3))
    Path(spill.path).unlink()
    with pytest.raises(LakeError, match=r"is gone, and no commit of the lake holds it; start the pipeline anew"):
        fold_and_commit(Following(lake), 0, [spill], graph.fold, graph.run)
    Path(chunk.staged[0]).unlink()
    with pytest.raises(LakeError, match="is gone, and no commit"):
        is_due(lake, chunk)


def test_what_a_pipeline_left_is_committed_by_the_next_start_and_the_rest_is_swept(lake, graph):
    state = FeedState("f", at(1), uptime=1.0)
    _, done = prepared(lake, graph, corpus(3), "done")
    fold_and_commit(Following(lake), 0, [done], graph.fold, graph.run)
    prepared(lake, graph, [*corpus(9)[3:], {"title": " "}], "left", feed=state)
    _, torn = prepared(lake, graph, corpus(12)[9:], "torn")
    Path(torn.path + ".rejects").unlink()
    with writer_lock(lake):
        commit_prepared(lake, graph)
        sweep(lake)
    assert [(row["read"], row["rejected"]) for row in runs(lake.root)] == [(3, 0), (7, 1)]
    assert len(rows(lake.root, "articles")) + len(rows(lake.root, "duplicates")) == 9
    assert known_states(lake) == {"f": state}
    assert waiting(lake) == []
    assert verify(lake) == []


def test_a_bounded_job_whose_runner_loses_a_batch_publishes_nothing(lake, graph):
    _, spill = prepared(lake, graph, corpus(8))
    with pytest.raises(LakeError, match="only 1 of 2 batches came to the commit, nothing was published"):
        run_local([spill, spill], partial(decide, graph=replace(graph, all_batches=2)))
    assert rows(lake.root, "articles") == []
    _, other = prepared(lake, graph, corpus(12)[8:], "b")
    assert run_local([spill, other, spill], partial(decide, graph=replace(graph, all_batches=2))) == [1]
    assert len(rows(lake.root, "articles")) + len(rows(lake.root, "duplicates")) == 12


def test_nothing_is_forgotten_while_it_may_still_come(lake, graph):
    articles = corpus(4)
    _, done = prepared(lake, graph, articles[:2], "done")
    fold_and_commit(Following(lake), 0, [done], graph.fold, graph.run)
    prepared(lake, graph, articles[2:], "left")
    with pytest.raises(LakeError, match="holds batches that a pipeline prepared and nobody committed"):
        forget(str(lake.root), [articles[0]["url"]])
    with writer_lock(lake):
        commit_prepared(lake, graph)
    assert forget(str(lake.root), [articles[0]["url"]]).items == 1
    assert not lake.stream.exists()
