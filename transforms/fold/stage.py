"""The stages Fingerprint, Gather slice and Fold."""

import time
from collections.abc import Iterable
from dataclasses import dataclass
from functools import partial
from typing import Any

import apache_beam as beam
from apache_beam.pvalue import PCollection

from schemas.records import Article, Batch, Spill
from transforms.counters import count, observe
from transforms.fold.decided import DecidedSlice
from transforms.fold.recall import recall
from transforms.fold.recall_furniture import expect, recall_furniture
from transforms.fold.settings import FoldSettings
from transforms.fold.slices import fold_slice
from transforms.fold.spills import write_spill
from transforms.fold.texts import stored_texts
from transforms.lake.layout import open_lake


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


@dataclass
class Fold(beam.PTransform[PCollection[tuple[int, Iterable[Spill]]], PCollection[DecidedSlice]]):
    """(slice number, spills) → DecidedSlice.

    Keeps the memory of the lake in the process, some 1,200 bytes a stored article. Slices come one after the other,
    each when the one before is committed, for what is stored is what Fold remembers.
    """

    lake_root: str
    settings: FoldSettings

    def expand(self, slices: PCollection[Any]) -> PCollection[Any]:
        """Decide each slice."""
        fold = beam.Map(partial(_fold, self.lake_root, self.settings))
        decided: PCollection[Any] = slices | "Decide slice" >> fold.with_input_types(Any).with_output_types(Any)
        return decided


def _keyed(spill: Spill) -> tuple[int, Spill]:
    return spill.slice_number, spill


def _fold(lake_root: str, settings: FoldSettings, gathered: tuple[int, Iterable[Spill]]) -> DecidedSlice:
    slice_number, spills, lake = gathered[0], tuple(gathered[1]), open_lake(lake_root)
    memory = recall(lake, save=True)
    # What is known of furniture may have to be read from texts: longer than all else that finds nothing new.
    some = any(spill.articles for spill in spills)
    furniture = recall_furniture(lake) if some else None
    begun = time.perf_counter()
    decided, decisions = fold_slice(slice_number, spills, memory, settings, furniture, stored_texts(lake))
    observe("fold", slice_articles=len(decided.decisions), decide_ms=1_000 * (time.perf_counter() - begun))
    count("fold", **decided.counts)
    if some:
        expect(lake, decisions)
    return decided
