"""What Fold hands to Commit: one slice, decided."""

from dataclasses import dataclass, field

import pyarrow as pa

from schemas.records import Outcome, Spill
from schemas.tables import FURNITURE


@dataclass(frozen=True)
class DecidedSlice:
    """A slice whose articles all have an outcome; their text still lies in the spills."""

    slice_number: int
    spills: tuple[Spill, ...]  # sorted by ordinal
    decisions: pa.Table  # of schemas.tables.DECISION, one row a spilled article, in the order of the spills
    counts: dict[Outcome, int]  # of each outcome, over the spilled articles
    furniture: pa.Table = field(default_factory=FURNITURE.empty_table)  # that this slice learned
