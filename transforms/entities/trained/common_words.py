"""Common words: what a capital that opens a sentence, or that all German nouns have, makes look like a name."""

from functools import lru_cache

from transforms.entities import gazetteer, hindi, persian
from transforms.entities.arabic_words import is_common
from transforms.entities.inflect import bases

LISTED, COMPOUND = 1, 2  # what `commonness` tells apart; 0 is a word that no list has
_NOUN_ENDINGS = ("", "ens", "ern", "es", "en", "er", "s", "n", "e")  # plurals and cases of German nouns
_SHORTEST_HEAD = 4  # letters of the last part of a compound
_SHORTEST_FIRST = 3  # letters before it


@lru_cache(maxsize=64)
def _words(language: str) -> frozenset[str]:
    words = gazetteer.load().vocabulary("common", language)
    if language == "fa":
        return frozenset(map(persian.folded, words))
    if language == "hi":
        return frozenset(hindi.forms(words, gazetteer.load().vocabulary("verb", language)))
    return _with_endings(words) if gazetteer.load().vocabulary("name_end", language) else words


@lru_cache(maxsize=64)
def _heads(language: str) -> frozenset[str]:
    """Return what a compound may end with; what surnames and places end with too (-berg, -mann) tells nothing."""
    lists = gazetteer.load()
    ends = lists.vocabulary("name_end", language)
    words = lists.vocabulary("common", language) if ends else frozenset[str]()
    return _with_endings(frozenset(word for word in words - ends if len(word) >= _SHORTEST_HEAD))


def _with_endings(nouns: frozenset[str]) -> frozenset[str]:
    return frozenset(noun + ending for noun in nouns for ending in _NOUN_ENDINGS)


def _is_persian(word: str, named: bool) -> bool:
    words = _words("fa")
    if word in words or named:
        return word in words
    return persian.is_compound(word) or not words.isdisjoint(persian.stems(word))


def commonness(word: str, language: str, *, named: bool = False) -> int:
    """Return LISTED for a word of the lists in any form, COMPOUND for a German one that ends with such a noun, or 0.

    Of a Persian word that lists of names have too (`named`), no form but the word itself is common: خاتمی is no خاتمه.
    """
    if language in ("ar", "fa"):
        return LISTED if (is_common(word) if language == "ar" else _is_persian(word, named)) else 0
    words = _words(language)
    if not words:
        return 0
    folded = word.casefold()
    if folded in words or not words.isdisjoint(bases(folded, language)):
        return LISTED
    heads = _heads(language)
    if not heads:
        return 0
    if folded.rpartition("-")[2] in words:
        return COMPOUND
    ends = [folded[at:] for at in range(_SHORTEST_FIRST, len(folded) - _SHORTEST_HEAD + 1)]
    return 0 if heads.isdisjoint(ends) else COMPOUND
