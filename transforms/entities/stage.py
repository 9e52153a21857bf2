"""Wire the entity taggers into the graph."""

import dataclasses
from dataclasses import dataclass

import apache_beam as beam

from schemas.records import Article, Batch
from transforms.entities.taggers import Tagger, open_tagger


class _TagBatch(beam.DoFn):
    def __init__(self, tagger: str) -> None:
        self._name = tagger
        self._tagger: Tagger | None = None

    def setup(self) -> None:
        self._tagger = open_tagger(self._name)

    def process(self, batch: Batch[Article]) -> list[Batch[Article]]:
        assert self._tagger is not None
        return [tag_batch(batch, self._tagger)]


def tag_batch(batch: Batch[Article], tagger: Tagger) -> Batch[Article]:
    """Return the batch with the entities of every article filled in."""
    tagged = [
        dataclasses.replace(a, entities=tagger.find_entities(a.title, a.text, a.language)) for a in batch.articles
    ]
    return dataclasses.replace(batch, articles=tagged)


@dataclass
class TagEntities(beam.PTransform):
    """Tag persons, places and organisations: Batch[Article] → Batch[Article]. `tagger` is a name of `TAGGERS`."""

    tagger: str = "rules"

    def expand(self, pcoll: beam.PCollection) -> beam.PCollection:
        """Apply the tagger, opened once per worker."""
        return pcoll | "Tag entities" >> beam.ParDo(_TagBatch(self.tagger))
