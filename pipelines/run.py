"""Carry out an ingest: under the lake's lock, slice by slice on this machine, or as one graph on a runner."""

import hashlib
import json
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from apache_beam.options.pipeline_options import PipelineOptions

from pipelines.beam_flags import is_local
from pipelines.distributed import run_distributed
from pipelines.graph import Graph
from pipelines.options import IngestOptions
from pipelines.polling import fetcher_of, listed_feeds, polling
from pipelines.progress import Report
from pipelines.rounds import Rounds
from pipelines.slices import commit_slices
from pipelines.summary import COUNTS, POLLED, Summary, add_up, count_polls
from pipelines.versions import tags_version, versions
from pipelines.workers import workers
from schemas.errors import UsageError
from schemas.reasons import Reason
from transforms.entities.taggers import EntityChoice, check_choice
from transforms.feeds.feed import Feed
from transforms.fold.settings import FoldSettings
from transforms.lake.compact import compact
from transforms.lake.layout import Lake, create_or_open
from transforms.lake.ledger import RunInfo, run_id_of
from transforms.lake.lock import writer_lock
from transforms.lake.read import last_commit, last_run, scan
from transforms.lake.recover import recover
from transforms.language.detectors import check_detector
from transforms.sources.find import Found, find
from transforms.sources.plan import PlanLimits, plan
from transforms.sources.redaction import redacted

_CHUNKS_A_SLICE = 4  # at least
_LEAST_SHARE = 256 * 1024  # bytes: some 80 articles, 0.1 s
_LONGEST_LINE = 64 * 1024  # but for few: shares that end with a line come to no more shares than there are workers
_LEDGER = ("run_id", "commit", *COUNTS, "forgotten")


def ingest(options: IngestOptions, beam_options: PipelineOptions, report: Report) -> Summary:
    """Ingest what the options name and return what was done.

    Raises:
        UsageError: an input or the lake is not what it must be.
        LakeError: another writer is at work, or the lake is damaged.
    """
    begun = time.monotonic()
    # All that can be wrong usage is told before a folder is made or a lock taken.
    check_names(options)
    feeds = listed_feeds(options)
    inputs = list(find(options.inputs))
    if not inputs and not feeds:
        raise UsageError(f"{' '.join(options.inputs)}: no file to read there; name files, or a folder that holds some")
    # Asked for once in vain: what is wrong with the inputs is told before there is a new, empty lake.
    plan(options.inputs, limits_of(options), options.lake, options.mapping)
    if feeds and not is_local(beam_options):
        raise UsageError("--feeds: this machine polls; leave --runner out")
    lake = create_or_open(options.lake)
    with writer_lock(lake, "ingest", break_lock=options.break_lock):
        recover(lake)
        graph = graph_of(lake, options, inputs, "ingest")
        if is_local(beam_options):
            _run_here(lake, options, feeds, graph, report)
        else:
            run_distributed(options, graph, beam_options)
            recover(lake)  # drops the spills, which workers may have written until the end
        compact(lake, only_crowded=True)
        # From the ledger, not from what was counted on the way: it also holds what a killed part of the run did.
        return summary_of(lake, str(graph.run.run_id), time.monotonic() - begun, len(feeds))


def _run_here(lake: Lake, options: IngestOptions, feeds: Sequence[Feed], graph: Graph, report: Report) -> None:
    with workers(options.worker_count, graph.lake) as pool:
        if feeds:
            asks, keep, pages = fetcher_of(options), options.keep_archive, options.fetch_articles
            with polling(lake, feeds, asks, keep_archive=keep, fetch_articles=pages) as polls:
                Rounds(lake, pool, graph, options.slice_records, report).poll_due(polls)
        chunks = plan(options.inputs, limits_of(options), graph.staging, options.mapping)
        commit_slices(lake, chunks, pool, graph, report)


def check_names(options: IngestOptions) -> None:
    """Refuse a detector or tagger that there is none of."""
    check_detector(options.language_detector)
    check_choice(options.entities)


def graph_of(lake: Lake, options: IngestOptions, inputs: Sequence[Found], command: str) -> Graph:
    """Return what the stages of a run over `inputs` are told; a run that was killed is taken up where it ended."""
    started = datetime.now(UTC)
    digest = _plan_digest(options, inputs, command)
    unfinished = last_run(lake, digest)
    entities = EntityChoice(options.entities, options.gazetteer)
    run = RunInfo(
        run_id=unfinished.run_id if unfinished else run_id_of(last_commit(lake) + 1),
        command=command,
        started_at=started,
        plan_digest=digest,
        slice_number=unfinished.slice_number if unfinished else None,
        last_slice=False,
        inputs=tuple(redacted(given) for given in (*options.inputs, options.feeds) if given),
        input_files=len(inputs),
        input_bytes=sum(found.bytes for found in inputs),
        options_hash=options.digest(),
        versions=versions(),
    )
    return Graph(
        lake=lake.name,
        staging=str(lake.staging),
        mapping=tuple(sorted(options.mapping.items())),
        language_detector=options.language_detector,
        entities=entities,
        tags_version=tags_version(options.language_detector, entities),
        now_us=int(started.timestamp() * 1_000_000),
        fold=FoldSettings(horizon_days=options.horizon_days, repost_horizon_days=options.repost_horizon_days),
        run=run,
    )


def _plan_digest(options: IngestOptions, inputs: Sequence[Found], command: str) -> str:
    """Return a hash by which a killed run is recognised: the same files, unchanged, under the same options.

    Slices are known by their numbers alone, so what cuts them is in it. A release that has other options gives other
    hashes: a run that was killed before an upgrade begins anew after it, and what it had committed is seen.
    """
    files = [(found.uri, found.bytes, found.modified_ns) for found in inputs]
    told = json.dumps([command, options.digest(), files])
    return hashlib.sha256(told.encode("utf-8", "surrogatepass")).hexdigest()


def limits_of(options: IngestOptions, waiting_bytes: int | None = None) -> PlanLimits:
    """Return how the local driver cuts inputs: a small slice into small chunks, so that every worker has some.

    Workers that run already share inputs of `waiting_bytes` in all; to start them for fewer than a chunk holds takes
    longer than it saves.
    """
    whole = PlanLimits()
    chunk_records = max(1, min(whole.chunk_records, options.slice_records // _CHUNKS_A_SLICE))
    chunk_bytes = whole.chunk_bytes
    if waiting_bytes is not None:
        share = waiting_bytes // options.worker_count + _LONGEST_LINE
        chunk_bytes = min(max(share, _LEAST_SHARE), whole.chunk_bytes)
    return PlanLimits(slice_records=options.slice_records, chunk_records=chunk_records, chunk_bytes=chunk_bytes)


def summary_of(lake: Lake, run_id: str, seconds: float, listed: int = 0) -> Summary:
    """Return what a run did, from the ledger; `listed`: how many feeds it might have polled."""
    done = counts_since(lake, 0, run_id)
    return Summary(
        run_id=run_id,
        lake=lake.name,
        commits=done.commits,
        seconds=round(seconds, 3),
        counts=done.counts,
        rejected_by_reason=_reasons(lake, run_id, done.forgotten),
        polls=count_polls(_polls(lake, run_id), listed) if listed else {},
    )


@dataclass(frozen=True, slots=True)
class Done:
    """What some commits of a run did."""

    commits: int
    last: int  # the number of the last one, 0 if there is none
    counts: Mapping[str, int]
    forgotten: int  # of those rejected: items that a takedown removed


def counts_since(lake: Lake, commit: int, run_id: str) -> Done:
    """Return what a run did after `commit`, from the ledger."""
    rows = (row for batch in scan(lake, "runs", _LEDGER, after_commit=commit) for row in batch.to_pylist())
    ledger = [row for row in rows if row["run_id"] == run_id]
    last = max((row["commit"] for row in ledger), default=0)
    return Done(len(ledger), last, add_up(ledger), sum(row["forgotten"] or 0 for row in ledger))


def _polls(lake: Lake, run_id: str) -> Iterator[Mapping[str, Any]]:
    for batch in scan(lake, "polls", POLLED, after_commit=int(run_id) - 1):
        yield from (row for row in batch.to_pylist() if row["run_id"] == run_id)


def _reasons(lake: Lake, run_id: str, forgotten: int) -> dict[str, int]:
    """Count the run's published rejects by reason, and what is to stay forgotten, which is published nowhere."""
    found = Counter({Reason.FORGOTTEN.value: forgotten} if forgotten else {})
    for batch in scan(lake, "rejects", ["run_id", "reason"]):
        found.update(row["reason"] for row in batch.to_pylist() if row["run_id"] == run_id)
    return dict(found)
