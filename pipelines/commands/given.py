"""What `ingest` and `watch` can both be told, by flags and by the configuration file."""

from collections.abc import Callable, Sequence
from typing import Any

import click

from pipelines.commands.break_lock import break_lock
from pipelines.config import check_kinds, load_config
from pipelines.options import days, mapping_of
from schemas.errors import UsageError
from transforms.entities.own_names import read_own_names

Command = Callable[..., int]

_KINDS_IN_CONFIG: dict[str, tuple[type, ...]] = {
    "inputs": (str, list),
    "map": (str, dict),
    "horizon": (str, int),
    "repost_horizon": (str, int),
    "workers": (int,),
    "slice_records": (int,),
    "max_reject_share": (float, int),
    "keep_archive": (bool,),
    "fetch_articles": (bool,),
    "break_lock": (bool,),
    "metrics_port": (int,),
}
_FLAGS = (
    click.argument("inputs", nargs=-1, type=click.UNPROCESSED),
    click.option("--lake", metavar="DIR", help="Where the tables are; made when it is not there."),
    click.option(
        "--map", "mapping", metavar="T=C,…", help="Which column holds what, such as text=body_text,title=headline."
    ),
    click.option("--language-detector", help="default, langdetect, py3langid, lingua or default+lingua."),
    click.option("--entities", metavar="NAME", help="fast, accurate, spacy:MODEL or hf:MODEL."),
    click.option("--gazetteer", metavar="FILE", help="CSV of your own names: name, type, id, aliases."),
    click.option("--horizon", metavar="30d", help="How far apart copies of a story may be published."),
    click.option("--repost-horizon", metavar="365d", help="The same for long texts that are nearly equal."),
    click.option("--workers", type=int, metavar="N", help="Processes that prepare articles; default: one a core."),
    click.option("--slice-records", type=int, metavar="N", help="Articles a commit, at most."),
    click.option("--feeds", metavar="LIST", help="Feeds to poll when they are due: OPML, a text file, one address."),
    click.option("--contact", metavar="WHOM", help="Mail address or page that polled sites are told."),
    click.option("--keep-archive", is_flag=True, default=None, help="Keep the fetched documents for ever."),
    click.option("--fetch-articles", is_flag=True, default=None, help="Fetch the page of items without a full text."),
    break_lock,
    click.option("--config", metavar="FILE", help="YAML with the same options; a flag wins."),
    click.option("--json", "as_json", is_flag=True, help="Print the result as JSON."),
)


def shared_flags(command: Command) -> Command:
    """Give a command the flags that both have."""
    for flag in reversed(_FLAGS):
        command = flag(command)
    return command


def told_by(config: str | None, flags: dict[str, Any]) -> dict[str, Any]:
    """Return what flags and the configuration file say; a flag wins.

    Raises:
        UsageError: the file cannot be read, or holds what is no option or no value of one.
    """
    # A flag that was not given is None, also a switch: false in a file must not be overruled by a default.
    told = _configured(config, flags) if config else {}
    return told | {name: value for name, value in flags.items() if value is not None}


def typed(told: dict[str, Any]) -> dict[str, Any]:
    """Turn what flags and files write as text into values; names become those of IngestOptions.

    Raises:
        UsageError: no lake is named, or a value is none of its kind.
    """
    if not told.get("lake"):
        raise UsageError("--lake is missing: name the folder for the tables, such as --lake my-lake")
    values = dict(told)
    if "horizon" in values:
        values["horizon_days"] = days(str(values.pop("horizon")))
    if "repost_horizon" in values:
        values["repost_horizon_days"] = days(str(values.pop("repost_horizon")))
    values["mapping"] = mapping_in(told)
    values["gazetteer"] = read_own_names(told["gazetteer"]) if told.get("gazetteer") else ()
    return values


def mapping_in(told: dict[str, Any]) -> dict[str, str]:
    """Return the mapping of fields to columns, as text or as `target: column` lines.

    Raises:
        UsageError: a part of the text is not of the form target=column.
    """
    mapping = told.get("mapping", {})
    return mapping_of(mapping) if isinstance(mapping, str) else {**mapping}


def inputs_in(told: dict[str, Any]) -> Sequence[str]:
    """Take the inputs out of what was told."""
    value = told.pop("inputs", ())
    if isinstance(value, str):
        return [value]
    return [str(entry) for entry in value] if isinstance(value, list | tuple) else []


def _configured(path: str, flags: dict[str, Any]) -> dict[str, Any]:
    told = load_config(path, {*flags, "inputs", "map"} - {"mapping"})
    check_kinds(path, told, _KINDS_IN_CONFIG)
    if "map" in told:
        told["mapping"] = told.pop("map")
    return told


def without_beam_flags(words: Sequence[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Part inputs from Beam's flags, which are written --name=value or --name value."""
    paths: list[str] = []
    flags: list[str] = []
    takes_value = False
    # Whether one of Beam's hundreds of flags takes the next word for its value cannot be told before Beam is imported.
    for word in words:
        is_flag = word.startswith("-") and word != "-"
        (flags if is_flag or takes_value else paths).append(word)
        takes_value = is_flag and "=" not in word and not word.startswith("--no_")
    return tuple(paths), tuple(flags)


def check_beam_flags(beam_flags: Sequence[str], command: click.Command) -> None:
    """Refuse a flag that is neither the command's nor Beam's before anything else is said about the command."""
    if beam_flags:
        from pipelines.beam_flags import beam_options  # noqa: PLC0415  Beam takes a second to import

        beam_options(beam_flags, own_flags(command))


def own_flags(command: click.Command) -> list[str]:
    """Return the flags that are the command's own."""
    return [option for parameter in command.params for option in parameter.opts if option.startswith("--")]
