"""What other settings would make of a lake's families: its stories are folded again in memory, nothing is written."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import pyarrow as pa
from rich.text import Text

from pipelines.query import printable
from transforms.fold.changes import Change, joined
from transforms.fold.furniture import Furniture, no_lines
from transforms.fold.furniture_rows import known_hashes
from transforms.fold.refold import COLUMNS, Families, Remembered, fold_again, slice_of
from transforms.fold.settings import FoldSettings
from transforms.fold.texts import stored_texts
from transforms.lake.layout import Lake
from transforms.lake.views import Session

SLICE_STORIES = 20_000
"""Stories decided together, unless one commit has more: two slices of an ingest, so that half as much is estimated."""
SAMPLES = 10


@dataclass(frozen=True)
class Outlook:
    """What would change; a family counts as the view of that name shows it."""

    stories: int
    families: tuple[int, int]  # as it is, as it would be
    gained: Sequence[Change]  # families that would hold what are several now
    lost: Sequence[Change]  # families that would fall apart
    titles: Mapping[str, str]  # of the first story of each part


def what_if(lake: Lake, session: Session, usual: FoldSettings, other: FoldSettings) -> Outlook:
    """Fold the stories of a lake again, in the order of their commits, by the usual settings and by the others.

    It costs some 0.3 ms of CPU a story, and memory for one slice and for two fingerprints of every story.
    """
    furniture = Furniture(known_hashes(session.ask("select paragraph_hash from furniture")[0].to_pylist()), no_lines())
    # Both ways are folded anew: what was decided at commit depended on the order of arrival and on older releases.
    ways = {settings: (Families(), Remembered(furniture=furniture)) for settings in (usual, other)}
    texts = stored_texts(lake)
    for stories in _slices(session):
        given = slice_of(stories)
        for settings, (families, before) in ways.items():
            decisions, after = fold_again(given, before, settings, texts)
            families.add(given, decisions)
            ways[settings] = families, after
    now, then = ways[usual][0], ways[other][0]
    gained, lost = joined(then, now), joined(now, then)
    counts = len(set(now.bridged().values())), len(set(then.bridged().values()))
    return Outlook(len(now.family_of), counts, gained, lost, _titles(session, [*gained, *lost]))


def describe(outlook: Outlook, changed: Mapping[str, object]) -> Iterator[Text]:
    """Yield the outlook as lines for a terminal."""
    told = ", ".join(f"{name} {value}" for name, value in changed.items())
    before, after = outlook.families
    yield Text(f"{outlook.stories} stories: {before} families now, {after} with {told}", style="bold")
    yield from _listed("gained", "would hold what are several now", outlook.gained, outlook.titles, "green")
    yield from _listed("lost", "would fall apart", outlook.lost, outlook.titles, "red")
    if outlook.gained or outlook.lost:
        yield Text("newsfold explain --lake DIR ID ID tells more of a pair")


def to_json(outlook: Outlook, changed: Mapping[str, object]) -> dict[str, Any]:
    """Return the outlook as plain values, with all changes."""
    plain = partial(_plain, titles=outlook.titles)
    return {
        "settings": dict(changed),
        "stories": outlook.stories,
        "families_now": outlook.families[0],
        "families_then": outlook.families[1],
        "gained": list(map(plain, outlook.gained)),
        "lost": list(map(plain, outlook.lost)),
    }


def _slices(session: Session) -> Iterator[pa.Table]:
    """Yield the stored stories in slices of whole commits, in the order of these."""
    commits = session.ask("select commit, count(*) as stories from stories group by all order by commit").to_pylist()
    spans: list[list[int]] = []  # first commit, last commit, stories
    for row in commits:
        if spans and spans[-1][2] + row["stories"] <= SLICE_STORIES:
            spans[-1][1:] = row["commit"], spans[-1][2] + row["stories"]
        else:
            spans.append([row["commit"], row["commit"], row["stories"]])
    for first, last, _ in spans:
        yield session.ask(
            f"select {', '.join(COLUMNS)} from stories where commit between {first} and {last} order by article_id"  # noqa: S608  numbers of ours
        )


def _titles(session: Session, changes: Sequence[Change]) -> dict[str, str]:
    heads = sorted({part[0] for change in changes for part in change.parts})
    if not heads:
        return {}
    listed = ", ".join(f"'{head}'" for head in heads)
    rows = session.ask(f"select article_id, title from stories where article_id in ({listed})").to_pylist()  # noqa: S608  hex ids
    return {row["article_id"]: row["title"] or "(no title)" for row in rows}


def _listed(name: str, what: str, changes: Sequence[Change], titles: Mapping[str, str], style: str) -> Iterator[Text]:
    yield Text(f"{name}: {len(changes)} {'family' if len(changes) == 1 else 'families'} that {what}", style=style)
    for change in changes[:SAMPLES]:
        sizes = " + ".join(str(len(part)) for part in change.parts)
        pair = "" if change.pair is None else f"   similarity {change.pair[2]:.2f}: {change.pair[0]} {change.pair[1]}"
        yield Text(f"  {sizes} stories{pair}")
        for part in change.parts[:SAMPLES]:
            yield Text(f"    {part[0]}  {printable(titles[part[0]])}")
    if len(changes) > SAMPLES:
        yield Text(f"  and {len(changes) - SAMPLES} more; --json lists all")


def _plain(change: Change, titles: Mapping[str, str]) -> dict[str, Any]:
    pair = change.pair
    return {
        "stories": change.stories,
        "parts": [{"title": titles[part[0]], "article_ids": list(part)} for part in change.parts],
        "pair": None if pair is None else list(pair[:2]),
        "similarity": None if pair is None else round(pair[2], 4),
    }
