"""Ingest the same inputs here and on a runner, compare the rows, and say how fast each was."""

import json
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import click

from runners.compare import differences
from runners.parts import ROOT


@dataclass(frozen=True)
class Ran:
    """How one ingest went."""

    name: str
    lake: Path
    read: int
    seconds: float  # of the whole command, start-up included


def compare_runs(inputs: Sequence[str], folder: Path, modes: Mapping[str, Sequence[str]]) -> bool:
    """Ingest `inputs` on this machine's own runner and in each mode (name → flags); tell whether all rows are equal."""
    own = _ingest("DirectRunner", inputs, folder, [])
    _show(own, [])
    found = {name: _tried(name, inputs, folder, flags, own) for name, flags in modes.items()}
    return not any(found.values())


def _tried(name: str, inputs: Sequence[str], folder: Path, flags: Sequence[str], own: Ran) -> list[str]:
    ran = _ingest(name, inputs, folder, flags)
    found = differences(own.lake, ran.lake)
    _show(ran, found)
    return found


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


def _show(ran: Ran, found: Sequence[str]) -> None:
    verdict = f"{len(found)} or more rows differ" if found else "rows equal"
    rate = f"{ran.read / ran.seconds:,.0f} articles/s"
    click.echo(f"{ran.name:<22} {ran.read:>7,} read  {ran.seconds:6.1f} s  {rate:>15}  {verdict}")
    for line in found:
        click.echo(f"  {line}")
