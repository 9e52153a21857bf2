"""Decide over a whole article: which candidates are names, of what type, and which are one entity."""

from collections.abc import Sequence

from schemas.records import Entity, EntityType, Mention
from transforms.entities.lexicon import Lexicon
from transforms.entities.pieces import Candidate

_NOUN_CAPITALS = frozenset(("de", "lb"))
_BY_LENGTH: tuple[EntityType, ...] = ("person", "person", "organisation")  # without any evidence: 1, 2, more words


def _type(found: Candidate) -> EntityType:
    """Return the type with most evidence; ties go to the person, then the place."""
    if found.known is not None:
        return found.known.type
    best = max(found.person, found.place, found.organisation)
    if best <= 0:
        return _BY_LENGTH[min(len(found.key), 3) - 1]
    if found.person == best:
        return "person"
    return "place" if found.place == best else "organisation"


def _pool(candidates: Sequence[Candidate]) -> dict[tuple[str, ...], Candidate]:
    """Add up the evidence of all places where the same words stand."""
    pooled: dict[tuple[str, ...], Candidate] = {}
    for found in candidates:
        total = pooled.get(found.key)
        if total is None:
            total = pooled[found.key] = Candidate(0, 0, found.key, roles=found.roles)
        total.person += found.person
        total.place += found.place
        total.organisation += found.organisation
        total.sure = total.sure or found.sure or not found.opens
        total.known = total.known or found.known
    return pooled


def _accepted(found: Candidate, total: Candidate, lexicon: Lexicon) -> bool:
    if total.known is not None:
        return True
    if found.roles in {"N", "I"}:
        return False
    if lexicon.language in _NOUN_CAPITALS:
        best = max(total.person, total.place, total.organisation)
        if len(found.key) == 1:
            return best >= 2.5 or (best >= 2 and found.roles == "G")
        return best >= 2 or (not found.opens and not found.key[-1].endswith(lexicon.noun_suffixes))
    return total.sure or not found.opens or len(found.key) > 1


def _full_names(pooled: dict[tuple[str, ...], Candidate]) -> dict[str, Candidate]:
    """Map the surname and the first name of every person with both to the whole name; the first to come has it."""
    parts: dict[str, Candidate] = {}
    for key, total in pooled.items():
        if len(key) > 1 and _type(total) == "person":
            parts.setdefault(key[-1], total)
            parts.setdefault(key[0], total)
    return parts


def resolve(candidates: Sequence[Candidate], lexicon: Lexicon) -> tuple[Entity, ...]:
    """Turn the candidates of an article, in order, into its entities sorted by first mention."""
    pooled = _pool(candidates)
    parts = _full_names(pooled)
    groups: dict[str, tuple[Candidate, EntityType, list[Candidate]]] = {}
    for found in candidates:
        total = pooled[found.key]
        single = len(found.key) == 1 and (total.known is None or total.known.type == "person")
        whole = parts.get(found.key[0]) if single else None
        if whole is None and not _accepted(found, total, lexicon):
            continue
        target = whole if whole is not None and (whole.known is not None or total.known is None) else total
        kind = _type(target)
        name = target.known.key if target.known else f"{kind}:{' '.join(target.key)}"
        groups.setdefault(name, (target, kind, []))[2].append(found)
    return tuple(_entity(*group) for group in groups.values())


def _entity(target: Candidate, kind: EntityType, found: Sequence[Candidate]) -> Entity:
    mentions = tuple(Mention("title" if f.field == "title" else "text", f.text, f.start, f.end) for f in found)
    if target.known is not None:
        return Entity(kind, target.known.name, target.known.id, len(mentions), mentions)
    return Entity(kind, max((m.text for m in mentions), key=len), None, len(mentions), mentions)
