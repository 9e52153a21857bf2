from pathlib import Path

import apache_beam as beam
from apache_beam.testing.util import assert_that

from schemas.records import Batch, RawArticle
from transforms.sources.plan import PlanLimits, plan
from transforms.sources.stage import Read

RUNNER = "apache_beam.runners.direct.direct_runner.BundleBasedDirectRunner"


def test_every_chunk_becomes_one_batch(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text('{"kicker": "One"}\n{"kicker": "Two"}\nbroken\n')
    (tmp_path / "b.html").write_text(
        "<html><title>Page</title><body><p>It rained all day in the city.</p></body></html>"
    )
    mapping = {"title": "kicker"}
    chunks = list(plan([str(tmp_path)], PlanLimits(chunk_records=1), str(tmp_path / ".s"), mapping))

    def check(batches: list[Batch[RawArticle]]) -> None:
        ordered = sorted(batches, key=lambda batch: batch.ordinal)
        assert [batch.ordinal for batch in ordered] == [0, 1, 2, 3]
        assert [batch.read for batch in ordered] == [1, 1, 1, 1]
        assert [article.title for batch in ordered for article in batch.articles] == ["One", "Two", "Page"]
        assert all(isinstance(article.authors, tuple) for batch in ordered for article in batch.articles)

    with beam.Pipeline(RUNNER) as pipeline:
        batches = pipeline | "Create" >> beam.Create(chunks) | "Read" >> Read(mapping)
        assert_that(batches, check)
