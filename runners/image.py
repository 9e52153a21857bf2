"""Run what runners/worker.Dockerfile runs, in an empty virtual environment instead of Beam's image: `make image-steps`.

There need be no container engine. What it proves: the locked packages install by their hashes and suffice, what is
copied suffices for our sdist, and newsfold ingests with nothing else around it.
"""

import json
import os
import shlex
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import click

from runners.parts import ROOT

DOCKERFILE = Path(__file__).with_name("worker.Dockerfile")
# A container keeps no cache; here the cache spares the registry.
_NOT_HERE = "PIP_NO_CACHE_DIR"


@dataclass
class Stage:
    """What one FROM has come to: its files under `root`, where it works in it, what it has set."""

    root: Path
    place: Path
    told: dict[str, str] = field(default_factory=dict)


def main() -> None:
    """Run every step, then ingest the seeds with what they have installed; exit with 1 where something fails."""
    with tempfile.TemporaryDirectory(prefix="newsfold-image-") as folder:
        try:
            read = try_image(DOCKERFILE, Path(folder))
        except subprocess.CalledProcessError as error:
            sys.exit(f"{DOCKERFILE.name}: {error}\n{error.output[-3000:]}")
    click.echo(f"worker image: its steps ran, and newsfold read {read} seeds with what they installed")


def try_image(dockerfile: Path, folder: Path) -> int:
    """Run the steps below `folder`; return how many records the installed newsfold read.

    Raises:
        subprocess.CalledProcessError: a step, or the ingest, ended with an error.
    """
    environment = folder / "environment"
    _run([sys.executable, "-m", "venv", str(environment)], folder, {})
    run_steps(dockerfile.read_text("utf-8"), folder, environment / "bin")
    ingest = ["ingest", str(ROOT / "seeds"), "--lake", "lake", "--json", "--max-reject-share", "1"]
    done = _run([str(environment / "bin" / "newsfold"), *ingest], folder, {})
    return int(json.loads(done.splitlines()[-1])["counts"]["read"])


def run_steps(text: str, folder: Path, programs: Path) -> None:
    """Carry out a container file: COPY, WORKDIR and ENV within `folder`, RUN with the programs of an environment."""
    stages: dict[str, Stage] = {}
    for number, (word, rest) in enumerate(instructions(text)):
        if word == "FROM":
            root = folder / f"stage{number}"
            root.mkdir()
            stage = Stage(root, root)
            stages[rest.partition(" AS ")[2]] = stage
        elif word == "WORKDIR":
            stage.place = stage.root / rest.lstrip("/")
            stage.place.mkdir(parents=True, exist_ok=True)
        elif word == "ENV":
            stage.told |= dict(pair.split("=", 1) for pair in shlex.split(rest) if not pair.startswith(_NOT_HERE))
        elif word == "COPY":
            _copy(rest.split(), stage, stages)
        elif word == "RUN":
            told = {**stage.told, "PATH": f"{programs}:{os.environ['PATH']}"}
            _run(["/bin/sh", "-c", rest], stage.place, told)


def instructions(text: str) -> Iterator[tuple[str, str]]:
    """Yield each instruction of a container file as (word, rest), lines joined, comments left out."""
    lines = [line for line in text.splitlines() if line.strip() and not line.lstrip().startswith("#")]
    for line in "\n".join(lines).replace("\\\n", " ").splitlines():
        word, _, rest = line.strip().partition(" ")
        yield word, rest.strip()


def _copy(words: Sequence[str], stage: Stage, stages: dict[str, Stage]) -> None:
    named = words[0].removeprefix("--from=") if words[0].startswith("--from=") else None
    source = ROOT if named is None else stages[named].root
    *copied, target = words[named is not None :]
    for name in copied:
        there, here = source / name.lstrip("/"), stage.place / target
        here.mkdir(parents=True, exist_ok=True)
        # Of a folder its contents are copied, of a file the file, as COPY does where the target ends in a slash.
        if there.is_dir():
            shutil.copytree(there, here, dirs_exist_ok=True, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy2(there, here)


def _run(command: Sequence[str], place: Path, told: dict[str, str]) -> str:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    done = subprocess.run(  # noqa: S603  the steps of our own file
        command,
        cwd=place,
        env={**kept, **told},
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        check=False,
    )
    if done.returncode:
        raise subprocess.CalledProcessError(done.returncode, command, done.stdout)
    return done.stdout


if __name__ == "__main__":
    main()
