"""Large inputs in flat memory: 200,000 articles ingested, and a file of 2 GB planned and begun."""

import itertools
import json
import os
import random
import signal
import threading
import time
from pathlib import Path

import pytest

from tests.pipelines.conftest import corpus, sentence
from tests.pipelines.interrupted import descendants, started, wait_for
from transforms.lake.layout import open_lake
from transforms.lake.verify import verify
from transforms.sources.plan import PlanLimits, plan

MEGABYTE = 1 << 20
PAGE = os.sysconf("SC_PAGE_SIZE")


def resident(pid):
    """Return the memory of a process in MB, 0 when it has ended; mapped files are none of its own.

    Pages of the mapped memory of Fold, 1,200 bytes a stored article, go back to the system when it needs them.
    """
    try:
        fields = Path(f"/proc/{pid}/statm").read_text("utf-8").split()
        return (int(fields[1]) - int(fields[2])) * PAGE / MEGABYTE
    except (OSError, IndexError):
        return 0.0


class Watch:
    """Memory of a command and of its largest worker, looked at five times a second, by slices committed."""

    def __init__(self, process):
        self.process = process
        self.slices = 0
        self.samples = []  # slices committed, MB of the driver, MB of the largest worker
        self.thread = threading.Thread(target=self._look, daemon=True)
        self.thread.start()

    def _look(self):
        while self.process.poll() is None:
            workers = [resident(pid) for pid in descendants(self.process.pid)]
            self.samples.append((self.slices, resident(self.process.pid), max(workers, default=0.0)))
            time.sleep(0.2)

    def read_to_end(self):
        for line in self.process.stderr:
            self.slices += "committed" in line
        self.process.wait()
        self.thread.join()

    def peaks(self, which):
        """Return the peak of the driver (1) or of the largest worker (2) between one commit and the next."""
        groups = itertools.groupby(self.samples, key=lambda sample: sample[0])
        return [max(sample[which] for sample in group) for _, group in groups]


def slope(values):
    """Return the rise per step of the least-squares line."""
    middle, mean = (len(values) - 1) / 2, sum(values) / len(values)
    spread = sum((at - middle) ** 2 for at in range(len(values)))
    return sum((at - middle) * (value - mean) for at, value in enumerate(values)) / spread


@pytest.mark.long
def test_two_hundred_thousand_articles_ingest_in_flat_memory(tmp_path):
    dice = random.Random(5)
    path = tmp_path / "articles.jsonl"
    with path.open("w", encoding="utf-8") as file:
        for number in range(200_000):
            text = " ".join(sentence(dice) for _ in range(3))
            record = {
                "id": str(number),
                "title": f"News {number}",
                "text": text,
                "published": f"2024-{1 + number // 20_000:02}-11",
            }
            file.write(json.dumps(record) + "\n")
    begun = time.monotonic()
    process = started("ingest", path, "--lake", tmp_path / "lake", "--slice-records", 10_000)
    watch = Watch(process)
    watch.read_to_end()
    seconds = time.monotonic() - begun
    assert process.returncode == 0
    driver, worker = watch.peaks(1), watch.peaks(2)
    print(  # noqa: T201  the figures are what a long test is run for
        f"\n200,000 articles in {seconds:.0f} s: driver {max(driver):.0f} MB at most, largest worker {max(worker):.0f} MB; "
        f"from the fifth slice on {slope(driver[5:]):.1f} and {slope(worker[5:]):.1f} MB a slice of 10,000"
    )
    assert watch.slices == 20
    assert verify(open_lake(tmp_path / "lake")) == []
    assert max(driver) + 2 * max(worker) < 1_500
    assert slope(driver[5:]) < 5
    assert slope(worker[5:]) < 5


@pytest.mark.long
def test_a_file_of_two_gigabytes_is_planned_and_begun_in_flat_memory(tmp_path):
    block = "".join(json.dumps(article) + "\n" for article in corpus(2_000)).encode()
    path = tmp_path / "large.jsonl"
    with path.open("wb") as file:
        while file.tell() < 2 * 1024 * MEGABYTE:
            file.write(block)
    own, begun = resident(os.getpid()), time.process_time()
    most = records = 0
    for chunk in plan([str(path)], PlanLimits(), str(tmp_path)):
        records += chunk.slice_number >= 0
        most = max(most, resident(os.getpid()))
    planned = time.process_time() - begun
    process = started("ingest", path, "--lake", tmp_path / "lake")
    watch = Watch(process)
    wait_for(process, "slice 3 committed")
    os.killpg(process.pid, signal.SIGINT)
    watch.read_to_end()
    driver = max(sample[1] for sample in watch.samples)
    print(  # noqa: T201  the figures are what a long test is run for
        f"\n{path.stat().st_size / 1e9:.1f} GB: {records:,} chunks planned in {planned:.0f} s of CPU with {most - own:.0f} MB; "
        f"three slices with {driver:.0f} MB in the driver, {max(s[2] for s in watch.samples):.0f} MB in a worker"
    )
    assert process.returncode == 130
    assert most - own < 100
    assert driver < 700
