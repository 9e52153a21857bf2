"""`newsfold report`."""

import json
from datetime import UTC, datetime
from pathlib import Path

import click

from pipelines.report.figures import as_json, gather
from pipelines.report.page import page
from schemas.errors import UsageError
from transforms.lake.layout import open_lake


@click.command()
@click.option("--lake", required=True, metavar="DIR", help="The lake to draw.")
@click.option("--output", default="report.html", show_default=True, metavar="FILE", help="Where the page is written.")
@click.option("--json", "as_figures", is_flag=True, help="Print the figures, and write no page.")
def command(lake: str, output: str, as_figures: bool) -> int:
    """Draw a lake as one HTML page: what came in, what became of it, what it tells."""
    figures = gather(open_lake(lake))
    if as_figures:
        click.echo(json.dumps(as_json(figures), ensure_ascii=False, default=str))
        return 0
    written = _write(Path(output), page(figures, datetime.now(UTC)))
    click.echo(f"{written}: {figures.overview['stories']:,} stories drawn; open it in a browser")
    return 0


def _write(path: Path, text: str) -> Path:
    """Write the page so that it is there whole or not at all."""
    if path.is_dir():
        raise UsageError(f"{path} is a folder; name a file, such as {path / 'report.html'}")
    if not path.parent.is_dir():
        raise UsageError(f"{path.parent}: no such folder; make it first or name another one for --output")
    new = path.with_name(path.name + ".new")
    try:
        new.write_text(text, encoding="utf-8")
        new.replace(path)
    except OSError:
        new.unlink(missing_ok=True)
        raise
    return path.absolute()
