"""The fork server that worker processes come from.

It imports everything and loads the models once, before any thread exists, and the workers share its pages. That takes
it 2.5 s, a second of which passes while the driver imports Beam if it is started first.
"""

import contextlib
import multiprocessing
import os
from collections.abc import Iterator, Sequence
from multiprocessing import forkserver
from multiprocessing.context import ForkServerContext
from pathlib import Path

from transforms.sources.find import find

_MANY_FILES, _MANY_BYTES = 1_000, 4 * 1024 * 1024  # more than one chunk, which the driver would read itself


def context() -> ForkServerContext:
    """Return the context to make workers in, its server started; later calls find it running."""
    made = multiprocessing.get_context("forkserver")
    # In this order: prelude must come before anything imports Arrow.
    made.set_forkserver_preload(["pipelines.prelude", "pipelines.worker", "pipelines.warm"])
    with _without_current_folder():
        forkserver.ensure_running()
    return made


def start_early(inputs: Sequence[str], lake: str) -> None:
    """Start the server now if it will be needed: the lake is new, so that nothing was seen, and there is much to read.

    Raises:
        UsageError: an input does not exist, matches nothing, or has no file system.
    """
    if not Path(lake).exists() and _are_many(inputs):
        context()


def _are_many(inputs: Sequence[str]) -> bool:
    size = 0
    for number, found in enumerate(find(inputs), start=1):
        size += found.bytes
        if number >= _MANY_FILES or size >= _MANY_BYTES:
            return True
    return False


@contextlib.contextmanager
def _without_current_folder() -> Iterator[None]:
    """Keep the fork server from importing a folder of the user's that happens to be called as one of our packages.

    It is started with `python -c`, which puts the current folder first on the path.
    """
    before = os.environ.get("PYTHONSAFEPATH")
    os.environ["PYTHONSAFEPATH"] = "1"
    try:
        yield
    finally:
        if before is None:
            del os.environ["PYTHONSAFEPATH"]
        else:
            os.environ["PYTHONSAFEPATH"] = before
