"""Entity taggers by name, behind one small protocol, so that others can be added."""

from typing import Protocol

from schemas.records import Entity
from transforms.entities import find, gazetteer


class Tagger(Protocol):
    """Finds the entities of one article."""

    def find_entities(self, title: str, text: str, language: str) -> tuple[Entity, ...]:
        """Return the entities of an article, by first mention, offsets in code points of each field as given."""
        ...


class _Rules:
    """Gazetteer and rules."""

    def find_entities(self, title: str, text: str, language: str) -> tuple[Entity, ...]:
        """Return the entities that lists and rules find."""
        return find.find_entities(title, text, language)


TAGGERS = ("rules",)
_RULES_VERSION = 1  # raised when the rules change what they find


def open_tagger(name: str = "rules") -> Tagger:
    """Return a tagger, its lists loaded.

    Raises:
        ValueError: there is no tagger of this name.
    """
    if name != "rules":
        raise ValueError(f"no entity tagger named {name!r}; there are: {', '.join(TAGGERS)}")
    gazetteer.load()
    return _Rules()


def tag_version(name: str = "rules") -> str:
    """Name the tagger and what it knows, for `tags_version`: rules-1-0123abcd; changes with rules or lists."""
    return f"{name}-{_RULES_VERSION}-{gazetteer.digest()}"
