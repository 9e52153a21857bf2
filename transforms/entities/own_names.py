"""A user's own list of names: a CSV file with the columns name, type, id and aliases."""

import csv
import hashlib
import json
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final, get_args

from schemas.errors import UsageError
from schemas.records import EntityType

_COLUMNS = ("name", "type", "id", "aliases")
_TYPES: Final[dict[str, EntityType]] = {kind: kind for kind in get_args(EntityType)}


@dataclass(frozen=True, slots=True)
class OwnName:
    """A person, place or organisation that a user wants to be found."""

    name: str  # canonical, found as well
    type: EntityType
    id: str | None
    aliases: tuple[str, ...]


def read_own_names(path: str) -> tuple[OwnName, ...]:
    """Return what a CSV file lists, in its order; aliases stand in one field, parted by `|`.

    Raises:
        UsageError: the file cannot be read, has other columns, or has a bad line; names the line and the remedy.
    """
    try:
        with Path(path).open(encoding="utf-8-sig", newline="") as file:
            rows = csv.DictReader(file, strict=True)
            _check_header(path, rows.fieldnames)
            return tuple(_read(path, rows))
    except OSError as error:
        raise UsageError(f"--gazetteer {path}: {error.strerror or error}; give a readable CSV file") from error
    except UnicodeDecodeError as error:
        raise UsageError(f"--gazetteer {path}: not UTF-8 ({error.reason}); save the file as UTF-8") from error


def digest(names: tuple[OwnName, ...]) -> str:
    """Return eight hex digits that change with what is listed."""
    told = json.dumps([asdict(name) for name in names], ensure_ascii=False)
    return hashlib.sha256(told.encode()).hexdigest()[:8]


def _check_header(path: str, header: object) -> None:
    found = list(header) if isinstance(header, list) else []
    if not {"name", "type"} <= set(found) or set(found) - set(_COLUMNS):
        shown = ",".join(map(str, found)) or "nothing"
        raise UsageError(f"--gazetteer {path} line 1: {shown!r} is no header; begin with name,type,id,aliases")


def _read(path: str, rows: "csv.DictReader[str]") -> Iterator[OwnName]:
    line_of: dict[str, int] = {}
    last = 1
    try:
        for row in rows:
            own = _own_name(f"--gazetteer {path} line {rows.line_num}", row)
            for spelling in dict.fromkeys((own.name, *own.aliases)):
                if spelling in line_of:
                    raise UsageError(
                        f"--gazetteer {path} line {rows.line_num}: {spelling!r} stands on line {line_of[spelling]} "
                        "already; keep one of them"
                    )
                line_of[spelling] = rows.line_num
            last = rows.line_num
            yield own
    except csv.Error as error:
        raise UsageError(f"--gazetteer {path} line {last + 1}: {error}; check quotes and commas") from error


def _own_name(place: str, row: Mapping[str, str | None]) -> OwnName:
    if None in row or None in (row["name"], row["type"]):
        raise UsageError(f"{place}: not as many fields as the header has; put names with a comma in double quotes")
    name, kind = _clean(row["name"]), _clean(row["type"])
    if not any(character.isalnum() for character in name):
        raise UsageError(f"{place}: the name is empty; write one, or delete the line")
    if kind not in _TYPES:
        raise UsageError(f"{place}: type {kind!r} is none of {', '.join(_TYPES)}; write one of them")
    aliases = tuple(filter(None, map(_clean, (row.get("aliases") or "").split("|"))))
    return OwnName(name, _TYPES[kind], _clean(row.get("id")) or None, aliases)


def _clean(field: str | None) -> str:
    """Return a field as articles are written: NFC, single spaces."""
    return unicodedata.normalize("NFC", " ".join((field or "").split()))
