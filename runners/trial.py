"""Ingest the same inputs here and on runners with workers of their own, compare the rows, and say how fast each was.

python -m runners.trial RUNNER... [-- INPUT...]        prism, flink, spark; without inputs the seeds
"""

import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path

import click

from runners.compare import differences
from runners.on_flink import flink_modes
from runners.on_prism import prism_modes
from runners.on_spark import spark_modes
from runners.parts import CACHE, ROOT, PartMissingError

# What a runner offers while it stands: each way to run a job on it, with the flags of the command.
Runner = Callable[[Path], AbstractContextManager[Mapping[str, Sequence[str]]]]

RUNNERS: Mapping[str, Runner] = {"prism": prism_modes, "flink": flink_modes, "spark": spark_modes}
# On a runner the whole input is one commit; here it must be, too, or Fold would meet it in other portions.
_OWN = ("--workers=2", "--slice-records=1000000")


@dataclass(frozen=True)
class Ran:
    """How one ingest went."""

    name: str
    lake: Path
    read: int
    seconds: float  # of the whole command, start-up included


@click.command(help=__doc__)
@click.argument("named", nargs=-1, type=click.Choice(sorted(RUNNERS)), required=True)
@click.option("--input", "inputs", multiple=True, default=["seeds"], show_default=True, help="What is ingested.")
def main(named: Sequence[str], inputs: Sequence[str]) -> None:
    """Try each runner that is named; exit with 1 where rows differ or one cannot be had."""
    CACHE.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=CACHE, prefix="trial-") as folder:
        sys.exit(not compare_runs(inputs, Path(folder), {name: RUNNERS[name] for name in named}))


def compare_runs(inputs: Sequence[str], folder: Path, runners: Mapping[str, Runner]) -> bool:
    """Ingest `inputs` on this machine's own runner, then in every mode of each runner; print a table of them.

    Their lakes and the servers' files lie in `folder`. Returns whether all ran and all rows are equal.
    """
    click.echo("| runner | records read | seconds | records/s | rows |\n|---|---:|---:|---:|---|")
    own = _ingest("DirectRunner", inputs, folder, _OWN)
    _show(own, "the measure")
    equal = [_try_runner(name, runner, inputs, folder, own) for name, runner in runners.items()]
    return all(equal)


def _try_runner(name: str, runner: Runner, inputs: Sequence[str], folder: Path, own: Ran) -> bool:
    servers = folder / name
    servers.mkdir()
    try:
        with runner(servers) as modes:
            equal = [_same_rows(mode, inputs, folder, flags, own) for mode, flags in modes.items()]
    except (PartMissingError, RuntimeError) as error:
        click.echo(f"| {name} | | | | broke off |\n\n{error}\n")
        for line in _last_words(servers):
            click.echo(line)
        return False
    return all(equal)


def _same_rows(name: str, inputs: Sequence[str], folder: Path, flags: Sequence[str], own: Ran) -> bool:
    ran = _ingest(name, inputs, folder, flags)
    found = differences(own.lake, ran.lake)
    _show(ran, f"{len(found)} or more differ" if found else "equal")
    for line in found:
        click.echo(f"  {line}")
    return not found


def _ingest(name: str, inputs: Sequence[str], folder: Path, flags: Sequence[str]) -> Ran:
    lake = folder / f"lake-{name.replace(' ', '-')}"
    command = [sys.executable, "-m", "pipelines.cli", "ingest", *inputs, "--lake", str(lake), "--json", *flags]
    begun = time.monotonic()
    done = subprocess.run(  # noqa: S603  our own command
        command, cwd=ROOT, capture_output=True, text=True, check=False
    )
    seconds = time.monotonic() - begun
    if done.returncode not in {0, 3}:  # 3: done, with many rejects, which the seeds may have
        raise RuntimeError(f"{name}: the ingest ended with {done.returncode}:\n{done.stderr[-3000:]}")
    return Ran(name, lake, json.loads(done.stdout)["counts"]["read"], seconds)


def _last_words(servers: Path) -> Iterator[str]:
    """Yield how each log ends: what went wrong at a worker's start is told nowhere else."""
    for log in sorted(servers.rglob("*.log")):
        yield f"--- {log.relative_to(servers)}\n{log.read_text('utf-8', 'replace')[-2000:]}"


def _show(ran: Ran, rows: str) -> None:
    click.echo(f"| {ran.name} | {ran.read:,} | {ran.seconds:.0f} | {ran.read / ran.seconds:,.0f} | {rows} |")


if __name__ == "__main__":
    main()
