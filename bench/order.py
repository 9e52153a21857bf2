"""How much the order in which articles come changes which are folded together: random splits of one corpus.

    order.py ARTICLES.jsonl [--splits 20] [--seed 1]

One run over all is held against A then B, B then A (halves at random), and ten slices in random order. Agreement is
the Jaccard similarity of folded pairs, as decided at commit and as the view `families` shows them. Each pair that
differs is counted under the first cause whose cure makes it agree:

    bridge      the view shows it alike, which merges families that one story holds
    furniture   it agrees where both ways know all site furniture from the start
    hot bucket  one of the two shares a key with more than 200 articles
    estimate    accepted as a pair in one order only: against what was stored, a fingerprint was judged
    chain       others join the two, and in another order they do not
"""

import argparse
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path

import numpy as np
from stories import stories

from transforms.fold.furniture import Furniture, no_lines
from transforms.fold.refold import Families, Remembered, Slice, fold_again, slice_of
from transforms.fold.revisions import Identities
from transforms.fold.settings import FoldSettings
from transforms.fold.sketch import EMPTY, HOT_RUN
from transforms.fold.texts import StoredText

Pair = tuple[str, str]


@dataclass(frozen=True)
class Corpus:
    """Articles ready to be folded, and their texts for who asks."""

    whole: Slice
    texts: dict[bytes, StoredText]

    def part(self, rows: Sequence[int]) -> Slice:
        """Return some of the articles."""
        taken, one = np.array(rows, dtype=np.int64), self.whole.identities
        identities = Identities(
            one.article_id[taken],
            one.item_key[taken],
            [one.item_id[row] for row in rows],
            one.raw_sha256[taken],
            [one.source_uri[row] for row in rows],
            one.published[taken],
            one.updated[taken],
        )
        return Slice(identities, self.whole.signatures.take(taken), self.whole.fingerprints[taken])


@dataclass(frozen=True)
class Folded:
    """One way of folding: pairs as decided, pairs as the view shows them, accepted pairs, furniture learned."""

    decided: set[Pair]
    viewed: set[Pair]
    accepted: set[Pair]
    furniture: Furniture


def read(path: Path) -> Corpus:
    """Return the articles of a file of JSON lines."""
    table = stories(path)
    ids, *told = (table.column(name).to_pylist() for name in ("article_id", "title", "text", "content_hash"))
    return Corpus(slice_of(table), dict(zip((one.encode() for one in ids), map(StoredText, *told), strict=True)))


def fold(corpus: Corpus, parts: Sequence[Sequence[int]], known: Furniture | None = None) -> Folded:
    """Fold the parts one after the other, with the texts of what is stored at hand, as in a lake."""
    families, before = Families(), Remembered() if known is None else Remembered(furniture=known)
    for part in parts:
        given = corpus.part(part)
        decisions, before = fold_again(
            given, before, FoldSettings(), lambda ids, _: {one: corpus.texts[one] for one in ids.tolist()}
        )
        families.add(given, decisions)
    accepted = {(min(one, other), max(one, other)) for one, other, _ in families.links}
    learned = Furniture(before.furniture.known, no_lines())
    return Folded(pairs(families.family_of), pairs(families.bridged()), accepted, learned)


def pairs(family_of: dict[str, str]) -> set[Pair]:
    """Return the pairs of articles in one family."""
    families: dict[str, list[str]] = defaultdict(list)
    for story, family in family_of.items():
        families[family].append(story)
    return {pair for stories in families.values() for pair in combinations(sorted(stories), 2)}


def agreement(one: set[Pair], other: set[Pair]) -> float:
    """Return the Jaccard similarity."""
    return len(one & other) / max(len(one | other), 1)


def hot(corpus: Corpus) -> set[str]:
    """Return the articles that share a key with more than a hot bucket holds."""
    keys = corpus.whole.signatures.keys
    values, counts = np.unique(keys[keys != EMPTY], return_counts=True)
    crowded = np.isin(keys, values[counts > HOT_RUN]).any(axis=1)
    return {one.decode() for one in corpus.whole.identities.article_id[crowded].tolist()}


def causes(whole: Folded, split: Folded, cured: tuple[Folded, Folded], crowded: set[str]) -> Counter[str]:
    """Count the pairs that differ by cause; `cured` are both ways with all furniture known from the start."""
    found = Counter[str]()
    for pair in whole.decided ^ split.decided:
        if (pair in whole.viewed) == (pair in split.viewed):
            found["bridge"] += 1
        elif (pair in cured[0].viewed) == (pair in cured[1].viewed):
            found["furniture"] += 1
        elif pair[0] in crowded or pair[1] in crowded:
            found["hot bucket"] += 1
        elif (pair in whole.accepted) != (pair in split.accepted):
            found["estimate"] += 1
        else:
            found["chain"] += 1
    return found


def main() -> None:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("articles", type=Path)
    parser.add_argument("--splits", type=int, default=20)
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args()
    corpus = read(args.articles)
    count = len(corpus.texts)
    whole, crowded = fold(corpus, [range(count)]), hot(corpus)
    known = fold(corpus, [range(count)], whole.furniture)
    worst: dict[str, list[float]] = defaultdict(lambda: [1.0, 1.0])
    total = Counter[str]()
    for split in range(args.splits):
        order = np.random.default_rng([args.seed, split]).permutation(count).tolist()
        halves = [order[: count // 2], order[count // 2 :]]
        ways = {"A, B": halves, "B, A": halves[::-1], "ten": [order[at::10] for at in range(10)]}
        for name, parts in ways.items():
            found = fold(corpus, parts)
            decided, viewed = agreement(whole.decided, found.decided), agreement(whole.viewed, found.viewed)
            worst[name] = [min(worst[name][0], decided), min(worst[name][1], viewed)]
            cured = found if whole.viewed == found.viewed else fold(corpus, parts, whole.furniture)
            why = causes(whole, found, (known, cured), crowded)
            total += why
            print(f"split {split:2} {name:5} decided {decided:.4f} viewed {viewed:.4f} {dict(why)}", flush=True)
    for name, (decided, viewed) in worst.items():
        print(f"worst of {args.splits}, {name}: decided {decided:.4f}, viewed {viewed:.4f}")
    print(f"pairs that differ, by cause: {dict(total)}; {len(whole.decided)} pairs in one run")


if __name__ == "__main__":
    main()
