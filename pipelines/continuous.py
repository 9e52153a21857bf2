"""Submit the pipeline that never ends to a runner, and look after the lake before it begins and after it was stopped.

recover ── commit what an earlier pipeline left ── submit ── until stopped ── cancel ── commit what it left
"""

import contextlib
import logging
import shutil
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from itertools import islice

import apache_beam as beam
from apache_beam.options.pipeline_options import PipelineOptions, StandardOptions
from apache_beam.runners.runner import PipelineResult, PipelineState

from pipelines.beam_flags import is_local, runner_name
from pipelines.distributed import anywhere, told_in_a_line
from pipelines.fold_and_commit import fold_and_commit
from pipelines.graph import Graph
from pipelines.messages import queue_of
from pipelines.options import IngestOptions
from pipelines.polling import fetcher_of, listed_feeds, polling
from pipelines.progress import no_report
from pipelines.rounds import Rounds
from pipelines.run import check_names, graph_of, summary_of
from pipelines.stream import build_stream
from pipelines.stream_sources import Watched, chunks_of
from pipelines.summary import Summary
from pipelines.workers import workers
from schemas.errors import LakeError, UsageError
from transforms.feeds.feed import Feed
from transforms.feeds.known import Following
from transforms.fold.waiting import left_over
from transforms.lake.compact import compact
from transforms.lake.layout import Lake, create_or_open
from transforms.lake.lock import wait_for_workers, writer_lock
from transforms.lake.recover import recover
from transforms.sources.find import find

MOST_BATCHES = 100  # of a commit: at most 100,000 records, which take 0.6 GB
_LOG = logging.getLogger(__name__)
_LOOK_SECONDS = 1.0
_CANCEL_SECONDS = 60.0  # Flink's job server says at once that a job is cancelled, and may let it run on all the same
_END_SECONDS = 60.0  # that workers of a cluster have to end with their job


def stream(options: IngestOptions, beam_options: PipelineOptions, stop: threading.Event) -> Summary:
    """Run the pipeline on the runner that `beam_options` name until `stop` is set; return what was done.

    Raises:
        UsageError: an input, the list, a queue, the lake or the runner is not what it must be.
        LakeError: another writer is at work, the lake is damaged, or the runner gave up.
    """
    begun = time.monotonic()
    _check(options, beam_options)
    feeds = listed_feeds(options)
    lake = create_or_open(options.lake)
    with writer_lock(lake, "watch", break_lock=options.break_lock):
        recover(lake)
        graph = endless(graph_of(lake, options, [], "watch"), lake)
        # Before it is swept: a queue that has had its messages confirmed does not bring them again.
        _commit_left(lake, options, feeds, graph)
        sweep(lake)
        try:
            _run(beam_options, _watched(options, lake), graph, stop)
        finally:
            ended = _end(lake, options, feeds, graph)
        if not ended:
            raise LakeError(
                f"{runner_name(beam_options)} goes on with the job, which holds the lake: cancel it on the runner's "
                "own page; nothing is lost, the next start commits what it prepared"
            )
        return summary_of(lake, str(graph.run.run_id), time.monotonic() - begun, len(feeds))


def _watched(options: IngestOptions, lake: Lake) -> Watched:
    """Return what the pipeline reads, by names that hold on every worker."""
    # A function that makes the fetcher, not one: its TLS context cannot be sent to a worker.
    fetcher = None
    if options.feeds:
        fetcher = partial(fetcher_of, IngestOptions(inputs=(), lake=options.lake, contact=options.contact))
    return Watched(
        lake=lake.name,
        inputs=tuple(map(anywhere, options.inputs)),
        mapping=options.mapping,
        feeds=anywhere(options.feeds) if options.feeds else "",
        fetcher=fetcher,
        keep_archive=options.keep_archive,
        queues=tuple(map(queue_of, options.messages)),
    )


def _check(options: IngestOptions, beam_options: PipelineOptions) -> None:
    check_names(options)
    if is_local(beam_options):
        raise UsageError(
            "--streaming: this machine's own runner fires no window before the end; name another by --runner, or leave "
            "--streaming out: watch goes on without it, round by round"
        )
    if options.fetch_articles:
        raise UsageError("--fetch-articles: not with --runner; pages lie on other hosts than their feeds do")
    if not (options.feeds or options.inputs or options.messages):
        raise UsageError("nothing to watch: name folders, feeds by --feeds LIST, or a queue by --input")
    find(options.inputs)  # this and the next tell what does not exist
    for address in options.messages:
        queue_of(address)


def endless(graph: Graph, lake: Lake) -> Graph:
    """Return what the stages of a run without end are told: it is never taken up half-way, and time goes on."""
    # Without a digest no later start takes it for one that was killed and could be gone on with.
    run = replace(graph.run, plan_digest=None, slice_number=None, last_slice=True)
    return replace(graph, staging=str(lake.stream), now_us=None, run=run, most_batches=MOST_BATCHES)


def _commit_left(lake: Lake, options: IngestOptions, feeds: tuple[Feed, ...], graph: Graph) -> None:
    """Commit what an earlier pipeline prepared, and settle what it asked: no feed is asked again for it."""
    commit_prepared(lake, graph)
    if not feeds:
        return
    told = replace(graph, staging=str(lake.staging), now_us=int(graph.run.started_at.timestamp() * 1_000_000))
    with (
        workers(1, lake.name) as pool,
        polling(lake, feeds, fetcher_of(options), keep_archive=options.keep_archive) as polls,
    ):
        Rounds(lake, pool, told, options.slice_records, no_report).commit(polls, polls.recovered())


def _end(lake: Lake, options: IngestOptions, feeds: tuple[Feed, ...], graph: Graph) -> bool:
    """Commit what the pipeline left when its workers are gone; where they stay, which is told, the next start does."""
    # The lake's lock tells, not the runner: workers that live may still write what would be swept here.
    try:
        wait_for_workers(lake, _END_SECONDS)
    except LakeError as error:
        _LOG.warning("%s", error)
        return False
    _commit_left(lake, options, feeds, graph)
    compact(lake, only_crowded=True)
    return True


def commit_prepared(lake: Lake, graph: Graph) -> None:
    """Commit the batches that wait whole: a queue may not bring their messages again."""
    left, known = left_over(lake), Following(lake)
    while spills := tuple(islice(left, MOST_BATCHES)):
        fold_and_commit(known, 0, spills, graph.fold, graph.run)


def sweep(lake: Lake) -> None:
    """Drop what is not whole. No worker is left that uses it: the lake's locks outlive all of them."""
    shutil.rmtree(lake.stream, ignore_errors=True)
    lake.stream.mkdir(exist_ok=True)


def _run(beam_options: PipelineOptions, watched: Watched, graph: Graph, stop: threading.Event) -> None:
    beam_options.view_as(StandardOptions).streaming = True
    name = runner_name(beam_options)
    with told_in_a_line(name):
        pipeline = beam.Pipeline(options=beam_options)
        _ = build_stream(chunks_of(pipeline, watched), graph)
        result = pipeline.run()
        with _cancelled(result):
            while not stop.wait(_LOOK_SECONDS) and not PipelineState.is_terminal(result.state):
                pass
        if not stop.is_set():  # it ended by itself, which a pipeline without end does for no good reason
            result.wait_until_finish()  # raises what went wrong
            raise LakeError(f"{name} ended as {result.state}; nothing is lost, start it again")


@contextlib.contextmanager
def _cancelled(result: PipelineResult) -> Iterator[None]:
    """Leave no job behind, however the block ends; what it had not committed is committed by whoever comes next."""
    try:
        yield
    finally:
        if not PipelineState.is_terminal(result.state):
            result.cancel()
            deadline = time.monotonic() + _CANCEL_SECONDS
            while not PipelineState.is_terminal(result.state) and time.monotonic() < deadline:
                time.sleep(_LOOK_SECONDS / 4)
