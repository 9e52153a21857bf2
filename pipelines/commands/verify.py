"""`newsfold verify`."""

import json

import click

from transforms.lake.layout import open_lake
from transforms.lake.verify import verify


@click.command()
@click.option("--lake", required=True, metavar="DIR", help="The lake to examine.")
@click.option("--json", "as_json", is_flag=True, help="Print the faults as a JSON list.")
def command(lake: str, as_json: bool) -> int:
    """Prove the ledger, the checksums and the counts of a lake; exit code 1 where anything differs."""
    faults = verify(open_lake(lake))
    if as_json:
        click.echo(json.dumps(faults, ensure_ascii=False))
    else:
        click.echo("\n".join(faults) if faults else f"{lake}: every file, count and reference is as the ledger says")
    return int(bool(faults))
