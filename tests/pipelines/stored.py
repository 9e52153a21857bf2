"""All that a lake stores, read by a plain glob, as promise 4 compares it."""

from pathlib import Path

import duckdb

from tests.pipelines.conftest import VOLATILE, rows

TABLES = ("articles", "duplicates", "rejects")


def rejects(lake):
    """Return the rows of the rejects, also of those that were resolved since."""
    if not any(Path(lake, "rejects").glob("*.parquet")):
        return []
    found = duckdb.sql(
        "select * from read_parquet(?) order by reject_id", params=[str(Path(lake, "rejects", "*.parquet"))]
    ).to_arrow_table()
    return found.select([name for name in found.column_names if name not in VOLATILE]).to_pylist()


def content(lake):
    """Return table → rows."""
    return {"articles": rows(lake, "articles"), "duplicates": rows(lake, "duplicates"), "rejects": rejects(lake)}


def item_ids(lake):
    """Return the items' own ids, sorted, over articles and duplicates."""
    return sorted(row["item_id"] for table in ("articles", "duplicates") for row in rows(lake, table))
