"""docs/columns.md describes the tables as they are: no column missing, none that is gone."""

import re
from pathlib import Path

import pyarrow as pa
import pytest

from schemas.reasons import Reason
from schemas.tables import ENTITY, FILE, LINK, MENTION, SCHEMAS

ROOT = Path(__file__).resolve().parents[2]
COLUMNS = (ROOT / "docs/columns.md").read_text(encoding="utf-8")
FORMATS = (ROOT / "docs/formats.md").read_text(encoding="utf-8")
TYPES = {
    "string": pa.string(),
    "string, partition": pa.string(),
    "binary": pa.binary(),
    "bool": pa.bool_(),
    "double": pa.float64(),
    "float": pa.float32(),
    "int32": pa.int32(),
    "int64": pa.int64(),
    "date": pa.date32(),
    "timestamp": pa.timestamp("us", tz="UTC"),
    "list of string": pa.list_(pa.string()),
    "map of string to string": pa.map_(pa.string(), pa.string()),
}


def _documented(table: str) -> dict[str, str]:
    section = re.search(rf"^## {table}$(.*?)(?=^## |\Z)", COLUMNS, re.MULTILINE | re.DOTALL)
    assert section, f"docs/columns.md has no section on {table}"
    return dict(re.findall(r"^\| `(\w+)` \| ([^|]+) \| [^|]+ \|$", section[1], re.MULTILINE))


def _promised(table: str) -> dict[str, str]:
    return (_documented("articles") if table == "duplicates" else {}) | _documented(table)


@pytest.mark.parametrize("table", SCHEMAS)
def test_every_column_is_described_and_nothing_else(table: str) -> None:
    assert set(_promised(table)) == set(SCHEMAS[table].names)


@pytest.mark.parametrize("table", SCHEMAS)
def test_the_types_are_those_of_the_schema(table: str) -> None:
    for name, told in _promised(table).items():
        field = SCHEMAS[table].field(name).type
        if told == "list of struct":
            assert pa.types.is_list(field), name
            assert pa.types.is_struct(field.value_type), name
        else:
            assert field == TYPES[told], name


@pytest.mark.parametrize("struct", [ENTITY, MENTION, LINK, FILE], ids=["entity", "mention", "link", "file"])
def test_the_fields_of_nested_values_are_named(struct: pa.StructType) -> None:
    names = {struct.field(number).name for number in range(struct.num_fields)}
    assert names <= set(re.findall(r"`(\w+)`", COLUMNS))


def test_every_reject_reason_is_explained() -> None:
    assert set(re.findall(r"^\| `(\w+)` \| [^|]+ \| [^|]+ \|$", FORMATS, re.MULTILINE)) >= {r.value for r in Reason}
