"""Show what DuckDB answers over a lake: as a table, CSV, JSON lines or Parquet."""

import csv
import io
import json
import re
from collections.abc import Iterator
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
from rich.console import Console
from rich.table import Table
from rich.text import Text

FORMATS = ("table", "csv", "json", "parquet")
_MAX_CELL_CHARS = 120  # of a text as long as a story; CSV, JSON and Parquet are never cut
# OWASP ASVS 1.2.10 and the full-width twins: a spreadsheet would run these as formulas.
_FORMULA = tuple("=+-@\t\r\0＝＋－＠")  # noqa: RUF001  the full-width twins are meant
# C0, C1 and bidirectional overrides would act on the terminal instead of being shown.
_UNPRINTABLE = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")

SUMMARY = {
    "Stories": """
        select (select count(*) from articles) as articles, (select count(*) from duplicates) as duplicates,
               (select count(*) from families) as families, (select count(*) from rejects) as rejects,
               (select min(published_at) from stories) as first_published,
               (select max(published_at) from stories) as last_published""",
    "Languages": """
        select language, count(*) as articles, round(avg(language_score), 3) as mean_score
        from articles group by all order by articles desc, language limit 12""",
    "Largest families": """
        select f.size, a.language, a.title, f.sources
        from families f join stories a on a.article_id = f.canonical
        where f.size > 1 order by f.size desc, a.title limit 8""",
    "Most named": """
        select type, name, id, count(distinct article_id) as articles, sum(count) as mentions
        from mentions group by all order by articles desc, mentions desc, name limit 12""",
    "Rejects": """
        select reason, count(*) as records, any_value(source_uri) as example
        from rejects group by all order by records desc""",
}


def render(result: pa.Table, format_name: str, title: str = "") -> str:
    """Return a result as text in one of table, csv and json."""
    rows = _rows(result)
    if format_name == "json":
        return "".join(json.dumps(row, ensure_ascii=False, default=_plain) + "\n" for row in rows)
    if format_name == "csv":
        return _csv(result.column_names, rows)
    return _table(result, title)


def write_parquet(result: pa.Table, path: str) -> None:
    """Write a result as one Parquet file."""
    pq.write_table(result, path, compression="zstd")


def printable(value: object) -> str:
    """Return a value as one cell of a terminal: control characters escaped, cut to a readable width."""
    if value is None:
        return ""
    if isinstance(value, float):
        return f"{value:.4g}"
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=_plain).strip('"')
    text = escaped(text)
    return text if len(text) <= _MAX_CELL_CHARS else text[: _MAX_CELL_CHARS - 1] + "…"


def escaped(text: str) -> str:
    """Return text for one line of a terminal, its control characters shown instead of sent."""
    return _UNPRINTABLE.sub(lambda match: f"\\x{ord(match[0]):02x}", text).replace("\n", "⏎")


def _rows(result: pa.Table) -> Iterator[dict[str, Any]]:
    for batch in result.to_batches():
        yield from batch.to_pylist()


def _csv(columns: list[str], rows: Iterator[dict[str, Any]]) -> str:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow([_harmless(name) for name in columns])
    writer.writerows([_harmless(row[name]) for name in columns] for row in rows)
    return out.getvalue()


def _harmless(value: Any) -> Any:
    if isinstance(value, (list, dict)):
        value = json.dumps(value, ensure_ascii=False, default=_plain)
    # The apostrophe that spreadsheets take for "this is text".
    return "'" + value if isinstance(value, str) and value.startswith(_FORMULA) else value


def _table(result: pa.Table, title: str) -> str:
    shown = Table(title=title or None, title_justify="left", header_style="bold")
    for field in result.schema:
        number = pa.types.is_integer(field.type) or pa.types.is_floating(field.type)
        shown.add_column(printable(field.name), justify="right" if number else "left", overflow="fold")
    for row in _rows(result):
        # Text, not str: brackets in a headline are no markup.
        shown.add_row(*(Text(printable(row[name])) for name in result.column_names))
    console = Console(file=io.StringIO(), width=None if Console().is_terminal else 160)
    console.print(shown)
    text = console.file.getvalue()  # type: ignore[attr-defined]  # it is the StringIO above
    return str(text)


def _plain(value: object) -> str:
    return value.hex() if isinstance(value, bytes) else str(value)
