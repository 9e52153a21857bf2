"""Beam's Spark job server on loopback, with Spark itself inside it (`local[2]`)."""

import contextlib
from collections.abc import Iterator
from pathlib import Path

from runners.java import java
from runners.parts import spark_job_server
from runners.servers import answers, free_port, serving

CORES = 2

_JOB_SERVER = "org.apache.beam.runners.spark.SparkJobServerDriver"
_HERE_ALONE = ("-Dspark.driver.host=127.0.0.1", "-Dspark.driver.bindAddress=127.0.0.1", "-Dspark.ui.enabled=false")


@contextlib.contextmanager
def spark_server(folder: Path) -> Iterator[str]:
    """Run a job server whose log and work files lie in `folder`; give the endpoint that takes jobs."""
    jobs, artifacts = free_port(), free_port()
    options = [f"--spark-master-url=local[{CORES}]", "--job-host=127.0.0.1", f"--job-port={jobs}"]
    options += [f"--artifact-port={artifacts}", "--expansion-port=0", f"--artifacts-dir={folder / 'artifacts'}"]
    memory = ["-Xmx1g", f"-Dspark.local.dir={folder}", *_HERE_ALONE]
    server = java(folder, memory, [f"{spark_job_server()}/*"], _JOB_SERVER, *options)
    with serving(server, folder / "jobserver.log", lambda: answers(jobs)):
        yield f"127.0.0.1:{jobs}"
