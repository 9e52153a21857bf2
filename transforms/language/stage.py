"""The stage that tags articles with their language."""

from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import apache_beam as beam
from apache_beam.pvalue import PCollection

from schemas.records import Article, Batch
from transforms.batches import map_batches
from transforms.language.detect import LanguageTag, as_tagged, detect_batch


def tag_batch(batch: Batch[Article], detector: str) -> Batch[Article]:
    """Return the batch with the language of each article's title and text."""
    tags = detect_batch([as_tagged(article.title, article.text) for article in batch.articles], detector)
    return replace(batch, articles=tuple(map(_tagged, batch.articles, tags)))


def _tagged(article: Article, tag: LanguageTag) -> Article:
    return replace(
        article,
        language=tag.language,
        language_score=tag.score,
        language_runner_up=tag.runner_up,
        language_runner_up_score=tag.runner_up_score,
    )


@dataclass
class TagLanguage(beam.PTransform[PCollection[Batch[Article]], PCollection[Batch[Article]]]):
    """Batch[Article] → Batch[Article]: language, score and runner-up by the named detector.

    The detector's model is loaded once per process, by the first batch.
    """

    detector: str = "default"

    def expand(self, batches: PCollection[Any]) -> PCollection[Any]:
        """Tag each batch."""
        return map_batches(batches, "Tag language", partial(tag_batch, detector=self.detector))
