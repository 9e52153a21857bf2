"""Fold one slice against what a lake remembers."""

from collections.abc import Sequence

from schemas.records import Spill
from transforms.fold.decided import DecidedSlice
from transforms.fold.expected import expect, forget
from transforms.fold.recall import recall
from transforms.fold.recall_furniture import recall_furniture
from transforms.fold.settings import FoldSettings
from transforms.fold.slices import fold_slice
from transforms.fold.texts import stored_texts
from transforms.lake.layout import Lake


def fold_spills(lake: Lake, slice_number: int, spills: Sequence[Spill], settings: FoldSettings) -> DecidedSlice:
    """Return the slice decided as of the lake's last commit, which nobody may follow until this slice is committed.

    Keeps the memory of the lake in the process, some 1,200 bytes a stored article. Who commits the slice says so
    (`committed`), or else its rows are read back.
    """
    memory = recall(lake, save=True)
    # What is known of furniture may have to be read from texts: longer than all else that finds nothing new.
    some = any(spill.articles for spill in spills)
    furniture = recall_furniture(lake) if some else None
    forget(lake)  # memory and furniture have taken it in; until this slice is committed there is nothing to expect
    decided, decisions = fold_slice(slice_number, spills, memory, settings, furniture, stored_texts(lake))
    if some:
        expect(lake, decisions)
    return decided
