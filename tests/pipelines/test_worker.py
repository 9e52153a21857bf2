"""A worker process makes of its chunks what the graph makes of them, and does without Beam."""

import subprocess
import sys
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest

from pipelines.cli import _run
from pipelines.ingest import prepare
from pipelines.local import run_local
from pipelines.options import IngestOptions
from pipelines.run import graph_of
from pipelines.worker import prepare_share
from tests.pipelines.conftest import ROOT, corpus, write_jsonl
from transforms.fold.spills import files_of
from transforms.lake.layout import create_or_open
from transforms.lake.lock import writer_lock
from transforms.sources.find import find
from transforms.sources.plan import PlanLimits, plan

KNOWN, FORGOTTEN, NEW = corpus(3)


@pytest.fixture(scope="module")
def lake(tmp_path_factory):
    """A lake that holds one article and has forgotten another."""
    folder = tmp_path_factory.mktemp("worker")
    articles = write_jsonl(folder / "in.jsonl", [KNOWN, FORGOTTEN])
    assert _run(["ingest", str(articles), "--lake", str(folder / "lake"), "--workers", "1"]) == 0
    assert _run(["forget", FORGOTTEN["url"], "--lake", str(folder / "lake")]) == 0
    return create_or_open(str(folder / "lake"))


def both_ways(lake, inputs, folder):
    """Return the spills of `inputs` by the graph and by plain calls, each with the bytes of its files."""
    with writer_lock(lake):
        options = IngestOptions(inputs=tuple(map(str, inputs)), lake=str(lake.root))
        graph = graph_of(lake, options, list(find(options.inputs)), "ingest")
    chunks = list(plan(options.inputs, PlanLimits(chunk_records=9), str(folder / "pieces"), {}))
    ways = (lambda told: run_local(chunks, partial(prepare, graph=told)), lambda told: prepare_share(told, chunks))
    made = []
    for number, way in enumerate(ways):
        spills = way(replace(graph, staging=str(folder / f"{number}")))
        told = {spill.ordinal: (replace(spill, path=""), [f.read_bytes() for f in files_of(spill)]) for spill in spills}
        assert len(told) == len(spills) == len(chunks)
        made.append(told)
    return made


def test_spills_are_those_of_the_graph_to_the_byte(lake, tmp_path):
    graph, plain = both_ways(lake, [ROOT / "seeds"], tmp_path)
    assert len(graph) > 5
    assert sum(spill.rejects for spill, _ in graph.values()) > 5
    assert plain == graph


def test_what_is_seen_or_to_stay_forgotten_is_left_out_as_in_the_graph(lake, tmp_path):
    again = [KNOWN, FORGOTTEN | {"title": "Once more"}, NEW]
    graph, plain = both_ways(lake, [write_jsonl(tmp_path / "again.jsonl", again)], tmp_path)
    ((spill, _),) = graph.values()
    assert (spill.read, spill.seen, spill.articles, spill.rejects) == (3, 1, 1, 1)
    assert plain == graph


@pytest.mark.parametrize("module", ["pipelines.worker", "pipelines.warm", "pipelines.retagged"])
def test_beam_is_not_imported(module):
    asked = f"import sys, {module}; print('apache_beam' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True, cwd=Path(ROOT))
    assert done.stdout.strip() == "False"
