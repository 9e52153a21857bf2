"""Let a user's own names come before what a tagger found.

Where two mentions overlap the longer one stays, and of equal ones the user's. A name of the tagger's that is the same
as one of the user's, by its place or its id, becomes the user's with all its mentions, so that a later bare surname
comes along.
"""

from collections.abc import Iterable, Iterator, Sequence

from schemas.records import Entity, Mention
from transforms.entities.gazetteer import Gazetteer, Known, gazetteer_of
from transforms.entities.own_names import OwnName

_FIELDS = ("title", "text")


def own_gazetteer(names: Sequence[OwnName]) -> Gazetteer:
    """Return the user's names, ready to be found."""
    known = {
        spelling: Known(own.type, own.name, own.id, own.id or f"own:{own.type}:{own.name}")
        for own in names
        for spelling in (own.name, *own.aliases)
    }
    return gazetteer_of(known)


def overlaid(found: Iterable[Entity], title: str, text: str, language: str, own: Gazetteer) -> tuple[Entity, ...]:
    """Return an article's entities, the user's among them, by first mention."""
    groups: dict[Known | int, list[Mention]] = {}  # by the user's thing, or by the number of the tagger's entity
    entities = list(found)
    ours = [(mention, at) for at, entity in enumerate(entities) for mention in entity.mentions]
    wanted = [
        (mention, known)
        for mention, known in _mentions(title, text, language, own)
        if not _inside_longer(mention, ours)
    ]
    taken_over = _same(entities, wanted)
    for mention, known in wanted:
        groups.setdefault(known, []).append(mention)
    for mention, at in ours:
        if not any(_overlap(mention, other) for other, _ in wanted):
            groups.setdefault(taken_over.get(at, at), []).append(mention)
    made = [_entity(entities[who] if isinstance(who, int) else who, mentions) for who, mentions in groups.items()]
    return tuple(sorted(made, key=lambda entity: _order(entity.mentions[0])))


def _mentions(title: str, text: str, language: str, own: Gazetteer) -> Iterator[tuple[Mention, Known]]:
    for field, content in (("title", title), ("text", text)):
        for span in own.spans(content, language):
            yield Mention(field, content[span.start : span.end], span.start, span.end), span.known  # type: ignore[arg-type]  # one of the two


def _same(entities: Sequence[Entity], wanted: Iterable[tuple[Mention, Known]]) -> dict[int, Known]:
    """Map the tagger's entities that are one of the user's, by number."""
    by_place = {(mention.field, mention.start, mention.end): known for mention, known in wanted}
    # Names without an id are the same only by their place: two people may be called alike.
    by_id = {known.id: known for known in by_place.values() if known.id}
    same: dict[int, Known] = {}
    for at, entity in enumerate(entities):
        places = (by_place.get((mention.field, mention.start, mention.end)) for mention in entity.mentions)
        known = by_id.get(entity.id or "") or next(filter(None, places), None)
        if known is not None:
            same[at] = known
    return same


def _inside_longer(mention: Mention, ours: Iterable[tuple[Mention, int]]) -> bool:
    return any(_overlap(mention, other) and other.end - other.start > mention.end - mention.start for other, _ in ours)


def _overlap(one: Mention, other: Mention) -> bool:
    return one.field == other.field and one.start < other.end and other.start < one.end


def _entity(who: Entity | Known, mentions: list[Mention]) -> Entity:
    placed = tuple(sorted(mentions, key=_order))
    return Entity(who.type, who.name, who.id, len(placed), placed)


def _order(mention: Mention) -> tuple[int, int]:
    return _FIELDS.index(mention.field), mention.start
