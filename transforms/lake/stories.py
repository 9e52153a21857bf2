"""Join the articles that wait in staging with what Fold decided: the rows of articles and duplicates."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from schemas.records import Spill
from schemas.tables import ARTICLES, DUPLICATES, PREPARED, REJECTS
from transforms.lake.ledger import STORED_IN_ARTICLES, STORED_IN_DUPLICATES, ConservationError, Stamp

# Rows are sorted and written in groups, so that a graph over any amount of input commits in flat memory.
_GROUP_ROWS = 20_000
_GROUP_BYTES = 256 * 1024 * 1024
_IPC_FILE = b"ARROW1"


@dataclass(frozen=True, slots=True)
class Joined:
    """A group of spilled rows, decided about."""

    articles: pa.Table
    duplicates: pa.Table
    outcomes: Counter[str]


def joined(spills: Sequence[Spill], decisions: pa.Table, stamp: Stamp) -> Iterator[Joined]:
    """Yield the stories of spills with their decisions, which are in spill row order, a bounded group at a time.

    Raises:
        ConservationError: rows and decisions do not belong together.
    """
    # Rows and decisions belong together by their place alone, so both orders, and both ends, are checked.
    at = 0
    for group in _groups(spills):
        rows = len(group[0])
        yield _joined(group, decisions.slice(at, rows), stamp)
        at += rows
    if at != len(decisions):
        raise ConservationError(f"{len(decisions)} decisions were made about {at} articles; nothing was published")


def read_rejects(spill: Spill) -> pa.Table:
    """Return the rejects that lie beside a spill.

    Raises:
        ConservationError: there are not as many as the spill says.
    """
    rejects = _read_ipc(Path(spill.path + ".rejects")) if spill.rejects else REJECTS.empty_table()
    if len(rejects) != spill.rejects:
        raise ConservationError(f"{spill.path}.rejects holds {len(rejects)} rejects instead of {spill.rejects}")
    return rejects


def rejects_in(spill: Spill) -> int:
    """Return how many rejects lie beside a spill, of which only the files are known."""
    return len(_read_ipc(Path(spill.path + ".rejects")))


def stamped(rows: pa.Table, schema: pa.Schema, stamp: Stamp) -> pa.Table:
    """Return rows in `schema`, with the columns that only a commit knows filled in, and null where there is none."""
    given = {"run_id": stamp.run_id, "commit": stamp.number}
    given |= dict.fromkeys(("ingested_at", "rejected_at", "learned_at", "forgotten_at"), stamp.at)
    columns = []
    for column in schema:
        if column.name in given:
            columns.append(pa.repeat(pa.scalar(given[column.name], column.type), len(rows)))
        elif column.name in rows.column_names:
            columns.append(rows[column.name].cast(column.type))
        else:
            columns.append(pa.nulls(len(rows), column.type))
    return pa.table(columns, schema=schema)


def _groups(spills: Sequence[Spill]) -> Iterator[list[pa.Table]]:
    """Yield tables in lists of one, so that whoever uses a table up can let go of it: it is all of a group's text."""
    waiting: list[pa.Table] = []
    rows = size = 0
    for spill in spills:
        table = _read_ipc(Path(spill.path), PREPARED.names) if spill.articles else PREPARED.empty_table()
        if len(table) != spill.articles:
            raise ConservationError(f"{spill.path} holds {len(table)} articles instead of {spill.articles}")
        if waiting and (rows + len(table) > _GROUP_ROWS or size + table.nbytes > _GROUP_BYTES):
            yield _emptied(waiting)
            rows = size = 0
        waiting.append(table)
        rows, size = rows + len(table), size + table.nbytes
    if waiting:
        del table
        yield _emptied(waiting)


def _emptied(tables: list[pa.Table]) -> list[pa.Table]:
    whole = [pa.concat_tables(tables)]
    tables.clear()
    return whole


def _read_ipc(path: Path, names: Sequence[str] = ()) -> pa.Table:
    """Return a table, or the given columns of it; what else a spill holds for Fold is not decompressed."""
    with pa.memory_map(str(path)) as file:
        is_file = file.read(len(_IPC_FILE)) == _IPC_FILE
        open_ipc = pa.ipc.open_file if is_file else pa.ipc.open_stream
        file.seek(0)
        schema = open_ipc(file).schema
        wanted = [schema.get_field_index(name) for name in names] or None
        file.seek(0)
        table = open_ipc(file, options=pa.ipc.IpcReadOptions(included_fields=wanted)).read_all()
        return table.select(list(names)) if names else table


def _check_aligned(prepared: pa.Table, decisions: pa.Table) -> None:
    if len(decisions) != len(prepared) or not prepared["article_id"].equals(decisions["article_id"]):
        raise ConservationError("decisions do not stand in the order of the articles; nothing was published")


def _joined(group: list[pa.Table], decisions: pa.Table, stamp: Stamp) -> Joined:
    prepared = group.pop()
    _check_aligned(prepared, decisions)
    outcomes = decisions["outcome"]
    both = prepared.drop_columns(["article_id"]).append_column("published_month", _months(prepared["published_at"]))
    for name in decisions.column_names:
        both = both.append_column(name, decisions[name])
    both = both.append_column("relation", outcomes)
    # The relation of a duplicate is its outcome; the schema of articles, whose outcome is none, has no such column.
    articles = both.filter(_is_one_of(outcomes, STORED_IN_ARTICLES))
    if articles["duplicate_of"].null_count != len(articles):
        raise ConservationError("an article that folds into another is marked new or revision; nothing was published")
    duplicates = both.filter(_is_one_of(outcomes, STORED_IN_DUPLICATES))
    return Joined(
        stamped(articles, ARTICLES, stamp), stamped(duplicates, DUPLICATES, stamp), Counter(outcomes.to_pylist())
    )


def _is_one_of(outcomes: pa.ChunkedArray, names: Sequence[str]) -> pa.ChunkedArray:
    return pc.is_in(outcomes, pa.array(names, pa.string()))


def _months(times: pa.ChunkedArray) -> pa.ChunkedArray:
    """Return 2024-11 for a time; the time zone is dropped first, for formatting in one needs its database."""
    return pc.strftime(times.cast(pa.timestamp("us")), "%Y-%m")
