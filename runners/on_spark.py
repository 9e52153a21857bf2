"""A trial on Spark, inside Beam's job server."""

import contextlib
from collections.abc import Iterator
from pathlib import Path

from runners.environments import IN_THE_COMMAND, in_processes, on_job_server
from runners.spark import CORES, spark_server


@contextlib.contextmanager
def spark_modes(folder: Path) -> Iterator[dict[str, list[str]]]:
    """Run a job server whose files lie in `folder`, and give the flags of each way to run a job on it."""
    with spark_server(folder) as endpoint:
        portable = on_job_server(endpoint)
        yield {
            "Spark LOOPBACK": [*portable, *IN_THE_COMMAND],
            "Spark PROCESS": [*portable, *in_processes(folder, CORES)],
        }
