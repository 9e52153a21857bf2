"""What a model's spans become: our three types, known names with their ids, one entity a name."""

from collections.abc import Iterable
from typing import Final, Literal, NamedTuple

from schemas.records import Entity, EntityType, Mention
from transforms.entities import gazetteer

# What models call them: OntoNotes, CoNLL, and the own tag sets of spaCy's Polish, Korean, Swedish and Nordic models.
# Nationalities, events, works and dates are none of our types, and left out.
TYPE_OF_LABEL: Final[dict[str, EntityType]] = {
    **dict.fromkeys(("PERSON", "PER", "PRS", "PS", "persName"), "person"),
    **dict.fromkeys(("GPE", "LOC", "LOCATION", "FAC", "FACILITY", "GPE_LOC", "LC", "placeName", "geogName"), "place"),
    **dict.fromkeys(("ORG", "ORGANIZATION", "ORGANISATION", "GPE_ORG", "OG", "orgName"), "organisation"),
}
_AROUND = " \t\r\n\"'“”„«»()[],;:"


class ModelSpan(NamedTuple):
    """A name that a model marks, offsets in code points of the field."""

    field: Literal["title", "text"]
    start: int
    end: int
    label: str


def entities_of(spans: Iterable[ModelSpan], title: str, text: str, language: str) -> tuple[Entity, ...]:
    """Return a model's spans as entities by first mention; a name that the gazetteer knows by that type gets its id."""
    groups: dict[tuple[str, str, str | None, EntityType], list[Mention]] = {}
    for span in spans:
        kind = TYPE_OF_LABEL.get(span.label)
        content = title if span.field == "title" else text
        start, end = _trimmed(content, span.start, span.end)
        if kind is None or start == end:
            continue
        surface = content[start:end]
        name = " ".join(surface.split())
        known = gazetteer.load().named(name, language)
        who = (known.key, known.name, known.id, kind) if known and known.type == kind else (name, name, None, kind)
        groups.setdefault(who, []).append(Mention(span.field, surface, start, end))
    return tuple(
        Entity(kind, name, identifier, len(mentions), tuple(mentions))
        for (_, name, identifier, kind), mentions in groups.items()
    )


def _trimmed(content: str, start: int, end: int) -> tuple[int, int]:
    """Return a span without spaces and quotes at its ends, which models of word pieces take in."""
    while start < end and content[start] in _AROUND:
        start += 1
    while end > start and content[end - 1] in _AROUND:
        end -= 1
    return start, end
