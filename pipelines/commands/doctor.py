"""`newsfold doctor`."""

import json
from dataclasses import asdict

import click

from pipelines.doctor import examine


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print the findings as JSON.")
def command(as_json: bool) -> int:
    """Show versions, optional parts, reachable file systems, and parsers known to be weak."""
    findings = list(examine())
    if as_json:
        click.echo(json.dumps([asdict(finding) for finding in findings]))
    else:
        for finding in findings:
            click.echo(f"{finding.state:8} {finding.name:34} {finding.detail}")
    return 0
