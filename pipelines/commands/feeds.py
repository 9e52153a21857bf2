"""`newsfold feeds`: lists of feeds, what is known of them, and finding new ones."""

import importlib.metadata
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click
import pyarrow as pa

from pipelines.feed_views import forecast_row, forecasts, known_rows, told
from pipelines.query import escaped, render
from schemas.errors import UsageError
from transforms.feeds.addresses import resolve_by_system
from transforms.feeds.discover import Discovery, discover
from transforms.feeds.failures import FetchError
from transforms.feeds.feed import Feed
from transforms.feeds.fetch import Fetcher, user_agent
from transforms.feeds.known import known_states
from transforms.feeds.lists import FeedList, read_line, read_list, write_text
from transforms.feeds.merged import merge, write_list
from transforms.feeds.moments import system_moment
from transforms.feeds.opml import write_opml
from transforms.feeds.state import FeedState
from transforms.lake.layout import open_lake
from transforms.sources.parser_process import ParserProcess

_as_json = click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
_lake = click.option("--lake", metavar="DIR", help="The lake whose polls are looked at.")
_IN_THE_TABLE = ("feed", "state", "last", "polled_at", "next_due", "interval", "items", "failures")


@click.group(no_args_is_help=False)
def command() -> None:
    """Keep lists of feeds: OPML in and out, their state, what a poll would do, and finding the feeds of a page.

    A list is OPML, or text with one address a line and words after it: allow_private, every=30m.
    """


@command.command("import", short_help="Add feeds of other lists to a text list.")
@click.argument("files", nargs=-1, required=True, metavar="FILE...")
@click.option(
    "--list", "target", required=True, metavar="LIST", help="The text list to add to; made if it is not there."
)
@click.option("--dry-run", is_flag=True, help="Say what would be added; write nothing.")
@_as_json
def import_feeds(files: tuple[str, ...], target: str, dry_run: bool, as_json: bool) -> None:
    """Add the feeds of OPML or text FILEs to a text list; those listed already stay as they are."""
    lists = [read_list(file) for file in files]
    told = [warning for one in lists for warning in one.warnings]
    _add([feed for one in lists for feed in one.feeds], Path(target), told, dry_run, as_json)


@command.command("export", short_help="Write a list as OPML or text.")
@click.argument("listed", metavar="LIST")
@click.option("--format", "format_name", type=click.Choice(["opml", "text"]), default="opml", show_default=True)
@click.option("--output", metavar="FILE", help="Write there instead of to the terminal.")
@_as_json
def export(listed: str, format_name: str, output: str | None, as_json: bool) -> None:
    """Write a list as OPML or text. Addresses with passwords or tokens are written to files only."""
    found = _read(listed)
    lost = [feed for feed in found.feeds if format_name == "opml" and (feed.allow_private or feed.every)]
    if lost:
        click.echo(f"newsfold: OPML has no place for allow_private and every= of {len(lost)} feeds", err=True)
    text = (write_opml if format_name == "opml" else write_text)(found.feeds)
    if output is None:
        _refuse_secrets(found.feeds)
        click.echo(_dumped({"feeds": len(found.feeds), "content": text}) if as_json else text, nl=as_json)
        return
    write_list(Path(output), text.encode(), found.feeds)
    click.echo(
        _dumped({"feeds": len(found.feeds), "output": output}) if as_json else f"{output}: {_count(found.feeds)}"
    )


@command.command("list", short_help="Show feeds and the state of their polls.")
@click.argument("listed", metavar="LIST")
@_lake
@_as_json
def list_feeds(listed: str, lake: str | None, as_json: bool) -> None:
    """Show the feeds of a list, with their state from the polls of a lake."""
    rows = known_rows(_read(listed).feeds, _states(lake))
    _show(rows if as_json else [{name: row[name] for name in _IN_THE_TABLE} for row in rows], as_json)


@command.command("check", short_help="Say what a poll would do now, and why.")
@click.argument("listed", metavar="LIST")
@_lake
@click.option("--resolve", is_flag=True, help="Look every name up and vet its addresses; no feed is asked.")
@_as_json
def check(listed: str, lake: str | None, resolve: bool, as_json: bool) -> None:
    """Say what a poll would do with each feed now, and why. Nobody is asked."""
    found = forecasts(_read(listed).feeds, _states(lake), system_moment(), resolve_by_system if resolve else None)
    if as_json:
        click.echo(_dumped([forecast_row(one) for one in found]))
    else:
        click.echo("".join(map(told, found)) or "no feeds\n", nl=False)


@command.command("discover", short_help="Find the feeds of a page.")
@click.argument("url")
@click.option("--contact", metavar="WHO", help="A mail address or page, sent in the User-Agent; needed.")
@click.option("--list", "target", metavar="LIST", help="Add what is found to this text list.")
@click.option("--allow-private", is_flag=True, help="The page and its feeds may stand on a private address.")
@_as_json
def discover_feeds(url: str, contact: str | None, target: str | None, allow_private: bool, as_json: bool) -> int:
    """Find the feeds of a page: those it names, else those its links lead to. Exit code 1 where there is none."""
    if not contact:
        raise UsageError("--contact is missing: name a mail address or page for the sites that are asked")
    fetcher = Fetcher(user_agent(importlib.metadata.version("newsfold"), contact))
    feed = read_line(url, "the address")
    try:
        with ParserProcess() as parser:
            found = discover(feed.url, fetcher, parser, system_moment, allow_private=allow_private)
    except FetchError as error:
        found = Discovery(notes=(f"{feed.key}: {error}",))
    if target:
        feeds = [Feed(one.url, allow_private, title=one.title or "") for one in found.feeds]
        _add(feeds, Path(target), list(found.notes), dry_run=False, as_json=as_json)
    else:
        _show_found(found, as_json)
    return int(not found.feeds)


def _show_found(found: Discovery, as_json: bool) -> None:
    rows = [one.shown for one in found.feeds]
    if as_json:
        click.echo(_dumped({"feeds": rows, "notes": list(found.notes)}))
        return
    _warn(found.notes)
    _show(rows, as_json=False)


def _add(feeds: Sequence[Feed], target: Path, told: Sequence[str], dry_run: bool, as_json: bool) -> None:
    merged = merge(target, feeds)
    warnings = [*told, *merged.warnings]
    if not dry_run and merged.added:
        write_list(target, merged.content, merged.added)
    added = [feed.key for feed in merged.added]
    if as_json:
        click.echo(_dumped({"list": str(target), "added": added, "left_out": warnings, "written": not dry_run}))
        return
    _warn(warnings)
    for key in added:
        click.echo(escaped(key))
    click.echo(f"{target}: {_count(added)} {'would be added' if dry_run else 'added'}, {len(warnings)} left out")


def _refuse_secrets(feeds: Sequence[Feed]) -> None:
    secret = sum(feed.key != feed.url for feed in feeds)
    if secret:
        raise UsageError(f"{secret} of the addresses hold passwords or tokens: name a file for them with --output")


def _read(listed: str) -> FeedList:
    found = read_list(listed)
    _warn(found.warnings)
    return found


def _states(lake: str | None) -> dict[str, FeedState]:
    return known_states(open_lake(lake)) if lake else {}


def _show(rows: Sequence[dict[str, Any]], as_json: bool) -> None:
    if as_json:
        click.echo(_dumped(list(rows)))
    elif rows:
        click.echo(render(pa.Table.from_pylist(rows), "table"), nl=False)
    else:
        click.echo("no feeds")


def _warn(warnings: Sequence[str]) -> None:
    for warning in warnings:
        click.echo(f"newsfold: {escaped(warning)}", err=True)


def _count(feeds: Sequence[object]) -> str:
    return f"{len(feeds)} feed{'' if len(feeds) == 1 else 's'}"


def _dumped(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)
