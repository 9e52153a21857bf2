"""What Fold hands to Commit."""

from collections.abc import Mapping
from dataclasses import dataclass

import pyarrow as pa

from schemas.records import Spill


@dataclass(frozen=True, slots=True)
class DecidedSlice:
    """A slice's articles, which still wait in staging, and what was decided about each."""

    slice_number: int
    spills: tuple[Spill, ...]  # sorted by ordinal
    decisions: pa.Table  # of schemas.tables.DECISION, in the order of the spilled rows
    counts: Mapping[str, int]  # decisions by outcome
