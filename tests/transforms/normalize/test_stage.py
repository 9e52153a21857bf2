"""The transforms do to every batch of a pipeline what the functions do to one."""

from dataclasses import replace
from datetime import UTC, datetime

import apache_beam as beam
from apache_beam.testing.util import assert_that, equal_to

from schemas.records import Batch, RawArticle
from transforms.lake.layout import create_or_open
from transforms.normalize.batch import normalize_batch
from transforms.normalize.stage import Normalize, RefuseForgotten, SkipSeen

NOW = datetime(2026, 11, 21, tzinfo=UTC)
NOW_US = 1_795_219_200_000_000
RECORD = RawArticle("a.jsonl#line=1", "jsonl", f"{1:064x}", title="Title 1")
BATCH = Batch(0, 7, read=3, articles=(RECORD, replace(RECORD, raw_sha256=f"{2:064x}", title=" ")), seen=1)


def test_the_stages_in_a_pipeline(tmp_path):
    root = str(tmp_path / "lake")
    create_or_open(root)
    with beam.Pipeline("FnApiRunner") as pipeline:
        batches = pipeline | beam.Create([BATCH]) | SkipSeen(root) | Normalize(NOW_US) | RefuseForgotten(root)
        assert_that(batches, equal_to([normalize_batch(BATCH, NOW)]))
