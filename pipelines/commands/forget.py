"""`newsfold forget`."""

import json
from dataclasses import asdict

import click

from pipelines.commands.break_lock import break_lock as break_lock_flag
from pipelines.forget import Forgotten, forget
from schemas.errors import UsageError

_SHOWN_COPIES = 10


@click.command()
@click.argument("names", nargs=-1)
@click.option("--source", metavar="NAME", help="Forget all items whose source has this name, letter by letter.")
@click.option("--lake", required=True, metavar="DIR", help="The lake that forgets.")
@break_lock_flag
@click.option("--dry-run", is_flag=True, help="Say what would go; change nothing.")
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
def command(
    names: tuple[str, ...], source: str | None, lake: str, dry_run: bool, as_json: bool, break_lock: bool | None
) -> int:
    """Remove the items of NAMES (article_id, the input's own id, or URL) from all tables and files, for good.

    All versions of an item go. It is refused when it is met again. Copies of it that are items of others stay.
    """
    if not names and source is None:
        raise UsageError("nothing to forget: name items by article_id, id or URL, or a source by --source NAME")
    done = forget(lake, names, source, dry_run=dry_run, break_lock=bool(break_lock))
    click.echo(json.dumps(asdict(done)) if as_json else _described(done, dry_run=dry_run))
    return 0


def _described(done: Forgotten, *, dry_run: bool) -> str:
    removed = (
        f"{done.articles:,} articles, {done.duplicates:,} duplicates, {done.rejects:,} rejects, "
        f"{done.documents:,} kept documents of feeds"
    )
    # Forgotten once and not stored since: the same call again must say so, and not that nothing was found.
    if dry_run:
        lines = [f"{done.items:,} items would be forgotten: {removed}"]
    elif done.commit is None:
        lines = [f"{done.items:,} items are forgotten already: nothing was left to remove"]
    else:
        lines = [f"{done.items:,} items are forgotten (commit {done.commit}): {removed}"]
    if done.copies:
        shown, left = done.copies[:_SHOWN_COPIES], len(done.copies) - _SHOWN_COPIES
        more = f" and {left:,} more (--json names all)" if left > 0 else ""
        lines.append(f"{len(done.copies):,} stories of other items in the same families stay: {', '.join(shown)}{more}")
    return "\n".join(lines)
