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
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

from processes import peak_mb, tree

from pipelines.options import IngestOptions
from pipelines.polling import in_slices, polling
from pipelines.progress import no_report
from pipelines.rounds import Rounds
from pipelines.run import graph_of
from pipelines.workers import workers
from transforms.feeds.archive import Archive
from transforms.feeds.feed import Feed
from transforms.feeds.fetch import Fetcher
from transforms.feeds.moments import Moment, system_moment
from transforms.feeds.poll import ask, settle
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


_GZIP = {"Content-Encoding": "gzip"}
# Beyond U+FFFF: a Python string that holds one takes four bytes for each of its letters.
_WIDE = "\U0001f30d"
_LATIN = " aeno"
_FIVE = bytes(_LATIN.encode()[byte % 5] for byte in range(256))  # so that 15 MB by chance are just below 5 MB in gzip


def _letters(count: int) -> str:
    return random.Random(1).randbytes(count).translate(_FIVE).decode("ascii")  # noqa: S311  made-up news


def _entries(megabytes: float, form: str, count: int = 1000, alphabet: str = _LATIN) -> Iterator[str]:
    """Yield entries with so many million letters together, with another TEXT and ID each."""
    each = int(megabytes * MEGABYTE) // count - len(form.encode())
    letters = _letters(count * each).translate(str.maketrans(_LATIN, alphabet))
    for number in range(count):
        yield form.replace("ID", str(number)).replace("TEXT", letters[number * each : (number + 1) * each])


def _item(text: str, more: str = "") -> str:
    return f"<item><guid>ID</guid><title>{_WIDE}</title>{more}<description>{text}</description></item>"


def _rss(items: Iterable[str], title: str = "Long") -> str:
    return f"<rss version='2.0'><channel><title>{title}</title>{''.join(items)}</channel></rss>"


def _atom(entries: Iterable[str]) -> str:
    return f"<feed xmlns='http://www.w3.org/2005/Atom'><title>Long</title>{''.join(entries)}</feed>"


def _json_feed(texts: Iterable[str]) -> str:
    items = [{"id": str(number), "content_text": text} for number, text in enumerate(texts)]
    feed = {"version": "https://jsonfeed.org/version/1.1", "title": "Long", "items": items}
    return json.dumps(feed, ensure_ascii=False)


def _gzipped(body: bytes | str, charset: str = "utf-8") -> tuple[dict[str, str], bytes]:
    encoded = body if isinstance(body, bytes) else body.encode(charset)
    return _GZIP | {"Content-Type": f"text/xml; charset={_NAMES.get(charset, charset)}"}, gzip.compress(encoded, 6)


_NAMES = {"cp874": "windows-874"}
_LONG = _item(f"{_WIDE}TEXT")
_UNREADABLE = _item("TEXT", f"<author>{'n' * 1001}</author>")
_ATOM = f"<entry><id>ID</id><title>{_WIDE}</title><content type='html'>TEXT</content></entry>"
_ENCLOSURE = f"<enclosure url='https://e.example/TEXT' type='{_WIDE}'/>"
_BODIES: dict[str, Callable[[], tuple[dict[str, str], bytes]]] = {
    "5 MB of feed": lambda: ({}, _rss(_entries(4.9, _item("TEXT"))).encode()),
    "15 MB of feed in 5 MB": lambda: _gzipped(_rss(_entries(14.2, _item("TEXT")))),
    "the same, a wide letter in each text": lambda: _gzipped(_rss(_entries(14.2, _LONG))),
    "the same, said to be Big5": lambda: (_GZIP | {"Content-Type": "charset=big5"}, _BODIES[_WORST]()[1]),
    "the same as Atom": lambda: _gzipped(_atom(_entries(14.2, _ATOM))),
    "the same as JSON Feed": lambda: _gzipped(_json_feed(_entries(14.6, f"{_WIDE}TEXT"))),
    "the same in UTF-16": lambda: _gzipped(_rss(_entries(7.3, _LONG)), "utf-16"),
    "15 MB in Cyrillic": lambda: _gzipped(_rss(_entries(8.2, _LONG, alphabet=" \u0430\u0435\u043d\u043e"))),
    "15 MB in Thai of a byte a letter": lambda: _gzipped(
        _rss(_entries(14.2, "<item><description>TEXT</description></item>", alphabet=" \u0e01\u0e02\u0e03\u0e04")),
        "cp874",
    ),
    "15 MB of quotes and lines": lambda: _gzipped(_rss(_entries(14.2, _LONG, alphabet=' "\n\\o'))),
    "15 MB in one item": lambda: _gzipped(_rss(_entries(14.2, _LONG, 1))),
    "15 MB in 16 items": lambda: _gzipped(_rss(_entries(14.2, _LONG, 16))),
    "15 MB in 2,000 items": lambda: _gzipped(_rss(_entries(14.2, _LONG, 2000))),
    "15 MB in 100,000 items": lambda: _gzipped(_rss(_entries(14.2, _LONG, 100_000))),
    "15 MB of items that are refused": lambda: _gzipped(_rss(_entries(14.2, _UNREADABLE))),
    "15 MB of title": lambda: _gzipped(_rss(_entries(4, _LONG), _letters(10 * MEGABYTE))),
    "15 MB of one attribute": lambda: _gzipped(_rss(_entries(14.2, _item("t", _ENCLOSURE), 1))),
    "15 MB of attributes": lambda: _gzipped(_rss([_item("t", "".join(_entries(14.2, _ENCLOSURE, 100_000)))])),
    "15 MB of categories": lambda: _gzipped(
        _rss([_item("t", "".join(_entries(14.2, "<category>TEXT</category>", 190)))])
    ),
    "15 MB in 80 kB": lambda: _gzipped(_rss(_LONG.replace("TEXT", _letters(7_000) * 2) for _ in range(1000))),
    "15 MB of no feed": lambda: _gzipped(_noise(15 * MEGABYTE - 64, 5)),
    "40 MB": lambda: _gzipped(_noise(40 * MEGABYTE, 12)),
    "256 MB of zeros": lambda: _gzipped(bytes(256 * MEGABYTE)),
    "6 MB as they are": lambda: ({}, _noise(6 * MEGABYTE, 1)),
}
_WORST = "the same, a wide letter in each text"


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
    """Ask for one body, keep, settle and stage it in a fresh process.

    Tell by how many MB the peaks of its memory and of its parser's grew, and what came.
    """
    listed = Feed(f"http://127.0.0.1:{port}/{name.replace(' ', '_')}", allow_private=True)
    small = Feed(f"http://127.0.0.1:{port}/1", allow_private=True)
    with ParserProcess() as parser, tempfile.TemporaryDirectory() as folder:
        archive = Archive(Path(folder, "fetched"))

        def poll(feed: Feed) -> str:
            state = FeedState(feed.key)
            polled = settle(feed, state, ask(feed, state, system_moment, Fetcher(_AGENT), archive), parser)
            came = polled.state.reason or f"{len(polled.articles)} items"
            refused = f", {len(polled.rejects)} rejects" if polled.rejects else ""
            list(in_slices([polled], Path(folder, "staging"), 10_000))
            return came + refused

        poll(small)
        before = peak_mb(), _parser_peak()
        came = poll(listed)
        told.send((round(peak_mb() - before[0], 1), round(_parser_peak() - before[1], 1), came))


def _parser_peak() -> float:
    return max((peak_mb(pid) for pid in tree(os.getpid())[1:]), default=0.0)


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
    lines += [
        f"{grown:6.1f} MB more, the parser {parsers:6.1f}, for {name}: {came}"
        for name, (grown, parsers, came) in results["memory"].items()
    ]
    return "\n".join(lines)


if __name__ == "__main__":
    sys.exit(main())
