"""`newsfold what-if`."""

import json
from dataclasses import replace

import click
from rich.console import Console

from pipelines.options import days
from pipelines.what_if import describe, to_json, what_if
from schemas.errors import UsageError
from transforms.fold.settings import FoldSettings, Thresholds
from transforms.lake.layout import open_lake
from transforms.lake.views import Session

_SHARE = click.FloatRange(0, 1, min_open=True)
_LIMITS = {
    "similarity": "near_jaccard",
    "containment": "excerpt_containment",
    "kept": "edited_bag",
    "short_words": "short_words",
}


@click.command()
@click.option("--lake", required=True, metavar="DIR", help="The lake to fold again, in memory.")
@click.option("--similarity", type=_SHARE, help="Near: this share of both texts' 3-word windows in common [0.70].")
@click.option("--containment", type=_SHARE, help="Excerpt: this share of the shorter's windows in the other [0.94].")
@click.option("--kept", type=_SHARE, help="Edited: this share of the shorter's words kept [0.82].")
@click.option("--short-words", type=click.FloatRange(0), help="Shorter texts are guarded as bulletins [110].")
@click.option("--horizon", type=days, metavar="30d", help="How far apart copies may be published [30d].")
@click.option("--repost-horizon", type=days, metavar="365d", help="The same for long near copies [365d].")
@click.option("--json", "as_json", is_flag=True, help="Print all changes as JSON.")
def command(lake: str, as_json: bool, horizon: int | None, repost_horizon: int | None, **limits: float | None) -> int:
    """List the families that other settings would gain or lose; the lake stays as it is.

    Name at least one setting; the others stay as in brackets.
    """
    changed = {name: value for name, value in limits.items() if value is not None}
    spans = {"horizon": horizon, "repost_horizon": repost_horizon}
    told = {**changed, **{name: f"{value}d" for name, value in spans.items() if value is not None}}
    if not told:
        raise UsageError("what-if: name a setting to change, such as --similarity 0.6")
    usual = FoldSettings()
    try:
        other = FoldSettings(
            horizon or usual.horizon_days,
            repost_horizon or usual.repost_horizon_days,
            replace(Thresholds(), **{_LIMITS[name]: value for name, value in changed.items()}),
        )
    except ValueError as error:
        raise UsageError(str(error)) from error
    opened = open_lake(lake)
    with Session(opened) as session:
        outlook = what_if(opened, session, usual, other)
    if as_json:
        click.echo(json.dumps(to_json(outlook, told), ensure_ascii=False))
    else:
        console = Console(highlight=False)
        for line in describe(outlook, told):
            console.print(line, soft_wrap=True)
    return 0
