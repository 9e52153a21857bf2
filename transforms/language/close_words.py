"""Tell near twins apart by words: what a model of byte n-grams cannot, for it finds the same n-grams in both.

Bosnian and Latin-script Serbian would be called Croatian, Malay Indonesian, Galician Portuguese or Spanish.
"""

import re
from collections import Counter
from functools import cache
from importlib.resources import files

from transforms.language.tags import LanguageTag

_WORD = re.compile(r"[^\W\d_]+")
_READ_CHARS = 2_000  # of the beginning, as of the second witness
_LEAST_LEAD = 2  # words: one may be a quotation or a name


@cache
def _groups() -> dict[str, dict[str, frozenset[str]]]:
    """Return language → word → languages of its group that use the word."""
    lines = files("transforms.language").joinpath("data/close_words.txt").read_text("utf-8").splitlines()
    groups: dict[str, dict[str, frozenset[str]]] = {}
    words: dict[str, frozenset[str]] = {}
    for line in lines:
        if not line.strip():
            words = {}
        elif not line.startswith("#"):
            languages, _, listed = line.partition(":")
            users = frozenset(languages.split())
            words |= dict.fromkeys(listed.split(), users)
            groups |= dict.fromkeys(users, words)
    return groups


def settle(tag: LanguageTag, text: str) -> LanguageTag:
    """Return the tag of the near twin whose words the text has, or the tag as it is.

    A twin has to lead by two words, and by half of those that speak for the tag's own language.
    """
    words = _groups().get(tag.language)
    if words is None:
        return tag
    votes: Counter[str] = Counter()
    for users in filter(None, map(words.get, _WORD.findall(text[:_READ_CHARS].lower()))):
        votes.update(users)
    own = votes[tag.language]
    twin, most = max(sorted(votes.items()), key=lambda item: item[1], default=(tag.language, 0))
    if most < own + _LEAST_LEAD or most * 2 < own * 3:
        return tag
    return LanguageTag(twin, tag.score, tag.language, tag.runner_up_score)
