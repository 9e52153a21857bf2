"""Parquet rows to RawArticles, and large row groups cut into pieces; the columns of any flat or nested table."""

import io
from collections.abc import Iterator, Mapping

import pyarrow as pa
import pyarrow.parquet as pq

from schemas.reasons import Reason
from schemas.records import RawArticle, Reject, Segment
from schemas.rejects import reject
from transforms.sources.fields import RefusedRecord, article_of, without_surrogates
from transforms.sources.lines import Cut, CutLimits
from transforms.sources.opening import BLOCK_BYTES, InputError, open_bytes

_UNREADABLE = (pa.ArrowException, OSError, UnicodeDecodeError, OverflowError)


def columns_of(path: str) -> tuple[tuple[str, ...], int]:
    """Return the column names and the number of rows; raises InputError if the footer cannot be read."""
    with _opened(path) as file:
        return tuple(file.schema_arrow.names), file.metadata.num_rows


def fits(path: str, limits: CutLimits) -> bool:
    """Whether the whole file is small enough to be read in place; raises InputError."""
    with _opened(path) as file:
        # By what they hold when they are read, not by the file's size.
        groups = (file.metadata.row_group(number) for number in range(file.metadata.num_row_groups))
        size = sum(group.total_byte_size for group in groups)
        return bool(file.metadata.num_rows <= limits.records and size <= limits.bytes)


def cut_table(path: str, limits: CutLimits) -> Iterator[Cut]:
    """Yield the rows as small Parquet files: a row group must be decoded from its start, so it is decoded once.

    Raises:
        InputError: a page is damaged; the rows before it have been yielded.
    """
    place = 1
    with _opened(path) as file:
        batches = file.iter_batches(batch_size=_rows_at_a_time(file, limits))
        while batch := _next(batches):
            body = io.BytesIO()
            # Strings stay plain: a piece is read once and thrown away.
            pq.write_table(pa.Table.from_batches([batch]), body, compression="lz4", use_dictionary=False)
            yield Cut(0, batch.num_rows, place, batch.num_rows, body.getvalue())
            place += batch.num_rows


def _rows_at_a_time(file: pq.ParquetFile, limits: CutLimits) -> int:
    widest = 1
    for number in range(file.metadata.num_row_groups):
        group = file.metadata.row_group(number)
        widest = max(widest, group.total_byte_size // max(group.num_rows, 1))
    return int(max(1, min(limits.records, limits.bytes // widest)))


def _next(batches: Iterator[pa.RecordBatch]) -> pa.RecordBatch | None:
    try:
        return next(batches, None)
    except _UNREADABLE as error:
        raise InputError(Reason.BROKEN_ARCHIVE, f"damaged: {_line(error)}") from error


def _opened(path: str) -> pq.ParquetFile:
    source = open_bytes(path)
    try:
        # Pages are read as they are wanted: whole column chunks of a large row group would fill the memory.
        return pq.ParquetFile(source, buffer_size=BLOCK_BYTES, pre_buffer=False)
    except _UNREADABLE as error:
        source.close()
        raise InputError(Reason.BROKEN_ARCHIVE, f"not readable as Parquet: {_line(error)}") from error


def read_table(segment: Segment, mapping: Mapping[str, str]) -> tuple[list[RawArticle], list[Reject]]:
    """Return the articles and rejects of a segment's rows, `start` to `end` (-1: all); raises InputError."""
    articles: list[RawArticle] = []
    rejects: list[Reject] = []
    with _opened(segment.path) as file:
        batches = file.iter_batches(batch_size=256)
        number = segment.first_place
        while batch := _next(batches):
            for row in _rows(batch):
                _read_row(row, f"{segment.uri}#{segment.place}={number}", mapping, articles, rejects)
                number += 1
    return articles, rejects


def _rows(batch: pa.RecordBatch) -> list[dict[str, object]]:
    # All at once where that works: row by row takes many times as long.
    try:
        rows: list[dict[str, object]] = batch.to_pylist()
    except (UnicodeDecodeError, pa.ArrowException, ValueError, OverflowError):
        # A string column may hold bytes that are no UTF-8, a time may lie outside Python's years.
        rows = [_row_alone(batch.slice(at, 1)) for at in range(batch.num_rows)]
    return rows


def _row_alone(row: pa.RecordBatch) -> dict[str, object]:
    values: dict[str, object] = {}
    for name, column in zip(row.schema.names, row.columns, strict=True):
        try:
            values[name] = column[0].as_py()
        except UnicodeDecodeError:
            values[name] = column.cast(_binary_of(column.type))[0].as_py().decode("utf-8", "replace")
        except (pa.ArrowException, ValueError, OverflowError):
            values[name] = str(column.cast(pa.int64())[0].as_py())
    return values


def _binary_of(kind: pa.DataType) -> pa.DataType:
    return pa.large_binary() if pa.types.is_large_string(kind) else pa.binary()


def _read_row(
    row: dict[str, object],
    uri: str,
    mapping: Mapping[str, str],
    articles: list[RawArticle],
    rejects: list[Reject],
) -> None:
    try:
        articles.append(article_of(row, uri, "parquet", mapping))
    except RefusedRecord as refusal:
        payload = repr(without_surrogates(row)).encode("utf-8", "replace")
        rejects.append(reject(uri, "read", refusal.reason, str(refusal), payload))


def _line(error: BaseException) -> str:
    return " ".join(str(error).split()) or type(error).__name__
