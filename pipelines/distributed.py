"""Run the whole input as one graph on a runner that has workers of its own: Flink, Spark, Dataflow, Prism.

The workers must see the inputs and the lake under the same absolute paths as this process (docs/deploying.md).
"""

import contextlib
import logging
import os
import re
import sys
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import apache_beam as beam
import grpc  # type: ignore[import-untyped]
from apache_beam.options.pipeline_options import PipelineOptions
from apache_beam.runners.runner import PipelineState

from pipelines.beam_flags import runner_name
from pipelines.graph import Graph
from pipelines.ingest import build
from pipelines.options import IngestOptions
from pipelines.told_by_runner import Counters, counters_of, difference, ledger_counts
from schemas.errors import LakeError, UsageError
from schemas.records import Chunk
from transforms.lake.layout import Lake, open_lake
from transforms.lake.lock import hold_as_worker
from transforms.lake.read import last_commit
from transforms.lake.shared import fetch, is_shared, send, shared_staging
from transforms.sources.opening import is_remote
from transforms.sources.plan import PlanLimits, plan

# What a stage raised comes back as text, inside the traces of every layer that it passed.
_OUR_ERROR = re.compile(r"(?:LakeError|UsageError|ConservationError): (.+)")
_TRACE = "Traceback (most recent call last):"
_RAISED = re.compile(r"^[A-Za-z_][\w.]*(?:Error|Exception): .*", re.MULTILINE)
_SHOWN_CHARACTERS = 400
_LOG = logging.getLogger(__name__)


def run_distributed(options: IngestOptions, graph: Graph, beam_options: PipelineOptions) -> None:
    """Run the whole input as one slice on the runner that the options name; the caller holds the lake's lock.

    Raises:
        UsageError: there is no such runner, or it refuses its flags.
        LakeError: the runner cannot be reached, gave up, or committed somewhere else.
    """
    lake = open_lake(graph.lake)
    # One slice, one commit: there is no driver here that could commit one while workers prepare the next.
    before = last_commit(lake)
    whole = PlanLimits(slice_records=sys.maxsize, slice_bytes=sys.maxsize)
    chunks = [_anywhere(lake, chunk) for chunk in plan(options.inputs, whole, graph.staging, options.mapping)]
    run = replace(graph.run, slice_number=0, last_slice=True)
    told_all = replace(graph, run=run, all_batches=len(chunks), staging=shared_staging(lake))
    counters = _submit(chunks, told_all, beam_options)
    # A job may end well though its workers wrote into a folder of the same name on another machine.
    if last_commit(lake) == before:
        raise LakeError(
            f"{runner_name(beam_options)} finished, but nothing arrived in {lake.name}: "
            "its workers must see the lake under that very path, and it must not drop what it takes for late"
        )
    told = difference(counters, ledger_counts(lake, before)) if counters else ""
    if told:
        _LOG.warning("%s: %s", runner_name(beam_options), told)


def _submit(chunks: Sequence[Chunk], graph: Graph, beam_options: PipelineOptions) -> Counters | None:
    name = runner_name(beam_options)
    with told_in_a_line(name):
        result = whole_graph(chunks, graph, beam_options).run()
        state = result.wait_until_finish()
        counters = counters_of(result)
    if state != PipelineState.DONE:
        raise LakeError(f"{name} ended as {state}; what was committed stays, run again")
    return counters


@contextlib.contextmanager
def told_in_a_line(name: str) -> Iterator[None]:
    """Turn what a runner raises into our own errors, of one line.

    Raises:
        UsageError: there is no such runner, or it refuses its flags.
        LakeError: it cannot be reached, or gave up.
    """
    try:
        yield
    except UsageError:
        raise
    except (ValueError, ImportError) as error:
        raise UsageError(f"--runner={name}: {_gist(error)}") from error
    except grpc.FutureTimeoutError as error:
        raise LakeError(f"{name}: nothing answers at its job endpoint; is it running?") from error
    except (RuntimeError, grpc.RpcError) as error:
        raise LakeError(f"{name} gave up: {_gist(error)}; what was committed stays") from error


def whole_graph(chunks: Sequence[Chunk], graph: Graph, beam_options: PipelineOptions) -> beam.Pipeline:
    """Return the pipeline that a runner is given."""
    pipeline = beam.Pipeline(options=beam_options)
    # Without the reshuffle a runner would fuse all chunks into the one worker that holds the list.
    spread = pipeline | "Create" >> beam.Create(chunks, reshuffle=False) | "Spread chunks" >> beam.Reshuffle()
    commits = build(spread | "Hold lake" >> beam.ParDo(_HoldLake(graph.lake)), graph)
    # Beam's own job server waits for ever for a worker that dies in a stage from which nothing is to come.
    _ = commits | "Hand on commits" >> beam.Reshuffle()
    return pipeline


class _HoldLake(beam.DoFn):
    """Keep the lake from a next writer as long as a worker lives: a job goes on when the process that sent it dies."""

    def __init__(self, lake_root: str) -> None:
        self._lake_root = lake_root

    def setup(self) -> None:
        hold_as_worker(self._lake_root)
        self._lake = open_lake(self._lake_root)  # which on an object store is a request

    def process(self, chunk: Chunk) -> Iterator[Chunk]:
        yield _here(self._lake, chunk)


def _anywhere(lake: Lake, chunk: Chunk) -> Chunk:
    """Return the chunk with paths that mean the same on every worker; what users see is unchanged.

    Pieces of inputs that this machine unpacked are sent to where all workers can fetch them.
    """
    paths = [anywhere(segment.path) for segment in chunk.segments]
    if lake.url:
        pieces = sorted({path for path in paths if Path(path).is_relative_to(lake.staging)})
        sent = dict(
            zip(pieces, send([Path(piece) for piece in pieces], lake.staging, shared_staging(lake)), strict=True)
        )
        paths = [sent.get(path, path) for path in paths]
    return _with_paths(chunk, paths)


def anywhere(path: str) -> str:
    """Return a path, a glob or a URL as it holds on every worker."""
    return path if is_remote(path) else os.path.abspath(path)  # noqa: PTH100  globs are no paths


def _here(lake: Lake, chunk: Chunk) -> Chunk:
    """Return the chunk as this worker reads it, with the pieces that were sent for it fetched."""
    names = sorted({segment.path for segment in chunk.segments if is_shared(segment.path, lake)})
    if not names:
        return chunk
    fetched = dict(zip(names, map(str, fetch(names, lake.staging / "pieces")), strict=True))
    return _with_paths(chunk, [fetched.get(segment.path, segment.path) for segment in chunk.segments])


def _with_paths(chunk: Chunk, paths: Sequence[str]) -> Chunk:
    pairs = zip(chunk.segments, paths, strict=True)
    return replace(chunk, segments=tuple(replace(segment, path=path) for segment, path in pairs))


def _gist(error: Exception) -> str:
    """Return our own error out of a runner's report, which holds the stack traces of all its layers.

    Else what the last trace ends with, or the report's start where it holds none.
    """
    text = error.details() if isinstance(error, grpc.Call) else str(error)
    ours = _OUR_ERROR.search(text)
    if ours:
        return ours.group(1)
    raised = _RAISED.findall(text) if _TRACE in text else []
    return raised[-1] if raised else " ".join(text.split())[:_SHOWN_CHARACTERS]
