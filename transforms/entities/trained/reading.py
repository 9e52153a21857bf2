"""An article as the trained tagger reads it: tokens of title and text, and what rules and lists say of each."""

from collections.abc import Sequence
from dataclasses import dataclass

from schemas.records import Entity
from transforms.entities.gazetteer import Known
from transforms.entities.lexicon import Lexicon
from transforms.entities.trained.decode import TYPES
from transforms.entities.trained.tokens import Tokens, tokenize

BREAK = "\n\n"  # between title and text
_NUMBERS = {name: number for number, name in enumerate(TYPES)}


@dataclass(frozen=True, slots=True)
class Reading:
    """Tokens of title, break and text as one string; for each its tag (`features.TAGS`) and listing (`LISTED`)."""

    whole: str
    shift: int  # where the text begins
    tokens: Tokens
    tags: list[int]
    listed: list[int]
    known: dict[tuple[int, int], Known]  # names that the lists have, by start and end
    sure: list[tuple[int, int, int]]  # names that the rules have from the lists: first token, after the last, type


def read(title: str, text: str, words: Lexicon, by_rules: Sequence[Entity]) -> Reading:
    """Return the reading of an article in which the rules found some names."""
    whole = f"{title}{BREAK}{text}" if title else text
    reading = Reading(whole, len(whole) - len(text), tokenize(whole, words.language), [], [], {}, [])
    size = len(reading.tokens.starts)
    reading.tags.extend([0] * size)
    reading.listed.extend([0] * size)
    _mark_listed(reading, words)
    _mark_rules(reading, by_rules, words)
    return reading


def _mark_listed(reading: Reading, words: Lexicon) -> None:
    for start, end, known in words.gazetteer.spans(reading.whole, words.language):
        reading.known[start, end] = known
        put_listed(reading, *reading.tokens.covered(start, end), _NUMBERS[known.type])


def _mark_rules(reading: Reading, by_rules: Sequence[Entity], words: Lexicon) -> None:
    for entity in by_rules:
        same = words.gazetteer.named(entity.name, words.language)
        sure = entity.id is not None or (same is not None and same.type == entity.type)
        for field, mention, start, end in entity.mentions:
            shift = reading.shift if field == "text" else 0
            if entity.id is not None:
                reading.known[start + shift, end + shift] = Known(entity.type, entity.name, entity.id, entity.id)
            level = 2 if sure else 1 if entity.name.count(" ") > mention.count(" ") else 0
            first, after = reading.tokens.covered(start + shift, end + shift)
            put_tag(reading, first, after, _NUMBERS[entity.type], level)
            if sure:
                reading.sure.append((first, after, _NUMBERS[entity.type]))


def put_listed(reading: Reading, first: int, after: int, number: int) -> None:
    """Say of tokens that the lists have them as a name of a type."""
    for at in range(first, after):
        reading.listed[at] = 2 + 2 * number - (at == first)


def put_tag(reading: Reading, first: int, after: int, number: int, level: int) -> None:
    """Say that the rules find a name of a type there: `level` 0, or 1 as part of a longer one, or 2 from the lists."""
    base = 1 + 12 * number + 4 * level
    for at in range(first, after):
        reading.tags[at] = base + (3 if after - first == 1 else 0 if at == first else 2 if at == after - 1 else 1)
