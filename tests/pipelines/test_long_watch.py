"""Memory of a watch over a simulated day: 500 feeds, and what they bring."""

import gc
from pathlib import Path

import pytest

from pipelines.options import IngestOptions
from pipelines.watch import watch
from tests.pipelines.live import rss
from tests.pipelines.timeline import Timeline, loopback_fetcher
from tests.scripted import answer

HOUR = 3600.0
FEEDS = 500


def resident_mb():
    return int(Path("/proc/self/statm").read_text("ascii").split()[1]) * 4 / 1024


@pytest.mark.long
def test_memory_is_flat_over_a_day_with_500_feeds(serve, tmp_path):
    time, measured = Timeline(), []

    def script(connection, asked):
        name = asked.path.strip("/")
        count = 5 + int(time.seconds / (HOUR * (2 + int(name[1:]) % 9)))
        tag = f'"{count}"'
        unchanged = asked.headers.get("If-None-Match") == tag
        shown = rss(name, range(max(0, count - 20), count))
        connection.sendall(answer(304) if unchanged else answer(headers={"ETag": tag}, body=shown))
        server.log.clear()

    server = serve(script)
    lines = [f"http://h{number % 100}.example:{server.port}/f{number} allow_private" for number in range(FEEDS)]
    (tmp_path / "list.txt").write_text("\n".join(lines), "utf-8")
    for hour in range(25):
        time.at(hour * HOUR, lambda: measured.append((gc.collect(), resident_mb())[1]))
    time.ends(24 * HOUR + 1)
    told = IngestOptions((), str(tmp_path / "lake"), feeds=str(tmp_path / "list.txt"), contact="a@b.example", workers=1)
    done = watch(told, lambda status: None, time.stop, time.round(), loopback_fetcher(), round_seconds=120.0)
    shown = ", ".join(f"{one:.0f}" for one in measured)
    print(f"\n{done.commits} commits, {done.polls['asked']} polls, {done.counts['new']} items; MB by hour: {shown}")  # noqa: T201  figures of docs/operations.md
    assert done.polls["asked"] > 10 * FEEDS
    assert measured[24] - measured[4] < 60
