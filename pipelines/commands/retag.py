"""`newsfold retag`."""

import json
from dataclasses import asdict

import click

from pipelines.commands.break_lock import break_lock as break_lock_flag
from pipelines.commands.tagger_flags import tagger_flags
from pipelines.options import IngestOptions
from pipelines.progress import shown
from pipelines.retag import retag
from transforms.entities.own_names import read_own_names


@click.command()
@click.option("--lake", required=True, metavar="DIR", help="The lake whose stories are tagged anew.")
@tagger_flags
@break_lock_flag
@click.option("--workers", type=int, default=0, metavar="N", help="Processes that tag; default: one a core.")
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
def command(
    lake: str,
    language_detector: str,
    entities: str,
    gazetteer: str | None,
    workers: int,
    as_json: bool,
    break_lock: bool | None,
) -> int:
    """Give stored stories the language and entities that the present taggers find; ids and families stay.

    Rows that these taggers have tagged already are left alone, so a retag that was interrupted goes on where it was.
    """
    options = IngestOptions(
        inputs=(),
        lake=lake,
        language_detector=language_detector,
        entities=entities,
        gazetteer=read_own_names(gazetteer) if gazetteer else (),
        workers=workers,
        break_lock=bool(break_lock),
    )
    with shown("retag") as report:
        done = retag(options, report)
    if as_json:
        click.echo(json.dumps(asdict(done)))
    else:
        click.echo(
            f"{done.retagged:,} stories tagged anew, {done.moved:,} of another language now, in {done.commits} commits"
        )
    return 0
