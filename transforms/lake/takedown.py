"""Carry a takedown out: the files that hold what goes are written without it, and all of it is one commit."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict
from itertools import count, groupby

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from schemas.tables import FORGOTTEN, STORY_TABLES
from transforms.lake.commit import commit_takedown
from transforms.lake.doomed import Doomed, Version
from transforms.lake.intent import Change, DataFile
from transforms.lake.layout import Lake
from transforms.lake.ledger import RunInfo
from transforms.lake.read import files, last_commit, ledger_checksums, scan_file
from transforms.lake.rewrite import checked, shaped, stage_rewritten
from transforms.lake.write import stage_merged


def take_down(lake: Lake, doomed: Doomed, source: str | None, erases: Sequence[str], run: RunInfo) -> int:
    """Remove what is doomed from the tables and from disk, and return the number of the commit.

    The caller holds the lock. When this returns, or else when the next writer has started, no file of the lake holds
    it any more.

    Args:
        lake: whose rows go.
        doomed: what goes.
        source: whose name goes too.
        erases: files beside the tables that go with it, relative to the lake.
        run: what the ledger says of it.

    Raises:
        LakeError: a file is damaged, the disk is full, or a commit is unfinished.
    """
    # All in one commit, however much that is: half a takedown would be none.
    number = last_commit(lake) + 1
    checksums = ledger_checksums(lake)
    changes = [
        *_stories(lake, number, doomed, checksums),
        *_rejects(lake, number, doomed, checksums),
        *_furniture(lake, number, doomed, source, checksums),
    ]
    commit_takedown(lake, number, changes, _tombstones(doomed.versions), erases, run)
    return number


def _tombstones(versions: Iterable[Version]) -> pa.Table:
    # In order: versions are a set, and a commit's bytes must not depend on the hash seed.
    rows = sorted(map(asdict, versions), key=lambda row: (row["item_key"], row["article_id"] or ""))
    return pa.Table.from_pylist(rows, schema=FORGOTTEN)


def _stories(lake: Lake, number: int, doomed: Doomed, checksums: Mapping[str, str]) -> Iterator[Change]:
    """Yield the changes of the story tables; folder by folder, so that the rows of one are held at a time."""
    going = pa.array(sorted(doomed.articles), pa.string())

    def rewrite(tables: Iterable[pa.Table]) -> Iterator[pa.Table]:
        return (_without(rows, going) for rows in tables)

    for table in STORY_TABLES:
        of_table = (file for file in doomed.stories if file.table == table)
        # Only files with a row that goes, or that quotes one; what else lies in their folders is linked, not written.
        parts = [
            stage_rewritten(lake, number, list(inside), rewrite, checksums, doomed.articles)
            for _, inside in groupby(of_table, key=lambda file: file.folder)
        ]
        changes = [change for part in parts for change in part.changes]
        if changes:
            adds = tuple(file for change in changes for file in change.adds)
            yield Change(table, adds, tuple(file for change in changes for file in change.removes), rows_change=True)


def _without(rows: pa.Table, going: pa.Array) -> pa.Table:
    """Return the stories that stay; the words in which one differs from what goes are its words."""
    rows = rows.filter(pc.invert(pc.is_in(rows["article_id"], going)))
    if "duplicate_of" not in rows.column_names:  # of the table articles
        return rows
    at = rows.schema.get_field_index("differences")
    kind = rows.schema.field(at)
    quotes = pc.is_in(rows["duplicate_of"], going)
    return rows.set_column(at, kind, pc.if_else(quotes, pa.scalar(None, kind.type), rows["differences"]))


def _rejects(lake: Lake, number: int, doomed: Doomed, checksums: Mapping[str, str]) -> Iterator[Change]:
    going = pa.array(sorted(doomed.rejects), pa.string())

    def without(rows: pa.Table) -> pa.Table:
        return rows.filter(pc.invert(pc.is_in(rows["reject_id"], going)))

    holding = _holding(lake, "rejects", "reject_id", doomed.rejects)
    yield from _flat(lake, number, "rejects", holding, without, checksums)


def _furniture(
    lake: Lake, number: int, doomed: Doomed, source: str | None, checksums: Mapping[str, str]
) -> Iterator[Change]:
    """Yield the change that takes quotations out of what is known of furniture; the hashes stay and mask as before."""
    # The scope too, where a source goes: it is the name of that source.
    going = {"sample": doomed.samples, "scope": frozenset(filter(None, [source]))}

    def without(rows: pa.Table) -> pa.Table:
        for name, values in going.items():
            at = rows.schema.get_field_index(name)
            hidden = pc.is_in(rows[name], pa.array(sorted(values), pa.string()))
            rows = rows.set_column(at, rows.schema.field(at), pc.if_else(hidden, None, rows[name]))
        return rows

    # A file may hold both a quotation and the name; it is written anew once.
    holding = {file.path: file for name in going for file in _holding(lake, "furniture", name, going[name])}
    yield from _flat(lake, number, "furniture", list(holding.values()), without, checksums)


def _holding(lake: Lake, table: str, column: str, values: frozenset[str]) -> list[DataFile]:
    """Return the files of a table in which one of these values stands."""
    wanted = pa.array(sorted(values), pa.string())
    return [
        file
        for file in (files(lake, table) if values else ())
        if any(pc.any(pc.is_in(batch.column(0), wanted)).as_py() for batch in scan_file(lake, file, [column]))
    ]


def _flat(
    lake: Lake,
    number: int,
    table: str,
    holding: Sequence[DataFile],
    without: Callable[[pa.Table], pa.Table],
    checksums: Mapping[str, str],
) -> Iterator[Change]:
    """Yield the change of a table without partitions; each file is written anew from what stays of it."""
    indexes, adds = count(), []
    for file in holding:
        rows = without(shaped(pq.read_table(checked(lake, file, checksums)), table))
        if len(rows):
            newest = pc.max(rows["commit"]).as_py()
            adds.append(stage_merged(lake, number, next(indexes), rows, (table, "."), newest))
    if holding:
        yield Change(table, tuple(adds), tuple(holding), rows_change=True)
