"""The bounded graph over many shards, in this process and over worker processes, makes one lake."""

from functools import partial

import pytest

from pipelines.ingest import build, decide
from pipelines.local import run_local
from pipelines.options import IngestOptions
from pipelines.run import graph_of
from pipelines.workers import gathered, workers
from tests.pipelines.conftest import corpus, rows, write_jsonl
from transforms.lake.layout import create_or_open
from transforms.lake.lock import writer_lock
from transforms.lake.recover import recover
from transforms.sources.find import find
from transforms.sources.plan import PlanLimits, plan

SHARD_RECORDS = 7


@pytest.fixture(scope="module")
def articles(tmp_path_factory):
    return write_jsonl(tmp_path_factory.mktemp("in") / "articles.jsonl", corpus(100))


def ingested(articles, root, shard_records, worker_count):
    """Ingest as one slice: in one graph by one worker, else prepared by a pool as the local driver does it."""
    lake = create_or_open(str(root))
    with writer_lock(lake, "ingest"):
        recover(lake)
        options = IngestOptions(inputs=(str(articles),), lake=str(root))
        graph = graph_of(lake, options, list(find(options.inputs)), "ingest")
        chunks = list(plan(options.inputs, PlanLimits(chunk_records=shard_records), graph.staging, {}))
        if worker_count == 1:
            run_local(chunks, partial(build, graph=graph))
        else:
            with workers(worker_count, graph.lake) as pool:
                spills = gathered(pool.submit(graph, chunks))
            run_local(spills, partial(decide, graph=graph))
    return len(chunks), {table: rows(root, table) for table in ("articles", "duplicates")}


def test_rows_do_not_depend_on_shards_and_workers(articles, tmp_path):
    one, whole = ingested(articles, tmp_path / "whole", 1_000, 1)
    many, sharded = ingested(articles, tmp_path / "sharded", SHARD_RECORDS, 1)
    same, spread = ingested(articles, tmp_path / "spread", SHARD_RECORDS, 2)
    assert (one, many, same) == (1, 15, 15)
    assert len(whole["duplicates"]) > 10
    assert sharded == whole
    assert spread == whole
