"""Run the pipeline on a standalone Flink and compare its rows with the local runner's: `make flink`."""

import json
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from runners.cluster import SLOTS, flink_cluster
from runners.parts import CACHE, PartMissingError, boot, flink, job_server, need
from runners.trial import compare_runs

_SHOWN_CHARACTERS = 3000


def main() -> None:
    """Fetch what is missing, start the servers, compare; exit with 1 where rows differ or a part cannot be had."""
    try:
        for fetch in (lambda: need("java", "to run Flink (17)"), flink, job_server, boot):
            fetch()
    except PartMissingError as error:
        sys.exit(f"no trial on Flink: {error}")
    with tempfile.TemporaryDirectory(dir=CACHE, prefix="flink-") as folder:
        try:
            equal = compare_with_flink(Path(folder), sys.argv[1:] or ["seeds"])
        except RuntimeError as error:
            sys.exit(f"the trial on Flink broke off: {error}")
    sys.exit(not equal)


def compare_with_flink(folder: Path, inputs: Sequence[str]) -> bool:
    """Ingest `inputs` locally and on a Flink of our own, whose files lie in `folder`; tell whether rows are equal."""
    servers, workers, lakes = (folder / name for name in ("servers", "workers", "lakes"))
    for made in (servers, workers, lakes):
        made.mkdir()
    with flink_cluster(servers) as endpoint:
        portable = ["--runner=PortableRunner", f"--job_endpoint={endpoint}"]
        modes = {
            "Flink LOOPBACK": [*portable, "--environment_type=LOOPBACK"],
            "Flink PROCESS": [*portable, *_in_processes(workers)],
        }
        try:
            return compare_runs(inputs, lakes, modes)
        except RuntimeError as error:
            # What went wrong at a worker's start is told nowhere else, and these files go with the folder.
            said = [log.read_text("utf-8", "replace")[-_SHOWN_CHARACTERS:] for log in workers.glob("*/boot.log")]
            raise RuntimeError("\n".join([str(error), *said])) from error


def _in_processes(workers: Path) -> list[str]:
    told = {
        "command": str(Path(__file__).with_name("worker.sh")),
        "env": {"NEWSFOLD_WORKERS": str(workers), "NEWSFOLD_PYTHON": sys.executable, "NEWSFOLD_BOOT": str(boot())},
    }
    config = f"--environment_config={json.dumps(told)}"
    return ["--environment_type=PROCESS", config, "--setup_file=./setup.py", f"--sdk_worker_parallelism={SLOTS}"]


if __name__ == "__main__":
    main()
