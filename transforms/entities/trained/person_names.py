"""Parts of person names and small towns that the lists have, in any form of a word."""

import gzip
import json
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path

from transforms.entities import gazetteer
from transforms.entities.arabic import sounds
from transforms.entities.arabic_words import is_common
from transforms.entities.inflect import bases
from transforms.entities.lexicon import Lexicon
from transforms.entities.spelling import spelling

NAMES = Path(__file__).parent.parent / "data" / "person_names.json.gz"
TOWN = 4  # of what `in_names` adds up


@lru_cache(maxsize=1)
def listed_names() -> dict[str, int]:
    """Return 1 for a given name, 2 for a surname, 4 for a small town, added up."""
    document = json.loads(gzip.decompress(NAMES.read_bytes()))
    listed: dict[str, int] = {}
    lists = gazetteer.load()
    given, surnames = ((*document[kind].split(), *lists.words[kind]["hi"]) for kind in ("given", "surname"))
    for flag, names in enumerate((given, surnames, lists.cautious)):
        for name in names:
            for spelt in _spellings(name):
                listed[spelt] = listed.get(spelt, 0) | 1 << flag
    return listed


@lru_cache(maxsize=1)
def _arabic_names() -> dict[str, int]:
    """Return what `listed_names` has in Arabic letters and the lists of the language, spelt as they sound."""
    vocabulary = gazetteer.load().vocabulary
    ours = ((1, vocabulary("given", "ar")), (2, vocabulary("surname", "ar")))
    listed: dict[str, int] = {}
    for name, flags in (*listed_names().items(), *((name, flag) for flag, names in ours for name in names)):
        if "\u0620" <= name[0] <= "\u064a" and not (flags == TOWN and is_common(name)):
            listed[sounds(name)] = listed.get(sounds(name), 0) | flags
    return listed


def _spellings(name: str) -> Iterable[str]:
    if "\u0600" < name < "\u0980":
        return {name, spelling("fa" if name < "\u0900" else "hi")(name)}
    return (name,)


def in_names(word: str, lexicon: Lexicon) -> int:
    """Return 1 for a given name of the lists, 2 for a surname, 4 for a small town, added up, for any form of a word."""
    if lexicon.language == "ar" and "\u0620" <= word[0] <= "\u06d3":
        return _arabic_names().get(sounds(word), 0)
    known = listed_names().get
    listed = known(word, 0)
    for form in word[0] if word > "\u3000" else bases(word, lexicon.language):
        listed |= known(form, 0)
    return listed
