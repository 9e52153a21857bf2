"""`newsfold watch`."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from pipelines.commands.given import inputs_in, shared_flags, told_by, typed
from pipelines.options import IngestOptions
from pipelines.stopping import stop_gently
from schemas.errors import UsageError

if TYPE_CHECKING:
    from pipelines.status import Observer, Status


@click.command()
@shared_flags
@click.option("--status-file", metavar="FILE", help="Keep a JSON file that says how things are.")
def command(inputs: tuple[str, ...], config: str | None, as_json: bool, status_file: str | None, **flags: Any) -> int:
    """Poll feeds when they are due, and read what is new in INPUTS, until SIGINT or SIGTERM.

    The first signal ends it after the round, the second one at once; nothing is lost either way.
    """
    told = told_by(config, flags | {"status_file": status_file})
    paths = inputs or tuple(inputs_in(told))
    file = told.pop("status_file", None)
    options = IngestOptions(inputs=paths, **typed(told))
    stop = stop_gently()
    # Beam takes a second to import; usage errors should not wait for it.
    from pipelines.progress import watched  # noqa: PLC0415
    from pipelines.summary import describe  # noqa: PLC0415
    from pipelines.watch import watch  # noqa: PLC0415

    with watched() as show:
        observers = [show, *_files(file)]
        summary = watch(options, lambda status: _tell(observers, status), stop)
    click.echo(json.dumps(summary.to_json(), ensure_ascii=False) if as_json else describe(summary))
    return 0


def _tell(observers: "list[Observer]", status: "Status") -> None:
    for observe in observers:
        observe(status)


def _files(path: str | None) -> "list[Observer]":
    from pipelines.status import status_file  # noqa: PLC0415  as above

    if path is None:
        return []
    if not Path(path).absolute().parent.is_dir():
        raise UsageError(f"--status-file {path}: there is no folder {Path(path).parent}; make it first")
    return [status_file(Path(path))]
