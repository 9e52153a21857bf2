"""How much of a feed's document was known before: how often to ask, and how many items passed by unseen.

A feed shows its newest items only. Where two polls in a row have no item in common, some may have come and gone between
them; how many is estimated from how fast items came before.
"""

import hashlib
from collections.abc import Collection
from dataclasses import dataclass

SAMPLE_ITEMS = 128
_BYTES = 6  # of an item's hash; that two of 2,000 items share one happens in one of 10^8 documents


@dataclass(frozen=True, slots=True)
class Overlap:
    """What a document has in common with the one before it."""

    items: int
    new: int  # estimated where the document before it had more than the sample
    missed: int  # estimated
    items_per_hour: float | None  # of new ones, smoothed
    first: bool = False  # there was none before it: nothing can be learned yet


@dataclass(frozen=True, slots=True)
class Gap:
    """The time before a document, which polls in between that found nothing new divide."""

    unseen_hours: float  # since the feed was last seen at all: what came and went did so then
    unchanged_hours: float  # since it last changed: in that time its new items came


def sample(items: Collection[str]) -> bytes:
    """Return the smallest hashes of the items' keys: a fair sample, whatever order a feed has."""
    return b"".join(sorted(_digests(items))[:SAMPLE_ITEMS])


def compare(before: bytes, items_before: int, items: Collection[str], gap: Gap, rate: float | None) -> Overlap:
    """Compare a document with a sample of the one before it.

    Args:
        before: the sample; empty where nothing was read before, and then nothing can be missed.
        items_before: how many items that document had.
        items: the keys of this one's items.
        gap: how much time lies between them.
        rate: new items an hour, as known before.
    """
    now = _digests(items)
    known = [before[at : at + _BYTES] for at in range(0, len(before), _BYTES)]
    if not known:
        return Overlap(len(now), len(now), 0, rate, first=True)
    # The share of the sample that is still there is taken for that of the whole document before.
    shared = sum(digest in now for digest in known)
    new = max(0, len(now) - round(shared / len(known) * max(items_before, len(known))))
    missed = 0 if shared or not now else max(1, round((rate or 0.0) * gap.unseen_hours) - new)
    return Overlap(len(now), new, missed, _smoothed(rate, (new + missed) / max(gap.unchanged_hours, 0.25)))


def _smoothed(rate: float | None, observed: float) -> float:
    """Return a rate that follows the last three or so polls."""
    return observed if rate is None else rate + (observed - rate) * 0.3


def _digests(items: Collection[str]) -> set[bytes]:
    return {hashlib.sha256(item.encode("utf-8", "surrogatepass")).digest()[:_BYTES] for item in items}
