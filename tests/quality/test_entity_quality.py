"""Entities on news-like texts written by us, every name marked, must stay above pinned floors.

A floor may be raised in floors.json when a change earns it; lowering one needs a reason in the same commit.
"""

import json
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from transforms.entities.find import find_entities
from transforms.entities.titled import Titled
from transforms.entities.trained import model
from transforms.entities.trained.tag import tag

HERE = Path(__file__).parent
MARK = re.compile(r"\[\[([PLO]) ([^\]]+)\]\]")
TYPES = {"P": "person", "L": "place", "O": "organisation"}


def read_marked(marked: str) -> tuple[str, set[tuple[int, int, str]]]:
    text, gold, end = "", set(), 0
    for match in MARK.finditer(marked):
        text += marked[end : match.start()]
        gold.add((len(text), len(text) + len(match[2]), TYPES[match[1]]))
        text += match[2]
        end = match.end()
    return text + marked[end:], gold


def articles() -> Iterator[tuple[str, str, str, set[tuple[int, int, str]]]]:
    for row in json.loads((HERE / "entity_texts.json").read_text("utf-8")):
        yield row["id"], row["language"], *read_marked(row["marked"])


def kept() -> Iterator[tuple[str, str, str, set[tuple[int, int, str]]]]:
    """Yield the documents of knowledge/gold that nothing is trained on: those whose number ends in 0."""
    for path in sorted((HERE.parent.parent / "knowledge" / "gold").glob("*.txt")):
        for part in re.split(r"(?m)^(?=# )", path.read_text("utf-8")):
            head, _, marked = part.partition("\n")
            if head.split(" ")[1:2] and head.split(" ")[1].endswith("0"):
                yield head, path.stem, *read_marked(marked.strip())


def measure(texts, find) -> dict[str, float]:
    count: Counter[str] = Counter()
    for _, language, text, gold in texts:
        found = {(m.start, m.end, e.type) for e in find("", text, language) for m in e.mentions}
        met = {g for g in gold if any(g[0] < f[1] and f[0] < g[1] for f in found)}
        touching = {f for f in found if any(g[0] < f[1] and f[0] < g[1] for g in gold)}
        count += Counter(
            gold=len(gold), found=len(found), typed=len(gold & found), met=len(met), touching=len(touching)
        )
    precision, recall = count["touching"] / count["found"], count["met"] / count["gold"]
    typed = 2 * count["typed"] / (count["gold"] + count["found"])
    return {"typed_f1": typed, "overlap_f1": 2 * precision * recall / (precision + recall)}


def test_texts_are_many_and_in_many_languages():
    rows = list(articles())
    assert len(rows) >= 30
    assert len({language for _, language, _, _ in rows}) >= 10
    assert len({identifier for identifier, *_ in rows}) == len(rows)


@pytest.mark.parametrize("figure", ["typed_f1", "overlap_f1"])
def test_figures_stay_above_their_floors(figure):
    floors = json.loads((HERE / "floors.json").read_text("utf-8"))["entities"]
    assert measure(articles(), find_entities)[figure] >= floors[figure]


def trained(title, text, language):
    return tag([Titled(title, text, language)], model.load())[0]


@pytest.mark.parametrize("figure", ["typed_f1", "overlap_f1"])
def test_the_trained_tagger_stays_above_its_floors_and_above_the_rules(figure):
    floors = json.loads((HERE / "floors.json").read_text("utf-8"))["entities_trained"]
    mine = measure(kept(), trained)[figure]
    assert mine >= floors[figure]
    assert mine > measure(kept(), find_entities)[figure]
