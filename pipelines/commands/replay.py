"""`newsfold replay`."""

import json
from dataclasses import asdict

import click

from pipelines.options import IngestOptions, mapping_of
from pipelines.progress import shown
from pipelines.replay import replay


@click.command()
@click.option("--lake", required=True, metavar="DIR", help="The lake whose rejects are run again.")
@click.option("--map", "mapping", default="", metavar="T=C,…", help="Which column holds what, as for ingest.")
@click.option(
    "--workers", type=int, default=0, metavar="N", help="Processes that prepare articles; default: one a core."
)
@click.option("--archive", is_flag=True, help="Parse all documents of live feeds again that were kept.")
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
def command(lake: str, mapping: str, workers: int, archive: bool, as_json: bool) -> int:
    """Run open rejects again, after a fix of the source or with a newer release.

    A reject whose source is still there is read from it, otherwise from the payload that was kept. Documents of live
    feeds are there where --keep-archive kept them.
    """
    options = IngestOptions(inputs=(), lake=lake, mapping=mapping_of(mapping), workers=workers)
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
