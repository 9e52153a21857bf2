"""Texts of stored articles, for the few pairs that a fingerprint cannot decide."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from schemas.tables import STORY_TABLES
from transforms.fold.ragged import Ints
from transforms.fold.segment import Ids
from transforms.fold.signature import UNDATED
from transforms.lake.layout import Lake
from transforms.lake.read import files
from transforms.lake.storage import storage_of

MOST_BYTES = 64 * 1024 * 1024
"""Compressed text that is read for one slice: some 0.5 s. Past it, fingerprints decide alone."""
_COLUMNS = ["title", "text", "content_hash"]


@dataclass(frozen=True, slots=True)
class StoredText:
    """One stored story version as it is in the table."""

    title: str
    text: str
    content_hash: str


Texts = Callable[[Ids, Ints], Mapping[bytes, StoredText]]
"""Gives the texts of article ids with their publication times; what it cannot give is left out."""


def no_texts(ids: Ids, published: Ints) -> Mapping[bytes, StoredText]:  # noqa: ARG001  has the shape of Texts
    """Return nothing: fingerprints decide alone."""
    return {}


def stored_texts(lake: Lake) -> Texts:
    """Return a reader of the texts that are committed in `lake`."""
    return partial(_read, lake)


def _read(lake: Lake, ids: Ids, published: Ints) -> Mapping[bytes, StoredText]:
    found: dict[bytes, StoredText] = {}
    if not len(ids):
        return found
    wanted = pa.array([identifier.decode("ascii") for identifier in ids.tolist()])
    months, budget, storage = _months(published), MOST_BYTES, storage_of(lake)
    for table in STORY_TABLES:
        for file in files(lake, table):
            if len(found) < len(ids) and file.partition["published_month"] in months:
                # Row groups are by publication time, so of a month's file most are passed over unread.
                with storage.open(file) as opened:
                    budget = _read_file(opened, wanted, published, budget, found)
    return found


def _months(published: Ints) -> set[str | None]:
    months = published[published != UNDATED].astype("datetime64[us]").astype("datetime64[M]")
    return {str(month) for month in months} | ({None} if (published == UNDATED).any() else set())


def _read_file(
    opened: pq.ParquetFile, wanted: pa.Array, published: Ints, budget: int, found: dict[bytes, StoredText]
) -> int:
    """Read the wanted texts of a file, as far as the budget (bytes) goes; return what is left of it."""
    # Ids before texts: a group that may hold a time holds the article seldom, and its text is all there is to its size.
    for group in range(opened.num_row_groups):
        size = _text_bytes(opened, group)
        if size > budget or not _may_hold(opened, group, published):
            continue
        ids = opened.read_row_group(group, ["article_id"]).column("article_id")
        rows = pc.indices_nonzero(pc.is_in(ids, wanted))
        if len(rows):
            budget -= size
            columns = opened.read_row_group(group, _COLUMNS).take(rows).select(_COLUMNS).to_pydict()
            texts = zip(*columns.values(), strict=True)
            for identifier, text in zip(ids.take(rows).to_pylist(), texts, strict=True):
                found[identifier.encode("ascii")] = StoredText(*text)
    return budget


def _text_bytes(opened: pq.ParquetFile, group: int) -> int:
    size: int = _column(opened, group, "text").total_compressed_size
    return size


def _may_hold(opened: pq.ParquetFile, group: int, published: Ints) -> bool:
    """Say whether a row group's times enclose one of the wanted ones."""
    statistics = _column(opened, group, "published_at").statistics
    if statistics is None or not statistics.has_min_max:
        return True
    # What is undated may lie in any group: nulls leave no trace in these statistics.
    first, last = (pa.scalar(at, pa.timestamp("us", "UTC")).value for at in (statistics.min, statistics.max))
    return bool(((published >= first) & (published <= last)).any() or (published == UNDATED).any())


def _column(opened: pq.ParquetFile, group: int, name: str) -> pq.ColumnChunkMetaData:
    schema = opened.metadata.schema
    place_of = {schema.column(at).path: at for at in range(len(schema))}
    return opened.metadata.row_group(group).column(place_of[name])
