"""The stage that tags articles with their entities."""

from dataclasses import dataclass, field
from functools import partial
from typing import Any

import apache_beam as beam
from apache_beam.pvalue import PCollection

from schemas.records import Article, Batch
from transforms.batches import map_batches
from transforms.entities.batch import tag_batch
from transforms.entities.taggers import EntityChoice


@dataclass
class TagEntities(beam.PTransform[PCollection[Batch[Article]], PCollection[Batch[Article]]]):
    """Batch[Article] → Batch[Article]: persons, places and organisations by the chosen tagger.

    The tagger's lists or model are loaded once per process, by the first batch.
    """

    choice: EntityChoice = field(default_factory=EntityChoice)

    def expand(self, batches: PCollection[Any]) -> PCollection[Any]:
        """Tag each batch."""
        return map_batches(batches, "Tag entities", partial(tag_batch, choice=self.choice))
