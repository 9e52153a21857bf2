"""Whether an Arabic word that no list has sounds like a foreign name or like a word of the language.

Words are made of roots in patterns; names written as they sound are not. How often three letters follow each other is
counted in the names and in the common words of the lists.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from functools import lru_cache
from math import log

from transforms.entities import gazetteer
from transforms.entities.arabic import bare, plain
from transforms.entities.arabic_words import common_forms, is_common

_PARTS = ("given", "surname")
_SHORTEST = 4  # letters of the words that are counted
_UNSEEN = 0.5  # added to each count
_DISTINCT = 1_000  # some rows of three letters that are written at all
_LEVELS = (-0.6, 0.1, 0.8)  # nats a row, mean over a word: near the quartiles of names and words in marked texts


@lru_cache(maxsize=1)
def _leads() -> dict[str, float]:
    """Return for each row of three letters by how many nats more likely it is in names."""
    lists = gazetteer.load()
    parts = (part for kind in _PARTS for part in lists.vocabulary(kind, "ar"))
    spelt = {plain(name) for name in (*lists.names, *lists.cautious, *parts) if "\u0620" <= name[0] <= "\u064a"}
    names = _count(name for name in spelt if " " not in name and not name.startswith("ال") and not is_common(name))
    words = _count(common_forms() - spelt)
    more = log(words.total() + _UNSEEN * _DISTINCT) - log(names.total() + _UNSEEN * _DISTINCT)
    return {row: log(names[row] + _UNSEEN) - log(words[row] + _UNSEEN) + more for row in names | words}


def _count(words: Iterable[str]) -> Counter[str]:
    return Counter(row for word in words if len(word) >= _SHORTEST for row in _rows(word))


def _rows(word: str) -> Iterator[str]:
    edged = f" {word} "
    return (edged[at : at + 3] for at in range(len(edged) - 2))


@lru_cache(maxsize=1 << 14)
def foreignness(word: str) -> int:
    """Return 0 for a word that is made like Arabic ones, up to 3 for one that sounds like a foreign name."""
    leads = _leads()
    rows = list(_rows(bare(plain(word))))
    lead = sum(leads.get(row, 0.0) for row in rows) / max(1, len(rows))
    return sum(lead > level for level in _LEVELS)
