"""`newsfold ingest`."""

import json
from collections.abc import Sequence
from typing import Any

import click

from pipelines.config import check_kinds, load_config
from pipelines.fork_server import start_early
from pipelines.options import IngestOptions, days, mapping_of
from schemas.errors import UsageError

_TOO_MANY_REJECTS = 3
_KINDS_IN_CONFIG: dict[str, tuple[type, ...]] = {
    "inputs": (str, list),
    "map": (str, dict),
    "horizon": (str, int),
    "repost_horizon": (str, int),
    "workers": (int,),
    "slice_records": (int,),
    "max_reject_share": (float, int),
    "keep_archive": (bool,),
}


@click.command(context_settings={"ignore_unknown_options": True})
@click.argument("inputs", nargs=-1, type=click.UNPROCESSED)
@click.option("--lake", metavar="DIR", help="Where the tables are; made when it is not there.")
@click.option(
    "--map", "mapping", metavar="T=C,…", help="Which column holds what, such as text=body_text,title=headline."
)
@click.option("--language-detector", help="default, langdetect or py3langid.")
@click.option("--entity-tagger", help="rules.")
@click.option("--horizon", metavar="30d", help="How far apart copies of a story may be published.")
@click.option("--repost-horizon", metavar="365d", help="The same for long texts that are nearly equal.")
@click.option("--workers", type=int, metavar="N", help="Processes that prepare articles; default: one a core.")
@click.option("--slice-records", type=int, metavar="N", help="Articles a commit, at most.")
@click.option("--max-reject-share", type=float, metavar="SHARE", help="More rejects than this end with exit code 3.")
@click.option("--feeds", metavar="LIST", help="Feeds to poll, if due: OPML, a text file, or one address.")
@click.option("--contact", metavar="WHOM", help="Mail address or page that polled sites are told; needed for --feeds.")
@click.option("--keep-archive", is_flag=True, default=None, help="Keep the fetched documents for ever.")
@click.option("--config", metavar="FILE", help="YAML with the same options; a flag wins.")
@click.option("--dry-run", is_flag=True, help="Say what would be read, column by column; write nothing.")
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
def command(inputs: tuple[str, ...], config: str | None, dry_run: bool, as_json: bool, **flags: Any) -> int:
    """Read INPUTS into a lake: files, folders, globs, URLs of a Beam file system, saved feeds; and poll feeds.

    Beam's own flags pass through, such as --runner=FlinkRunner.
    """
    told = _configured(config, flags) if config else {}
    told |= {name: value for name, value in flags.items() if value is not None}
    paths, beam_flags = _split(inputs)
    paths = paths or tuple(_listed(told.pop("inputs", ())))
    _check_flags(beam_flags)
    if not paths and not told.get("feeds"):
        raise UsageError("nothing to ingest: name files or folders, such as newsfold ingest articles/ --lake my-lake")
    if dry_run:
        return _show_plan(paths, told, as_json)
    if not told.get("lake"):
        raise UsageError("--lake is missing: name the folder for the tables, such as --lake my-lake")
    return _ingest(IngestOptions(inputs=paths, beam_flags=beam_flags, **_typed(told)), as_json)


def _ingest(options: IngestOptions, as_json: bool) -> int:
    if options.worker_count > 1 and not options.beam_flags:
        start_early(options.inputs, options.lake)
    # Beam takes a second to import; usage errors should not wait for it.
    from pipelines.beam_flags import beam_options  # noqa: PLC0415
    from pipelines.progress import shown  # noqa: PLC0415
    from pipelines.run import ingest  # noqa: PLC0415
    from pipelines.summary import describe  # noqa: PLC0415

    with shown("ingest") as report:
        summary = ingest(options, beam_options(options.beam_flags, _our_flags()), report)
    click.echo(json.dumps(summary.to_json(), ensure_ascii=False) if as_json else describe(summary))
    if summary.reject_share > options.max_reject_share:
        share = (
            f"{summary.reject_share:.0%} of what was read was rejected, and {options.max_reject_share:.0%} is allowed"
        )
        click.echo(f'newsfold: {share}; see newsfold query --lake {options.lake} "from rejects"', err=True)
        return _TOO_MANY_REJECTS
    return 0


def _check_flags(beam_flags: Sequence[str]) -> None:
    """Refuse a flag that is neither ours nor Beam's before anything else is said about the command."""
    if beam_flags:
        from pipelines.beam_flags import beam_options  # noqa: PLC0415  as above

        beam_options(beam_flags, _our_flags())


def _our_flags() -> list[str]:
    return [option for parameter in command.params for option in parameter.opts if option.startswith("--")]


def _show_plan(paths: Sequence[str], told: dict[str, Any], as_json: bool) -> int:
    from pipelines.dry_run import describe_inputs  # noqa: PLC0415  reads every format

    click.echo(describe_inputs(paths, _typed(told).get("mapping", {}), as_json))
    return 0


def _split(words: Sequence[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Part inputs from Beam's flags, which are written --name=value or --name value."""
    paths: list[str] = []
    flags: list[str] = []
    takes_value = False
    for word in words:
        is_flag = word.startswith("-") and word != "-"
        (flags if is_flag or takes_value else paths).append(word)
        takes_value = is_flag and "=" not in word and not word.startswith("--no_")
    return tuple(paths), tuple(flags)


def _typed(told: dict[str, Any]) -> dict[str, Any]:
    """Turn what flags and files write as text into values; names become those of IngestOptions."""
    typed = dict(told)
    if "horizon" in typed:
        typed["horizon_days"] = days(str(typed.pop("horizon")))
    if "repost_horizon" in typed:
        typed["repost_horizon_days"] = days(str(typed.pop("repost_horizon")))
    mapping = typed.get("mapping", {})
    typed["mapping"] = mapping_of(mapping) if isinstance(mapping, str) else {**mapping}
    return typed


def _configured(path: str, flags: dict[str, Any]) -> dict[str, Any]:
    told = load_config(path, {*flags, "inputs", "map"} - {"mapping"})
    check_kinds(path, told, _KINDS_IN_CONFIG)
    if "map" in told:
        told["mapping"] = told.pop("map")
    return told


def _listed(value: object) -> list[str]:
    if isinstance(value, str):
        return [value]
    return [str(entry) for entry in value] if isinstance(value, list | tuple) else []
