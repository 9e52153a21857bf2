"""`newsfold query`."""

import click

from pipelines.query import FORMATS, SUMMARY, render, write_parquet
from schemas.errors import UsageError
from transforms.lake.layout import open_lake
from transforms.lake.views import Session


@click.command()
@click.option("--lake", required=True, metavar="DIR", help="The lake to ask.")
@click.option("--format", "format_name", type=click.Choice(FORMATS), default="table", show_default=True)
@click.option(
    "--canonical",
    default="earliest",
    show_default=True,
    metavar="POLICY",
    help="Which story names a family: earliest, longest, or source=NAME,NAME with the best source first.",
)
@click.option("--output", metavar="FILE", help="Write there instead of to the terminal; needed for parquet.")
@click.argument("sql", required=False)
def command(lake: str, format_name: str, canonical: str, output: str | None, sql: str | None) -> int:
    """Ask a lake with SQL (DuckDB), or see its summary.

    Views: articles, duplicates, rejects, runs, polls, forgotten, stories, families, mentions, current_articles.
    """
    if format_name == "parquet" and not output:
        raise UsageError("--format parquet: a file is needed; add --output FILE")
    with Session(open_lake(lake), canonical) as session:
        if sql is None:
            for title, question in SUMMARY.items():
                click.echo(render(session.ask(question), "table", title))
            return 0
        answer = session.ask(sql)
    if format_name == "parquet" and output:
        write_parquet(answer, output)
    elif output:
        # Line ends as they were rendered: a system's own would break the CSV of fields that hold line breaks.
        with open(output, "w", encoding="utf-8", newline="") as file:  # noqa: PTH123  any path the user gives
            file.write(render(answer, format_name))
    else:
        click.echo(render(answer, format_name), nl=False)
    return 0
