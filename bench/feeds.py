"""Poll 2,000 feeds of 40 items on loopback, 16 hosts at once: all new, then all unchanged; then hostile bodies.

feeds.py [--feeds N] [--ingest] [--json]

The server runs in a process of its own and shares the machine's cores. Every feed stands on a host of its own
(127.a.b.c), so that the two seconds between two starts on one host keep nobody waiting.
"""

import argparse
import asyncio
import gzip
import json
import multiprocessing
import os
import random
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

from processes import peak_mb

from pipelines.options import IngestOptions
from pipelines.polling import polling
from pipelines.progress import no_report
from pipelines.rounds import Rounds
from pipelines.run import graph_of
from pipelines.workers import workers
from transforms.feeds.addresses import policy_of
from transforms.feeds.attempt import answered
from transforms.feeds.failures import FetchError
from transforms.feeds.feed import Feed
from transforms.feeds.fetch import Fetcher, Request
from transforms.feeds.moments import Moment, system_moment
from transforms.feeds.poll import settle
from transforms.feeds.rounds import Round
from transforms.feeds.state import FeedState
from transforms.lake.layout import create_or_open
from transforms.sources.parser_process import ParserProcess

ITEMS = 40
MEGABYTE = 1024 * 1024
_WORDS = ("harbour", "school", "bridge", "orchard", "tram", "library", "clinic", "market", "river", "museum", "forest")
_SERVER = {"pid": 0}
_AGENT = "newsfold-bench/0 (+bench@example.org)"


def feed(number: int) -> bytes:
    """Return a feed of 40 items with some 60 words each."""
    dice = random.Random(number)  # noqa: S311  made-up news
    items = "".join(
        f"<item><guid>{number}-{item}</guid><title>{_text(dice, 8)}</title>"
        f"<link>https://n{number}.example/{item}</link><pubDate>Mon, 02 Mar 2026 {item % 24:02}:00:00 GMT</pubDate>"
        f"<description>{_text(dice, 60)}</description></item>"
        for item in range(ITEMS)
    )
    return f"<rss version='2.0'><channel><title>Paper {number}</title>{items}</channel></rss>".encode()


def _text(dice: random.Random, words: int) -> str:
    return " ".join(f"{dice.choice(_WORDS)}{dice.randrange(1000)}" for _ in range(words))


_BODIES: dict[str, Callable[[], tuple[dict[str, str], bytes]]] = {
    "5 MB of feed": lambda: ({}, _large_feed(4_900)),
    "15 MB of feed in 5 MB": lambda: (_GZIP, gzip.compress(_large_feed(14_900), 6)),
    "15 MB of feed, a wide letter in each item": lambda: (_GZIP, gzip.compress(_large_feed(14_900, "\U0001f30d"), 6)),
    "15 MB of no feed": lambda: (_GZIP, gzip.compress(_noise(15 * MEGABYTE - 64, 5), 6)),
    "40 MB": lambda: (_GZIP, gzip.compress(_noise(40 * MEGABYTE, 12), 6)),
    "256 MB of zeros": lambda: (_GZIP, gzip.compress(bytes(256 * MEGABYTE), 6)),
    "6 MB as they are": lambda: ({}, _noise(6 * MEGABYTE, 1)),
}
_GZIP = {"Content-Encoding": "gzip"}


def _large_feed(kilobytes: int, letter: str = "") -> bytes:
    """Return a feed of a thousand long items."""
    dice = random.Random(1)  # noqa: S311  made-up news
    paragraph = _text(dice, 1000)
    each = kilobytes * 1024 // 1000 - 60
    items = "".join(
        f"<item><guid>{item}</guid><description>{letter}{text[:each]}</description></item>"
        for item, text in ((item, paragraph[item * 7 :] + paragraph * 2) for item in range(1000))
    )
    return f"<rss version='2.0'><channel><title>Long</title>{items}</channel></rss>".encode()


def _noise(size: int, repeats: int) -> bytes:
    """Return bytes that compress to about one part in `repeats`."""
    pieces = (os.urandom(4096) * repeats for _ in range(size // (4096 * repeats) + 1))
    return b"".join(pieces)[:size]


def serve(told: Any) -> None:
    """Answer on every address of loopback until killed; tell the port first."""
    hostile = {name: build() for name, build in _BODIES.items()}

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
        path = head.split(" ")[1].strip("/").replace("_", " ")
        if path in hostile:
            headers, body = hostile[path]
        elif "If-None-Match" in head:
            headers, body = {"ETag": f'"{path}"'}, None
        else:
            headers, body = {"ETag": f'"{path}"'}, feed(int(path))
        lines = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
        status = "304 Not Modified" if body is None else "200 OK"
        length = "" if body is None else f"Content-Length: {len(body)}\r\n"
        writer.write(f"HTTP/1.1 {status}\r\n{lines}{length}\r\n".encode() + (body or b""))
        try:
            await writer.drain()
        except ConnectionError:  # the client has had enough
            return
        finally:
            writer.close()

    async def run() -> None:
        server = await asyncio.start_server(answer, "0.0.0.0", 0, backlog=1024)  # noqa: S104  127.a.b.c is meant
        told.send(server.sockets[0].getsockname()[1])
        await server.serve_forever()

    asyncio.run(run())


class Later:
    """The machine's clocks, some hours later: what was asked a moment ago is due."""

    def __init__(self) -> None:
        self.hours = 0.0

    def __call__(self) -> Moment:
        """Return the moment."""
        moment = system_moment()
        late = timedelta(hours=self.hours)
        return replace(moment, now=moment.now + late, uptime=moment.uptime + late.total_seconds())


def timed(work: Callable[[], int]) -> dict[str, float]:
    """Return how many things were done, and in how many seconds by the clock and of CPU, children included."""
    begun, spent = time.monotonic(), _cpu()
    done = work()
    seconds = time.monotonic() - begun
    return {"done": done, "seconds": round(seconds, 2), "cpu_seconds": round(_cpu() - spent, 2)}


def _cpu() -> float:
    """Return the CPU seconds of this process and of its living children, the server aside."""
    ticks = os.sysconf("SC_CLK_TCK")
    total = sum(os.times()[:4])
    for stat in Path("/proc").glob("[0-9]*/stat"):
        fields = stat.read_text("utf-8").rpartition(")")[2].split() if stat.exists() else []
        if fields and int(fields[1]) == os.getpid() and int(stat.parent.name) != _SERVER["pid"]:
            total += (int(fields[11]) + int(fields[12])) / ticks
    return total


def polls(port: int, count: int, folder: Path, *, through_graph: bool) -> dict[str, Any]:
    """Poll so many feeds twice: all new, then all unchanged."""
    feeds = [Feed(f"http://{_address(number)}:{port}/{number}", allow_private=True) for number in range(count)]
    lake, clock = create_or_open(folder), Later()
    options = IngestOptions(inputs=(), lake=str(folder), feeds="bench", contact="bench@example.org")
    found: dict[str, Any] = {}
    with (
        workers(options.worker_count, str(lake.root)) as pool,
        polling(lake, feeds, Fetcher(_AGENT), keep_archive=False, round_=Round(clock)) as asking,
    ):
        rounds = Rounds(lake, pool, graph_of(lake, options, [], "bench"), options.slice_records, no_report)

        def once() -> int:
            if through_graph:
                rounds.poll_due(asking)
                return count * (1 if clock.hours else ITEMS)
            left, items = asking.due(), 0
            while left:
                done = list(asking.polls(left))
                asking.committed(done)
                items += sum(len(one.articles) for one in done)
                left = asking.due()
            return items or count

        for phase in ("new", "unchanged"):
            found[phase] = timed(once)
            clock.hours += 25
    statuses = {state.status for state in asking.states.values()}
    assert statuses == {304}, statuses
    return found


def _address(number: int) -> str:
    return f"127.{1 + number // 62500}.{number // 250 % 250}.{1 + number % 250}"


def memory(port: int, name: str, told: Any) -> None:
    """Fetch and settle one body in a fresh process; tell by how many MB the peak of its memory grew, and what came."""
    url = f"http://127.0.0.1:{port}/{name.replace(' ', '_')}"
    listed = Feed(url, allow_private=True)
    fetcher = Fetcher(_AGENT)
    with ParserProcess() as parser:
        small = Request(f"http://127.0.0.1:{port}/1", policy_of(url, allow_private=True))
        settle(listed, FeedState("x"), answered("x", small.url, system_moment(), fetcher.fetch(small)), parser)
        before = peak_mb()
        try:
            response = fetcher.fetch(Request(url, policy_of(url, allow_private=True)))
        except FetchError as error:
            came = str(error.reason)
        else:
            polled = settle(listed, FeedState("x"), answered("x", url, system_moment(), response), parser)
            came = polled.state.reason or f"{len(polled.articles)} items"
        after = peak_mb()
    told.send((round(after - before, 1), came))


def _in_child(work: Callable[..., None], *arguments: Any) -> tuple[Any, Any]:
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    child = context.Process(target=work, args=(*arguments, theirs), daemon=True)
    child.start()
    return ours.recv(), child


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--feeds", type=int, default=2000)
    parser.add_argument("--ingest", action="store_true", help="also through the whole graph, commit included")
    parser.add_argument("--json", action="store_true")
    given = parser.parse_args()
    port, server = _in_child(serve)
    _SERVER["pid"] = server.pid
    results: dict[str, Any] = {}
    with tempfile.TemporaryDirectory() as folder:
        results["polls"] = polls(port, given.feeds, Path(folder, "a"), through_graph=False)
        if given.ingest:
            results["ingest"] = polls(port, given.feeds, Path(folder, "b"), through_graph=True)
    results["memory"] = {name: _in_child(memory, port, name)[0] for name in _BODIES}
    server.kill()
    print(json.dumps(results) if given.json else described(results))


def described(results: dict[str, Any]) -> str:
    """Return the results as lines."""
    lines = []
    for kind in ("polls", "ingest"):
        for phase, found in results.get(kind, {}).items():
            done, seconds, cpu = found["done"], found["seconds"], found["cpu_seconds"]
            each = f"{done / seconds:,.0f} a second, {done / cpu:,.0f} a CPU second"
            lines.append(f"{kind:6} {phase:9} {done:,} in {seconds} s: {each}")
    lines += [f"{grown:6.1f} MB more for {name}: {came}" for name, (grown, came) in results["memory"].items()]
    return "\n".join(lines)


if __name__ == "__main__":
    sys.exit(main())
