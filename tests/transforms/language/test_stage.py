"""The transform tags every batch of a pipeline."""

import apache_beam as beam
from apache_beam.testing.util import assert_that, equal_to

from schemas.records import Article, Batch
from transforms.language.batch import tag_batch
from transforms.language.stage import TagLanguage

STORY = Article(
    "a" * 32,
    "b" * 32,
    "1:c",
    "d" * 64,
    "a.txt",
    "text",
    "Wahlen",
    "Die Regierung hat ein Gesetz beschlossen.",
    "full",
    6,
)
BATCH = Batch(slice_number=0, ordinal=3, read=1, articles=(STORY,))


def test_the_stage_runs_in_a_pipeline():
    expected = tag_batch(BATCH, "default")
    assert expected.articles[0].language == "de"
    with beam.Pipeline(runner="BundleBasedDirectRunner", argv=[]) as pipeline:
        assert_that(pipeline | beam.Create([BATCH]) | TagLanguage(), equal_to([expected]))
