"""Measure newsfold beside the scripts one would write instead: articles a second, CPU, memory, share of each stage.

    run.py [--articles FILE] [--sizes 1000,10000,100000] [--out docs]

Without --articles a corpus is made from the seeds. Everything runs on this machine in one go, so that the ratios hold
whatever the machine; each figure is the median of --runs. Writes speed.json and speed.svg into --out.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import corpus
import matplotlib as mpl
import processes
from drawing import save

mpl.use("svg")
from matplotlib import pyplot as plt

HERE = Path(__file__).parent
SCRIPTS_UP_TO = 10_000  # a script of 180 articles/s is not run on more


@dataclass(frozen=True)
class Measured:
    """One command on one input: medians over its runs."""

    name: str
    articles: int
    seconds: float  # wall
    cpu_seconds: float  # user and system, of all its processes
    peak_mb: float  # proportional set size, all its processes together

    @property
    def rate(self) -> float:
        """Articles a second."""
        return self.articles / self.seconds


def measure(name: str, articles: int, runs: int, command: Sequence[str], folder: Path) -> Measured:
    """Run a command several times, each into a new folder named by OUT in the command."""
    seen = []
    for run in range(runs):
        out = folder / f"{name}-{articles}-{run}".replace(" ", "-")
        seen.append(_once([str(out) if word == "OUT" else word for word in command]))
    wall, cpu, peak = (statistics.median(column) for column in zip(*seen, strict=True))
    measured = Measured(name, articles, round(wall, 2), round(cpu, 2), round(peak, 1))
    print(f"{name:32} {articles:>8,} {measured.rate:8,.0f}/s {wall:8.1f} s {cpu:8.1f} CPU s {peak:8.0f} MB", flush=True)
    return measured


def _once(command: Sequence[str]) -> tuple[float, float, float]:
    begun, before = time.monotonic(), os.times()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)  # noqa: S603  our own commands
    peak = [0.0]
    watcher = threading.Thread(target=_watch, args=(process, peak))
    watcher.start()
    _, errors = process.communicate()
    watcher.join()
    if process.returncode:
        sys.exit(f"{' '.join(command)} failed: {errors.decode()[-2000:]}")
    after = os.times()
    cpu = after.children_user + after.children_system - before.children_user - before.children_system
    return time.monotonic() - begun, max(cpu, _group_cpu.pop(process.pid, 0.0)), peak[0]


_group_cpu: dict[int, float] = {}


def _watch(process: subprocess.Popen[bytes], peak: list[float]) -> None:
    """Follow a process tree: workers of a fork server are nobody's waited-for children, so CPU is summed here."""
    tick, spent = os.sysconf("SC_CLK_TCK"), dict[int, float]()
    while process.poll() is None:
        members = processes.tree(process.pid)
        peak[0] = max(peak[0], sum(map(processes.pss_mb, members)))
        for pid in members:  # one that has just ended says nothing, and what it said before holds
            spent[pid] = max(spent.get(pid, 0.0), processes.ticks(pid) / tick)
        time.sleep(0.1)
    _group_cpu[process.pid] = sum(spent.values())


def commands(articles: Path, size: int) -> dict[str, list[str]]:
    """Return what is run on an input, by name."""
    newsfold = [sys.executable, "-m", "pipelines.cli", "ingest", str(articles), "--lake", "OUT"]
    run = {"newsfold": newsfold}
    if size <= SCRIPTS_UP_TO:
        script = [sys.executable, str(HERE / "straight_line.py"), str(articles), "OUT"]
        run |= {
            "newsfold, 1 worker": [*newsfold, "--workers", "1"],
            "script": script,
            "tuned script": [*script, "--tuned"],
        }
    return run


def stages(articles: Path) -> dict[str, float]:
    """Return the share of each stage in the whole CPU time."""
    done = subprocess.run([sys.executable, HERE / "stages.py", articles, "--json"], capture_output=True, check=True)  # noqa: S603
    seconds = json.loads(done.stdout)["seconds"]
    whole = sum(seconds.values())
    return {stage: round(spent / whole, 4) for stage, spent in seconds.items()}


def plot(results: Sequence[Measured], shares: dict[str, float], path: Path) -> None:
    """Draw rate by input size, memory by input size, and the share of each stage."""
    figure, (rate, memory, share) = plt.subplots(1, 3, figsize=(12, 3.6), layout="constrained")
    for name in dict.fromkeys(result.name for result in results):
        mine = [result for result in results if result.name == name]
        sizes = [result.articles for result in mine]
        rate.plot(sizes, [result.rate for result in mine], marker="o", label=name)
        memory.plot(sizes, [result.peak_mb for result in mine], marker="o", label=name)
    for axis, title in ((rate, "articles a second"), (memory, "peak memory, MB, all processes")):
        axis.set(xscale="log", xlabel="articles", title=title, ylim=0)
    rate.legend(fontsize=8)
    share.barh(list(shares)[::-1], [100 * value for value in list(shares.values())[::-1]])
    share.set(title="share of CPU by stage, %")
    save(figure, path)


def main() -> None:
    """Run the benchmark."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--articles", type=Path)
    parser.add_argument("--sizes", default="1000,10000,100000")
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--out", type=Path, default=HERE.parent / "docs")
    args = parser.parse_args()
    results: list[Measured] = []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        inputs = {0: args.articles} if args.articles else {}
        for size in [] if args.articles else [int(size) for size in args.sizes.split(",")]:
            inputs[size] = folder / f"{size}.jsonl"
            corpus.write(size, inputs[size])
        for path in inputs.values():
            size = sum(1 for _ in path.open("rb"))
            runs = args.runs if size <= SCRIPTS_UP_TO else 1
            results += [measure(what, size, runs, command, folder) for what, command in commands(path, size).items()]
        shares = stages(list(inputs.values())[min(1, len(inputs) - 1)])
    written = {"cores": len(os.sched_getaffinity(0)), "runs": [asdict(result) for result in results], "stages": shares}
    (args.out / "speed.json").write_text(json.dumps(written, indent=1) + "\n", "utf-8")
    plot(results, shares, args.out / "speed.svg")


if __name__ == "__main__":
    main()
