"""The words by which two versions of a story differ, for people to read."""

import re
from collections import Counter
from itertools import islice

_WORDS = re.compile(r"\w+")
LIMIT = 10


def differing_words(text: str, other: str, limit: int = LIMIT) -> list[str]:
    """Return up to `limit` words that stand in one of the texts more often than in the other, numbers first.

    Words of `text` come before those of `other`, each in reading order: what a copy has, then what it lacks.
    """
    words, others = _WORDS.findall(text.casefold()), _WORDS.findall(other.casefold())
    counts, other_counts = Counter(words), Counter(others)
    gained = (word for word in dict.fromkeys(words) if counts[word] > other_counts[word])
    lost = (word for word in dict.fromkeys(others) if other_counts[word] > counts[word])
    differing = list(dict.fromkeys([*gained, *lost]))
    return list(islice(sorted(differing, key=lambda word: not any(map(str.isdigit, word))), limit))
