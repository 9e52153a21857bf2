"""Folding of small slices, without files."""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np
import pytest

from transforms.fold.decide import Decision, Decisions, decide
from transforms.fold.fingerprint import pack
from transforms.fold.memory import Memory, remember
from transforms.fold.revisions import Identities
from transforms.fold.settings import DAY_US, FoldSettings
from transforms.fold.signature import UNDATED, Signatures, sign
from transforms.fold.texts import StoredText


@dataclass(frozen=True)
class Story:
    id: str
    text: str
    title: str = ""
    day: float | None = 0  # of publication; None is undated
    url: str | None = None
    updated: float | None = None


@dataclass
class Folded:
    """Slices folded one after the other."""

    memory: Memory = field(default_factory=Memory)
    settings: FoldSettings = field(default_factory=FoldSettings)
    outcomes: dict[str, str] = field(default_factory=dict)
    families: dict[str, str] = field(default_factory=dict)  # story → story that began the family
    decisions: dict[str, Decision] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)  # article id → story
    texts: dict[bytes, StoredText] = field(default_factory=dict)

    def add(self, stories: Sequence[Story]) -> Decisions:
        identities, signatures = identities_of(stories), signatures_of(stories)
        decided = decide(identities, [signatures], pack(signatures), self.memory, self.settings, texts=self._stored)
        self.memory = remember(self.memory, decided.rows)
        told = [StoredText(story.title, story.text, f"1:{content_of(story)}") for story in stories]
        self.texts |= dict(zip(identities.article_id.tolist(), told, strict=True))
        ids = [identifier.decode() for identifier in identities.article_id.tolist()]
        self.outcomes |= {story.id: "seen" for story in stories}
        for decision in decided.decided:
            name = stories[decision.row].id
            self.names[ids[decision.row]] = name
            self.outcomes[name], self.decisions[name] = decision.outcome, decision
            self.families[name] = self.names[decision.family_id]
        return decided

    def _stored(self, ids, _published):
        return {one: self.texts[one] for one in ids.tolist()}

    def together(self, *ids: str) -> bool:
        return len({self.families[one] for one in ids}) == 1

    def lookalike(self, story: str) -> str | None:
        of = self.decisions[story].lookalike_of
        return None if of is None else self.names[of]


def digest(*parts: str, size: int = 32) -> str:
    return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()[:size]


def identities_of(stories: Sequence[Story]) -> Identities:
    contents = list(map(content_of, stories))
    items = [digest("url", s.url) if s.url else digest("id", s.id) for s in stories]
    return Identities(
        np.array([digest(i, c) for i, c in zip(items, contents, strict=True)], "S32"),
        np.array(items, "S32"),
        [story.id for story in stories],
        np.array([digest(repr(story), size=64) for story in stories], "S64"),
        [f"stories#{story.id}" for story in stories],
        times([story.day for story in stories]),
        times([story.updated for story in stories]),
    )


def content_of(story: Story) -> str:
    return digest(" ".join(story.title.split()), " ".join(story.text.split()))


def times(days: Sequence[float | None]):
    return np.array([UNDATED if day is None else round(day * DAY_US) for day in days], dtype=np.int64)


def signatures_of(stories: Sequence[Story]) -> Signatures:
    return sign(
        [s.title for s in stories],
        [s.text for s in stories],
        times([s.day for s in stories]),
        [f"1:{content_of(s)}" for s in stories],
    )


@pytest.fixture(scope="session")
def story() -> type[Story]:
    return Story


@pytest.fixture(scope="session")
def fold() -> Callable[..., Folded]:
    """Fold slices of stories, one after the other, on a memory that grows."""

    def folded(*slices: Sequence[Story], **settings: float) -> Folded:
        result = Folded(settings=FoldSettings(**settings))
        for stories in slices:
            result.add(stories)
        return result

    return folded


@pytest.fixture(scope="session")
def words() -> Callable[[int, int], list[str]]:
    """Return made-up words: the same numbers give the same ones, different numbers hardly ever share one."""

    def made(seed: int, count: int) -> list[str]:
        return [f"w{digest(str(seed), str(place), size=7)}" for place in range(count)]

    return made
