"""Measure what a large lake costs a small run: rounds of 1,000 new articles, one after the other in one process.

    memory_scale.py ARTICLES.jsonl LAKE [LAKE ...] [--rounds 3] [--rebuild]

Lakes are as bench/large_lake.py made them; each is copied first, and measured in a process of its own. Prints for each
round and stage the seconds on the clock, the CPU seconds, and the most memory that the process held meanwhile: all of
it, and what is its own (the rest are mapped files, whose pages the system may take back). With --rebuild the copy's
_memory is removed first, so that the first round makes it again from the tables.
"""

import argparse
import json
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from functools import wraps
from itertools import islice
from pathlib import Path
from typing import Any

from apache_beam.options.pipeline_options import PipelineOptions
from processes import own_mb, peak_mb

import pipelines.fold_and_commit
import pipelines.run
import transforms.fold.against_lake
from pipelines.options import IngestOptions
from transforms.lake.layout import open_lake

ROUND = 1_000
STAGES = (
    ("recall memory", transforms.fold.against_lake, "recall"),
    ("recall furniture", transforms.fold.against_lake, "recall_furniture"),
    ("fold", transforms.fold.against_lake, "fold_slice"),
    ("commit", pipelines.fold_and_commit, "commit_slice"),
    ("compact", pipelines.run, "compact"),
    ("all", pipelines.run, "ingest"),
)
Figures = dict[str, dict[str, float]]


def watched(figures: Figures, name: str, work: Callable[..., Any]) -> Callable[..., Any]:
    """Return the function, which now writes down what each call takes."""

    @wraps(work)
    def watching(*args: Any, **options: Any) -> Any:
        forget_peak()
        clock, cpu = time.monotonic(), time.process_time()
        result = work(*args, **options)
        peak, own = memory_mb()
        figures[name] = {
            "seconds": round(time.monotonic() - clock, 2),
            "cpu": round(time.process_time() - cpu, 2),
            "peak_mb": round(peak),
            "own_mb": round(own),
        }
        return result

    return watching


def forget_peak() -> None:
    """Let the kernel's count of the most memory begin anew."""
    Path("/proc/self/clear_refs").write_text("5", "ascii")


def memory_mb() -> tuple[float, float]:
    """Return the most memory held since the count began, and what of the memory held now is no mapped file, in MB."""
    return peak_mb(), own_mb()


def measure(lake: str, rounds: list[str]) -> None:
    """Ingest the files one after the other and print a line of JSON for each."""
    for articles in rounds:
        figures: Figures = {}
        kept = [(place, name, getattr(place, name)) for _, place, name in STAGES]
        for stage, place, name in STAGES:
            setattr(place, name, watched(figures, stage, getattr(place, name)))
        options = IngestOptions(inputs=(articles,), lake=lake, workers=1)
        pipelines.run.ingest(options, PipelineOptions([]), lambda _articles, _slices: None)
        for place, name, work in kept:
            setattr(place, name, work)
        # The whole run's peak is that of its largest stage, for each stage begins the count anew.
        figures["all"]["peak_mb"] = max(stage["peak_mb"] for stage in figures.values())
        print(json.dumps(figures), flush=True)


def measured(articles: Path, lake: Path, rounds: int, rebuild: bool) -> list[Figures]:
    """Return what each round into a copy of the lake took."""
    with tempfile.TemporaryDirectory(dir=lake.parent) as name, articles.open(encoding="utf-8") as lines:
        copy = Path(name, "lake")
        shutil.copytree(lake, copy)
        if rebuild:
            shutil.rmtree(open_lake(copy).memory)
        files = [Path(name, f"round-{number}.jsonl") for number in range(rounds)]
        for path in files:
            path.write_text("".join(islice(lines, ROUND)), "utf-8")
        command = [sys.executable, __file__, "--measure", str(copy), *map(str, files)]
        done = subprocess.run(command, check=True, capture_output=True, text=True)  # noqa: S603  our own command
        return [json.loads(line) for line in done.stdout.splitlines()]


def main() -> None:
    """Run the measurement."""
    if sys.argv[1:2] == ["--measure"]:
        measure(sys.argv[2], sys.argv[3:])
        return
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("articles", type=Path)
    parser.add_argument("lakes", type=Path, nargs="+")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--rebuild", action="store_true")
    args = parser.parse_args()
    for lake in args.lakes:
        for number, figures in enumerate(measured(args.articles, lake, args.rounds, args.rebuild), start=1):
            for stage, found in figures.items():
                told = " ".join(f"{name} {value:,}" for name, value in found.items())
                print(f"{lake.name} round {number} {stage:18} {told}", flush=True)


if __name__ == "__main__":
    main()
