"""Steady news into `newsfold watch`: how long an article takes from its arrival to its row, and what it costs.

    steady.py [--minutes 30] [--rate 200] [--slow-disk SECONDS] [--out docs]

Half of the articles come in files, half in feeds on loopback (bench/news_flow.py). An article arrives when its file
gets its name, or its feed is answered; its row is there when the log of the ledger, which is written last, has its
commit. With --slow-disk every force to disk takes so much longer in the middle third of the time.
Writes steady.json and steady.svg into --out; ends with 1 where an article was lost or stored twice.
"""

import argparse
import json
import multiprocessing
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from itertools import groupby
from multiprocessing.synchronize import Event
from pathlib import Path
from typing import Any

import matplotlib as mpl
import numpy as np
from drawing import save
from news_flow import EVERY_SECONDS, address_of, feeds_for, flow
from processes import own_mb, pss_mb, tree
from stored_when import lags, made

from pipelines.summary import STORED

mpl.use("svg")
from matplotlib import pyplot as plt

HERE = Path(__file__).parent
LOOK_SECONDS = 5.0
QUIET_SECONDS = 60.0  # nothing was stored for so long: all that came is in


@dataclass(frozen=True)
class Look:
    """How things were at one moment."""

    minute: float
    arrived: int
    stored: int
    commits: int
    memory_mb: float  # proportional set size, all its processes together
    own_mb: float  # of the command itself, without mapped files
    files: int  # in the whole lake
    most_files: int  # in one folder


@dataclass(frozen=True)
class News:
    """What is published by another process, for how long."""

    rate: float  # articles a second
    minutes: float
    port: int  # of the feeds
    over: Event  # set, nothing more is published


def watching(folder: Path, slow_disk: float, minutes: float) -> subprocess.Popen[bytes]:
    """Start the watch, by the command line."""
    slowed = [HERE / "slow_disk.py", slow_disk, minutes / 3, 2 * minutes / 3] if slow_disk else ["-m", "pipelines.cli"]
    told = ["watch", folder / "inbox", "--feeds", folder / "list.txt", "--lake", folder / "lake"]
    told += ["--contact", "bench@example.org", "--status-file", folder / "status.json"]
    with (folder / "watch.log").open("w", encoding="utf-8") as log:
        return subprocess.Popen([sys.executable, *map(str, [*slowed, *told])], stdout=log, stderr=log)  # noqa: S603  our own command


def looks(folder: Path, process: subprocess.Popen[bytes], news: News) -> Iterator[Look]:
    """Look every few seconds; add feeds so that they are asked one after the other; stop when all is stored."""
    begun, feeds = time.monotonic(), feeds_for(news.rate)
    moved, last = begun, -1
    while process.poll() is None:
        minute = (time.monotonic() - begun) / 60
        listed = min(feeds, 1 + int(feeds * minute * 60 / EVERY_SECONDS)) if feeds else 0
        lines = [f"{address_of(number, news.port)} allow_private every=15m" for number in range(listed)]
        (folder / "list.txt").write_text("\n".join(lines) + "\n", "utf-8")
        if minute >= news.minutes:
            news.over.set()
        look = look_at(folder, process.pid, minute)
        yield look
        moved, last = (time.monotonic(), look.stored) if look.stored != last else (moved, last)
        if minute >= news.minutes and time.monotonic() - moved > QUIET_SECONDS:
            process.send_signal(signal.SIGTERM)
            process.wait()
        time.sleep(LOOK_SECONDS)
    if process.returncode:
        sys.exit(f"the watch ended with {process.returncode}:\n{(folder / 'watch.log').read_text('utf-8')[-2000:]}")


def look_at(folder: Path, pid: int, minute: float) -> Look:
    """Return how things are."""
    status = folder / "status.json"
    told = json.loads(status.read_text("utf-8")) if status.exists() else {"items": {}, "commits": 0}
    stored = sum(count for name, count in told["items"].items() if name in STORED)
    tables = (path for path in (folder / "lake").glob("[!_]*/**/*.parquet") if "_delta_log" not in path.parts)
    files = sorted(str(path.parent) for path in tables)
    most = max((len(list(members)) for _, members in groupby(files)), default=0)
    arrived = (folder / "arrivals.csv").read_bytes().count(b"\n")
    memory, own = sum(map(pss_mb, tree(pid))), own_mb(pid)
    return Look(round(minute, 2), arrived, stored, told["commits"], round(memory), round(own), len(files), most)


def measured(folder: Path, rate: float, minutes: float, slow_disk: float) -> tuple[list[Look], dict[str, Any]]:
    """Run the flow and the watch; return how things were, and what to say of it."""
    (folder / "inbox").mkdir()
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    over = context.Event()
    told = (folder / "inbox", folder / "arrivals.csv", rate, theirs, over)
    publisher = context.Process(target=flow, args=told, daemon=True)
    publisher.start()
    news = News(rate, minutes, ours.recv(), over)
    (folder / "list.txt").write_text(f"{address_of(0, news.port)} allow_private every=15m\n", "utf-8")
    process = watching(folder, slow_disk, minutes)
    found = []
    for look in looks(folder, process, news):
        found.append(look)
        print(" ".join(f"{name} {value:,}" for name, value in asdict(look).items()), flush=True)
    publisher.kill()
    told_of = {"rate": rate, "minutes": minutes, "slow_disk": slow_disk, "most_files": max(f.most_files for f in found)}
    return found, {**told_of, **made(folder), "own_mb_an_hour": slope(found, minutes), **lags(folder)}


def slope(found: list[Look], minutes: float) -> float:
    """Return by how many MB an hour the command's own memory grows, by the last two thirds of the flow."""
    later = [look for look in found if minutes / 3 <= look.minute <= minutes]
    return round(float(60 * np.polyfit([look.minute for look in later], [look.own_mb for look in later], 1)[0]), 1)


def plot(found: list[Look], summary: dict[str, Any], path: Path) -> None:
    """Draw what came and what was stored, the lag, memory, and files."""
    figure, (flowing, lag, memory, files) = plt.subplots(1, 4, figsize=(16, 3.6), layout="constrained")
    minutes = [look.minute for look in found]
    flowing.plot(minutes, [look.arrived for look in found], label="arrived")
    flowing.plot(minutes, [look.stored for look in found], label="stored")
    for share in ("p50", "p99"):
        points = [(minute, told[share]) for minute, told in summary["lag_by_minute"].items()]
        lag.plot(*zip(*points, strict=True), label=f"{share} of what arrived in a minute")
    memory.plot(minutes, [look.memory_mb for look in found], label="all its processes")
    memory.plot(minutes, [look.own_mb for look in found], label="the command, without mapped files")
    files.plot(minutes, [look.most_files for look in found], label="in the fullest folder")
    files.plot(minutes, [look.commits for look in found], label="commits that brought something")
    titles = ("articles", "seconds from arrival to row", "memory, MB", "files")
    for axis, title in zip((flowing, lag, memory, files), titles, strict=True):
        axis.set(xlabel="minutes", title=title, ylim=0)
        axis.legend(fontsize=8)
    save(figure, path)


def main() -> None:
    """Run the benchmark."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--minutes", type=float, default=30.0)
    parser.add_argument("--rate", type=float, default=200.0)
    parser.add_argument("--slow-disk", type=float, default=0.0)
    parser.add_argument("--out", type=Path, default=HERE.parent / "docs")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        found, summary = measured(Path(name), args.rate, args.minutes, args.slow_disk)
    summary["load"] = [round(load, 1) for load in os.getloadavg()]
    print(json.dumps(summary))
    kind = "steady_slow" if args.slow_disk else "steady"
    written = {**summary, "looks": [asdict(look) for look in found]}
    (args.out / f"{kind}.json").write_text(json.dumps(written) + "\n", "utf-8")
    plot(found, summary, args.out / f"{kind}.svg")
    sys.exit(1 if summary["lost"] or summary["twice"] else 0)


if __name__ == "__main__":
    main()
