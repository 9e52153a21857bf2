"""What a runner shows of a job is what the ledger says of it."""

import json
from dataclasses import replace

import apache_beam as beam
import pytest
from apache_beam.runners.portability.fn_api_runner.fn_runner import FnApiRunner

from pipelines.ingest import build
from pipelines.options import IngestOptions
from pipelines.run import graph_of, limits_of
from pipelines.told_by_runner import Counters, counters_of, difference, ledger_counts
from tests.pipelines.conftest import corpus, write_jsonl
from transforms.lake.layout import create_or_open
from transforms.lake.read import last_commit
from transforms.sources.find import find
from transforms.sources.plan import plan

STORY = corpus(1)[0]
BROKEN = '{"id": "cut", "title": "cut in the mid'


@pytest.fixture
def options(tmp_path):
    path = write_jsonl(tmp_path / "in.jsonl", [*corpus(30), STORY | {"text": f"{STORY['text']} More."}])
    lines = [path.read_text("utf-8").rstrip("\n"), json.dumps(STORY), BROKEN, '{"id": "empty"}', ""]
    path.write_text("\n".join(lines), "utf-8")
    return IngestOptions(inputs=(str(path),), lake=str(tmp_path / "lake"), workers=1)


def ran(options):
    """Run the whole graph on the DirectRunner's engine; return its result, and what the ledger says of it."""
    lake = create_or_open(options.lake)
    before = last_commit(lake)
    graph = graph_of(lake, options, list(find(options.inputs)), "ingest")
    graph = replace(graph, run=replace(graph.run, slice_number=0, last_slice=True))
    chunks = list(plan(options.inputs, limits_of(options), graph.staging, options.mapping))
    pipeline = beam.Pipeline(runner=FnApiRunner())
    _ = build(pipeline | beam.Create(chunks), graph)
    result = pipeline.run()
    result.wait_until_finish()
    return result, ledger_counts(lake, before)


def test_committed_counters_are_the_ledgers_in_a_first_run_and_in_a_second(options):
    result, first = ran(options)
    counters = counters_of(result)
    assert counters.committed
    assert difference(counters, first) == ""
    assert first["read"] == counters.values["read/records"] == 34
    assert all(first[name] for name in ("new", "revision", "exact", "seen", "rejected", "published_rejects"))
    assert counters.values["commit/articles"] == first["new"] + first["revision"]
    distributions = {
        f"{one.key.metric.namespace}/{one.key.metric.name}": one.committed
        for one in result.metrics().query()["distributions"]
    }
    assert {"read/parse_ms", "fold/slice_articles", "fold/decide_ms", "commit/publish_ms"} <= distributions.keys()
    assert distributions["fold/slice_articles"].sum == counters.values["normalize/articles"]

    result, second = ran(options)
    assert difference(counters_of(result), second) == ""
    assert (second["seen"], second["rejected"], second["published_rejects"]) == (32, 2, 0)


def test_attempts_that_were_made_twice_are_told(options):
    _, ledger = ran(options)
    values = {"read/records": 68, "skip_seen/seen": ledger["seen"], "read/rejects": 1, "normalize/rejects": 1}
    values |= {f"fold/{name}": ledger[name] for name in ("new", "revision", "exact", "near", "excerpt", "expansion")}
    told = difference(Counters(values | {"commit/rejects": 2}, committed=False), ledger)
    assert told == (
        "the runner's counters are not the ledger's (read 68 instead of 34); it counts attempts, and some were made "
        "twice; the ledger counts what is stored"
    )


def test_a_runner_that_counts_nothing_is_left_alone():
    class Silent:
        def metrics(self):
            raise NotImplementedError

    assert counters_of(Silent()) is None
