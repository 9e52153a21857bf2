"""`newsfold watch`."""

import contextlib
import json
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from pipelines.commands.given import (
    check_beam_flags,
    inputs_in,
    own_flags,
    shared_flags,
    told_by,
    typed,
    without_beam_flags,
)
from pipelines.options import IngestOptions
from pipelines.stopping import stop_gently
from schemas.errors import UsageError

if TYPE_CHECKING:
    from pipelines.status import Observer, Status
    from pipelines.summary import Summary


@click.command(context_settings={"ignore_unknown_options": True})
@shared_flags
@click.option("--input", "messages", multiple=True, metavar="QUEUE", help="pubsub://… or kafka://…, with --runner.")
@click.option("--status-file", metavar="FILE", help="Keep a JSON file that says how things are.")
@click.option("--metrics-port", type=int, metavar="PORT", help="Serve metrics for Prometheus on 127.0.0.1:PORT.")
def command(inputs: tuple[str, ...], config: str | None, as_json: bool, **flags: Any) -> int:
    """Poll feeds when they are due, and read what is new in INPUTS, until SIGINT or SIGTERM.

    The first signal ends it after the round, the second one at once; nothing is lost either way. With --runner and
    Beam's own flags it is one pipeline without end on that runner.
    """
    told = told_by(config, {**flags, "messages": flags["messages"] or None})
    paths, beam_flags = without_beam_flags(inputs)
    paths = paths or tuple(inputs_in(told))
    check_beam_flags(beam_flags, command)
    file, port = told.pop("status_file", None), told.pop("metrics_port", None)
    options = IngestOptions(inputs=paths, beam_flags=beam_flags, **typed(told))
    stop = stop_gently()
    # Beam takes a second to import; usage errors should not wait for it.
    from pipelines.summary import describe  # noqa: PLC0415

    summary = _on_runner(options, stop, file, port) if beam_flags else _here(options, stop, file, port)
    click.echo(json.dumps(summary.to_json(), ensure_ascii=False) if as_json else describe(summary))
    return 0


def _here(options: IngestOptions, stop: threading.Event, file: str | None, port: int | None) -> "Summary":
    from pipelines.watch import watch  # noqa: PLC0415  as above

    if options.messages:
        raise UsageError("--input: messages are read by a pipeline without end; name its runner by --runner")
    with _observed(file, port) as observe:
        return watch(options, observe, stop)


def _on_runner(options: IngestOptions, stop: threading.Event, file: str | None, port: int | None) -> "Summary":
    from pipelines.beam_flags import beam_options  # noqa: PLC0415  as above
    from pipelines.continuous import stream  # noqa: PLC0415

    if file is not None or port is not None:
        raise UsageError("--status-file, --metrics-port: with --runner, look at the runner's own page and metrics")
    return stream(options, beam_options(options.beam_flags, own_flags(command)), stop)


@contextlib.contextmanager
def _observed(file: str | None, port: int | None) -> "Iterator[Observer]":
    """Give what shows the status: on standard error, and in a file and on a page if they are named."""
    from pipelines.metrics import served  # noqa: PLC0415  as above
    from pipelines.progress import watched  # noqa: PLC0415
    from pipelines.status import status_file  # noqa: PLC0415

    with contextlib.ExitStack() as stack:
        observers = [] if port is None else [stack.enter_context(served(port))]
        if file is not None:
            observers.append(status_file(_writable(file)))
        observers.append(stack.enter_context(watched()))

        def observe(status: "Status") -> None:
            for told in observers:
                told(status)

        yield observe


def _writable(file: str) -> Path:
    if not Path(file).absolute().parent.is_dir():
        raise UsageError(f"--status-file {file}: there is no folder {Path(file).parent}; make it first")
    return Path(file)
