"""What the lists and its own letters tell the tagger of an Arabic word, beside its class."""

from functools import lru_cache

from transforms.entities import gazetteer
from transforms.entities.arabic import bare, ending, plain
from transforms.entities.arabic_words import kinds

_HEADS = ("org_start", "org_before", "place_part")


@lru_cache(maxsize=1)
def _heads() -> tuple[frozenset[str], ...]:
    vocabulary = gazetteer.load().vocabulary
    return tuple(frozenset(map(plain, vocabulary(kind, "ar"))) for kind in _HEADS)


def tell(word: str) -> str:
    """Return whether a word is a noun or a verb, what it ends with, and which nouns beside names it is."""
    stem = bare(plain(word))
    return kinds(word) + ending(word) + "".join(["01"[stem in words] for words in _heads()])
