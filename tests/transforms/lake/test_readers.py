"""Readers that poll a lake while it is written: DuckDB over the plain glob, and our own session."""

import multiprocessing
from multiprocessing.connection import Connection
from multiprocessing.synchronize import Event

import duckdb
import pytest
from small_lakes import ingest, rewrite, write

from schemas.tables import SCHEMAS
from transforms.lake.layout import Lake, open_lake
from transforms.lake.views import Session

_CONTEXT = multiprocessing.get_context("forkserver")
_GONE = ("No such file", "Cannot open file", "No files found")  # compaction took a listed file away; documented


def _count(root: str) -> int:
    sql = f"select count(*), count(distinct article_id), max(length(text)) from '{root}/articles/*/*/*.parquet'"
    ((rows, articles, _),) = duckdb.execute(sql).fetchall()
    assert rows == articles, f"{rows - articles} rows were seen twice"
    return rows


def _poll_glob(root: str, stop: Event, pipe: Connection) -> None:
    seen: list[int] = []
    faults: list[str] = []
    gone = 0
    while not stop.is_set():
        try:
            seen.append(_count(root))
        except duckdb.IOException as error:
            gone += any(text in str(error) for text in _GONE)
            faults += [] if any(text in str(error) for text in _GONE) else [str(error)]
        except (duckdb.Error, AssertionError) as error:
            faults.append(str(error))
    pipe.send((seen, faults, gone))


def _poll_session(root: str, stop: Event, pipe: Connection) -> None:
    seen: list[int] = []
    faults: list[str] = []
    with Session(open_lake(root)) as session:
        while not stop.is_set():
            try:
                sql = "select (select count(*) from articles) - (select sum(new) from runs) as difference"
                seen.append(session.ask(sql).to_pylist()[0]["difference"])
                session.close()
            except Exception as error:  # noqa: BLE001  whatever it is, the test must hear of it
                faults.append(repr(error))
    pipe.send((seen, faults, 0))


def _watched(poll, lake: Lake, work) -> tuple[list[int], list[str], int]:
    stop = _CONTEXT.Event()
    ours, theirs = _CONTEXT.Pipe()
    process = _CONTEXT.Process(target=poll, args=(str(lake.root), stop, theirs))
    process.start()
    try:
        work()
    finally:
        stop.set()
    found = ours.recv()
    process.join()
    return found


def test_a_glob_never_meets_a_half_written_file_while_commits_come(lake: Lake) -> None:
    ingest(lake, range(10))

    def work() -> None:
        for number in range(1, 12):
            write(lake, "ingest", range(number * 10, number * 10 + 10))

    seen, faults, gone = _watched(_poll_glob, lake, work)
    assert faults == []
    assert gone == 0  # commits only add files
    assert seen == sorted(seen)


def test_a_glob_never_sees_a_row_twice_or_misses_one_while_files_are_merged(lake: Lake) -> None:
    def work() -> None:
        for _ in range(4):
            for number in range(3):
                ingest(lake, range(number * 10, number * 10 + 10))
            write(lake, "compact")
            ingest(lake, range(100 + _ * 20, 120 + _ * 20))

    ingest(lake, range(10))
    seen, faults, _ = _watched(_poll_glob, lake, work)
    assert faults == []
    assert seen == sorted(seen)


def test_a_glob_never_sees_a_row_twice_while_rows_move(lake: Lake) -> None:
    ingest(lake, range(60))

    def work() -> None:
        for _ in range(3):
            rewrite(lake, files_a_commit=1)
            ingest(lake, range(100 + _ * 20, 120 + _ * 20))

    seen, faults, _ = _watched(_poll_glob, lake, work)
    assert faults == []
    assert seen


def test_a_session_sees_whole_commits_and_never_fails(lake: Lake) -> None:
    ingest(lake, range(10))

    def work() -> None:
        for number in range(1, 6):
            write(lake, "ingest", range(number * 10, number * 10 + 10))
            write(lake, "compact")
            write(lake, "rewrite")

    seen, faults, _ = _watched(_poll_session, lake, work)
    assert faults == []
    assert set(seen) == {0}  # the rows are those that the ledger counts


def test_a_plain_glob_reads_the_schema_of_the_table(lake: Lake) -> None:
    ingest(lake, range(20))
    found = duckdb.execute(
        f"select * from read_parquet('{lake.root}/articles/*/*/*.parquet', hive_partitioning = true) limit 0"
    ).fetchall()
    assert found == []
    columns = duckdb.execute(f"describe select * from '{lake.root}/articles/*/*/*.parquet'").fetchall()
    assert {name for name, *_ in columns} == set(SCHEMAS["articles"].names)
    with Session(lake) as session:
        ours = {row["column_name"]: row["column_type"] for row in session.ask("describe articles").to_pylist()}
    assert {name: kind for name, kind, *_ in columns} == ours


@pytest.mark.parametrize("table", ["duplicates", "rejects"])
def test_the_other_tables_are_globs_too(lake: Lake, table: str) -> None:
    ingest(lake, range(20))
    pattern = "*/*/*.parquet" if table == "duplicates" else "*.parquet"
    ((rows,),) = duckdb.execute(f"select count(*) from '{lake.root}/{table}/{pattern}'").fetchall()
    assert rows > 0
