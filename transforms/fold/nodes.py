"""Who and what a slice is decided about: its articles, and of what is stored all that they may have to do with.

Nodes number them: stored rows first, in the order of publication, then the articles of the slice in the order of
decision. So the smaller of two nodes is the earlier one, and numbers depend on neither the order of the input nor on
how the memory came about.
"""

from dataclasses import dataclass

import numpy as np

from transforms.fold.fingerprint import short_hashes
from transforms.fold.furniture import Hashes
from transforms.fold.memory import Memory
from transforms.fold.ragged import Flags, Ints
from transforms.fold.segment import Asked, Ids, Rows
from transforms.fold.settings import FoldSettings
from transforms.fold.signature import Signatures
from transforms.fold.sketch import Pairs, poor


@dataclass(frozen=True, slots=True)
class Looks:
    """What the articles of a slice look like, with their furniture and without."""

    signatures: Signatures
    rows: Ints  # in `signatures`, of each article in the order of decision, without furniture
    whole: Ints  # likewise, with it
    furniture: Hashes


@dataclass(frozen=True, slots=True)
class Nodes:
    """Who and what a slice is decided about."""

    stored: Rows
    numbers: Ints  # of the stored rows in the memory
    signatures: Signatures
    rows: Ints  # in `signatures`, of each article of the slice in the order of decision
    items: Ids  # item key of every node
    newest: Ints  # node of the newest stored version of each article's item, -1 for a new item
    candidates: Pairs  # (stored node, node of this slice)
    furniture: Hashes  # lines that the signatures lack already, and that stored texts are read without
    whole: Ints  # row in `signatures` of each article with its furniture; the same row where it has none

    @property
    def first(self) -> int:
        """The node of the slice's first article."""
        return len(self.stored)

    def __len__(self) -> int:
        return len(self.stored) + len(self.rows)


def gather(looks: Looks, items: Ids, memory: Memory, settings: FoldSettings) -> Nodes:
    """Return the nodes of a slice whose articles, in the order of decision, have these looks and items."""
    signatures, rows = looks.signatures, looks.rows
    # By the longer horizon: which of the two a pair has is known only once it is measured.
    met = memory.candidates(asked_of(signatures, rows), settings.repost_horizon_days)
    newest = memory.newest(items)
    numbers = _involved(memory, met[:, 1], newest)
    stored = memory.rows(numbers)
    place = np.argsort(numbers)
    return Nodes(
        stored,
        numbers,
        signatures,
        rows,
        np.concatenate((stored.item_key, items)),
        np.where(newest >= 0, _places(numbers, place, newest), -1),
        np.column_stack((_places(numbers, place, met[:, 1]), met[:, 0] + len(numbers))),
        looks.furniture,
        looks.whole,
    )


def asked_of(signatures: Signatures, rows: Ints) -> Asked:
    """Return what the memory is asked about these rows."""
    return Asked(
        signatures.keys[rows],
        signatures.published[rows],
        short_hashes(signatures.title_hash[rows]),
        short_hashes(signatures.text_hash[rows]),
        needs_name(signatures, rows),
    )


def needs_name(signatures: Signatures, rows: Ints) -> Flags:
    """Return which articles the sketch cannot meet."""
    needy: Flags = poor(signatures.keys[rows]) | (signatures.text_hash[rows] == 0)
    return needy


def _involved(memory: Memory, candidates: Ints, newest: Ints) -> Ints:
    """Return the stored rows that matter to a slice: met ones, earlier versions, the canonicals of both; in order."""
    # Canonicals are not always met, but a member is held against them; families of earlier versions go on.
    met = np.unique(np.concatenate((candidates, newest[newest >= 0])))
    canonicals = memory.find(memory.rows(met).family_id)
    numbers = np.unique(np.concatenate((met, canonicals[canonicals >= 0])))
    rows = memory.rows(numbers)
    # Row numbers depend on how the memory came about; publication and id do not.
    return numbers[np.lexsort((rows.article_id, rows.fingerprint["published"]))]


def _places(numbers: Ints, order: Ints, wanted: Ints) -> Ints:
    """Return where the wanted numbers stand in `numbers`, which `order` sorts."""
    if not len(numbers):
        return np.zeros(len(wanted), dtype=np.int64)
    # Those that are not there (-1 for a new item) get some place; whoever asks knows which these are.
    return order[np.minimum(np.searchsorted(numbers, wanted, sorter=order), len(numbers) - 1)]
