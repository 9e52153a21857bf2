"""`newsfold tag`."""

import json
import sys

import click

from pipelines.commands.tagger_flags import tagger_flags
from pipelines.tag import open_lines, readable, tag_lines
from transforms.entities.own_names import read_own_names
from transforms.entities.taggers import EntityChoice


@click.command()
@click.argument("file", default="-")
@tagger_flags
def command(file: str, language_detector: str, entities: str, gazetteer: str | None) -> int:
    """Tag JSON lines in FILE (- for standard input): one line out for each line in, in order.

    Reads id and text of each line; writes id, language, its score and runner-up, and entities with offsets in code
    points of the text as given. A bad line gives its number and error on standard error, and exit code 1 in the end.
    """
    choice = EntityChoice(entities, read_own_names(gazetteer) if gazetteer else ())
    lines = sys.stdin.buffer if file == "-" else open_lines(file)
    failed = False
    with lines:
        for tagged in tag_lines(readable(lines, file), language_detector, choice):
            if tagged.error:
                failed = True
                click.echo(json.dumps({"line": tagged.line, "error": tagged.error}), err=True)
            else:
                click.echo(tagged.output)
    return int(failed)
