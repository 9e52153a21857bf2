"""The flag of all commands that write to a lake."""

import click

break_lock = click.option(
    "--break-lock",
    is_flag=True,
    default=None,
    help="Take over a lake on an object store whose writer is gone for certain, before its 60 s are over.",
)
