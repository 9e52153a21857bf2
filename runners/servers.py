"""Start server processes for a trial, wait until they answer, and stop them in the end."""

import contextlib
import os
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

_START_SECONDS = 120.0  # a Java server takes 10 s on an idle machine
_STOP_SECONDS = 15.0
_POLL_SECONDS = 0.2


@contextlib.contextmanager
def serving(command: Sequence[str], log: Path, ready: Callable[[], bool]) -> Iterator[None]:
    """Run a server until the block ends; what it says goes to `log`.

    Raises:
        RuntimeError: it ended, or is not ready in two minutes; the message ends with what it said last.
    """
    with log.open("wb") as said:
        # A session of its own, so that its children end with it and an interrupt reaches it once, from here.
        server = subprocess.Popen(  # noqa: S603  our own commands
            command, stdout=said, stderr=subprocess.STDOUT, cwd=log.parent, start_new_session=True
        )
    try:
        _wait(server, log, ready)
        yield
    finally:
        _stop(server)


def free_port() -> int:
    """Return a loopback port that nothing listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def answers(port: int) -> bool:
    """Tell whether something listens on a loopback port."""
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex(("127.0.0.1", port)) == 0


def _wait(server: "subprocess.Popen[bytes]", log: Path, ready: Callable[[], bool]) -> None:
    deadline = time.monotonic() + _START_SECONDS
    while not ready():
        if server.poll() is not None or time.monotonic() > deadline:
            last = log.read_text("utf-8", "replace")[-2000:]
            raise RuntimeError(f"{log.stem} did not start; its log {log} ends with:\n{last}")
        time.sleep(_POLL_SECONDS)


def _stop(server: "subprocess.Popen[bytes]") -> None:
    for kind in (signal.SIGTERM, signal.SIGKILL):
        with contextlib.suppress(ProcessLookupError):
            os.killpg(server.pid, kind)
        with contextlib.suppress(subprocess.TimeoutExpired):
            server.wait(_STOP_SECONDS)
