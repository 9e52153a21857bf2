"""A standalone Flink on loopback: one job manager, one task manager, and Beam's job server in front of them."""

import contextlib
import json
import urllib.request
from collections.abc import Iterator, Mapping
from pathlib import Path

from runners.java import java
from runners.parts import flink, job_server
from runners.servers import answers, free_port, serving

SLOTS = 2

_MASTER = "org.apache.flink.runtime.entrypoint.StandaloneSessionClusterEntrypoint"
_WORKER = "org.apache.flink.runtime.taskexecutor.TaskManagerRunner"
_JOB_SERVER = "org.apache.beam.runners.flink.FlinkJobServerDriver"

# A task manager that is not started by Flink's scripts must be told how its memory is divided.
_WORKER_MEMORY = {
    "taskmanager.cpu.cores": str(SLOTS),
    "taskmanager.memory.task.heap.size": "512m",
    "taskmanager.memory.task.off-heap.size": "0m",
    "taskmanager.memory.framework.heap.size": "128m",
    "taskmanager.memory.framework.off-heap.size": "128m",
    "taskmanager.memory.network.min": "128m",
    "taskmanager.memory.network.max": "128m",
    "taskmanager.memory.managed.size": "256m",
    "taskmanager.memory.jvm-metaspace.size": "256m",
    "taskmanager.memory.jvm-overhead.min": "192m",
    "taskmanager.memory.jvm-overhead.max": "192m",
}
_WORKER_JAVA = ("-Xmx640m", "-XX:MaxDirectMemorySize=256m", "-XX:MaxMetaspaceSize=256m")


@contextlib.contextmanager
def flink_cluster(folder: Path, settings: Mapping[str, str] | None = None) -> Iterator[str]:
    """Run a cluster whose configuration, logs and work files lie in `folder`; give the endpoint that takes jobs.

    `settings` of Flink's are added to those that any cluster here has.
    """
    rest, rpc, jobs, artifacts = (free_port() for _ in range(4))
    _configure(folder, rest, rpc, settings or {})
    here = ["--configDir", str(folder)]
    logging = sorted(str(jar) for jar in flink().glob("log4j*.jar"))
    master = java(folder, ["-Xmx512m"], [f"{flink()}/*"], _MASTER, *here)
    # It opens its ports on every interface, whatever host it is given (docs/deploying.md).
    ports = [f"--flink-master=127.0.0.1:{rest}", "--job-host=127.0.0.1", f"--job-port={jobs}"]
    ports += [f"--artifact-port={artifacts}", "--expansion-port=0", f"--artifacts-dir={folder / 'artifacts'}"]
    server = java(folder, ["-Xmx512m"], [f"{job_server()}/*", *logging], _JOB_SERVER, *ports)
    with (
        serving(master, folder / "jobmanager.log", lambda: answers(rest)),
        serving(task_manager(folder), folder / "taskmanager.log", lambda: slots(folder) == SLOTS),
        serving(server, folder / "jobserver.log", lambda: answers(jobs)),
    ):
        yield f"127.0.0.1:{jobs}"


def task_manager(folder: Path) -> list[str]:
    """Return the command of a task manager of the cluster whose configuration lies in `folder`."""
    told = ["--configDir", str(folder), *_settings(_WORKER_MEMORY)]
    return java(folder, _WORKER_JAVA, [f"{flink()}/*"], _WORKER, *told)


def slots(folder: Path) -> int:
    """Return how many slots the cluster has now, 0 where it does not answer."""
    lines = (folder / "config.yaml").read_text("utf-8").splitlines()
    (rest,) = (line.removeprefix("rest.port: ") for line in lines if line.startswith("rest.port: "))
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{rest}/overview", timeout=5) as answer:
            return int(json.load(answer)["slots-total"])
    except (OSError, ValueError, KeyError):
        return 0


def _configure(folder: Path, rest: int, rpc: int, settings: Mapping[str, str]) -> None:
    told = {
        "jobmanager.bind-host": "127.0.0.1",
        "jobmanager.rpc.address": "127.0.0.1",
        "jobmanager.rpc.port": rpc,
        "jobmanager.memory.process.size": "1024m",
        "taskmanager.bind-host": "127.0.0.1",
        "taskmanager.host": "127.0.0.1",
        "taskmanager.numberOfTaskSlots": SLOTS,
        "parallelism.default": SLOTS,
        "rest.address": "127.0.0.1",
        "rest.bind-address": "127.0.0.1",
        "rest.port": rest,
        "io.tmp.dirs": str(folder / "tmp"),
        **settings,
    }
    (folder / "tmp").mkdir()
    (folder / "config.yaml").write_text("".join(f"{name}: {value}\n" for name, value in told.items()), "utf-8")


def _settings(told: Mapping[str, str]) -> list[str]:
    return [word for name, value in told.items() for word in ("-D", f"{name}={value}")]
