"""Entity taggers by name: built in, or a model of an outside library; and a user's own names over any of them."""

import importlib
import importlib.util
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Protocol

from schemas.errors import UsageError
from schemas.records import Entity
from transforms.entities import gazetteer, own_names
from transforms.entities.find import find_all
from transforms.entities.overlay import overlaid, own_gazetteer
from transforms.entities.own_names import OwnName
from transforms.entities.titled import Titled
from transforms.entities.trained import model as trained_model
from transforms.entities.trained.tag import tag

_FAST_VERSION = 3  # raised when the rules change what they find
_DECISION_VERSION = 2  # raised when the same weights decide otherwise


@dataclass(frozen=True)
class EntityChoice:
    """Which tagger, and whose names come before what it finds; travels to workers as it is."""

    name: str = "fast"  # or accurate, spacy:MODEL, hf:MODEL
    own: tuple[OwnName, ...] = ()


class Tagger(Protocol):
    """Finds the entities of articles; a batch at a time, because models are cheaper so."""

    version: str  # changes with whatever may change what is found

    def __call__(self, articles: Sequence[Titled]) -> list[tuple[Entity, ...]]:
        """Return the entities of each article, by first mention, offsets in code points of each field as given."""
        ...


class _Fast:
    """Lists and rules."""

    def __init__(self) -> None:
        self.version = f"fast-{_FAST_VERSION}-{gazetteer.digest()}"

    def __call__(self, articles: Sequence[Titled]) -> list[tuple[Entity, ...]]:
        """Return the entities that lists and rules find."""
        return find_all(articles)


class _Accurate:
    """Lists and rules, and the tagger that is trained on marked texts."""

    def __init__(self) -> None:
        self.version = f"accurate-{_FAST_VERSION}-{_DECISION_VERSION}-{gazetteer.digest()}-{trained_model.digest()}"

    def __call__(self, articles: Sequence[Titled]) -> list[tuple[Entity, ...]]:
        """Return the entities that the trained tagger finds, in a language it does not know those of the rules."""
        return tag(articles, trained_model.load())


class _WithOwnNames:
    """Another tagger, and a user's names before its own."""

    def __init__(self, tagger: Tagger, own: tuple[OwnName, ...]) -> None:
        self._tagger, self._own = tagger, own_gazetteer(own)
        self.version = f"{tagger.version}+own-{own_names.digest(own)}"

    def __call__(self, articles: Sequence[Titled]) -> list[tuple[Entity, ...]]:
        """Return the entities of both."""
        return [
            overlaid(found, *article, self._own)
            for found, article in zip(self._tagger(articles), articles, strict=True)
        ]


BUILT_IN: dict[str, Callable[[], Tagger]] = {"fast": _Fast, "accurate": _Accurate}
# Kind of model → our module and class, the library it needs, which is also the name of the extra.
_MODELS = {"spacy": ("spacy_tagger", "SpacyTagger", "spacy"), "hf": ("hf_tagger", "HfTagger", "transformers")}


def check_choice(name: str) -> None:
    """Refuse a tagger that there is not, or whose library is not installed; loads nothing.

    Raises:
        UsageError: says what there is, or what to install.
    """
    kind, _, model = name.partition(":")
    if name in BUILT_IN:
        return
    if kind not in _MODELS or not model:
        raise UsageError(
            f"--entities {name}: there is none of that name; use {', '.join(BUILT_IN)}, spacy:MODEL or hf:MODEL"
        )
    library = _MODELS[kind][2]
    if importlib.util.find_spec(library) is None:
        raise UsageError(f"--entities {name}: {library} is not installed; run pip install 'newsfold[{kind}]'")


@lru_cache(maxsize=2)
def open_tagger(choice: EntityChoice = EntityChoice()) -> Tagger:
    """Return a tagger, once per process and choice; a model is loaded, the lists are by the first article.

    Raises:
        UsageError: there is no such tagger, its library is not installed, or its model cannot be loaded.
    """
    if choice.own:
        return _WithOwnNames(open_tagger(EntityChoice(choice.name)), choice.own)
    check_choice(choice.name)
    if choice.name in BUILT_IN:
        return BUILT_IN[choice.name]()
    kind, _, model = choice.name.partition(":")
    module, made, _ = _MODELS[kind]
    tagger: Tagger = getattr(importlib.import_module(f"transforms.entities.{module}"), made)(model)
    return tagger


def tag_version(choice: EntityChoice = EntityChoice()) -> str:
    """Name the tagger and what it knows, for `tags_version`: fast-3-0123abcd; changes with rules, lists or model."""
    return open_tagger(choice).version
