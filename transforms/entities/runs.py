"""Runs of capitalised words: what stands together in a text as one name may."""

from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

from transforms.entities import gazetteer
from transforms.entities.gazetteer import Known, KnownSpan
from transforms.entities.letters import CAPITALISED, ELISION, LAST_WORD, OPENING_QUOTE, SENTENCE_END
from transforms.entities.lexicon import Facts, Lexicon
from transforms.entities.stretches import Word, lengthen

_TURKIC = frozenset(("tr", "az"))
_COMPOUNDING = frozenset(("de", "nl", "sv", "nb", "nn", "no", "da", "fi", "et", "hu", "af"))
_OF = frozenset(("of", "of the", "for", "for the", "and", "&", "on"))
_AND = frozenset(("and", "y", "e", "et", "und", "en", "og", "och", "i", "и", "і", "та", "ja", "a"))
_LINKING = frozenset(("de", "of", "di", "du", "da", "do", "del", "d", "the", "la", "le", "von", "der"))
_LONG_GAP = 16  # of a longer gap only the last two words matter, so that gaps repeat and are read once


class Gap(NamedTuple):
    """What stands between two words: a link ("" for none), whether a sentence opens, and the last small word."""

    link: str
    opens: bool = False
    quoted: bool = False
    before: str = ""
    earlier: str = ""  # the word before that, where the last one only links: ville de


class Unit(NamedTuple):
    """A capitalised word, or a known name of one or more words, with what is known of it."""

    start: int
    end: int
    text: str
    known: Known | None
    gap: Gap
    facts: Facts


_SPACE = Gap(" ")
_TOUCHING = Gap("")
_OPENING = Gap("", opens=True)


@lru_cache(maxsize=1)
def _particles() -> frozenset[str]:
    return gazetteer.load().pooled("particle")


@lru_cache(maxsize=1)
def _abbreviations() -> frozenset[str]:
    return gazetteer.load().pooled("abbreviation")


@lru_cache(maxsize=50_000)
def _read_gap(gap: str) -> Gap:
    bare = gap.strip(" \xa0")
    quoted = OPENING_QUOTE.search(bare) is not None
    if gap[:1] in " \xa0" and gap[-1:] in " \xa0'\u2019" and "\n" not in gap and len(bare) < 9:
        if bare in _OF or bare in _particles():
            return Gap(bare, before=bare)
        if bare.isdigit():
            return Gap(bare)
        if bare in _AND:
            return Gap("and", before=bare)
    last = LAST_WORD.search(gap if not quoted else bare[:-1])
    opens = SENTENCE_END.search(gap) is not None
    before = last[1].casefold() if last else ""
    earlier = LAST_WORD.search(gap[: last.start()]) if last is not None and before in _LINKING else None
    return Gap("", opens, quoted, before, earlier[1].casefold() if earlier else "")


def read_gap(gap: str) -> Gap:
    """Classify what stands between two capitalised words."""
    if gap in {" ", "\xa0"}:
        return _SPACE
    if len(gap) > _LONG_GAP:
        parts = gap[-60:].rsplit(" ", 3)
        gap = "\x00" + " ".join(parts[-3:] if parts[-2:][0].casefold() in _LINKING else parts[-2:])
    return _read_gap(gap)


def _trim(word: str, start: int, end: int, language: str) -> tuple[str, int, int]:
    """Take off an elided article in front and a possessive or a case ending after an apostrophe."""
    elided = ELISION.match(word)
    if elided and language != "en":
        start, word = start + elided.end(), word[elided.end() :]
    cut = max(word.rfind("'"), word.rfind("\u2019"))
    if cut > 1 and (word[cut + 1 :] in {"s", ""} or (language in _TURKIC and word[cut + 1 :].islower())):
        end, word = start + cut, word[:cut]
    return word, start, end


def _words(text: str, language: str) -> list[tuple[int, int, str]]:
    found = []
    for match in CAPITALISED.finditer(text):
        word = match[0]
        start, end = match.span()
        if "'" in word or "\u2019" in word:
            word, start, end = _trim(word, start, end, language)
            if not word[0].isupper():
                continue  # L'armée
        found.append((start, end, word))
    return found


def _merge(words: Sequence[tuple[int, int, str]], spans: Sequence[KnownSpan], text: str, language: str) -> list[Word]:
    """Put known names in the place of the words they cover; where both overlap the longer one stays.

    Russia-Ukraine becomes two names and Moscow-based one; a compound such as EU-Kommissar stays a word.
    """
    merged: list[Word] = []
    at = 0
    for span in spans:
        while at < len(words) and words[at][1] <= span.start:
            merged.append((*words[at], None))
            at += 1
        longer = at < len(words) and words[at][0] <= span.start and words[at][1] > span.end
        if longer and (language in _COMPOUNDING or not _parts_known(words[at][2], language)):
            continue
        if merged and merged[-1][1] > span.start:
            continue
        start = _with_initials(words[at], span) if at < len(words) else span.start
        merged.append((start, span.end, text[start : span.end], span.known))
        while at < len(words) and words[at][1] <= max(span.end, words[at][1] if words[at][0] < span.end else 0):
            if any(later.start > span.start and later.start < words[at][1] for later in spans) and longer:
                break
            at += 1
    merged.extend((*word, None) for word in words[at:])
    return merged


def _with_initials(word: tuple[int, int, str], span: KnownSpan) -> int:
    """Return where V.Putin begins: initials that touch a surname belong to it."""
    start, end, text = word
    return start if start < span.start and end == span.end and text[span.start - start - 1] == "." else span.start


def _parts_known(word: str, language: str) -> bool:
    """Tell Russia-Ukraine and, in English, Moscow-based from Saint-Maurice and Asnières-sur-Seine."""
    parts = word.split("-")
    if language == "en" and len(parts) > 1 and parts[-1].islower():
        return True
    return all(part in gazetteer.load().names for part in parts)


def find_runs(text: str, lexicon: Lexicon, spans: Sequence[KnownSpan]) -> list[list[Unit]]:
    """Return the runs of a text in order: units that nothing but a space, a particle or an ampersand parts."""
    runs: list[list[Unit]] = []
    end = 0
    last = ""
    words = _merge(_words(text, lexicon.language), spans, text, lexicon.language)
    forced: dict[int, Facts] = {}
    if lexicon.inflected:
        words, forced = lengthen(words, text, lexicon)
    for start, stop, word, known in words:
        gap = _between(text, end, start, last)
        facts = lexicon.known_facts(word, known) if known is not None else forced.get(start) or lexicon.facts(word)
        unit = Unit(start, stop, word, known, gap, facts)
        if gap.link and runs:
            runs[-1].append(unit)
        else:
            runs.append([unit])
        end, last = stop, word
    return runs


def _between(text: str, end: int, start: int, last: str) -> Gap:
    if end == 0:
        return _OPENING if SENTENCE_END.search(text[:start]) else read_gap("\x00" + text[max(0, start - 60) : start])
    if start <= end:
        return _TOUCHING
    gap = text[end:start]
    if gap == ". " and last.casefold() in _abbreviations():
        return _SPACE
    return read_gap(gap)
