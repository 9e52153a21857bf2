"""The words by which two versions of a story differ, for people to read."""

from collections.abc import Iterable
from itertools import filterfalse, islice

LIMIT = 10
_PUNCTUATION = "\"'`.,;:!?()[]{}<>|*…–—-‐‘’‚“”„«»‹›·•。、，；：！？（）《》「」『』【】؟،؛।¿¡"  # noqa: RUF001  in many scripts


Words = dict[str, None]
"""The words of a text, each once, in reading order."""


def words_of(*parts: str) -> Words:
    """Return the words of the parts of a story; a stretch without spaces counts as a word."""
    return dict.fromkeys("\n".join(parts).split())


def differing_words(words: Words, others: Words, limit: int = LIMIT) -> list[str]:
    """Return up to `limit` words that stand in one of two stories only, numbers first.

    Those of `words` come before those of `others`, each in reading order: what a copy has, then what it lacks. In
    Chinese the clause is named that differs.
    """
    # Most words stand on both sides; what differs in case or punctuation only is found bare on the other side.
    gained, lost = _bare(filterfalse(others.__contains__, words)), _bare(filterfalse(words.__contains__, others))
    differing = [word for word in gained if word not in lost and word not in others]
    differing += [word for word in lost if word not in gained and word not in words]
    numbers = [word for word in differing if not word.isalpha() and any(map(str.isdigit, word))]
    if len(numbers) < limit:
        found = set(numbers)
        numbers += islice((word for word in differing if word not in found), limit - len(numbers))
    return numbers[:limit]


def _bare(words: Iterable[str]) -> Words:
    """Return the words once each, in lower case and without punctuation."""
    bare = dict.fromkeys([word.strip(_PUNCTUATION) for word in words])
    bare = dict.fromkeys("\n".join(bare).casefold().split("\n"))
    bare.pop("", None)
    return bare
