"""`newsfold replay`."""

import json
from dataclasses import asdict

import click

from pipelines.commands.break_lock import break_lock as break_lock_flag
from pipelines.commands.tagger_flags import tagger_flags
from pipelines.options import IngestOptions, mapping_of
from pipelines.progress import shown
from pipelines.replay import replay
from transforms.entities.own_names import read_own_names


@click.command()
@click.option("--lake", required=True, metavar="DIR", help="The lake whose rejects are run again.")
@click.option("--map", "mapping", default="", metavar="T=C,…", help="Which column holds what, as for ingest.")
@click.option(
    "--workers", type=int, default=0, metavar="N", help="Processes that prepare articles; default: one a core."
)
@tagger_flags
@break_lock_flag
@click.option("--archive", is_flag=True, help="Parse all documents of live feeds again that were kept.")
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
def command(
    lake: str,
    mapping: str,
    workers: int,
    archive: bool,
    language_detector: str,
    entities: str,
    gazetteer: str | None,
    as_json: bool,
    break_lock: bool | None,
) -> int:
    """Run open rejects again, after a fix of the source or with a newer release.

    A reject whose source is still there is read from it, otherwise from the payload that was kept. Documents of live
    feeds are there where --keep-archive kept them.
    """
    options = IngestOptions(
        inputs=(),
        lake=lake,
        mapping=mapping_of(mapping),
        language_detector=language_detector,
        entities=entities,
        gazetteer=read_own_names(gazetteer) if gazetteer else (),
        workers=workers,
        break_lock=bool(break_lock),
    )
    with shown("replay") as report:
        result = replay(options, report, archive=archive)
    if as_json:
        click.echo(json.dumps(asdict(result)))
    else:
        if archive:
            click.echo(f"{result.documents} documents of live feeds were read again")
        click.echo(
            f"{result.open} open rejects: {result.resolved} resolved, {result.still_rejected} still rejected, "
            f"{result.out_of_reach} out of reach (source gone, payload cut)"
        )
    return 0
