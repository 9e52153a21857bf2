"""Run the command line on a disk that takes its time for a while: every force to disk waits first.

slow_disk.py SECONDS FROM_MINUTE TO_MINUTE newsfold's arguments...
"""

import os
import sys
import time
from pathlib import Path

from pipelines import cli
from transforms.lake import durable


def main() -> None:
    """Slow down what makes things durable, then run the command."""
    seconds, first, last = map(float, sys.argv[1:4])
    fsync, syncfs, begun = os.fsync, durable._syncfs, time.monotonic()  # noqa: SLF001  what has no other handle

    def wait() -> None:
        if first <= (time.monotonic() - begun) / 60 < last:
            time.sleep(seconds)

    def slow_fsync(descriptor: int) -> None:
        wait()
        fsync(descriptor)

    def slow_syncfs(path: Path) -> bool:
        wait()
        return syncfs(path)

    os.fsync, durable._syncfs = slow_fsync, slow_syncfs  # noqa: SLF001
    cli.main(sys.argv[4:])


if __name__ == "__main__":
    main()
