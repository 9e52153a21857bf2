"""Poll two feeds in a process of its own, and tell by how much the second one raised the most memory it ever had.

one_poll.py URL_OF_A_SMALL_FEED URL FOLDER
"""

import json
import sys
from pathlib import Path

from pipelines.polling import in_slices
from transforms.feeds.archive import Archive
from transforms.feeds.feed import Feed
from transforms.feeds.fetch import Fetcher
from transforms.feeds.moments import system_moment
from transforms.feeds.poll import ask, settle
from transforms.feeds.state import FeedState
from transforms.sources.parser_process import ParserProcess


def poll(url, folder, parser):
    """Ask, keep, settle and stage one feed, as a round does; return what came of it."""
    feed, state = Feed(url, allow_private=True), FeedState("x")
    attempt = ask(feed, state, system_moment, Fetcher("newsfold/0 (+a@b.example)"), Archive(folder / "waiting"))
    polled = settle(feed, state, attempt, parser)
    (part,) = in_slices([polled], folder / "staging", 10_000)
    sizes = [Path(chunk.segments[0].path).stat().st_size for chunk in part.chunks]
    told = {"reason": polled.state.reason, "articles": len(polled.articles), "rejects": len(polled.rejects)}
    return told | {"largest_chunk": max(sizes, default=0)}


def peak_bytes():
    """Return the most memory that this process has had."""
    rows = Path("/proc/self/status").read_text().splitlines()
    return next(int(row.split()[1]) * 1024 for row in rows if row.startswith("VmHWM:"))


def main(small, url, folder):
    """Print the outcome of the second poll and what it cost, as JSON."""
    with ParserProcess() as parser:
        poll(small, Path(folder), parser)
        before = peak_bytes()
        told = poll(url, Path(folder), parser)
    print(json.dumps(told | {"grown": peak_bytes() - before}))  # noqa: T201  for the test that started it


if __name__ == "__main__":
    main(*sys.argv[1:])
