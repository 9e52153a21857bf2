"""The words by which two versions of a story differ, for people to read."""

from collections.abc import Iterable

LIMIT = 10
_PUNCTUATION = "\"'`.,;:!?()[]{}<>|*…–—-‐‘’‚“”„«»‹›·•。、，；：！？（）《》「」『』【】؟،؛।¿¡"  # noqa: RUF001  in many scripts


def differing_words(text: str, other: str, limit: int = LIMIT) -> list[str]:
    """Return up to `limit` words that stand in one of the texts only, numbers first.

    Words of `text` come before those of `other`, each in reading order: what a copy has, then what it lacks. A stretch
    without spaces counts as a word, so that in Chinese the clause is named that differs.
    """
    words, others = text.split(), other.split()
    known, other_known = set(words), set(others)
    gained = _bare(word for word in words if word not in other_known)
    lost = _bare(word for word in others if word not in known)
    # What differs in case or punctuation only is found bare on the other side.
    differing = [word for word in gained if word not in lost and word not in other_known]
    differing += [word for word in lost if word not in gained and word not in known]
    return sorted(differing, key=_without_digit)[:limit]


def _bare(words: Iterable[str]) -> dict[str, None]:
    """Return the words once each, in lower case and without punctuation."""
    bare = dict.fromkeys(word.strip(_PUNCTUATION).casefold() for word in words)
    bare.pop("", None)
    return bare


def _without_digit(word: str) -> bool:
    return not any(map(str.isdigit, word))
