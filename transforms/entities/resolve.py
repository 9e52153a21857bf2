"""Decide over a whole article: which candidates are names, of what type, and which are one entity."""

from collections.abc import Iterable, Sequence

from schemas.records import Entity, EntityType, Mention
from transforms.entities.lexicon import Lexicon
from transforms.entities.pieces import Candidate

Group = tuple[Candidate, list[Candidate]]  # the candidate that has evidence and type of all, and all in order
_NOUN_CAPITALS = frozenset(("de", "lb"))  # a capital says nothing there, so that a name needs evidence
_BY_LENGTH: tuple[EntityType, ...] = ("person", "person", "organisation")  # without any evidence: 1, 2, more words


def _type(found: Candidate) -> EntityType:
    """Return the type with most evidence; ties go to the person, then the place."""
    if found.known is not None:
        return found.known.type
    person, place, organisation = found.person, found.place, found.organisation
    if person <= 0 and place <= 0 and organisation <= 0:
        return _BY_LENGTH[min(len(found.key), 3) - 1]
    if person >= place and person >= organisation:
        return "person"
    return "place" if place >= organisation else "organisation"


def _pool(candidates: Sequence[Candidate]) -> dict[tuple[str, ...], Candidate]:
    """Add up the evidence of all places where the same words stand, on the first of them."""
    pooled: dict[tuple[str, ...], Candidate] = {}
    # One name has one type in an article: a mention beside a title or a preposition speaks for all the others.
    for found in candidates:
        total = pooled.setdefault(found.key, found)
        if total is found:
            found.sure = found.sure or not found.opens
            continue
        total.person += found.person
        total.place += found.place
        total.organisation += found.organisation
        total.sure = total.sure or found.sure or not found.opens
        total.known = total.known or found.known
    for total in pooled.values():
        total.type = _type(total)
    return pooled


def _accepted(found: Candidate, total: Candidate, lexicon: Lexicon) -> bool:
    if total.known is not None:
        return True
    if found.roles in {"N", "I"}:
        return False
    if lexicon.language in _NOUN_CAPITALS:
        best = max(total.person, total.place, total.organisation)
        if len(found.key) == 1:
            # 1.5 would let nouns in and cost .055 typed on German news, 3.5 would lose names: .029.
            return best >= 2.5 or (best >= 2 and found.roles == "G")
        return best >= 2 or (not found.opens and not found.key[-1].endswith(lexicon.noun_suffixes))
    return total.sure or not found.opens or len(found.key) > 1


def _full_names(pooled: dict[tuple[str, ...], Candidate]) -> dict[str, Candidate]:
    """Map the surname and the first name of every person with both to the whole name; the first to come has it."""
    parts: dict[str, Candidate] = {}
    # Over the whole article, not only what came before: a headline has the bare surname first.
    for key, total in pooled.items():
        if len(key) > 1 and total.type == "person":
            parts.setdefault(key[-1], total)
            parts.setdefault(key[0], total)
    return parts


def resolve(candidates: Sequence[Candidate], lexicon: Lexicon) -> tuple[Entity, ...]:
    """Turn the candidates of an article, in order, into its entities sorted by first mention."""
    return entities_of(grouped(candidates, lexicon))


def grouped(candidates: Sequence[Candidate], lexicon: Lexicon) -> list[Group]:
    """Put the candidates of an article, in order, together by what they name; what is no name is left out."""
    pooled = _pool(candidates)
    parts = _full_names(pooled)
    groups: dict[str, Group] = {}
    seen: dict[int, Group] = {}  # by target: most are met again
    for found in candidates:
        total = pooled[found.key]
        # A known place or organisation of one word stays itself: Jordan is no surname of Ann Jordan's.
        single = len(found.key) == 1 and (total.known is None or total.known.type == "person")
        whole = parts.get(found.key[0]) if single else None
        if whole is None and not _accepted(found, total, lexicon):
            continue
        target = whole if whole is not None and (whole.known is not None or total.known is None) else total
        group = seen.get(id(target))
        if group is None:
            key = target.known.key if target.known else f"{target.type}:{' '.join(target.key)}"
            group = seen[id(target)] = groups.setdefault(key, (target, []))
        group[1].append(found)
    return list(groups.values())


def name_of(group: Group) -> str:
    """Return the name that the lists have for what is named, else the longest that the article has."""
    target, found = group
    if target.known is not None:
        return target.known.name
    return found[0].text if len(found) == 1 else max([f.text for f in found], key=len)


def entities_of(groups: Iterable[Group]) -> tuple[Entity, ...]:
    """Return what each group names, in their order."""
    return tuple([_entity(group) for group in groups])


def _entity(group: Group) -> Entity:
    target, found = group
    assert target.type is not None
    mentions = tuple([Mention(f.field, f.text, f.start, f.end) for f in found])
    identifier = target.known.id if target.known is not None else None
    return Entity(target.type, name_of(group), identifier, len(mentions), mentions)
