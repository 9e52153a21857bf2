"""Run the command line on a disk that takes its time: every force to disk waits first.

slow_disk.py SECONDS newsfold's arguments...
"""

import os
import sys
import time
from pathlib import Path

from pipelines import cli
from transforms.lake import durable


def main() -> None:
    """Slow down what makes things durable, then run the command."""
    seconds, fsync, syncfs = float(sys.argv[1]), os.fsync, durable._syncfs  # noqa: SLF001  what has no other handle

    def slow_fsync(descriptor: int) -> None:
        time.sleep(seconds)
        fsync(descriptor)

    def slow_syncfs(path: Path) -> bool:
        time.sleep(seconds)
        return syncfs(path)

    os.fsync, durable._syncfs = slow_fsync, slow_syncfs  # noqa: SLF001
    cli.main(sys.argv[2:])


if __name__ == "__main__":
    main()
