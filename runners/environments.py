"""Where a runner's Python workers run: the flags of each way that needs no container."""

import json
import sys
from pathlib import Path

from runners.parts import boot

IN_THE_COMMAND = ("--environment_type=LOOPBACK",)


def on_job_server(endpoint: str) -> list[str]:
    """Return the flags that send a job to Beam's job server at an endpoint."""
    return ["--runner=PortableRunner", f"--job_endpoint={endpoint}"]


def in_processes(folder: Path, count: int) -> list[str]:
    """Return the flags of `count` worker processes for each server, which install our sdist below a folder."""
    workers = folder / "workers"
    workers.mkdir()
    told = {
        "command": str(Path(__file__).with_name("worker.sh")),
        "env": {"NEWSFOLD_WORKERS": str(workers), "NEWSFOLD_PYTHON": sys.executable, "NEWSFOLD_BOOT": str(boot())},
    }
    config = f"--environment_config={json.dumps(told)}"
    return ["--environment_type=PROCESS", config, "--setup_file=./setup.py", f"--sdk_worker_parallelism={count}"]
