"""The unbounded pipeline over a scripted stream, on Beam's in-memory engine that knows TestStream."""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from apache_beam.options.pipeline_options import PipelineOptions
from apache_beam.pipeline import Pipeline
from apache_beam.runners.direct.direct_runner import BundleBasedDirectRunner
from apache_beam.testing.test_stream import TestStream
from apache_beam.transforms.window import TimestampedValue

from pipelines.continuous import endless
from pipelines.options import IngestOptions
from pipelines.run import graph_of, ingest
from pipelines.stream import COMMIT_SECONDS, build_stream
from schemas.records import Chunk, Segment
from tests.pipelines.conftest import rows, write_jsonl
from transforms.fold.waiting import ordinal_of
from transforms.lake.layout import create_or_open
from transforms.lake.lock import writer_lock
from transforms.lake.recover import recover

DAY = 24 * 3600


def at(day, hour=0):
    """Return the time of an hour of a day of May 2024."""
    return datetime(2024, 5, day, hour, tzinfo=UTC)


@dataclass
class Script:
    """What comes, and when: batches of articles with the moment of their arrival, and time that passes."""

    folder: Path
    stream: TestStream = field(default_factory=TestStream)
    articles: list[dict] = field(default_factory=list)
    batches: int = 0

    def comes(self, arrived, *articles):
        """Let articles come in one batch."""
        self.batches += 1
        self.folder.mkdir(exist_ok=True)
        path = write_jsonl(self.folder / f"{self.batches}.jsonl", articles)
        segment = Segment(str(path), str(path), "jsonl", end=path.stat().st_size)
        chunk = Chunk(0, ordinal_of(str(path)), (segment,))
        self.stream = self.stream.add_elements([TimestampedValue(chunk, arrived.timestamp())])
        self.articles += articles
        return self

    def commits(self):
        """Let the time pass after which what waits is committed."""
        self.stream = self.stream.advance_processing_time(COMMIT_SECONDS + 1)
        return self

    def watermark(self, moment):
        """Let the day be over for all who ask the watermark."""
        self.stream = self.stream.advance_watermark_to(moment.timestamp())
        return self


def options(lake, *inputs, **others):
    return IngestOptions(inputs=tuple(map(str, inputs)), lake=str(lake), workers=1, **others)


def run_stream(lake_root, script, **others):
    """Run the pipeline over a script to its end, on the engine that knows TestStream."""
    _run(
        lake_root, script.commits(), others, runner=BundleBasedDirectRunner(), options=PipelineOptions(["--streaming"])
    )


def drain_stream(lake_root, script, *flags):
    """Run it on another runner, and end the stream while batches wait."""
    _run(lake_root, script, {}, options=PipelineOptions(["--streaming", *flags]))


def _run(lake_root, script, others, **runner):
    lake = create_or_open(lake_root)
    with writer_lock(lake, "watch"):
        recover(lake)
        graph = endless(graph_of(lake, options(lake_root, **others), [], "watch"), lake)
        pipeline = Pipeline(**runner)
        _ = build_stream(pipeline | script.stream.advance_watermark_to_infinity(), graph)
        pipeline.run().wait_until_finish()


def run_bounded(lake_root, script, **others):
    """Ingest the same articles, in the same files, in one run."""
    return ingest(options(lake_root, script.folder, **others), PipelineOptions([]), lambda articles, slices: None)


def stories(lake):
    return [*rows(lake, "articles"), *rows(lake, "duplicates")]


def families(lake):
    """Return the families as sets of the items' own ids."""
    found = {}
    for row in stories(lake):
        found.setdefault(row["family_id"], set()).add(row["item_id"])
    return sorted(map(sorted, found.values()))


def article_ids(lake):
    return sorted(row["article_id"] for row in stories(lake))


def told(article, **others):
    """Return a copy of an article, told again."""
    return {**article, **others}
