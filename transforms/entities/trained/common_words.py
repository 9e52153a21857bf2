"""Common words: what a capital that opens a sentence, or that all German nouns have, makes look like a name."""

from collections.abc import Iterator
from functools import lru_cache

from transforms.entities import gazetteer
from transforms.entities.inflect import bases

LISTED, COMPOUND = 1, 2  # what `commonness` tells apart; 0 is a word that no list has
_NOUN_ENDINGS = ("ens", "ern", "es", "en", "er", "s", "n", "e")  # plurals and cases of German nouns
_SHORTEST_HEAD = 4  # letters of the last part of a compound
_SHORTEST_FIRST = 3  # letters before it


@lru_cache(maxsize=64)
def _words(language: str) -> frozenset[str]:
    return gazetteer.load().vocabulary("common", language)


@lru_cache(maxsize=64)
def _heads(language: str) -> frozenset[str]:
    """Return what a compound may end with; what surnames and places end with too (-berg, -mann) tells nothing."""
    lists = gazetteer.load()
    ends = lists.vocabulary("name_end", language)
    return frozenset(w for w in _words(language) - ends if len(w) >= _SHORTEST_HEAD) if ends else frozenset()


def commonness(word: str, language: str) -> int:
    """Return LISTED for a word of the lists in any form, COMPOUND for a German one that ends with such a noun, or 0."""
    words = _words(language)
    folded = word.casefold()
    if folded in words or not words.isdisjoint(bases(folded, language)):
        return LISTED
    heads = _heads(language)
    if not heads:
        return 0
    forms = (folded, *_without_ending(folded))
    if not words.isdisjoint(forms):
        return LISTED
    last = folded.rpartition("-")[2]
    if last != folded and not words.isdisjoint((last, *_without_ending(last))):
        return COMPOUND
    return COMPOUND if any(form[at:] in heads for form in forms for at in _cuts(form)) else 0


def _without_ending(folded: str) -> Iterator[str]:
    for ending in _NOUN_ENDINGS:
        if folded.endswith(ending) and len(folded) - len(ending) >= _SHORTEST_FIRST:
            yield folded[: -len(ending)]


def _cuts(folded: str) -> range:
    return range(_SHORTEST_FIRST, len(folded) - _SHORTEST_HEAD + 1)
