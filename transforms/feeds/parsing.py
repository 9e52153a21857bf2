"""Parser processes for polls: as many as there are cores, shared by all that ask, alive from round to round."""

import contextlib
import os
import queue
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from schemas.records import RawArticle, Reject
from transforms.feeds.attempt import Attempt
from transforms.feeds.feed import Feed
from transforms.feeds.poll import Polled, settle
from transforms.feeds.state import FeedState
from transforms.sources.documents import read_document
from transforms.sources.parser_process import ParserProcess

T = TypeVar("T")


class Parsers:
    """Settles attempts, several at a time.

    The system ends a parser's child with the thread that started it, and threads that poll end with their round: so the
    threads that parse are others.
    """

    def __init__(self) -> None:
        cores = len(os.sched_getaffinity(0))
        self._threads = ThreadPoolExecutor(cores, thread_name_prefix="parse")
        self._idle: queue.SimpleQueue[ParserProcess] = queue.SimpleQueue()
        for _ in range(cores):
            self._idle.put(ParserProcess())

    def settle(self, feed: Feed, state: FeedState, attempt: Attempt) -> Polled:
        """Decide what an attempt means; to be called from any thread."""
        return self._with_parser(lambda parser: settle(feed, state, attempt, parser))

    def read_page(self, body: bytes, address: str) -> tuple[list[RawArticle], list[Reject]]:
        """Read an HTML page; to be called from any thread."""
        return self._with_parser(lambda parser: read_document(body, address, "html", parser))

    def close(self) -> None:
        """End the processes."""
        self._threads.shutdown(cancel_futures=True)
        while not self._idle.empty():
            self._idle.get().close()

    # As many threads as parsers, so that one is idle whenever a thread is.
    def _with_parser(self, work: Callable[[ParserProcess], T]) -> T:
        return self._threads.submit(self._do, work).result()

    def _do(self, work: Callable[[ParserProcess], T]) -> T:
        parser = self._idle.get()
        try:
            return work(parser)
        finally:
            self._idle.put(parser)


@contextlib.contextmanager
def parsers() -> Iterator[Parsers]:
    """Give parsers, and end them."""
    started = Parsers()
    with contextlib.closing(started):
        yield started
