"""The stages Fingerprint, Gather slice and Fold."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import partial
from typing import Any

import apache_beam as beam
from apache_beam.pvalue import PCollection

from schemas.records import Spill
from transforms.fold.decided import DecidedSlice
from transforms.fold.recall import recall
from transforms.fold.settings import FoldSettings
from transforms.fold.slices import fold_slice
from transforms.fold.spills import write_spill
from transforms.lake.layout import open_lake


@dataclass
class Fingerprint(beam.PTransform):
    """Batch[Article] → Spill: articles wait in staging with what they look like; only where they lie travels on."""

    staging: str

    def expand(self, batches: PCollection[Any]) -> PCollection[Any]:
        """Spill each batch."""
        return batches | "Sign and spill" >> beam.Map(partial(_spill, self.staging))


@dataclass
class GatherSlice(beam.PTransform):
    """Spill → (slice number, its spills): the one shuffle, which carries no text."""

    def expand(self, spills: PCollection[Any]) -> PCollection[Any]:
        """Group spills by slice."""
        return spills | "Key by slice" >> beam.Map(_keyed) | "Group slice" >> beam.GroupByKey()


@dataclass
class Fold(beam.PTransform):
    """(slice number, spills) → DecidedSlice.

    Holds the memory of the lake in the process: 512 bytes and 64 keys a stored article. Slices must come one after the
    other, each when the one before is committed, for what is stored is what Fold remembers.
    """

    lake_root: str
    settings: FoldSettings

    def expand(self, slices: PCollection[Any]) -> PCollection[Any]:
        """Decide each slice."""
        return slices | "Decide slice" >> beam.Map(partial(_fold, self.lake_root, self.settings))


def _spill(staging: str, batch: Any) -> Spill:
    return write_spill(batch, staging)


def _keyed(spill: Spill) -> tuple[int, Spill]:
    return spill.slice_number, spill


def _fold(lake_root: str, settings: FoldSettings, gathered: tuple[int, Iterable[Spill]]) -> DecidedSlice:
    slice_number, spills = gathered
    return fold_slice(slice_number, tuple(spills), recall(open_lake(lake_root)), settings)
