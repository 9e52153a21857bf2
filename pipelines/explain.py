"""Why two stored stories are, or are not, one family: what was decided, what comparing finds, where words differ."""

import math
from collections import defaultdict, deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any

from rich.text import Text

from pipelines.query import escaped
from schemas.errors import UsageError
from transforms.fold.explain import Explanation, Told, explain
from transforms.fold.furniture_rows import known_hashes
from transforms.fold.settings import FoldSettings
from transforms.fold.signature import UNDATED
from transforms.lake.views import Session

_COLUMNS = (
    "article_id, item_id, title, text, language, source, url, published_at, epoch_us(published_at) as published, "
    "content_hash, family_id, relation, duplicate_of, similarity, containment, lookalike_of, revision"
)
_CONTEXT_WORDS = 6
_MOST_STRETCHES = 12


@dataclass(frozen=True)
class Story:
    """One stored version, as far as an explanation needs it."""

    row: dict[str, Any]

    @property
    def id(self) -> str:
        """The article_id."""
        return str(self.row["article_id"])

    def told(self) -> Told:
        """Return what Fold compares."""
        published = self.row["published"]
        return Told(
            self.row["title"] or "",
            self.row["text"] or "",
            UNDATED if published is None else int(published),
            self.row["content_hash"],
        )


@dataclass(frozen=True)
class Why:
    """The whole answer."""

    first: Story
    second: Story
    same_family: bool
    explanation: Explanation
    path: Sequence[tuple[str, float]]  # the accepted pairs that lead from the first to the second: story, similarity


def why(session: Session, first: str, second: str, settings: FoldSettings) -> Why:
    """Compare two stored stories, each named by article_id (or its beginning), the input's id, or URL.

    Raises:
        UsageError: a name fits no stored story, or several.
    """
    one, other = find_story(session, first), find_story(session, second)
    # By the view, not by family_id: a later story may have bridged the families of the two.
    families = session.ask(
        f"select count(*) from families where list_contains(family_ids, '{one.row['family_id']}') "  # noqa: S608  hex ids
        f"and list_contains(family_ids, '{other.row['family_id']}')"
    )
    same = families.column(0)[0].as_py() > 0
    known = known_hashes(session.ask("select paragraph_hash from furniture").column(0).to_pylist())
    path = _path(session, one, other) if same else ()
    return Why(one, other, same, explain(one.told(), other.told(), settings, known), path)


def find_story(session: Session, name: str) -> Story:
    """Return the newest stored version of a story.

    Raises:
        UsageError: the name fits no stored story, or several.
    """
    literal = "'" + name.replace("'", "''") + "'"
    found = session.ask(
        f"select {_COLUMNS} from stories where article_id = {literal} or item_id = {literal} or url = {literal} "  # noqa: S608  quoted above
        f"or canonical_url = {literal} or (length({literal}) >= 6 and starts_with(article_id, {literal})) "
        "order by revision desc, article_id"
    ).to_pylist()
    if not found:
        raise UsageError(f"{name}: no stored story has this article_id, id or URL; newsfold query shows what is stored")
    ids = {row["article_id"] for row in found}
    if len(ids) > 1 and len({(row["item_id"], row["url"]) for row in found}) > 1:
        raise UsageError(f"{name}: fits {len(ids)} stories; name one by its article_id: {', '.join(sorted(ids)[:4])}")
    return Story(found[0])


def _path(session: Session, one: Story, other: Story) -> list[tuple[str, float]]:
    """Return the shortest way over accepted pairs from one story of a family to another, with their similarities."""
    rows = session.ask(
        "select article_id, duplicate_of, similarity, unnest(links) as link from stories where family_id in "  # noqa: S608  hex ids
        f"(select unnest(family_ids) from families where list_contains(family_ids, '{one.row['family_id']}'))"
    ).to_pylist()
    near: dict[str, dict[str, float]] = defaultdict(dict)
    for row in rows:
        first, second, similarity = row["article_id"], row["link"]["article_id"], row["link"]["similarity"]
        near[first][second] = near[second][first] = similarity
    came: dict[str, str] = {one.id: ""}
    waiting = deque([one.id])
    while waiting and other.id not in came:
        story = waiting.popleft()
        for following in sorted(near[story], key=lambda name, of=story: (-near[of][name], name)):  # type: ignore[misc]
            if following not in came:
                came[following] = story
                waiting.append(following)
    path, story = [], other.id
    while came.get(story):
        path.append((story, near[came[story]][story]))
        story = came[story]
    return path[::-1]


def _chain(answer: Why) -> Iterator[Text]:
    if len(answer.path) > 1:
        steps = "".join(f" — {similarity:.2f} → {name}" for name, similarity in answer.path)
        yield Text(f"joined by accepted pairs: {answer.first.id}{steps}")


def describe(answer: Why) -> Iterator[Text]:
    """Yield the answer as lines for a terminal."""
    for letter, story in (("A", answer.first), ("B", answer.second)):
        yield Text(f"{letter}  {_title(story)}", style="bold")
        yield Text(f"   {_facts(story)}")
        yield Text(f"   {_decided(story, answer)}")
    yield Text("")
    yield Text(
        "one family" if answer.same_family else "two families", style="bold green" if answer.same_family else "bold red"
    )
    yield from _chain(answer)
    yield from map(Text, _found(answer.explanation))
    yield Text("")
    yield from difference_lines(answer.first.row["text"] or "", answer.second.row["text"] or "")


def to_json(answer: Why) -> dict[str, Any]:
    """Return the answer as plain values."""
    found = answer.explanation
    return {
        "first": answer.first.id,
        "second": answer.second.id,
        "same_family": answer.same_family,
        "path": [{"article_id": name, "similarity": round(similarity, 4)} for name, similarity in answer.path],
        "relation": found.relation,
        "met_as_candidates": found.met_as_candidates,
        "shared_keys": found.shared_keys,
        "furniture_lines": list(found.furniture),
        "evidence": {name: None if math.isnan(value) else round(value, 4) for name, value in found.evidence.items()},
        "guard": list(found.guard),
        "differences": list(found.differences),
    }


def difference_lines(first: str, second: str) -> Iterator[Text]:
    """Yield the stretches where two texts differ with some words around: A's words red, B's green."""
    words, others = first.split(), second.split()
    # Without its guess at junk, which takes any word that recurs in a long text for one.
    changes = [c for c in SequenceMatcher(None, words, others, autojunk=False).get_opcodes() if c[0] != "equal"]
    for _, start, end, other_start, other_end in changes[:_MOST_STRETCHES]:
        line = Text("… " + _shown(words[max(0, start - _CONTEXT_WORDS) : start]) + " ")
        line.append(f"[-{_shown(words[start:end])}-]" if end > start else "", style="red")
        line.append(f"{{+{_shown(others[other_start:other_end])}+}}" if other_end > other_start else "", style="green")
        yield line.append(" " + _shown(words[end : end + _CONTEXT_WORDS]) + " …")
    if len(changes) > _MOST_STRETCHES:
        yield Text(f"and {len(changes) - _MOST_STRETCHES} more places")
    if not changes:
        yield Text("the texts are the same, word for word")


def _title(story: Story) -> str:
    return escaped(story.row["title"] or "(no title)")


def _facts(story: Story) -> str:
    row = story.row
    facts = (story.id, row["language"], row["source"], row["published_at"] or "undated", row["url"])
    return escaped(" · ".join(str(fact) for fact in facts if fact))


def _decided(story: Story, answer: Why) -> str:
    other = answer.second if story is answer.first else answer.first
    row = story.row
    partner = row["duplicate_of"] or row["lookalike_of"]
    named = "the other one" if partner == other.id else partner
    if row["relation"]:
        found = f"similarity {row['similarity']:.3f}, containment {row['containment']:.3f}"
        return f"stored as duplicate: {row['relation']} of {named} ({found})"
    if row["lookalike_of"]:
        return f"stored as an article that only looks like {named}"
    return f"stored as an article, version {row['revision']}"


def _found(found: Explanation) -> Iterator[str]:
    e = found.evidence
    met = "met" if found.met_as_candidates else "did not meet"
    yield f"as candidates they {met}: {found.shared_keys} of 64 keys shared"
    if any(found.furniture):
        yield f"left out as site furniture: {found.furniture[0]} lines of A, {found.furniture[1]} of B"
    yield f"compared directly: {found.relation}"
    yield f"  3-word windows in common (similarity)  {e['jaccard']:.3f}"
    yield f"  of the shorter's windows (containment) {e['containment']:.3f}"
    yield f"  of the shorter's words                 {e['bag']:.3f}"
    yield f"  opening {e['opening']:.2f}, titles {e['title']:.2f}, length of the shorter {e['words']:.0f} words"
    yield f"  numbers replaced {e['numbers_replaced']:.0f} of {e['numbers']:.0f}"
    yield f"  names replaced {e['names_replaced']:.0f} of {e['names']:.0f}"
    yield "  days apart unknown" if math.isnan(e["days"]) else f"  days apart {e['days']:.1f}"
    yield f"  the guard saw: {'; '.join(found.guard) or 'nothing against it'}"


def _shown(words: Sequence[str]) -> str:
    most = 40
    return escaped(" ".join(words if len(words) <= most else [*words[:most], f"… ({len(words) - most} more words)"]))
