"""The names we know and the vocabulary of the rules, loaded once per process; the only seam to ahocorasick_rs."""

import gzip
import hashlib
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import chain
from pathlib import Path
from typing import NamedTuple

import ahocorasick_rs

from schemas.records import EntityType
from transforms.entities.letters import is_acronym, is_unspaced, is_word_part

DATA = Path(__file__).with_name("data") / "gazetteer.json.gz"
_ARABIC_PREFIXES = frozenset("وفبلك")
_HEBREW_PREFIXES = frozenset("בלהמושכ")
_NO_NAMES: Mapping[str, "Known"] = {}


@dataclass(frozen=True, slots=True)
class Known:
    """A thing of the world; two names of one thing share its key."""

    type: EntityType
    name: str
    id: str | None
    key: str


Match = tuple[int, int, int]  # number of a pattern, and where it stands


class KnownSpan(NamedTuple):
    """A known name in a text, offsets in code points."""

    start: int
    end: int
    known: Known


@dataclass(frozen=True)
class Gazetteer:
    """Names sure and cautious (those need support from the text), names of one language only, and vocabulary."""

    names: Mapping[str, Known]
    cautious: frozenset[str]
    local: Mapping[str, Mapping[str, Known]]  # by language
    phrases: Mapping[tuple[str, str], tuple[tuple[tuple[str, ...], Known], ...]]
    words: Mapping[str, Mapping[str, tuple[str, ...]]]
    patterns: tuple[str, ...]
    automaton: ahocorasick_rs.AhoCorasick
    simplified: Mapping[int, int]  # of traditional Chinese characters, by code point

    @cached_property
    def traditional(self) -> re.Pattern[str]:
        """Any of the characters that are simplified."""
        return re.compile(f"[{''.join(map(chr, self.simplified))}]" if self.simplified else "(?!)")

    def vocabulary(self, kind: str, language: str) -> frozenset[str]:
        """Return the words of a kind that hold for a language, those of all languages included."""
        table = self.words.get(kind, {})
        return frozenset((*table.get("*", ()), *table.get(language, ())))

    def pooled(self, kind: str) -> frozenset[str]:
        """Return the words of a kind in every language."""
        return frozenset(word for words in self.words.get(kind, {}).values() for word in words)

    def named(self, name: str, language: str) -> Known | None:
        """Return what a name stands for in a language."""
        return self.local.get(language, _NO_NAMES).get(name) or self.names.get(name)

    def spans(self, text: str, language: str) -> Iterator[KnownSpan]:
        """Find known names in one pass: leftmost, then longest, then checked for word boundaries on both sides."""
        return self.known_of(self.matches(text, language), text, language)

    def matches(self, text: str, language: str) -> Sequence[Match]:
        """Return where names may stand, whatever is around them: leftmost, then longest."""
        found: Sequence[Match] = self.automaton.find_matches_as_indexes(self.plain(text, language))
        return found

    def plain(self, text: str, language: str) -> str:
        """Return Chinese in simplified characters, as many as before; any other text as it is."""
        if language != "zh" or self.traditional.search(text) is None:  # a look is five times as fast as to translate
            return text
        return text.translate(self.simplified)

    def known_of(self, matches: Sequence[Match], text: str, language: str) -> Iterator[KnownSpan]:
        """Yield what matches in a text stand for in a language, where no word goes on beyond them."""
        for index, start, end in matches:
            name = self.patterns[index]
            known = self.named(name, language)
            if known is not None and _bounded(text, start, end):
                yield KnownSpan(start, end, known)


def _bounded(text: str, start: int, end: int) -> bool:
    first, last = text[start], text[end - 1]
    if is_unspaced(first):
        return not (_katakana(last) and end < len(text) and _katakana(text[end]))
    if "\uac00" <= last <= "\ud7a3":  # Korean particles follow a name without a space
        return not (start and is_word_part(text[start - 1]))
    if end < len(text) and is_word_part(text[end]):
        return False
    if start == 0 or not is_word_part(text[start - 1]):
        return not _shouted(text, start, end)
    return _after_prefix(text, start)


def _katakana(character: str) -> bool:
    return "\u30a1" <= character <= "\u30fc"


def _after_prefix(text: str, start: int) -> bool:
    prefixes = _ARABIC_PREFIXES if "\u0600" <= text[start] <= "\u06ff" else _HEBREW_PREFIXES
    if text[start - 1] not in prefixes:
        return False
    before = start - 1
    if before and text[before - 1] in prefixes:
        before -= 1
    return before == 0 or not is_word_part(text[before - 1])


def _shouted(text: str, start: int, end: int) -> bool:
    """Tell whether a short acronym stands in a line of capitals, where IS and US are words."""
    if end - start > 4 or not is_acronym(text[start:end]):
        return False
    after = text[end : end + 24].split()[:1]
    return bool(after) and len(after[0]) > 3 and after[0].isalpha() and after[0].isupper()


def _phrase_key(word: str) -> str:
    return word[:3].casefold()


def _index_phrases(
    entries: list[tuple[Known, list[str]]],
) -> dict[tuple[str, str], tuple[tuple[tuple[str, ...], Known], ...]]:
    """Index names of several words by the beginnings of their first two, for languages that inflect them."""
    index: dict[tuple[str, str], list[tuple[tuple[str, ...], Known]]] = {}
    for known, names in entries:
        for name in names:
            parts = tuple(name.split())
            if 1 < len(parts) <= 4 and min(map(len, parts)) > 2:
                index.setdefault((_phrase_key(parts[0]), _phrase_key(parts[1])), []).append((parts, known))
    return {key: tuple(sorted(found, key=lambda f: (-len(f[0]), f[0]))) for key, found in index.items()}


def gazetteer_of(names: Mapping[str, Known]) -> Gazetteer:
    """Return names of a user's own, to be found by their spelling alone."""
    patterns = tuple(names)
    return Gazetteer(names, frozenset(), {}, {}, {}, patterns, _automaton(patterns), {})


def _automaton(patterns: tuple[str, ...]) -> ahocorasick_rs.AhoCorasick:
    longest = ahocorasick_rs.MatchKind.LeftmostLongest
    return ahocorasick_rs.AhoCorasick(patterns, matchkind=longest, store_patterns=False)


@lru_cache(maxsize=1)
def digest() -> str:
    """Return eight hex digits that change with the data file."""
    return hashlib.sha256(DATA.read_bytes()).hexdigest()[:8]


@lru_cache(maxsize=1)
def load() -> Gazetteer:
    """Load the data file: some 0.6 s and 60 MB, once per process."""
    document = json.loads(gzip.decompress(DATA.read_bytes()))
    names: dict[str, Known] = {}
    cautious: set[str] = set()
    local: dict[str, dict[str, Known]] = {}
    canonical: dict[str, str] = {}
    curated: list[tuple[Known, list[str]]] = []
    for kind, name, identifier, sure, unsure in document["entries"]:
        key = identifier or f"{kind}:{name}"
        known = Known(kind, canonical.setdefault(key, name), identifier or None, key)
        plain = [n for n in sure.split("|") if n]
        for each in plain:
            bare, _, language = each.partition("@")
            if language:
                local.setdefault(language, {})[bare] = known
            else:
                names[each] = known
        cautious.update(n for n in unsure.split("|") if n)
        if not key.startswith("geonames:"):
            curated.append((known, plain))
    patterns = tuple(dict.fromkeys(chain(names, *local.values())))
    automaton = _automaton(patterns)
    words = {k: {lang: tuple(found) for lang, found in table.items()} for k, table in document["words"].items()}
    simplified = str.maketrans(*document["simplified"])
    return Gazetteer(names, frozenset(cautious), local, _index_phrases(curated), words, patterns, automaton, simplified)


@lru_cache(maxsize=256)
def listed(kind: str, language: str) -> frozenset[str]:
    """Return `vocabulary` of the lists that are loaded, put together once: for those who ask at every word."""
    return load().vocabulary(kind, language)
