"""Runs of capitalised words: what stands together in a text as one name may."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import NamedTuple

from transforms.entities import gazetteer
from transforms.entities.gazetteer import Known, KnownSpan
from transforms.entities.letters import CAPITALISED, ELISION, LAST_WORD, OPENING_QUOTE, SENTENCE_END

_TURKIC = frozenset(("tr", "az"))
_COMPOUNDING = frozenset(("de", "nl", "sv", "nb", "nn", "no", "da", "fi", "et", "hu", "af"))
_OF = frozenset(("of", "of the", "for", "for the", "and", "&", "of the", "on", "for"))
_AND = frozenset(("and", "y", "e", "et", "und", "en", "og", "och", "i", "и", "і", "та", "ja", "a"))


class Gap(NamedTuple):
    """What stands between two words: a link ("" for none), whether a sentence opens, and the last small word."""

    link: str
    opens: bool
    quoted: bool
    before: str


class Unit(NamedTuple):
    """A capitalised word, or a known name of one or more words."""

    start: int
    end: int
    text: str
    known: Known | None
    gap: Gap


@dataclass
class Run:
    """Units that nothing but a space, a particle or an ampersand parts."""

    units: list[Unit] = field(default_factory=list)


_OPENING = Gap("", True, False, "")


@lru_cache(maxsize=1)
def _particles() -> frozenset[str]:
    return gazetteer.load().pooled("particle")


@lru_cache(maxsize=1)
def _abbreviations() -> frozenset[str]:
    return gazetteer.load().pooled("abbreviation")


@lru_cache(maxsize=20_000)
def read_gap(gap: str) -> Gap:
    """Classify what stands between two capitalised words; the same few gaps make up most of a text."""
    if gap in {" ", "\xa0"}:
        return Gap(" ", opens=False, quoted=False, before="")
    bare = gap.strip(" \xa0")
    quoted = OPENING_QUOTE.search(bare) is not None
    if gap[:1] in " \xa0" and gap[-1:] in " \xa0'\u2019" and "\n" not in gap and len(bare) < 9:
        if bare in _OF or bare in _particles():
            return Gap(bare, opens=False, quoted=False, before=bare)
        if bare in _AND:
            return Gap("and", opens=False, quoted=False, before=bare)
    opens = SENTENCE_END.search(gap) is not None
    last = LAST_WORD.search(gap if not quoted else bare[:-1])
    return Gap("", opens=opens, quoted=quoted, before=last[1].casefold() if last else "")


def _trim(word: str, start: int, end: int, language: str) -> tuple[str, int, int]:
    """Take off an elided article in front and a possessive or a case ending after an apostrophe."""
    elided = ELISION.match(word)
    if elided and word[elided.end() : elided.end() + 1].isupper() and word[0] not in "O" and language != "en":
        start, word = start + elided.end(), word[elided.end() :]
    cut = max(word.rfind("'"), word.rfind("\u2019"))
    if cut > 1 and (word[cut + 1 :] in {"s", ""} or (language in _TURKIC and word[cut + 1 :].islower())):
        end, word = start + cut, word[:cut]
    return word, start, end


def _words(text: str, language: str) -> list[tuple[int, int, str]]:
    found = []
    for match in CAPITALISED.finditer(text):
        word, start, end = match[0], match.start(), match.end()
        if "'" in word or "\u2019" in word:
            word, start, end = _trim(word, start, end, language)
        found.append((start, end, word))
    return found


def _merge(
    words: Sequence[tuple[int, int, str]], spans: Sequence[KnownSpan], text: str, language: str
) -> list[tuple[int, int, str, Known | None]]:
    """Put known names in the place of the words they cover; a longer word with a hyphen stays whole."""
    merged: list[tuple[int, int, str, Known | None]] = []
    at = 0
    for span in spans:
        while at < len(words) and words[at][1] <= span.start:
            merged.append((*words[at], None))
            at += 1
        if at < len(words) and words[at][0] <= span.start and words[at][1] > span.end:
            if language in _COMPOUNDING or not _parts_known(words[at][2]):
                continue
            end = words[at][1]
        else:
            end = span.end
        if merged and merged[-1][1] > span.start:
            continue
        merged.append((span.start, span.end, text[span.start : span.end], span.known))
        while at < len(words) and words[at][0] < span.end:
            if words[at][1] > span.end and words[at][1] > end:
                break
            if words[at][1] > span.end and any(s.start > span.start and s.start < words[at][1] for s in spans):
                break
            at += 1
    merged.extend((*word, None) for word in words[at:])
    return merged


def _parts_known(word: str) -> bool:
    """Tell Russia-Ukraine (two names) and Moscow-based (a name) from Saint-Louis-en-l'Isle (one unknown)."""
    return all(part[:1].islower() or part in gazetteer.load().names for part in word.split("-"))


def find_runs(text: str, language: str, spans: Sequence[KnownSpan]) -> list[Run]:
    """Return the runs of a text in order."""
    runs: list[Run] = []
    end = 0
    last = ""
    for start, stop, word, known in _merge(_words(text, language), spans, text, language):
        gap = read_gap(text[max(end, start - 60) : start]) if start > end or not end else Gap("", False, False, "")
        if end == 0:
            gap = _OPENING if SENTENCE_END.search(text[:start]) else read_gap(text[max(0, start - 60) : start])
        elif gap.opens and text[end : end + 2] == ". " and _abbreviated(last, text[end:start]):
            gap = Gap(" ", opens=False, quoted=False, before="")
        if gap.link and runs:
            runs[-1].units.append(Unit(start, stop, word, known, gap))
        else:
            runs.append(Run([Unit(start, stop, word, known, gap)]))
        end, last = stop, word
    return runs


def _abbreviated(word: str, gap: str) -> bool:
    return gap == ". " and (word.casefold() in _abbreviations())
