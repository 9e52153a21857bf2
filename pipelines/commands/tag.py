"""`newsfold tag`."""

import json
import sys

import click

from pipelines.tag import open_lines, readable, tag_lines


@click.command()
@click.argument("file", default="-")
@click.option("--language-detector", default="default", show_default=True, help="default, langdetect or py3langid.")
def command(file: str, language_detector: str) -> int:
    """Tag JSON lines in FILE (- for standard input): one line out for each line in, in order.

    Reads id and text of each line; writes id, language, its score and runner-up, and entities with offsets in code
    points of the text as given. A bad line gives its number and error on standard error, and exit code 1 in the end.
    """
    lines = sys.stdin.buffer if file == "-" else open_lines(file)
    failed = False
    with lines:
        for tagged in tag_lines(readable(lines, file), language_detector):
            if tagged.error:
                failed = True
                click.echo(json.dumps({"line": tagged.line, "error": tagged.error}), err=True)
            else:
                click.echo(tagged.output)
    return int(failed)
