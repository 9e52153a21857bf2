"""Names in Chinese by rule: surnames, sounds of foreign names, what bodies and places end with.

Names begin and end where words do (`chinese_words`): half a word is none.
"""

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import islice

import numpy as np

from schemas.records import EntityType
from transforms.entities import gazetteer
from transforms.entities.chinese_words import (
    COINED,
    FOREIGN,
    KINDS,
    LANGUAGE,
    ORGANISATION,
    ORGANISATION_END,
    PERSON,
    PLACE,
    PLACE_END,
    TITLE,
    UNKNOWN,
    WITHIN_BODY,
    words,
)
from transforms.entities.gazetteer import KnownSpan
from transforms.entities.words import Words

Found = tuple[int, int, EntityType]
_RARE = 2  # rank up to which a word that the dictionary has as a person is one: 80 of 100 in texts of ours
_WORDS_OF_BODY = 6  # words of an organisation at most, without the place that it may begin with
_NAMES_AGAIN = 64  # persons of a text that are looked for in all of it: time stays linear
_SHORTEST_AGAIN = 2
_HAN = r"[\u4e00-\u9fff]"
_LONGEST_GIVEN = 2  # characters
_LONGEST_CHINESE = 3
_SHORTEST_BODY = 4  # characters of a word that is an organisation by itself
_GIVEN = frozenset((bytes([PERSON]), bytes([UNKNOWN])))  # kinds of the word after a surname
# Kinds by number: those that places and bodies begin with, those of persons.
_BEGINS = np.array([kind in COINED | {PLACE, ORGANISATION} for kind in range(KINDS)])
_PERSONS = np.array([kind in (PERSON, FOREIGN) for kind in range(KINDS)])


def find_chinese(text: str, spans: Sequence[KnownSpan]) -> Iterator[Found]:
    """Yield start, end and type of names, in no order; `spans` are the known names of the text."""
    found = words(text)
    text = gazetteer.load().plain(text, LANGUAGE)
    ends = [0, *found.ends.tolist()]
    borders = frozenset(ends)
    persons = [*_by_pattern(text, borders), *_titled(text, found, borders), *_by_words(text, found, ends)]
    yield from persons
    yield from _again(text, persons, borders)
    yield from _places_and_bodies(found, ends, spans)


@lru_cache(maxsize=2)
def _characters(kind: str) -> frozenset[str]:
    return frozenset("".join(gazetteer.listed(kind, LANGUAGE)))


@lru_cache(maxsize=1)
def _patterns() -> tuple[re.Pattern[str], ...]:
    sounds = "".join(sorted(_characters("translit_zh")))
    dotted = rf"[{sounds}]{{1,6}}(?:[·•][{sounds}]{{1,7}})+"
    saying = rf"(?<!{_HAN}){_named()}(?=说|表示|指出|认为|介绍|告诉|称)"
    return tuple(map(re.compile, (dotted, saying, rf"[{sounds}]{{4,8}}")))


@lru_cache(maxsize=1)
def _after_title() -> re.Pattern[str]:
    # One or two signs after a surname: what follows has to be no part of a word, else half of it becomes a name.
    return re.compile(rf"{_named()}(?=[，。、：:\s说表指认称在和于与的等报]|今|昨|介)")


def _named() -> str:
    return rf"[{''.join(sorted(_characters('surname_zh')))}]{_HAN}{{1,2}}"


def _titled(text: str, found: Words, borders: frozenset[int]) -> Iterator[Found]:
    """Yield what begins with a surname right after a title."""
    for end in found.ends[found.kinds == TITLE].tolist():
        match = _after_title().match(text, end)
        if match and match.end() in borders:
            yield end, match.end(), "person"


def _by_pattern(text: str, borders: frozenset[int]) -> Iterator[Found]:
    for pattern in _patterns():
        for match in pattern.finditer(text):
            start, end = match.span()
            if start in borders and end in borders:
                yield start, end, "person"


def _by_words(text: str, found: Words, ends: Sequence[int]) -> Iterator[Found]:
    """Yield words that are a person's name, and surnames that stand apart with the word after them."""
    surnames = _characters("surname_zh")
    kinds, ranks = found.kinds.tobytes(), found.ranks.tobytes()
    for at in np.flatnonzero(_PERSONS.take(found.kinds)).tolist():
        start, end = ends[at : at + 2]
        if ranks[at] <= _RARE and _is_person(text[start:end], kinds[at]):
            yield start, end, "person"
        elif kinds[at + 1 : at + 2] in _GIVEN and text[start:end] in surnames and ends[at + 2] - end <= _LONGEST_GIVEN:
            yield start, ends[at + 2], "person"


def _is_person(word: str, kind: int) -> bool:
    if kind == PERSON and 1 < len(word) <= _LONGEST_CHINESE and word[0] in _characters("surname_zh"):
        return True
    return len(word) > _LONGEST_GIVEN and _characters("translit_zh").issuperset(word)


def _again(text: str, persons: Sequence[Found], borders: frozenset[int]) -> Iterator[Found]:
    """Yield the other places of the persons in a text, the longest of those that begin in one place."""
    names = dict.fromkeys(text[start:end] for start, end, _ in persons if end - start >= _SHORTEST_AGAIN)
    places = [(at, -len(name)) for name in islice(names, _NAMES_AGAIN) for at in _all_of(name, text)]
    reached = 0
    for start, shorter in sorted(places):
        if start < reached:
            continue
        reached = start - shorter
        if start in borders:
            yield start, reached, "person"


def _all_of(name: str, text: str) -> Iterator[int]:
    at = text.find(name)
    while at >= 0:
        yield at
        at = text.find(name, at + 1)


def _places_and_bodies(found: Words, ends: Sequence[int], spans: Sequence[KnownSpan]) -> Iterator[Found]:
    """Yield places of the dictionary and of the lists, longer by an ending, and organisations up to theirs."""
    kinds, ranks = found.kinds.tobytes(), found.ranks.tobytes()
    places = _last_words(ends, spans)
    for at in sorted({*places, *np.flatnonzero(_BEGINS.take(found.kinds)).tolist()}):
        length = ends[at + 1] - ends[at]
        place = at in places or (kinds[at] == PLACE and length > 1)
        last, body = places.get(at, at), -1
        if place or (kinds[at] in COINED and ranks[at] <= _RARE):
            body = _end_of_body(last, kinds, most=_WORDS_OF_BODY if place else 1)
        if body >= 0:
            yield ends[at], ends[body + 1], "organisation"
        elif kinds[at] == ORGANISATION and length >= _SHORTEST_BODY:
            yield ends[at], ends[at + 1], "organisation"
        elif place:
            yield ends[at], ends[_end_of_place(last, kinds) + 1], "place"


def _last_words(ends: Sequence[int], spans: Sequence[KnownSpan]) -> dict[int, int]:
    """Return by its first word the last one of each known place that cuts no word."""
    places: dict[int, int] = {}
    for start, end, known in spans:
        first, after = bisect_left(ends, start), bisect_left(ends, end)
        if known.type == "place" and ends[first] == start and ends[after] == end:
            places[first] = after - 1
    return places


def _end_of_body(at: int, kinds: bytes, most: int) -> int:
    """Return the last word that a body can end with, of those after the first that go on as its name; -1 for none."""
    best = -1
    for following in range(at + 1, min(len(kinds), at + 1 + most)):
        if kinds[following] not in WITHIN_BODY:
            break
        if kinds[following] in (ORGANISATION, ORGANISATION_END):
            best = following
    return best


def _end_of_place(at: int, kinds: bytes) -> int:
    return at + 1 if at + 1 < len(kinds) and kinds[at + 1] == PLACE_END else at
