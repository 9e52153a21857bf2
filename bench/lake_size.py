"""Draw what the size of a lake costs a run of 1,000 new articles: docs/lake_size.json and docs/lake_size.svg.

    lake_size.py [--sizes 10000,100000,1000000] [--lakes FOLDER]

Makes the lakes that FOLDER does not hold yet (235 s of CPU for the largest), then measures as memory_scale.py does,
one worker. Without --lakes they go into a temporary folder.
"""

import argparse
import json
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

import corpus
import matplotlib as mpl
from drawing import save
from memory_scale import Figures, measured

mpl.use("svg")
from matplotlib import pyplot as plt

HERE = Path(__file__).parent
ROUNDS = 3
DRAWN = ("recall memory", "fold", "commit", "compact")


def made(folder: Path, size: int) -> Path:
    """Return the lake of so many articles, which is made if it is not there."""
    lake = folder / str(size)
    if not lake.exists():
        subprocess.run([sys.executable, HERE / "large_lake.py", str(size), lake], check=True)  # noqa: S603  ours
    return lake


def plot(found: Mapping[int, Sequence[Figures]], path: Path) -> None:
    """Draw seconds of the first and of later rounds, and memory, by size of the lake."""
    figure, (clock, cpu, memory) = plt.subplots(1, 3, figsize=(12, 3.6), layout="constrained")
    sizes = list(found)
    for number, name in ((0, "first round"), (-1, "third round")):
        clock.plot(sizes, [found[size][number]["all"]["seconds"] for size in sizes], marker="o", label=name)
        for kind in ("peak_mb", "own_mb"):
            told = f"{name}, {'all' if kind == 'peak_mb' else 'its own'}"
            memory.plot(sizes, [found[size][number]["all"][kind] for size in sizes], marker="o", label=told)
    for stage in DRAWN:
        cpu.plot(sizes, [found[size][-1].get(stage, {}).get("cpu", 0) for size in sizes], marker="o", label=stage)
    titles = ("seconds on the clock, whole run", "CPU seconds by stage, third round", "peak memory, MB")
    for axis, title in zip((clock, cpu, memory), titles, strict=True):
        axis.set(xscale="log", xlabel="articles in the lake", title=title, ylim=0)
        axis.legend(fontsize=8)
    save(figure, path)


def main() -> None:
    """Run the measurement."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sizes", default="10000,100000,1000000")
    parser.add_argument("--lakes", type=Path)
    parser.add_argument("--out", type=Path, default=HERE.parent / "docs")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = args.lakes or Path(name)
        articles = Path(name, "new.jsonl")
        corpus.write(ROUNDS * 1_000, articles)
        found = {
            size: measured(articles, made(folder, size), ROUNDS, rebuild=False)
            for size in map(int, args.sizes.split(","))
        }
    (args.out / "lake_size.json").write_text(json.dumps(found, indent=1) + "\n", "utf-8")
    plot(found, args.out / "lake_size.svg")


if __name__ == "__main__":
    main()
