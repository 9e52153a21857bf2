"""Decide over a whole article: which candidates are names, of what type, and which are one entity."""

from collections.abc import Iterable, Sequence

from schemas.records import Entity, EntityType, Mention
from transforms.entities.inflect import stem
from transforms.entities.lexicon import Lexicon
from transforms.entities.pieces import Candidate

_NOUN_CAPITALS = frozenset(("de", "lb"))
_FLOOR = 1.0  # evidence below which a lone capitalised noun stays a noun


def _stems(found: Candidate, lexicon: Lexicon) -> tuple[str, ...]:
    return tuple(stem(word, lexicon.language).casefold() for word in found.words)


def _type(found: Candidate) -> EntityType:
    """Return the type with most evidence; without any, long names are organisations, pairs persons, words places."""
    if found.known is not None:
        return found.known.type
    options: list[tuple[float, EntityType]] = [
        (found.person, "person"),
        (found.place, "place"),
        (found.organisation, "organisation"),
    ]
    best = max(score for score, _ in options)
    if best <= 0:
        return ("organisation", "place", "person", "organisation")[min(len(found.words), 3)]  # type: ignore[return-value]
    return next(kind for score, kind in options if score == best)


def _pool(candidates: Sequence[Candidate], lexicon: Lexicon) -> dict[tuple[str, ...], Candidate]:
    """Add up the evidence of all places where the same words stand."""
    pooled: dict[tuple[str, ...], Candidate] = {}
    for found in candidates:
        key = _stems(found, lexicon)
        if key not in pooled:
            pooled[key] = Candidate(0, 0, found.text, found.known, found.sure, found.opens, found.words)
        total = pooled[key]
        total.person += found.person
        total.place += found.place
        total.organisation += found.organisation
        total.sure = total.sure or found.sure or not found.opens
        total.known = total.known or found.known
    return pooled


def _accepted(found: Candidate, total: Candidate, lexicon: Lexicon) -> bool:
    if found.known is not None or total.known is not None:
        return True
    best = max(total.person, total.place, total.organisation)
    if lexicon.language in _NOUN_CAPITALS:
        return best >= 2 and (found.sure or len(found.words) > 1 or best >= 3)
    if len(found.words) == 1:
        return total.sure if found.opens else True
    return True


def resolve(candidates: Sequence[Candidate], lexicon: Lexicon) -> tuple[Entity, ...]:
    """Turn the candidates of an article, in order, into its entities sorted by first mention."""
    pooled = _pool(candidates, lexicon)
    parts: dict[str, tuple[str, ...]] = {}
    for key, total in pooled.items():
        if len(key) > 1 and _type(total) == "person":
            parts.setdefault(key[-1], key)
            parts.setdefault(key[0], key)
    groups: dict[str, list[tuple[Candidate, EntityType]]] = {}
    for found in candidates:
        key = _stems(found, lexicon)
        total = pooled[key]
        joined = parts.get(key[0]) if len(key) == 1 and (total.known is None or total.known.type == "person") else None
        if joined is None and not _accepted(found, total, lexicon):
            continue
        target = pooled[joined] if joined else total
        known = target.known or total.known
        kind = known.type if known else _type(target)
        name = known.key if known else f"{kind}:{' '.join(joined or key)}"
        found.known = known
        groups.setdefault(name, []).append((found, kind))
    return tuple(_entity(found) for found in groups.values())


def _entity(group: Sequence[tuple[Candidate, EntityType]]) -> Entity:
    first, kind = group[0]
    mentions = tuple(Mention(f.field, f.text, f.start, f.end) for f, _ in group)  # type: ignore[arg-type]
    known = first.known
    name = known.name if known else max((m.text for m in mentions), key=len)
    return Entity(kind, name, known.id if known else None, len(mentions), mentions)


def in_order(candidates: Iterable[Candidate]) -> list[Candidate]:
    """Sort candidates by place, title before text."""
    return sorted(candidates, key=lambda f: (f.field == "text", f.start))
