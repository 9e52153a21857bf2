"""Measure what finds near-duplicates side by side, on corpora with planted copies of our own.

    dedup.py --peers .cache/peers/bin/python [--articles 2000] [--seed 11] [--out docs]

Every contender reads the same file in a process of its own, one after the other, on one core. Writes dedup.json,
dedup.svg and the tables of benchmarks.md (between its markers) into --out.
"""

import argparse
import csv
import json
import os
import subprocess
import sys
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from itertools import combinations
from pathlib import Path

import matplotlib as mpl
from contenders import CONTENDERS
from drawing import save
from planted import APART, COPIES, SETS, write

mpl.use("svg")
from matplotlib import pyplot as plt

HERE = Path(__file__).parent
START, END = "<!-- measured by make bench-dedup -->", "<!-- end -->"
READING = "reading alone"


@dataclass(frozen=True)
class Result:
    """One contender on one corpus."""

    corpus: str
    name: str
    articles: int
    precision: float
    recall: float
    f1: float  # over pairs of articles in one group
    by_kind: Mapping[str, float]  # recall of the pairs in which a copy of the kind stands
    merged: int  # form letters, bulletins and follow-ups in a group with another story
    apart: int  # of so many
    cpu_seconds: float  # less what a process needs that only reads the file
    peak_mb: float

    @property
    def rate(self) -> float:
        """Articles a CPU second."""
        return self.articles / max(self.cpu_seconds, 1e-9)


def run(name: str, python: str, articles: Path, out: Path) -> tuple[float, float]:
    """Run one contender; return its CPU seconds and its peak resident set in MB."""
    command = [python, str(HERE / "contenders.py"), name, str(articles), str(out)]
    environment = os.environ | {"PYTHONPATH": str(HERE.parent), "OMP_NUM_THREADS": "1", "HF_HUB_OFFLINE": "1"}
    log = out.with_suffix(".log")
    with log.open("wb") as said:
        process = subprocess.Popen(command, stdout=said, stderr=said, env=environment)  # noqa: S603  our own script
        _, status, usage = os.wait4(process.pid, 0)
    if status:
        sys.exit(f"{name} failed: {log.read_text('utf-8', 'replace')[-2000:]}")
    return usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


def score(corpus: str, name: str, truth: Sequence[Mapping[str, str]], groups: Mapping[str, int]) -> Result:
    """Return how the groups compare with the truth; costs are left at 0."""
    kinds = {row["id"]: row["kind"] for row in truth}
    expected = _pairs((row["id"], row["cluster"]) for row in truth)
    found = _pairs((one, groups[one]) for one in kinds)
    right, wrong = expected & found, found - expected
    met: dict[str, Counter[bool]] = defaultdict(Counter)
    for pair in expected:
        for kind in {kinds[one] for one in pair} & set(COPIES):
            met[kind][pair in found] += 1
    precision, recall = len(right) / max(len(found), 1), len(right) / len(expected)
    return Result(
        corpus,
        name,
        len(truth),
        round(precision, 4),
        round(recall, 4),
        round(2 * len(right) / (len(found) + len(expected)), 4),
        {kind: round(met[kind][True] / met[kind].total(), 3) for kind in COPIES if met[kind]},
        len({one for pair in wrong for one in pair if kinds[one] in APART}),
        sum(kind in APART for kind in kinds.values()),
        0.0,
        0.0,
    )


def _pairs(named: Iterable[tuple[str, object]]) -> set[tuple[str, str]]:
    groups: dict[object, list[str]] = defaultdict(list)
    for one, group in named:
        groups[group].append(one)
    return {pair for members in groups.values() for pair in combinations(sorted(members), 2)}


def measure(corpus: str, count: int, seed: int, peers: str, folder: Path) -> list[Result]:
    """Return the results of all contenders on one corpus, with the seconds that they took on the screen."""
    write(SETS[corpus](count, seed), seed, folder / corpus)
    articles = folder / corpus / "articles.jsonl"
    truth = list(csv.DictReader((folder / corpus / "truth.csv").open(encoding="utf-8", newline="")))
    costs, results = {}, []
    for name in sorted(CONTENDERS, key=lambda name: name != READING):
        out, begun = folder / f"{corpus}-{len(costs)}.json", time.monotonic()
        python = sys.executable if name == "newsfold" else peers
        costs[name] = run(name, python, articles, out)
        result = score(corpus, name, truth, json.loads(out.read_text("utf-8")))
        cpu = max(costs[name][0] - costs[READING][0], 0.0)
        result = Result(**asdict(result) | {"cpu_seconds": round(cpu, 2), "peak_mb": round(costs[name][1], 1)})
        if name == READING:
            continue  # what all of them do, and is taken off their figures
        results.append(result)
        print(
            f"{corpus:8} {name:26} F1 {result.f1:.4f} {result.rate:8,.0f}/s {time.monotonic() - begun:6.1f} s",
            flush=True,
        )
    return results


def tables(results: Sequence[Result]) -> str:
    """Return the tables of the page."""
    head = "| corpus | contender | F1 | precision | recall | wrongly merged | articles a CPU s | peak MB |"
    rows = [
        f"| {r.corpus} | {r.name} | {r.f1:.4f} | {r.precision:.4f} | {r.recall:.4f} | {r.merged} of {r.apart} "
        f"| {r.rate:,.0f} | {r.peak_mb:,.0f} |"
        for r in results
    ]
    kinds = ["| corpus | contender | " + " | ".join(COPIES) + " |", "|---|---|" + "---:|" * len(COPIES)]
    kinds += [
        f"| {r.corpus} | {r.name} | " + " | ".join(f"{r.by_kind.get(kind, 0):.3f}" for kind in COPIES) + " |"
        for r in results
    ]
    return "\n".join([head, "|---|---|" + "---:|" * 6, *rows, "", "Recall by kind of copy:", "", *kinds])


def draw(results: Sequence[Result], path: Path) -> None:
    """Draw F1 over speed, a panel a corpus."""
    corpora = sorted({result.corpus for result in results})
    figure, panels = plt.subplots(1, len(corpora), figsize=(6 * len(corpora), 4.5), sharey=True)
    for panel, corpus in zip(panels, corpora, strict=True):
        for result in (result for result in results if result.corpus == corpus):
            ours = result.name == "newsfold"
            panel.scatter(result.rate, result.f1, color="#c0392b" if ours else "#34495e", zorder=3)
            panel.annotate(result.name, (result.rate, result.f1), xytext=(5, 5), textcoords="offset points", fontsize=8)
        panel.set(xscale="log", xlabel="articles a CPU second", title=corpus, ylim=(0, 1.05))
        panel.grid(alpha=0.3)
    panels[0].set_ylabel("pairwise F1")
    figure.tight_layout()
    save(figure, path)


def main() -> None:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--peers", required=True)
    parser.add_argument("--articles", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=11)
    parser.add_argument("--out", type=Path, default=HERE.parent / "docs")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        results = [
            result for corpus in SETS for result in measure(corpus, args.articles, args.seed, args.peers, Path(folder))
        ]
    (args.out / "dedup.json").write_text(json.dumps([asdict(result) for result in results], indent=1) + "\n", "utf-8")
    draw(results, args.out / "dedup.svg")
    page = args.out / "benchmarks.md"
    before, _, rest = page.read_text("utf-8").partition(START)
    page.write_text(f"{before}{START}\n\n{tables(results)}\n\n{END}{rest.partition(END)[2]}", "utf-8")


if __name__ == "__main__":
    main()
