"""The stage that tags articles with their entities."""

from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any

import apache_beam as beam
from apache_beam.pvalue import PCollection

from schemas.records import Article, Batch
from transforms.batches import map_batches
from transforms.entities.taggers import EntityChoice, Tagger, open_tagger
from transforms.entities.titled import Titled


def tag_batch(batch: Batch[Article], tagger: Tagger) -> Batch[Article]:
    """Return the batch with the entities of every article filled in."""
    found = tagger([Titled(article.title, article.text, article.language) for article in batch.articles])
    tagged = (replace(article, entities=some) for article, some in zip(batch.articles, found, strict=True))
    return replace(batch, articles=tuple(tagged))


def _tag(batch: Batch[Article], choice: EntityChoice) -> Batch[Article]:
    return tag_batch(batch, open_tagger(choice)) if batch.articles else batch  # loads no model to tag nothing


@dataclass
class TagEntities(beam.PTransform[PCollection[Batch[Article]], PCollection[Batch[Article]]]):
    """Batch[Article] → Batch[Article]: persons, places and organisations by the chosen tagger.

    The tagger's lists or model are loaded once per process, by the first batch.
    """

    choice: EntityChoice = field(default_factory=EntityChoice)

    def expand(self, batches: PCollection[Any]) -> PCollection[Any]:
        """Tag each batch."""
        return map_batches(batches, "Tag entities", partial(_tag, choice=self.choice))
