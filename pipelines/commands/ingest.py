"""`newsfold ingest`."""

import json
from collections.abc import Sequence
from typing import Any

import click

from pipelines.commands.given import (
    check_beam_flags,
    inputs_in,
    mapping_in,
    own_flags,
    shared_flags,
    told_by,
    typed,
    without_beam_flags,
)
from pipelines.fork_server import start_early
from pipelines.options import IngestOptions
from schemas.errors import UsageError

_TOO_MANY_REJECTS = 3  # exit code: what could be read is committed, yet a script should look at the rest


@click.command(context_settings={"ignore_unknown_options": True})
@shared_flags
@click.option("--max-reject-share", type=float, metavar="SHARE", help="More rejects than this end with exit code 3.")
@click.option("--dry-run", is_flag=True, help="Say what would be read, column by column; write nothing.")
def command(inputs: tuple[str, ...], config: str | None, dry_run: bool, as_json: bool, **flags: Any) -> int:
    """Read INPUTS into a lake: files, folders, globs, URLs of a Beam file system, saved feeds; and poll feeds.

    Beam's own flags pass through, such as --runner=FlinkRunner.
    """
    told = told_by(config, flags)
    paths, beam_flags = without_beam_flags(inputs)
    paths = paths or tuple(inputs_in(told))
    check_beam_flags(beam_flags, command)
    if not paths and (dry_run or not told.get("feeds")):
        raise UsageError("nothing to ingest: name files or folders, such as newsfold ingest articles/ --lake my-lake")
    if dry_run:
        return _show_plan(paths, told, as_json)
    return _ingest(IngestOptions(inputs=paths, beam_flags=beam_flags, **typed(told)), as_json)


def _ingest(options: IngestOptions, as_json: bool) -> int:
    if options.worker_count > 1 and not options.beam_flags:
        start_early(options.inputs, options.lake)
    # Beam takes a second to import; usage errors should not wait for it.
    from pipelines.beam_flags import beam_options  # noqa: PLC0415
    from pipelines.progress import shown  # noqa: PLC0415
    from pipelines.run import ingest  # noqa: PLC0415
    from pipelines.summary import describe  # noqa: PLC0415

    with shown("ingest") as report:
        summary = ingest(options, beam_options(options.beam_flags, own_flags(command)), report)
    click.echo(json.dumps(summary.to_json(), ensure_ascii=False) if as_json else describe(summary))
    if summary.reject_share > options.max_reject_share:
        share = (
            f"{summary.reject_share:.0%} of what was read was rejected, and {options.max_reject_share:.0%} is allowed"
        )
        click.echo(f'newsfold: {share}; see newsfold query --lake {options.lake} "from rejects"', err=True)
        return _TOO_MANY_REJECTS
    return 0


def _show_plan(paths: Sequence[str], told: dict[str, Any], as_json: bool) -> int:
    from pipelines.dry_run import describe_inputs  # noqa: PLC0415  reads every format

    click.echo(describe_inputs(paths, mapping_in(told), as_json))
    return 0
