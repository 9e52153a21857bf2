"""The words by which two versions of a story differ, for people to read."""

from collections.abc import Iterable
from itertools import islice

LIMIT = 10
_PUNCTUATION = "\"'`.,;:!?()[]{}<>|*…–—-‐‘’‚“”„«»‹›·•。、，；：！？（）《》「」『』【】؟،؛।¿¡"  # noqa: RUF001  in many scripts


def differing_words(text: str, other: str, limit: int = LIMIT) -> list[str]:
    """Return up to `limit` words that stand in one of the texts only, numbers first.

    Words of `text` come before those of `other`, each in reading order: what a copy has, then what it lacks. A stretch
    without spaces counts as a word, so that in Chinese the clause is named that differs.
    """
    # Dictionaries keep the order of reading; most words stand on both sides, and differences of keys leave these out.
    words, others = dict.fromkeys(text.split()), dict.fromkeys(other.split())
    gained = _bare(word for word in words if word not in others)
    lost = _bare(word for word in others if word not in words)
    # What differs in case or punctuation only is found bare on the other side.
    differing = [word for word in gained if word not in lost and word not in others]
    differing += [word for word in lost if word not in gained and word not in words]
    numbers = [word for word in differing if not word.isalpha() and any(map(str.isdigit, word))]
    if len(numbers) < limit:
        found = set(numbers)
        numbers += islice((word for word in differing if word not in found), limit - len(numbers))
    return numbers[:limit]


def _bare(words: Iterable[str]) -> dict[str, None]:
    """Return the words once each, in lower case and without punctuation."""
    bare = dict.fromkeys([word.strip(_PUNCTUATION) for word in words])
    bare = dict.fromkeys("\n".join(bare).casefold().split("\n"))
    bare.pop("", None)
    return bare
