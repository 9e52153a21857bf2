"""The YAML file behind --config: the same names as the flags, and a flag wins."""

import difflib
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any

import yaml

from schemas.errors import UsageError

_KINDS = {
    str: "text",
    int: "a whole number",
    float: "a number",
    list: "a list",
    bool: "true or false",
    dict: "`target: column` lines",
}


def load_config(path: str, known: Collection[str]) -> dict[str, Any]:
    """Return the options in a YAML file, their names with underscores.

    Raises:
        UsageError: the file cannot be read, is no mapping, or holds a key that is none of `known`.
    """
    try:
        # Safe: a configuration must not be able to name a class of ours.
        content = yaml.safe_load(Path(path).read_text("utf-8"))
    except OSError as error:
        raise UsageError(f"--config {path}: {error.strerror or error}; give a readable YAML file") from error
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise UsageError(f"--config {path}: not YAML ({_first_line(error)}); write one `name: value` a line") from error
    if content is None:
        return {}
    if not isinstance(content, Mapping):
        raise UsageError(f"--config {path}: holds a {type(content).__name__}; write one `name: value` a line")
    options = {str(key).replace("-", "_"): value for key, value in content.items()}
    for key in options:
        if key not in known:
            raise UsageError(f"--config {path}: unknown key {key!r}{nearest(key, known)}")
    return options


def check_kinds(path: str, options: Mapping[str, Any], kinds: Mapping[str, tuple[type, ...]]) -> None:
    """Refuse a value that is not of a kind its option can be; one that `kinds` does not name is text.

    Raises:
        UsageError: names the file, the option, the value and what it should be.
    """
    for name, value in options.items():
        wanted = kinds.get(name, (str,))
        # True is an int to Python: `workers: yes` must not mean one.
        if (isinstance(value, bool) and bool not in wanted) or not isinstance(value, wanted):
            named = " or ".join(_KINDS[kind] for kind in wanted)
            raise UsageError(f"--config {path}: {name}: {value!r} cannot be meant; write {named}")


def nearest(name: str, known: Collection[str]) -> str:
    """Return `; did you mean X?` for the valid name that looks most like `name`, or nothing."""
    close = difflib.get_close_matches(name, sorted(known), n=1, cutoff=0.5)
    return f"; did you mean {close[0]!r}?" if close else ""


def _first_line(error: Exception) -> str:
    return str(error).splitlines()[0]
