"""The stage that tags articles with their language."""

from dataclasses import dataclass
from functools import partial
from typing import Any

import apache_beam as beam
from apache_beam.pvalue import PCollection

from schemas.records import Article, Batch
from transforms.batches import map_batches
from transforms.language.batch import tag_batch


@dataclass
class TagLanguage(beam.PTransform[PCollection[Batch[Article]], PCollection[Batch[Article]]]):
    """Batch[Article] → Batch[Article]: language, score and runner-up by the named detector.

    The detector's model is loaded once per process, by the first batch.
    """

    detector: str = "default"

    def expand(self, batches: PCollection[Any]) -> PCollection[Any]:
        """Tag each batch."""
        return map_batches(batches, "Tag language", partial(tag_batch, detector=self.detector))
