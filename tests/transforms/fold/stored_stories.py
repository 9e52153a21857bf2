"""Stories as a memory holds them, and the nodes of a slice beside them."""

import hashlib

import numpy as np

from transforms.fold.fingerprint import pack
from transforms.fold.furniture import no_furniture
from transforms.fold.memory import Memory, remember
from transforms.fold.nodes import Looks, gather
from transforms.fold.segment import Rows
from transforms.fold.settings import DAY_US, FoldSettings
from transforms.fold.signature import sign

SETTINGS = FoldSettings()


def named(number):
    return f"{number:032x}"


def signatures_of(stories):
    """Stories are (text, day, item) or (text, day, item, title)."""
    times = np.array([round(day * DAY_US) for _, day, *_ in stories], dtype=np.int64)
    texts = [text for text, *_ in stories]
    return sign(_titles(stories), texts, times, [content(*both) for both in zip(_titles(stories), texts, strict=True)])


def content(title, text):
    return "1:" + hashlib.sha256(f"{title}\n{text}".encode()).hexdigest()


def _titles(stories):
    return [(story[3:] or [""])[0] for story in stories]


def stored_rows(stories, numbers, families=None):
    ids = np.array([named(number) for number in numbers], "S32")
    items = np.array([named(item) for _, _, item, *_ in stories], "S32")
    canonical = ids if families is None else np.array([named(number) for number in families], "S32")
    revisions = np.arange(1, len(stories) + 1, dtype=np.int32)
    return Rows(ids, items, canonical, np.arange(len(ids), dtype=np.uint64), revisions, pack(signatures_of(stories)))


def remembered(*rows):
    memory = Memory()
    for part in rows:
        memory = remember(memory, part)
    return memory


def nodes_of(new, memory=None):
    signatures = signatures_of(new)
    rows = np.arange(len(new))
    items = np.array([named(item) for _, _, item, *_ in new], "S32")
    looks = Looks(signatures, rows, rows, no_furniture().known)
    return gather(looks, items, memory or Memory(), SETTINGS)
