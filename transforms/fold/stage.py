"""The stages Fingerprint and Gather slice."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import partial
from typing import Any

import apache_beam as beam
from apache_beam.pvalue import PCollection

from schemas.records import Article, Batch, Spill
from transforms.fold.spills import write_spill


@dataclass
class Fingerprint(beam.PTransform[PCollection[Batch[Article]], PCollection[Spill]]):
    """Batch[Article] → Spill: articles wait in staging with what they look like; only where they lie travels on."""

    staging: str
    tags_version: str | None = None  # of the taggers that the articles went through

    # Any, because Beam takes annotations for hints and then finds a plain Batch where Batch[Article] is asked
    def expand(self, batches: PCollection[Any]) -> PCollection[Any]:
        """Spill each batch."""
        spill = beam.Map(partial(write_spill, staging=self.staging, tags_version=self.tags_version))
        spills: PCollection[Any] = batches | "Sign and spill" >> spill.with_input_types(Any).with_output_types(Spill)
        return spills


@dataclass
class GatherSlice(beam.PTransform[PCollection[Spill], PCollection[tuple[int, Iterable[Spill]]]]):
    """Spill → (slice number, its spills): the one shuffle, which carries no text."""

    def expand(self, spills: PCollection[Any]) -> PCollection[Any]:
        """Group spills by slice."""
        keyed = beam.Map(_keyed).with_output_types(tuple[int, Spill])
        group = beam.GroupByKey()
        slices: PCollection[Any] = spills | "Key by slice" >> keyed | "Group by slice" >> group
        return slices


def _keyed(spill: Spill) -> tuple[int, Spill]:
    return spill.slice_number, spill
