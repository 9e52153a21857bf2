"""A trial on a standalone Flink."""

import contextlib
from collections.abc import Iterator
from pathlib import Path

from runners.cluster import SLOTS, flink_cluster
from runners.environments import IN_THE_COMMAND, in_processes, on_job_server

# In batch execution Flink makes no checkpoints; as a stream it makes them of bounded inputs, too. Then a source that
# has ended stays, and so the job, unless it is told for how long; and what a worker still prepares at a checkpoint
# comes after the end of the input and is dropped as late, unless bundles must be finished before.
CHECKPOINTS = (
    "--streaming",
    "--checkpointing_interval=2000",
    "--finish_bundle_before_checkpointing",
    "--shutdown_sources_after_idle_ms=1000",
)


@contextlib.contextmanager
def flink_modes(folder: Path) -> Iterator[dict[str, list[str]]]:
    """Run a cluster whose files lie in `folder`, and give the flags of each way to run a job on it."""
    with flink_cluster(folder) as endpoint:
        portable = on_job_server(endpoint)
        processes = [*portable, *in_processes(folder, SLOTS)]
        yield {
            "Flink LOOPBACK": [*portable, *IN_THE_COMMAND],
            "Flink PROCESS": processes,
            "Flink PROCESS with checkpoints": [*processes, *CHECKPOINTS],
        }
