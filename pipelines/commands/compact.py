"""`newsfold compact`."""

import json
from dataclasses import asdict

import click

from pipelines.commands.break_lock import break_lock as break_lock_flag
from transforms.lake.compact import compact
from transforms.lake.layout import open_lake
from transforms.lake.lock import writer_lock
from transforms.lake.recover import recover


@click.command()
@click.option("--lake", required=True, metavar="DIR", help="The lake whose small files are merged.")
@break_lock_flag
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
def command(lake: str, as_json: bool, break_lock: bool | None) -> int:
    """Merge the small files of each partition; rows stay as they are, and readers keep working."""
    opened = open_lake(lake)
    with writer_lock(opened, "compact", break_lock=bool(break_lock)):
        recover(opened)
        done = compact(opened)
    if as_json:
        click.echo(json.dumps(asdict(done)))
    else:
        click.echo(f"{done.merged:,} files became {done.written:,} in {done.commits} commits")
    return 0
