"""Measure what a large lake costs a small run: 1,000 new articles against N stored ones, whose memory is made up.

    memory_scale.py ARTICLES.jsonl ROWS [ROWS ...]

The rows' fingerprints are random and lie in the files that Fold keeps under LAKE/_memory, four segments of them; the
tables hold four real articles, so that neither writing nor reading a million stories is measured. Prints wall and
CPU seconds and the peak of the process for the first run and for a second one in the same process, with other articles.
"""

import argparse
import json
import subprocess
import sys
import tempfile
import time
from itertools import islice
from pathlib import Path

import numpy as np
from apache_beam.options.pipeline_options import PipelineOptions

from pipelines.options import IngestOptions
from pipelines.run import ingest
from transforms.fold import store
from transforms.fold.fingerprint import RECORD, VERSION
from transforms.fold.memory import Memory
from transforms.fold.segment import Rows, segment_of
from transforms.lake.layout import create_or_open

SEGMENTS = 4
ROUND = 1_000


def made_up(count: int, seed: int) -> Rows:
    """Return rows as a year of commits might have left them."""
    dice = np.random.default_rng(seed)
    ids = np.array([f"{high:016x}{low:016x}" for high, low in dice.integers(0, 1 << 63, (count, 2)).tolist()], "S32")
    records = np.frombuffer(dice.bytes(count * RECORD.itemsize), dtype=RECORD).copy()
    records["version"], records["flags"] = VERSION, 0
    records["published"] = dice.integers(1_735_000_000, 1_766_000_000, count) * 1_000_000
    return Rows(ids, ids, ids, dice.integers(0, 1 << 63, count).astype(np.uint64), np.ones(count, np.int32), records)


def fill(lake: Path, lines: list[str], rows: int) -> None:
    """Make a lake of a few commits whose memory says that it holds `rows` versions."""
    first = lake.with_name(f"{lake.name}.jsonl")
    first.write_text("".join(lines[:SEGMENTS]), "utf-8")
    run(lake, first, slice_records=1)
    folder = create_or_open(str(lake)).memory
    for path in folder.glob("fold-*"):
        path.unlink()
    parts = [segment_of(made_up(rows // SEGMENTS, part), (part, part + 1)) for part in range(SEGMENTS)]
    store.save(folder, Memory(tuple(parts)))


def run(lake: Path, articles: Path, slice_records: int = 20_000) -> tuple[float, float, float]:
    """Ingest a file in this process; return wall and CPU seconds, and the process's peak so far in MB."""
    begun, spent = time.monotonic(), time.process_time()
    options = IngestOptions(inputs=(str(articles),), lake=str(lake), workers=1, slice_records=slice_records)
    ingest(options, PipelineOptions([]), lambda _articles, _slices: None)
    return time.monotonic() - begun, time.process_time() - spent, peak_mb()


def peak_mb() -> float:
    """Return the most memory that this process has held; the kernel's other count is inherited from the parent."""
    status = Path("/proc/self/status").read_text("ascii")
    return int(status.partition("VmHWM:")[2].split()[0]) / 1024


def measure(lake: Path, rounds: list[Path]) -> dict[str, float]:
    """Ingest the rounds one after the other."""
    told: dict[str, float] = {}
    for name, articles in zip(("first", "next"), rounds, strict=True):
        seconds, cpu, peak = run(lake, articles)
        told |= {f"{name}_seconds": round(seconds, 2), f"{name}_cpu": round(cpu, 2), f"{name}_peak_mb": round(peak)}
    return told


def main() -> None:
    """Run the measurement; each size in a process of its own, so that its peak is its own."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("articles", type=Path)
    parser.add_argument("rows", type=int, nargs="*")
    parser.add_argument("--measure", nargs=3, type=Path)
    args = parser.parse_args()
    if args.measure:
        sys.stdout.write(json.dumps(measure(args.measure[0], args.measure[1:])) + "\n")
        return
    with args.articles.open(encoding="utf-8") as file:
        lines = list(islice(file, SEGMENTS + 2 * ROUND))
    for rows in args.rows:
        with tempfile.TemporaryDirectory() as name:
            lake, rounds = Path(name, "lake"), [Path(name, "first.jsonl"), Path(name, "next.jsonl")]
            for place, path in enumerate(rounds):
                start = SEGMENTS + place * ROUND
                path.write_text("".join(lines[start : start + ROUND]), "utf-8")
            fill(lake, lines, rows)
            command = [sys.executable, __file__, str(args.articles), "--measure", str(lake), *map(str, rounds)]
            done = subprocess.run(command, check=True, capture_output=True, text=True)  # noqa: S603  our own command
            sys.stdout.write(f"{rows:>10,} rows: {done.stdout}")
            sys.stdout.flush()


if __name__ == "__main__":
    main()
