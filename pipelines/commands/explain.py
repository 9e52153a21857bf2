"""`newsfold explain`."""

import json

import click
from rich.console import Console

from pipelines.explain import describe, to_json, why
from pipelines.options import days
from transforms.fold.settings import FoldSettings
from transforms.lake.layout import open_lake
from transforms.lake.views import Session


@click.command()
@click.option("--lake", required=True, metavar="DIR", help="The lake that holds both.")
@click.option("--horizon", default="30d", show_default=True, help="As for ingest.")
@click.option("--repost-horizon", default="365d", show_default=True, help="As for ingest.")
@click.option("--json", "as_json", is_flag=True, help="Print the findings as JSON.")
@click.argument("first")
@click.argument("second")
def command(lake: str, horizon: str, repost_horizon: str, as_json: bool, first: str, second: str) -> int:
    """Say why two stored stories are, or are not, one family.

    FIRST and SECOND are article_ids (or their beginnings), the inputs' own ids, or URLs.
    """
    settings = FoldSettings(days(horizon), days(repost_horizon))
    with Session(open_lake(lake)) as session:
        answer = why(session, first, second, settings)
    if as_json:
        click.echo(json.dumps(to_json(answer), ensure_ascii=False))
    else:
        console = Console(highlight=False)
        for line in describe(answer):
            console.print(line, soft_wrap=True)
    return 0
