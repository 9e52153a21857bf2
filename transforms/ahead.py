"""Work done ahead of whoever takes the results, in order, and no further ahead than told."""

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future
from typing import TypeVar

WorkT = TypeVar("WorkT")
DoneT = TypeVar("DoneT")


def submitted_ahead(
    submit: Callable[[WorkT], Future[DoneT]], items: Iterable[WorkT], most: int
) -> Iterator[Future[DoneT]]:
    """Yield the future of each item's work, in order, with at most `most` of the items after it handed out.

    A pool's own `map` takes all items at once, however large they are.
    """
    ahead: deque[Future[DoneT]] = deque()
    for item in items:
        ahead.append(submit(item))
        if len(ahead) > most:
            yield ahead.popleft()
    yield from ahead
