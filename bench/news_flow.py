"""News that keeps coming: files into a folder, one a second, and feeds on loopback, for bench/steady.py.

Half of the articles come in files. The other half come in feeds of which each is asked every quarter of an hour: what
one has published since it was last asked is made when it is asked, so that the flow is even and nothing piles up here.
When an article arrived (its file got its name, its feed was answered) and how is written to a log, a line each.
"""

import asyncio
import json
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from html import escape
from multiprocessing.synchronize import Event
from pathlib import Path
from typing import Any, TextIO

import corpus

EVERY_SECONDS = 900.0  # no feed may be asked more often
ITEMS_A_FEED = 90
SHOWN_AGAIN = 10  # of the document before, as feeds do


@dataclass
class Flow:
    """What is published, by whom, and when it arrived."""

    inbox: Path
    log: TextIO
    rate: float  # articles a second, files and feeds together
    articles: Iterator[dict[str, str]]
    over: Event  # set, feeds go on answering, with nothing new
    shown: dict[int, list[str]] = field(default_factory=dict)
    asked: dict[int, float] = field(default_factory=dict)

    def file(self, number: int, count: int) -> None:
        """Put a file of so many articles into the inbox."""
        some = [_now(next(self.articles)) for _ in range(count)]
        part = self.inbox / f".{number}.part"
        part.write_text("".join(json.dumps(one, ensure_ascii=False) + "\n" for one in some), "utf-8")
        part.rename(self.inbox / f"{number:06}.jsonl")
        self._arrived("file", [one["id"] for one in some])

    def document(self, feed: int) -> bytes:
        """Return what a feed shows now."""
        now = time.time()
        share = min(1.0, (now - self.asked.get(feed, now - EVERY_SECONDS)) / EVERY_SECONDS)
        self.asked[feed] = now
        some = [] if self.over.is_set() else [_now(next(self.articles)) for _ in range(round(ITEMS_A_FEED * share))]
        items = [_item(one) for one in some] + self.shown.get(feed, [])[:SHOWN_AGAIN]
        self.shown[feed] = items
        self._arrived("feed", [one["id"] for one in some])
        title = f"<title>Paper {feed}</title><link>https://paper{feed}.example/</link>"
        return f"<rss version='2.0'><channel>{title}{''.join(items)}</channel></rss>".encode()

    def _arrived(self, source: str, ids: list[str]) -> None:
        self.log.writelines(f"{one},{source},{time.time():.3f}\n" for one in ids)
        self.log.flush()


def feeds_for(rate: float) -> int:
    """Return how many feeds make up half of a rate."""
    return round(rate / 2 * EVERY_SECONDS / ITEMS_A_FEED)


def address_of(feed: int, port: int) -> str:
    """Return where a feed is: each on a host of its own, so that none waits for another's two seconds."""
    return f"http://127.1.{1 + feed // 250}.{1 + feed % 250}:{port}/{feed}"


def _now(article: dict[str, str]) -> dict[str, str]:
    return article | {"published": datetime.now(UTC).isoformat(timespec="seconds")}


def _item(article: dict[str, str]) -> str:
    told = {"guid": article["id"], "title": article["title"], "link": article["url"], "description": article["text"]}
    fields = "".join(f"<{name}>{escape(value)}</{name}>" for name, value in told.items())
    return f"<item>{fields}<pubDate>{article['published']}</pubDate></item>"


def flow(inbox: Path, log: Path, rate: float, told: Any, over: Event) -> None:
    """Publish until it is `over`; tell the port of the feeds first."""
    with log.open("w", encoding="ascii") as file:
        asyncio.run(_flow(Flow(inbox, file, rate, corpus.records(1_000_000_000, 11), over), told))


async def _flow(news: Flow, told: Any) -> None:
    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
        body = news.document(int(head.split(" ")[1].strip("/")))
        writer.write(f"HTTP/1.1 200 OK\r\nContent-Length: {len(body)}\r\n\r\n".encode() + body)
        try:
            await writer.drain()
        finally:
            writer.close()

    server = await asyncio.start_server(answer, "0.0.0.0", 0, backlog=256)  # noqa: S104  127.1.b.c is meant
    told.send(server.sockets[0].getsockname()[1])
    begun, number = time.monotonic(), 0
    while True:
        if not news.over.is_set():
            news.file(number, round(news.rate / 2))
        number += 1
        await asyncio.sleep(max(0.0, begun + number - time.monotonic()))
