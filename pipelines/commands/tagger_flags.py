"""The flags by which `tag`, `retag` and `replay` are told how to tag."""

from collections.abc import Callable

import click

Command = Callable[..., int]

_FLAGS = (
    click.option(
        "--language-detector",
        default="default",
        show_default=True,
        help="default, langdetect, py3langid, lingua or default+lingua.",
    ),
    click.option("--entities", default="fast", show_default=True, help="fast, accurate, spacy:MODEL or hf:MODEL."),
    click.option("--gazetteer", metavar="FILE", help="CSV of your own names: name, type, id, aliases."),
)


def tagger_flags(command: Command) -> Command:
    """Give a command the flags that name its taggers."""
    for flag in reversed(_FLAGS):
        command = flag(command)
    return command
