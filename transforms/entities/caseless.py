"""Names in scripts without capitals: Arabic and Persian by given names, titles and heads; Chinese by words."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache

from transforms.entities import gazetteer
from transforms.entities.arabic_words import is_common, is_prefixed
from transforms.entities.chinese import Found, find_chinese
from transforms.entities.chinese_words import LANGUAGE
from transforms.entities.gazetteer import KnownSpan
from transforms.entities.pieces import Candidate
from transforms.entities.spelling import spelling

_PREFIXES = frozenset("وفبلك")  # conjunctions and prepositions, written with the word that follows
# Son, father, family, daughter of; the particles of European names as Arabic writes them.
_LINKS = frozenset(("بن", "أبو", "ابو", "آل", "بنت", "ولد", "دي", "دا", "فان", "فون"))
# Letters and marks of Arabic and Persian, and the joiner within Persian words; no digits and no punctuation.
_WORD = re.compile(r"[\u0620-\u065f\u066e-\u06d3\u06fa-\u06ff\u200c]+")
_SPACED = frozenset(("ar", "fa", "ur", "ps", "ckb"))
_SHORTEST_NAME = 2  # letters that are too few for a name
_LONGEST_CALLED = 3  # words of what a company is called


def find_caseless(text: str, language: str, spans: Sequence[KnownSpan]) -> Iterator[Candidate]:
    """Yield names by rule that do not overlap known ones, in no order; nothing for scripts with capitals."""
    found: Iterable[Found] = ()
    if language in _SPACED:
        found = _spaced(text, "fa" if language != "ar" else "ar")
    elif language == LANGUAGE:
        found = find_chinese(text, spans)
    for start, end, kind in _free(found, spans):
        name = text[start:end]
        candidate = Candidate(start, end, (name,), name, sure=True)
        setattr(candidate, kind, 4.0)  # as much as a head of organisations has where there are capitals
        yield candidate


def _free(found: Iterable[Found], spans: Sequence[KnownSpan]) -> Iterator[Found]:
    """Drop what a known name covers wholly; what goes beyond a known name wins, as the longer one."""
    starts, ends = [span.start for span in spans], [span.end for span in spans]
    reached = 0
    for start, end, kind in sorted(found, key=lambda name: (name[0], -name[1])):
        if start < reached:
            continue
        near = spans[bisect_right(ends, start) : bisect_left(starts, end)]  # those that overlap it
        if not any(_is_covered(start, end, span) for span in near):
            reached = end
            yield start, end, kind


def _is_covered(start: int, end: int, span: KnownSpan) -> bool:
    within = start < span.start and span.end <= end and span.known.type == "organisation"
    return within or (span.start <= start and end <= span.end)


@dataclass(frozen=True)
class _Spaced:
    given: frozenset[str]
    title: frozenset[str]
    head: frozenset[str]
    place: frozenset[str]
    small: frozenset[str]
    before: frozenset[str]
    part: frozenset[str]
    is_common: Callable[[str], bool]
    is_prefixed: Callable[[str], bool]

    @cached_property
    def opening(self) -> frozenset[str]:
        """The words that a rule begins with."""
        return self.given | self.title | self.head | self.place | self.before | self.part


@lru_cache(maxsize=4)
def _vocabulary(language: str) -> _Spaced:
    words = gazetteer.load().vocabulary
    asked = ("given", "person_title", "org_start", "place_start", "small", "org_before", "place_part")
    spelt = spelling(language)
    given, title, head, place, small, before, part = (frozenset(map(spelt, words(kind, language))) for kind in asked)
    names = frozenset(w for w in given if w[0] > "\u0600")
    tests = (is_common, is_prefixed) if language == "ar" else (_no, _no)
    return _Spaced(names, title, head, place, small, before, part, *tests)


def _no(_: str) -> bool:
    return False


def _spaced(text: str, language: str) -> Iterator[Found]:
    lists, spelt = _vocabulary(language), spelling(language)
    tokens = [(m.start(), m.end(), spelt(m[0])) for m in _WORD.finditer(text)]
    at = 0
    while at < len(tokens):
        if _bare(tokens[at][2], lists.opening) < 0:
            at += 1
            continue
        taken = 0
        for rule in (_person, _titled, _called, _headed, _placed):
            taken, found = rule(text, tokens[at : at + 6], lists)  # bounded: time stays linear in the text
            if found is not None:
                yield found
                break
        at += max(1, taken)


_Tokens = Sequence[tuple[int, int, str]]
_Taken = tuple[int, Found | None]  # of tokens, and the name that they are


def _touches(text: str, tokens: _Tokens, at: int) -> bool:
    return at < len(tokens) and text[tokens[at - 1][1] : tokens[at][0]] == " "


def _bare(word: str, words: frozenset[str]) -> int:
    """Return how many letters of prefix a word of a list has, or -1 if it is none."""
    if word in words:
        return 0
    for cut in (1, 2):
        if len(word) > cut + 2 and word[cut:] in words and _PREFIXES.issuperset(word[:cut]):
            return cut
    return -1


def _person(text: str, tokens: _Tokens, lists: _Spaced) -> _Taken:
    """Find a given name and what follows it: further given names, then one more name."""
    cut = _bare(tokens[0][2], lists.given)
    if cut < 0:
        return 0, None
    last = 0
    while _touches(text, tokens, last + 1) and (tokens[last + 1][2] in lists.given or tokens[last + 1][2] in _LINKS):
        last += 1
    if _touches(text, tokens, last + 1) and _goes_on(tokens[last + 1][2], tokens[0][2], lists):
        last += 1
    if last == 0:
        return 0, None
    return last + 1, (tokens[0][0] + cut, tokens[last][1], "person")


def _goes_on(word: str, given: str, lists: _Spaced) -> bool:
    """Tell whether a word may be the name that follows a given one: a common word is, with the article, a surname."""
    if word in lists.small or len(word) <= _SHORTEST_NAME or lists.is_prefixed(word):
        return False
    return not lists.is_common(word) or (word.startswith("ال") and not lists.is_common(given))


def _titled(text: str, tokens: _Tokens, lists: _Spaced) -> _Taken:
    """Find two names after a title, an adjective of nationality between them passed over."""
    if _bare(tokens[0][2], lists.title) < 0:
        return 0, None
    first = 1
    while (
        _touches(text, tokens, first) and tokens[first][2].startswith("ال") and tokens[first][2].endswith(("ي", "ية"))
    ):
        first += 1
    if not (_touches(text, tokens, first) and _touches(text, tokens, first + 1)):
        return 0, None
    names = (tokens[first][2], tokens[first + 1][2])
    # With the article it is an adjective of the title's, such as the new president.
    if names[0].startswith("ال") or any(n in lists.small or len(n) < 3 or n in lists.head for n in names):
        return 0, None
    if any(lists.is_common(name) and name not in lists.given for name in names):
        return 0, None
    return first + 2, (tokens[first][0], tokens[first + 1][1], "person")


def _headed(text: str, tokens: _Tokens, lists: _Spaced) -> _Taken:
    """Find a ministry, a party, a bank with one or two words that say which, and what it is for."""
    cut = _bare(tokens[0][2], lists.head)
    if cut < 0 or not _touches(text, tokens, 1) or tokens[1][2] in lists.small:
        return 0, None
    if lists.is_common(tokens[1][2]) and not tokens[1][2].startswith("ال"):  # a bank for trade has no name
        return 0, None
    # An adjective agrees with its noun in having the article: وزارة الصحة المصرية.
    last = 2 if _touches(text, tokens, 2) and tokens[2][2].startswith("ال") else 1
    if _touches(text, tokens, last + 1) and tokens[last + 1][2].startswith("لل"):  # هيئة الأمم المتحدة للمرأة
        last += 1
    return last + 1, (tokens[0][0] + cut, tokens[last][1], "organisation")


def _called(text: str, tokens: _Tokens, lists: _Spaced) -> _Taken:
    """Find what a company, a newspaper, a team is called, which stands alone: شركة نوكيا الفنلندية."""
    if _bare(tokens[0][2], lists.before) < 0:
        return 0, None
    last = 0
    while last < _LONGEST_CALLED and _touches(text, tokens, last + 1) and _is_name(tokens[last + 1][2], lists):
        last += 1
    return last + 1, (tokens[1][0], tokens[last][1], "organisation") if last else None


def _is_name(word: str, lists: _Spaced) -> bool:
    """Tell whether a word is of no list and has no article."""
    if word in lists.small or word.startswith("ال") or len(word) <= _SHORTEST_NAME:
        return False
    return not lists.is_common(word) and not lists.is_prefixed(word)


def _placed(text: str, tokens: _Tokens, lists: _Spaced) -> _Taken:
    """Find the name after a word for a town, or with one for a street or a valley, which is part of it."""
    part = _bare(tokens[0][2], lists.part)
    if part < 0 and _bare(tokens[0][2], lists.place) < 0:
        return 0, None
    if not _touches(text, tokens, 1) or tokens[1][2] in lists.small:
        return 0, None
    if lists.is_common(tokens[1][2]) and (part < 0 or not tokens[1][2].startswith("ال")):
        return 0, None
    start = tokens[1][0] if part < 0 else tokens[0][0] + part
    return 2, (start, tokens[1][1], "place")
