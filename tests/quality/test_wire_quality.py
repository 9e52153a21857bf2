"""Quality of folding on what a wire sends, pinned: bulletins, briefs, stories and follow-ups of bench/planted.py."""

import csv
import sys
from collections import defaultdict
from itertools import combinations
from pathlib import Path

import pytest

from tests.quality.test_fold_quality import FLOORS, f1
from transforms.fold.refold import Families, Remembered, fold_again, slice_of
from transforms.fold.settings import FoldSettings

BENCH = str(Path(__file__).parents[2] / "bench")


@pytest.fixture(scope="module", params=["planted", "wire"])
def folded(request, tmp_path_factory):
    """Fold one corpus; return its name, folded pairs, true pairs and the kind of each article."""
    out = tmp_path_factory.mktemp("corpus")
    sys.path.insert(0, BENCH)
    try:
        import planted  # noqa: PLC0415  a script, on the path only here
        from stories import stories  # noqa: PLC0415  likewise
    finally:
        sys.path.remove(BENCH)
    planted.write(planted.SETS[request.param](900, 5), 5, out)
    table, families = stories(out / "articles.jsonl"), Families()
    given = slice_of(table)
    families.add(given, fold_again(given, Remembered(), FoldSettings())[0])
    truth = list(csv.DictReader((out / "truth.csv").open(encoding="utf-8", newline="")))
    named = dict(zip([row["id"] for row in truth], table.column("article_id").to_pylist(), strict=True))
    found = pairs({row["id"]: families.family_of[named[row["id"]]] for row in truth})
    return (
        request.param,
        found,
        pairs({row["id"]: row["cluster"] for row in truth}),
        {r["id"]: r["kind"] for r in truth},
    )


def pairs(group_of):
    groups = defaultdict(list)
    for one, group in group_of.items():
        groups[group].append(one)
    return {pair for members in groups.values() for pair in combinations(sorted(members), 2)}


def test_copies_are_found_and_strangers_are_not(folded):
    name, found, true, _ = folded
    assert f1(found, true) >= FLOORS["bench_f1"][name]


def test_no_bulletin_form_letter_or_follow_up_is_merged(folded):
    _, found, true, kinds = folded
    apart = {one for one, kind in kinds.items() if kind in ("form", "bulletin", "follow-up")}
    assert len(apart) > 5
    assert len({one for pair in found - true for one in pair} & apart) <= FLOORS["templates_merged"]
