"""What lists know of an Arabic word, and where the conjunction or preposition written on to it ends.

Letters that may be a prefix open many words too: وزارة is a ministry and no "and". So a word that is known as it stands
is left whole, then one that is known without the prefix is cut; of words that no list has, only و is cut off.
"""

from functools import lru_cache
from itertools import chain

from transforms.entities import gazetteer
from transforms.entities.arabic import bare, noun_stems, plain, verb_stems

_CONJUNCTIONS, _PREFIXES = frozenset("وف"), frozenset("وفبلك")
_ARTICLE, _WITH_ARTICLE = "ال", "لل"  # the latter is the former after the preposition ل
_KINDS_OF_NOUNS = ("common", "small", "person_title", "org_start", "place_start")
_SHORTEST = 2  # letters of a word that a prefix is written on to
_SHORTEST_UNKNOWN = 3
_LEADS_A_NAME = frozenset("وي")  # و before these is the W of a foreign name


@lru_cache(maxsize=1)
def _words() -> tuple[frozenset[str], frozenset[str]]:
    """Return nouns (with adjectives and particles) and verbs of the lists, plain."""
    vocabulary = gazetteer.load().vocabulary
    nouns = frozenset().union(*(vocabulary(kind, "ar") for kind in _KINDS_OF_NOUNS))
    return frozenset(map(plain, nouns)), frozenset(map(plain, vocabulary("verb", "ar")))


@lru_cache(maxsize=1)
def _names() -> frozenset[str]:
    """Return the first words of all names that are written in Arabic letters, plain."""
    lists = gazetteer.load()
    names = chain(lists.names, lists.cautious, *lists.local.values(), lists.vocabulary("given", "ar"))
    return frozenset(plain(name.partition(" ")[0]) for name in names if "\u0620" <= name[0] <= "\u064a")


@lru_cache(maxsize=1 << 14)
def kinds(word: str) -> str:
    """Return "n" if the lists have a word as a noun in any form, "v" if as a verb, both or nothing.

    Forms of a word that is a name as it stands do not count: لبنان is no milk.
    """
    nouns, verbs = _words()
    stripped = plain(word)
    if stripped in _names():
        return "n" * (stripped in nouns or bare(stripped) in nouns) + "v" * (stripped in verbs)
    noun = not nouns.isdisjoint(noun_stems(stripped))
    return "n" * noun + "v" * (not verbs.isdisjoint(verb_stems(stripped)))


def common_forms() -> frozenset[str]:
    """Return the common words of the lists, plain."""
    nouns, verbs = _words()
    return nouns | verbs


def is_common(word: str) -> bool:
    """Tell whether the lists have a word as a common one, in any form."""
    return kinds(word) != ""


def _as_it_stands(word: str) -> bool:
    """Tell whether the lists have a word without any ending taken off, as a name or a common word."""
    stripped = plain(word)
    nouns, verbs = _words()
    return stripped in _names() or stripped in nouns or stripped in verbs or bare(stripped) in nouns


@lru_cache(maxsize=1 << 14)
def is_prefixed(word: str) -> bool:
    """Tell whether the first letter of a word is a conjunction or preposition that is written on to it."""
    first, rest = word[0], word[1:]
    if len(rest) < _SHORTEST or first not in _PREFIXES or _as_it_stands(word):
        return False
    if rest.startswith(_ARTICLE) or word.startswith(_WITH_ARTICLE):
        return True
    if is_common(word):
        return first == "و" and _as_it_stands(rest)
    if _as_it_stands(rest) or is_common(rest) or (first in _CONJUNCTIONS and is_prefixed(rest)):
        return True
    return first == "و" and len(rest) >= _SHORTEST_UNKNOWN and rest[0] not in _LEADS_A_NAME


def after_prefix(word: str) -> str:
    """Return what a prefixed word is without its prefix: العراق of للعراق."""
    return _ARTICLE + word[2:] if word.startswith(_WITH_ARTICLE) else word[1:]
