"""Compare the rows of two lakes: all columns except those that name the run and its times (promise 4)."""

from collections import Counter
from pathlib import Path

from schemas.tables import SCHEMAS
from transforms.lake.layout import open_lake
from transforms.lake.read import scan

TABLES = ("articles", "duplicates", "rejects")
VOLATILE = frozenset({"run_id", "commit", "fetched_at", "ingested_at", "rejected_at"})
_SHOWN = 5


def differences(one: Path, other: Path) -> list[str]:
    """Return what differs, at most five lines a table; none where the rows are equal, whatever their order."""
    return [line for table in TABLES for line in _of_table(table, one, other)]


def _of_table(table: str, one: Path, other: Path) -> list[str]:
    columns = [name for name in SCHEMAS[table].names if name not in VOLATILE]
    here, there = _rows(one, table, columns), _rows(other, table, columns)
    changed = [*(f"only in {one}: {row}" for row in here - there), *(f"only in {other}: {row}" for row in there - here)]
    return [f"{table}, {line[:500]}" for line in sorted(changed)[:_SHOWN]]


def _rows(lake: Path, table: str, columns: list[str]) -> Counter[str]:
    batches = scan(open_lake(lake), table, columns)
    return Counter(repr(sorted(row.items())) for batch in batches for row in batch.to_pylist())
