"""Carry out an ingest: under the lake's lock, slice by slice on this machine, or as one graph on a runner."""

import contextlib
import errno
import hashlib
import json
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import partial
from itertools import groupby
from operator import attrgetter
from pathlib import Path

from apache_beam.options.pipeline_options import PipelineOptions

from pipelines.beam_flags import is_local
from pipelines.distributed import run_distributed
from pipelines.ingest import Graph, decide
from pipelines.local import run_local
from pipelines.options import IngestOptions
from pipelines.progress import Report
from pipelines.summary import Summary, add_up
from pipelines.versions import tags_version, versions
from pipelines.workers import Workers, gathered, workers
from schemas.errors import LakeError, UsageError
from schemas.records import Chunk, Spill
from transforms.entities.taggers import TAGGERS
from transforms.fold.settings import FoldSettings
from transforms.lake.compact import compact
from transforms.lake.layout import Lake, create_or_open
from transforms.lake.ledger import RunInfo, run_id_of
from transforms.lake.lock import writer_lock
from transforms.lake.read import last_commit, last_run, scan
from transforms.lake.recover import recover
from transforms.language.detectors import DETECTORS
from transforms.sources.find import Found, find
from transforms.sources.plan import PlanLimits, plan
from transforms.sources.redaction import redacted

_CHUNKS_A_SLICE = 4  # at least
_LEDGER = ["run_id", "commit", "read", "new", "revision", "exact", "near", "excerpt", "expansion", "seen", "rejected"]


Look = Callable[[Sequence[Spill]], None]


def _look_away(spills: Sequence[Spill]) -> None:
    del spills


@dataclass(frozen=True)
class _Slice:
    number: int
    chunks: Sequence[Chunk]
    last: bool


def ingest(options: IngestOptions, beam_options: PipelineOptions, report: Report) -> Summary:
    """Ingest what the options name and return what was done.

    Raises:
        UsageError: an input or the lake is not what it must be.
        LakeError: another writer is at work, or the lake is damaged.
    """
    begun = time.monotonic()
    _check_names(options)
    inputs = list(find(options.inputs))
    if not inputs:
        raise UsageError(f"{' '.join(options.inputs)}: no file to read there; name files, or a folder that holds some")
    # Asked for once in vain: what is wrong with the inputs is told before there is a new, empty lake.
    plan(options.inputs, limits_of(options), options.lake, options.mapping)
    lake = create_or_open(options.lake)
    with writer_lock(lake, "ingest"):
        recover(lake)
        graph = graph_of(lake, options, inputs, "ingest")
        if is_local(beam_options):
            chunks = plan(options.inputs, limits_of(options), graph.staging, options.mapping)
            run_slices(lake, chunks, options.worker_count, graph, report)
        else:
            run_distributed(options, graph, beam_options)
            recover(lake)  # drops the spills, which workers may have written until the end
        compact(lake, only_crowded=True)
        return summary_of(lake, str(graph.run.run_id), time.monotonic() - begun)


def _check_names(options: IngestOptions) -> None:
    for flag, name, known in (
        ("--language-detector", options.language_detector, DETECTORS),
        ("--entity-tagger", options.entity_tagger, TAGGERS),
    ):
        if name not in known:
            raise UsageError(f"{flag} {name}: there is none of that name; use one of {', '.join(known)}")


def graph_of(lake: Lake, options: IngestOptions, inputs: Sequence[Found], command: str) -> Graph:
    """Return what the stages of a run over `inputs` are told; a run that was killed is taken up where it ended."""
    started = datetime.now(UTC)
    digest = _plan_digest(options, inputs, command)
    unfinished = last_run(lake, digest)
    run = RunInfo(
        run_id=unfinished.run_id if unfinished else run_id_of(last_commit(lake) + 1),
        command=command,
        started_at=started,
        plan_digest=digest,
        slice_number=unfinished.slice_number if unfinished else None,
        last_slice=False,
        inputs=tuple(redacted(given) for given in options.inputs),
        input_files=len(inputs),
        input_bytes=sum(found.bytes for found in inputs),
        options_hash=options.digest(),
        versions=versions(),
    )
    return Graph(
        lake=str(lake.root),
        staging=str(lake.staging),
        mapping=tuple(sorted(options.mapping.items())),
        language_detector=options.language_detector,
        entity_tagger=options.entity_tagger,
        tags_version=tags_version(options.language_detector, options.entity_tagger),
        now_us=int(started.timestamp() * 1_000_000),
        fold=FoldSettings(horizon_days=options.horizon_days, repost_horizon_days=options.repost_horizon_days),
        run=run,
    )


def _plan_digest(options: IngestOptions, inputs: Sequence[Found], command: str) -> str:
    """Return a hash by which a killed run is recognised: the same files, unchanged, under the same options."""
    files = [(found.uri, found.bytes, found.modified_ns) for found in inputs]
    told = json.dumps([command, options.digest(), options.slice_records, files])
    return hashlib.sha256(told.encode("utf-8", "surrogatepass")).hexdigest()


def limits_of(options: IngestOptions) -> PlanLimits:
    """Return how the local driver cuts inputs: a small slice into small chunks, so that every worker has some."""
    chunk_records = max(1, min(PlanLimits().chunk_records, options.slice_records // _CHUNKS_A_SLICE))
    return PlanLimits(slice_records=options.slice_records, chunk_records=chunk_records)


def run_slices(
    lake: Lake, chunks: Iterator[Chunk], worker_count: int, graph: Graph, report: Report, look: Look = _look_away
) -> None:
    """Fold and commit one slice here while the workers prepare the next; `look` sees each slice's spills before."""
    articles = 0
    with _named_if_full(lake), workers(worker_count, graph.lake) as pool:
        todo = _still_to_do(lake, graph.run.slice_number, _slices(chunks))
        for committed, (part, spills) in enumerate(_prepared(pool, graph, todo), start=1):
            look(spills)
            run = replace(graph.run, slice_number=part.number, last_slice=part.last)
            run_local(spills, partial(decide, graph=replace(graph, run=run)))
            _sweep(lake, part, spills)
            articles += sum(spill.read for spill in spills)
            report(articles, committed)


@contextlib.contextmanager
def _named_if_full(lake: Lake) -> Iterator[None]:
    """Say which disk is full; what writes a spill or an index knows only that one is."""
    try:
        yield
    except OSError as error:
        if error.errno != errno.ENOSPC:
            raise
        raise LakeError(
            f"{lake.root}: the disk is full; free some space and run again; what was committed stays"
        ) from error


def _slices(chunks: Iterator[Chunk]) -> Iterator[_Slice]:
    """Group chunks, which come in order, one slice ahead, so that the last one is known as such."""
    held: _Slice | None = None
    for number, members in groupby(chunks, key=attrgetter("slice_number")):
        part = _Slice(number, tuple(members), last=False)
        if held:
            yield held
        held = part
    if held:
        yield replace(held, last=True)


def _still_to_do(lake: Lake, done: int | None, slices: Iterator[_Slice]) -> Iterator[_Slice]:
    """Leave out the slices that an earlier, killed run has committed."""
    for part in slices:
        if done is None or part.number > done:
            yield part
        else:
            _sweep(lake, part, ())


def _prepared(pool: Workers, graph: Graph, slices: Iterator[_Slice]) -> Iterator[tuple[_Slice, list[Spill]]]:
    """Yield each slice with its spills, with the next slice already handed to the workers."""
    ahead: tuple[_Slice, list[Future[list[Spill]]]] | None = None
    for part in slices:
        submitted = part, pool.submit(graph, part.chunks)
        if ahead:
            yield ahead[0], gathered(ahead[1])
        ahead = submitted
    if ahead:
        yield ahead[0], gathered(ahead[1])


def _sweep(lake: Lake, part: _Slice, spills: Sequence[Spill]) -> None:
    """Delete what a committed slice left in staging: its spills and the decompressed pieces of its inputs."""
    pieces = {Path(segment.path) for chunk in part.chunks for segment in chunk.segments if segment.path != segment.uri}
    staged = {Path(spill.path + ending) for spill in spills for ending in ("", ".rejects")}
    for path in pieces | staged:
        if path.is_relative_to(lake.staging):
            path.unlink(missing_ok=True)


def summary_of(lake: Lake, run_id: str, seconds: float) -> Summary:
    """Return what a run did, from the ledger."""
    ledger = [row for batch in scan(lake, "runs", _LEDGER) for row in batch.to_pylist() if row["run_id"] == run_id]
    return Summary(
        run_id=run_id,
        lake=str(lake.root),
        commits=len(ledger),
        seconds=round(seconds, 3),
        counts=add_up(ledger),
        rejected_by_reason=_reasons(lake, run_id),
    )


def _reasons(lake: Lake, run_id: str) -> dict[str, int]:
    """Count the run's published rejects by reason."""
    found: Counter[str] = Counter()
    for batch in scan(lake, "rejects", ["run_id", "reason"]):
        found.update(row["reason"] for row in batch.to_pylist() if row["run_id"] == run_id)
    return dict(found)
