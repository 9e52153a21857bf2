"""The stage that tags articles with their entities."""

from dataclasses import dataclass, replace
from functools import cache, partial
from typing import Any

import apache_beam as beam
from apache_beam.pvalue import PCollection

from schemas.records import Article, Batch
from transforms.batches import map_batches
from transforms.entities.taggers import Tagger, open_tagger

_tagger = cache(open_tagger)


def tag_batch(batch: Batch[Article], tagger: Tagger) -> Batch[Article]:
    """Return the batch with the entities of every article filled in."""
    tagged = tuple(
        replace(article, entities=tagger.find_entities(article.title, article.text, article.language))
        for article in batch.articles
    )
    return replace(batch, articles=tagged)


def _tag(batch: Batch[Article], name: str) -> Batch[Article]:
    return tag_batch(batch, _tagger(name)) if batch.articles else batch  # loads no lists to tag nothing


@dataclass
class TagEntities(beam.PTransform[PCollection[Batch[Article]], PCollection[Batch[Article]]]):
    """Batch[Article] → Batch[Article]: persons, places and organisations by the named tagger of `TAGGERS`.

    The tagger's lists are loaded once per process, by the first batch.
    """

    tagger: str = "rules"

    def expand(self, batches: PCollection[Any]) -> PCollection[Any]:
        """Tag each batch."""
        return map_batches(batches, "Tag entities", partial(_tag, name=self.tagger))
