"""Runs of capitalised words: what stands together in a text as one name may."""

from bisect import bisect_right
from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

from transforms.entities import gazetteer
from transforms.entities.gaps import (
    LONG_GAP,
    OPEN,
    OPENING,
    SPACE,
    TOUCHING,
    first_gap,
    gap_between,
    gap_of,
    is_stopped,
)
from transforms.entities.gazetteer import Known, KnownSpan
from transforms.entities.letters import ARTICLES, CAPITALISED, ELISION, is_word_part
from transforms.entities.lexicon import Facts, Gap, Lexicon
from transforms.entities.stretches import Word, lengthen

_TURKIC = frozenset(("tr", "az"))  # they write case endings of names after an apostrophe
# A word with a hyphen is one noun there, whatever names are in it.
_COMPOUNDING = frozenset(("de", "nl", "sv", "nb", "nn", "no", "da", "fi", "et", "hu", "af"))

_LONGEST_RUN = 100  # units; no name is so long, and the rules look at a run from each of its units


class Unit(NamedTuple):
    """A capitalised word, or a known name of one or more words, with what is known of it."""

    start: int
    end: int
    text: str
    known: Known | None
    gap: Gap
    facts: Facts


# A unit as a bare tuple: most runs are one word, which needs no names for its parts.
Bare = tuple[int, int, str, Known | None, Gap, Facts]
Run = list[Bare]


@lru_cache(maxsize=1)
def _abbreviations() -> frozenset[str]:
    return gazetteer.load().pooled("abbreviation")


def _trim(word: str, start: int, end: int, language: str) -> tuple[str, int, int]:
    """Take off an elided article in front and a possessive or a case ending after an apostrophe."""
    elided = ELISION.match(word)
    # English has no elided articles: D'Angelo is a name there.
    if elided and language != "en":
        start, word = start + elided.end(), word[elided.end() :]
    cut = max(word.rfind("'"), word.rfind("\u2019"))
    # A possessive of one letter is none: the A's. Without this .030 typed are lost on English texts of Wikipedia.
    if cut > 1 and (word[cut + 1 :] in {"s", ""} or (language in _TURKIC and word[cut + 1 :].islower())):
        end, word = start + cut, word[:cut]
    return word, start, end


def _words(text: str, language: str) -> list[Word]:
    found: list[Word] = []
    for match in CAPITALISED.finditer(text):
        word = match[0]
        start, end = match.span()
        if text[start - 1 : start] == "-":  # the pattern begins at the capital, for speed: see `letters`
            start, word = _with_article(text, start, word)
        if "'" in word or "\u2019" in word:
            word, start, end = _trim(word, start, end, language)
            if not word[0].isupper():
                continue  # L'armée
        found.append((start, end, word, None))
    return found


def _with_article(text: str, start: int, word: str) -> tuple[int, str]:
    for article in ARTICLES:
        first = start - len(article)
        if text.startswith(article, max(first, 0)) and first >= 0 and not is_word_part(text[first - 1 : first] or " "):
            return first, article + word
    return start, word


def _merge(words: list[Word], spans: Sequence[KnownSpan], text: str, language: str) -> list[Word]:
    """Put known names in the place of the words they cover; where both overlap the longer one stays.

    Russia-Ukraine becomes two names and Moscow-based one; EU-Kommissar and Saint-Maurice stay words.
    """
    merged: list[Word] = []
    starts = [span.start for span in spans]
    at = 0
    count = len(words)
    for span in spans:
        while at < count and words[at][1] <= span.start:
            merged.append(words[at])
            at += 1
        longer = at < count and _goes_beyond(words[at], span)
        if longer and (language in _COMPOUNDING or not _parts_known(words[at][2], language)):
            continue
        if merged and merged[-1][1] > span.start:
            continue  # a word with a hyphen that stays whole covers it
        start = _with_abbreviation(words[at], span) if at < count else span.start
        while merged and _is_initial_of(merged[-1], start, span):
            start = merged.pop()[0]
        merged.append((start, span.end, text[start : span.end], span.known))
        while at < count and (words[at][1] <= span.end or words[at][0] < span.end):
            if longer and _begins_within(starts, span.start, words[at][1]):
                break
            at += 1
    merged.extend(words[at:])
    return merged


def _begins_within(starts: Sequence[int], after: int, end: int) -> bool:
    """Tell whether a further known name begins before `end`; `starts` rise."""
    following = bisect_right(starts, after)
    return following < len(starts) and starts[following] < end


def _goes_beyond(word: Word, span: KnownSpan) -> bool:
    """Tell whether a word is longer than the known name in it: Russia-Ukraine, Saint-Maurice, but not St.Petersburg."""
    start, end, text, _ = word
    return start <= span.start and (end > span.end or (start < span.start and end == span.end and "-" in text))


def _with_abbreviation(word: Word, span: KnownSpan) -> int:
    """Return where St.Petersburg begins: an abbreviation that touches a known name belongs to it."""
    start, end, text, _ = word
    return start if start < span.start and end == span.end and text[span.start - start - 1] == "." else span.start


def _is_initial_of(word: Word, start: int, span: KnownSpan) -> bool:
    """Tell whether a word is an initial that touches a known person: the V. of V.Putin."""
    return span.known.type == "person" and word[1] == start and len(word[2]) == 2 and word[2][1] == "."


@lru_cache(maxsize=64)  # a compound is asked about at each of the names in it
def _parts_known(word: str, language: str) -> bool:
    """Tell Russia-Ukraine and, in English, Moscow-based from Saint-Maurice and Asnières-sur-Seine."""
    parts = word.split("-")
    if language == "en" and len(parts) > 1 and parts[-1].islower():
        return True
    return all(part in gazetteer.load().names for part in parts)


def find_runs(text: str, lexicon: Lexicon, spans: Sequence[KnownSpan]) -> list[Run]:
    """Return the runs of a text in order: units that nothing but a space, a particle or an ampersand parts."""
    words = _words(text, lexicon.language)
    if spans:
        words = _merge(words, spans, text, lexicon.language)
    forced: dict[int, Facts] = {}
    if lexicon.inflected:
        words, forced = lengthen(words, text, lexicon)
    known_facts, facts_of, gaps, last_words = lexicon.known_facts, lexicon.facts, lexicon.gaps, lexicon.last_words
    runs: list[Run] = []
    end = 0
    last = ""
    for start, stop, word, known in words:
        # What was read before, and that is nearly all, is looked up here: a call for each word took a tenth of tagging.
        if start - end > LONG_GAP:
            gap = last_words.get(text[text.rfind(" ", end, start - 1) + 1 or end : start])
        else:
            gap = gaps.get(text[end:start])
        if gap is None or gap is OPEN or not end:
            gap = _between(text, end, start, last, lexicon)
        if known is not None:
            facts = known_facts(word, known)
        else:
            facts = (forced.get(start) if forced else None) or facts_of[word]
        if gap.link and runs and len(runs[-1]) < _LONGEST_RUN:
            runs[-1].append((start, stop, word, known, gap, facts))
        else:
            runs.append([(start, stop, word, known, gap, facts)])
        end, last = stop, word
    return runs


def _between(text: str, end: int, start: int, last: str, lexicon: Lexicon) -> Gap:
    if end == 0:
        first = first_gap(text, start)
        return OPENING if first is None else gap_of(first, lexicon)
    if start <= end:
        return TOUCHING
    if start - end == 2 and text[end:start] == ". ":  # never kept: it depends on the word before
        return SPACE if last.casefold() in _abbreviations() else OPENING
    if start - end > 3 and is_stopped(text, start):
        return OPENING  # half of what is new: each sentence ends with another word
    return gap_between(text, end, start, lexicon)
