"""The transform tags every batch of a pipeline."""

import apache_beam as beam
from apache_beam.testing.test_pipeline import TestPipeline
from apache_beam.testing.util import assert_that

from schemas.records import Article, Batch
from transforms.entities.stage import TagEntities

STORY = Article("a" * 32, "b" * 32, "v1:c", "d", "x.txt", "text", "Macron", "À Lyon.", "full", 2, language="fr")


def test_the_transform_tags_in_a_pipeline():
    def check(batches):
        (batch,) = batches
        assert [e.name for e in batch.articles[0].entities] == ["Emmanuel Macron", "Lyon"]

    with TestPipeline() as pipeline:
        assert_that(pipeline | beam.Create([Batch(0, 3, 1, (STORY,))]) | TagEntities(), check)
