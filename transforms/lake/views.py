"""The seam to DuckDB: views over the committed snapshot of a lake, in a connection that can do nothing else.

The connection lives in memory, reads nothing outside the lake's folder, loads no extension and writes nowhere.
"""

import contextlib
import time
from types import TracebackType
from typing import Self

import duckdb
import pyarrow as pa
import pyarrow.dataset as ds

from schemas.errors import LakeError, UsageError
from schemas.tables import ARTICLES, DUPLICATES, SCHEMAS
from transforms.lake.canonical import EARLIEST, canonical_order
from transforms.lake.intent import DataFile
from transforms.lake.layout import Lake
from transforms.lake.objects import gist
from transforms.lake.read import snapshot
from transforms.lake.storage import storage_of

MEMORY_LIMIT = "1GB"
"""Of one connection; what needs more is put aside on disk by DuckDB, or fails."""

VIEWS = (
    *("articles", "duplicates", "rejects", "runs", "polls", "forgotten"),
    *("stories", "families", "mentions", "current_articles"),
)
_TABLES = ("articles", "duplicates", "runs", "polls", "furniture", "forgotten")
_TRIES = 10
_RETRY_SECONDS = 0.05
_FILES = "_files"
# How DuckDB says that it could not read a file of a data set, on an object store.
_FILES_FAILED = f"{_FILES}' failed"
_READS_ONLY = frozenset({"SELECT", "EXPLAIN"})

_STORY_COLUMNS = ", ".join(ARTICLES.names)
_EVIDENCE = tuple(name for name in DUPLICATES.names if name not in ARTICLES.names)

_DERIVED = {
    "rejects": """
        select * from stored_rejects
        where reject_id not in (select unnest(resolved) from runs where resolved is not null)""",
    "stories": f"""
        select {_STORY_COLUMNS}, {", ".join(f"null as {name}" for name in _EVIDENCE)} from articles
        union all by name
        select * from duplicates""",  # noqa: S608  column names are ours
    # Accepted pairs of stories that were decided into different families, seen from both.
    "apart": """
        with
        linking as (select article_id, family_id, published_at, unnest(links).article_id as linked_id from stories),
        pairs as (
            select
                linking.article_id, linking.family_id, linking.published_at,
                linked_id, linked.family_id as linked_family, linked.published_at as linked_at
            from linking join stories linked on linked.article_id = linked_id
            where linking.family_id <> linked.family_id
        )
        select * from pairs
        union
        select linked_id, linked_family, linked_at, article_id, family_id, published_at from pairs""",
    # Families that one story joins: it is in one and was accepted by the earliest of the other too, or it is linked
    # with two stories of the other or more, a third of it. Through single members families would drift.
    "bridges": """
        with
        sizes as (
            select
                family_id as linked_family, count(*) as size,
                first(article_id order by published_at nulls last, article_id) as earliest
            from stories where family_id in (select linked_family from apart) group by family_id
        ),
        often as (
            select article_id, family_id, linked_family, count(*) as linked from apart group by all having count(*) > 1
        )
        select family_id as one, linked_family as other
        from apart join sizes using (linked_family)
        where linked_id = earliest and row(published_at, article_id) > row(linked_at, linked_id)  -- nulls are last
        union
        select family_id, linked_family from often join sizes using (linked_family) where size <= 3 * linked""",
    # Every family that is on a bridge gets the smallest family id that can be reached from it.
    "merged_families": """
        with recursive
        edges as (select one, other from bridges union select other, one from bridges),
        reached(family_id, label) using key (family_id) as (
            select one, min(least(one, other)) from edges group by one
            union
            select edges.one, min(near.label)
            from edges
            join recurring.reached near on near.family_id = edges.other
            join recurring.reached own on own.family_id = edges.one
            where near.label < own.label
            group by edges.one
        )
        select family_id, label from reached""",
    "families": """
        with members as (
            select coalesce(label, stories.family_id) as family, stories.*
            from stories left join merged_families using (family_id)
        )
        select
            family as family_id,
            first(article_id order by CANONICAL_ORDER) as canonical,
            count(distinct item_key) as size,
            list(distinct source order by source) filter (source is not null) as sources,
            min(published_at) as first_seen,
            max(published_at) as last_seen,
            list(distinct family_id order by family_id) as family_ids
        from members group by family""",
    "mentions": """
        select article_id, language, published_at, source, unnest(entities, recursive := true)
        from (select article_id, language, published_at, source, entities from articles)""",
    "current_articles": """
        select articles.* from articles
        join (select item_key, max(revision) as revision from stories group by item_key) newest
        using (item_key, revision)""",
}


class Session:
    """Ask a lake questions, all of one snapshot: the one at the first question, or the newest after `close`."""

    def __init__(self, lake: Lake, canonical: str = EARLIEST) -> None:
        self._lake, self._canonical = lake, canonical
        self._connection: duckdb.DuckDBPyConnection | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the snapshot."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def ask(self, sql: str) -> pa.Table:
        """Return the answer to one SELECT, asked again on a fresh snapshot if compaction took a file away.

        Raises:
            UsageError: the SQL is wrong, or does something else than read.
            LakeError: a file of the lake is missing or damaged, or the answer needs more memory than allowed.
        """
        for attempt in range(_TRIES):
            try:
                self._connection = self._connection or connect(self._lake, self._canonical)
                _refuse_writing(self._connection, sql)
                return self._connection.sql(sql).to_arrow_table()
            except (duckdb.IOException, FileNotFoundError, duckdb.InvalidInputException) as error:
                if isinstance(error, duckdb.InvalidInputException) and _FILES_FAILED not in str(error):
                    raise UsageError(f"the SQL cannot be answered: {_first_lines(error)}") from error
                self.close()
                if attempt == _TRIES - 1:
                    raise LakeError(
                        f"{self._lake.name}: {gist(error)}; newsfold verify says what is missing"
                    ) from error
                time.sleep(_RETRY_SECONDS)
            except (duckdb.OutOfMemoryException, duckdb.InternalException, duckdb.FatalException) as error:
                raise LakeError(f"{self._lake.name}: {_first_lines(error)}") from error
            except duckdb.Error as error:
                raise UsageError(f"the SQL cannot be answered: {_first_lines(error)}") from error
        raise AssertionError


def connect(lake: Lake, canonical: str = EARLIEST) -> duckdb.DuckDBPyConnection:
    """Return a connection in which VIEWS show the lake's committed snapshot, and which reads nothing else.

    Args:
        lake: the lake.
        canonical: the policy by which `families` names a canonical story, as `canonical_order` takes it.

    Raises:
        UsageError: there is no such policy.
        LakeError: the lake cannot be read.
    """
    order = canonical_order(canonical)
    connection = duckdb.connect()
    with contextlib.ExitStack() as on_failure:
        on_failure.callback(connection.close)
        files = snapshot(lake).files
        # Tables first, while files may still be named: afterwards the connection opens nothing outside of the lake.
        for table in _TABLES:
            _add_view(connection, lake, table, table, files[table])
        _add_view(connection, lake, "stored_rejects", "rejects", files["rejects"])
        _lock_down(connection, lake)
        for name, sql in _DERIVED.items():
            connection.execute(f"create view {name} as {sql.replace('CANONICAL_ORDER', order)}")
        on_failure.pop_all()
    return connection


def _lock_down(connection: duckdb.DuckDBPyConnection, lake: Lake) -> None:
    root = f"{lake.root}/"  # asked for as written, and again as found
    for setting in (
        f"memory_limit = '{MEMORY_LIMIT}'",
        # Within the lake, and swept with its staging by the next writer if a killed query left something.
        f"temp_directory = {_quoted(str(lake.staging / 'duckdb'))}",
        "timezone = 'UTC'",
        "autoinstall_known_extensions = false",
        "autoload_known_extensions = false",
        "python_enable_replacements = false",  # else a name in the SQL may be a variable of this process
        "allow_persistent_secrets = false",
        f"allowed_directories = [{_quoted(root)}, {_quoted(_literal(root))}]",
        "enable_external_access = false",
        "lock_configuration = true",  # the last one: the SQL could set all others back
    ):
        connection.execute(f"set {setting}")


def _add_view(connection: duckdb.DuckDBPyConnection, lake: Lake, name: str, table: str, files: list[DataFile]) -> None:
    # The columns that the files of older releases lack come from a table without rows.
    empty = name if not files else f"no_{name}"
    connection.register("nothing", SCHEMAS[table].empty_table())
    connection.execute(f"create table {empty} as select * from nothing")  # noqa: S608  our own names
    connection.unregister("nothing")
    if not files:
        return
    columns = ", ".join(f'"{column}"' for column in SCHEMAS[table].names)
    every = f"from {_read(connection, table, storage_of(lake).relation(table, files))} union all by name from {empty}"
    connection.execute(f"create view {name} as select {columns} from ({every})")  # noqa: S608  paths are quoted


def _read(connection: duckdb.DuckDBPyConnection, table: str, files: list[str] | ds.Dataset) -> str:
    """Return what reads files, by their paths or as a data set."""
    if not isinstance(files, list):
        connection.register(table + _FILES, files)
        return table + _FILES
    paths = ", ".join(_quoted(_literal(path)) for path in files)
    # A table whose only folder is that of the null month would otherwise read it as some other type.
    types = "{'language': varchar, 'published_month': varchar}"
    hive = f", hive_partitioning = true, hive_types = {types}" if table in ("articles", "duplicates") else ""
    return f"read_parquet([{paths}], union_by_name = true{hive})"


def _refuse_writing(connection: duckdb.DuckDBPyConnection, sql: str) -> None:
    # By DuckDB's own parser: what a statement does cannot be told from its first word.
    statements = connection.extract_statements(sql)
    if len(statements) != 1 or statements[0].type.name not in _READS_ONLY:
        raise UsageError("a lake is only read: give one SELECT, and name a file with --output to keep its answer")


def _first_lines(error: duckdb.Error) -> str:
    """Return an error as one line, without the SQL that DuckDB draws below it."""
    return " ".join(str(error).split("\n\nLINE ")[0].split())


def _literal(path: str) -> str:
    """Return a path that DuckDB takes as it stands: it reads each as a glob."""
    return "".join(f"[{letter}]" if letter in "[*?" else letter for letter in path)


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
