"""Names in Chinese by rule: surnames, sounds of foreign names, what bodies and places end with.

Names begin and end where words do (`chinese_words`): half a word is none.
"""

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import islice

from schemas.records import EntityType
from transforms.entities import gazetteer
from transforms.entities.chinese_words import (
    COINED,
    FOREIGN,
    LANGUAGE,
    ORGANISATION,
    ORGANISATION_END,
    PERSON,
    PLACE,
    PLACE_END,
    UNKNOWN,
    WITHIN_BODY,
    Words,
    words,
)
from transforms.entities.gazetteer import KnownSpan

Found = tuple[int, int, EntityType]
_RARE = 2  # rank up to which a word that the dictionary has as a person is one: 80 of 100 in texts of ours
_WORDS_OF_BODY = 6  # words of an organisation at most, without the place that it may begin with
_NAMES_AGAIN = 64  # persons of a text that are looked for in all of it: time stays linear
_SHORTEST_AGAIN = 2
_LONGEST_GIVEN = 2  # characters
_LONGEST_CHINESE = 3
_SHORTEST_BODY = 4  # characters of a word that is an organisation by itself


def find_chinese(text: str, spans: Sequence[KnownSpan]) -> Iterator[Found]:
    """Yield start, end and type of names, in no order; `spans` are the known names of the text."""
    found = words(text)
    text = gazetteer.load().plain(text, LANGUAGE)
    borders = frozenset((0, *found.ends.tolist()))
    persons = [*_by_pattern(text, borders), *_by_words(text, found)]
    yield from persons
    yield from _again(text, persons, borders)
    yield from _places_and_bodies(found, spans)


@lru_cache(maxsize=8)
def _listed(kind: str) -> frozenset[str]:
    return gazetteer.load().vocabulary(kind, LANGUAGE)


@lru_cache(maxsize=2)
def _characters(kind: str) -> frozenset[str]:
    return frozenset("".join(_listed(kind)))


@lru_cache(maxsize=1)
def _patterns() -> tuple[re.Pattern[str], ...]:
    sounds, surnames = ("".join(sorted(_characters(kind))) for kind in ("translit_zh", "surname_zh"))
    titles = "|".join(sorted(map(re.escape, _listed("person_title")), key=lambda word: (-len(word), word)))
    han = r"[\u4e00-\u9fff]"
    dotted = rf"(?P<n>[{sounds}]{{1,6}}(?:[·•][{sounds}]{{1,7}})+)"
    sounded = rf"(?P<n>[{sounds}]{{4,8}})"
    named = rf"(?P<n>[{surnames}]{han}{{1,2}})"
    # One or two signs after a surname: what follows has to be no part of a word, else half of it becomes a name.
    titled = rf"(?:{titles}){named}(?=[，。、：:\s说表指认称在和于与的等报]|今|昨|介)"
    saying = rf"(?<!{han}){named}(?=说|表示|指出|认为|介绍|告诉|称)"
    return tuple(map(re.compile, (dotted, titled, saying, sounded)))


def _by_pattern(text: str, borders: frozenset[int]) -> Iterator[Found]:
    for pattern in _patterns():
        for match in pattern.finditer(text):
            start, end = match.span("n")
            if start in borders and end in borders:
                yield start, end, "person"


def _by_words(text: str, found: Words) -> Iterator[Found]:
    """Yield words that are a person's name, and surnames that stand apart with the word after them."""
    surnames = _characters("surname_zh")
    before, start = -1, 0
    for end, kind, rank in zip(found.ends.tolist(), found.kinds.tolist(), found.ranks.tolist(), strict=True):
        length = end - start
        if before >= 0 and length <= _LONGEST_GIVEN and kind in (PERSON, UNKNOWN):
            yield before, end, "person"
        elif kind in (PERSON, FOREIGN) and rank <= _RARE and _is_person(text[start:end], kind):
            yield start, end, "person"
        before = start if length == 1 and kind == PERSON and text[start] in surnames else -1
        start = end


def _is_person(word: str, kind: int) -> bool:
    if kind == PERSON and 1 < len(word) <= _LONGEST_CHINESE and word[0] in _characters("surname_zh"):
        return True
    return len(word) > _LONGEST_GIVEN and _characters("translit_zh").issuperset(word)


def _again(text: str, persons: Sequence[Found], borders: frozenset[int]) -> Iterator[Found]:
    """Yield the other places of the persons in a text."""
    names = dict.fromkeys(text[start:end] for start, end, _ in persons if end - start >= _SHORTEST_AGAIN)
    if not names:
        return
    chosen = sorted(islice(names, _NAMES_AGAIN), key=lambda name: (-len(name), name))
    for match in re.finditer("|".join(map(re.escape, chosen)), text):
        if match.start() in borders:
            yield match.start(), match.end(), "person"


def _places_and_bodies(found: Words, spans: Sequence[KnownSpan]) -> Iterator[Found]:
    """Yield places of the dictionary and of the lists, longer by an ending, and organisations up to theirs."""
    borders = {end: at for at, end in enumerate(found.ends.tolist())}
    places = {s.start: borders[s.end] for s in spans if s.known.type == "place" and s.end in borders}
    ends, kinds, ranks = found.ends.tolist(), found.kinds.tolist(), found.ranks.tolist()
    start = 0
    for at, end in enumerate(ends):
        body = -1
        place = start in places or (kinds[at] == PLACE and end - start > 1)
        if place or (kinds[at] in COINED and ranks[at] <= _RARE):
            body = _end_of_body(places.get(start, at), kinds, most=_WORDS_OF_BODY if place else 1)
        if body >= 0:
            yield start, ends[body], "organisation"
        elif kinds[at] == ORGANISATION and end - start >= _SHORTEST_BODY:
            yield start, end, "organisation"
        elif place:
            yield start, ends[_end_of_place(places.get(start, at), kinds)], "place"
        start = end


def _end_of_body(at: int, kinds: Sequence[int], most: int) -> int:
    """Return the last word that a body can end with, of those after the first that go on as its name; -1 for none."""
    best = -1
    for following in range(at + 1, min(len(kinds), at + 1 + most)):
        if kinds[following] not in WITHIN_BODY:
            break
        if kinds[following] in (ORGANISATION, ORGANISATION_END):
            best = following
    return best


def _end_of_place(at: int, kinds: Sequence[int]) -> int:
    return at + 1 if at + 1 < len(kinds) and kinds[at + 1] == PLACE_END else at
