"""Which families two ways of folding the same stories do not share."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from transforms.fold.refold import Families


@dataclass(frozen=True, slots=True)
class Change:
    """One family of the one way that is several of the other way."""

    parts: Sequence[Sequence[str]]  # article ids of each of the several, its canonical first; the largest part first
    pair: tuple[str, str, float] | None  # the most similar accepted pair of two parts, and its similarity

    @property
    def stories(self) -> int:
        """How many stories the one family holds."""
        return sum(map(len, self.parts))


def joined(families: Families, others: Families) -> list[Change]:
    """Return the families that are several among `others`, the largest first; both as the view shows them."""
    here, there = families.bridged(), others.bridged()
    parts: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for story in sorted(here):
        parts[here[story]][there[story]].append(story)
    several = {family: found for family, found in parts.items() if len(found) > 1}
    pairs = _pairs(families, here, there, several)
    changes = [Change(_ordered(found), pairs.get(family)) for family, found in several.items()]
    return sorted(changes, key=lambda change: (-change.stories, change.parts))


def _pairs(
    families: Families, here: Mapping[str, str], there: Mapping[str, str], several: Mapping[str, object]
) -> dict[str, tuple[str, str, float]]:
    """Return for each of the families the most similar of the pairs that join its parts."""
    best: dict[str, tuple[str, str, float]] = {}
    for one, other, similarity in families.links:
        family = here[one]
        joins = family == here[other] and there[one] != there[other]
        if family in several and joins and (family not in best or similarity > best[family][2]):
            best[family] = (one, other, similarity)
    return best


def _ordered(parts: Mapping[str, list[str]]) -> list[list[str]]:
    """Return each part with its canonical in front, if that is in it, the largest part first."""
    headed = [sorted(stories, key=lambda story: (story != family, story)) for family, stories in parts.items()]
    return sorted(headed, key=lambda stories: (-len(stories), stories))
