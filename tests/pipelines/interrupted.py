"""Run the command line in a child process, which may be killed or sent a signal at a named instant of a commit.

The children are forked from a server that has imported everything and loaded the models, so that one costs some
tenths of a second instead of the seconds of a new interpreter.
"""

import json
import multiprocessing
import os
import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from pipelines import cli
from transforms.feeds import steps as feed_steps
from transforms.lake import steps

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True)
class Finished:
    """How a command ended."""

    code: int
    out: str
    err: str

    @property
    def json(self):
        return json.loads(self.out)


@dataclass(frozen=True)
class At:
    """The `nth` time that a step of a commit or a poll is reached, and the signal that comes then."""

    step: str
    nth: int = 1
    signal: int = signal.SIGKILL


def run(folder, *arguments, at=None, timeout=None):
    """Run a command in a child; return how it ended, with a negative code where a signal ended it."""
    out, err = Path(folder, "out.txt"), Path(folder, "err.txt")
    child = _context().Process(target=_child, args=([*map(str, arguments)], at, str(out), str(err), dict(os.environ)))
    child.start()
    child.join(timeout)
    if child.exitcode is None:
        child.kill()
        child.join()
    return Finished(child.exitcode, out.read_text("utf-8"), err.read_text("utf-8"))


def kill_after(folder, seconds, *arguments):
    """Run a command in a child and kill it after some time; say whether it was still at work."""
    child = _context().Process(
        target=_child,
        args=([*map(str, arguments)], None, f"{folder}/out.txt", f"{folder}/err.txt", dict(os.environ)),
    )
    child.start()
    child.join(seconds)
    child.kill()
    child.join()
    return child.exitcode == -signal.SIGKILL


def _context():
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["tests.pipelines.warm"])
    os.environ["PYTHONPATH"] = str(ROOT)  # so that the server finds that module
    return context


def _child(arguments, at, out, err, surroundings):
    os.environ.update(surroundings)  # the server may be older than what a test has set
    for stream, path in ((sys.stdout, out), (sys.stderr, err)):
        os.dup2(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC), stream.fileno())
    met = 0

    def reached(step):
        nonlocal met
        assert step in (*steps.STEPS, *feed_steps.STEPS), step
        met += at is not None and step == at.step
        if at is not None and step == at.step and met == at.nth:
            os.kill(os.getpid(), at.signal)

    steps.reached = feed_steps.reached = reached
    cli.main(arguments)


def started(*arguments):
    """Start the command line as a process group of its own, as a terminal does."""
    return subprocess.Popen(
        [sys.executable, "-m", "pipelines.cli", *map(str, arguments)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=ROOT,
        start_new_session=True,
    )


def wait_for(process, words):
    """Read standard error of a process up to the line that holds `words`."""
    for line in process.stderr:
        if words in line:
            return
    raise AssertionError(f"{words!r} never came")


def descendants(pid):
    """Return the process ids below `pid`, children before grandchildren."""
    below = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text("utf-8").rpartition(")")[2].split()
        except OSError:  # it has just ended
            continue
        below.setdefault(int(fields[1]), []).append(int(stat.parent.name))
    found = [pid]
    for one in found:
        found += below.get(one, [])
    return found[1:]


def ended(process, seconds=60):
    """Wait for a started process; return how it ended and how long that took."""
    begun = time.monotonic()
    out, err = process.communicate(timeout=seconds)
    return Finished(process.returncode, out, err), time.monotonic() - begun
