"""CSV and TSV rows to RawArticles: every broken row its own reject."""

import csv
from collections.abc import Mapping

from schemas.reasons import Reason
from schemas.records import RawArticle, Reject, Segment
from schemas.rejects import reject
from transforms.sources.fields import RefusedRecord, article_of
from transforms.sources.tables import Dialect, fields_of, is_closed, row_ends


def read_rows(data: bytes, segment: Segment, mapping: Mapping[str, str]) -> tuple[list[RawArticle], list[Reject]]:
    """Return the articles and rejects of the segment's bytes; blank rows are neither."""
    articles: list[RawArticle] = []
    rejects: list[Reject] = []
    number = segment.first_place - 1
    for start, end in row_ends(data, Dialect(segment.delimiter, len(segment.header)), final=True):
        row = data[start:end].rstrip(b"\r\n")
        if not row.strip():
            continue
        number += 1  # of rows that hold something, for a row may go over several lines
        uri = f"{segment.uri}#{segment.place}={number}"
        try:
            articles.append(article_of(parse(row, segment), uri, "csv", mapping, segment.charset))
        except RefusedRecord as refusal:
            rejects.append(reject(uri, "read", refusal.reason, str(refusal), row))
    return articles, rejects


def parse(row: bytes, segment: Segment) -> dict[str, str]:
    """Return the values of a row by column name.

    Raises:
        RefusedRecord: not UTF-8, not a row, or not as wide as the header.
    """
    # Python's reader would take all that follows for one field, without a word.
    if not is_closed(row, segment.delimiter):
        raise RefusedRecord(Reason.BROKEN_RECORD, "not a row: a quote is never closed")
    try:
        values = fields_of(row.decode("utf-8"), segment.delimiter)
    except UnicodeDecodeError as error:
        raise RefusedRecord(Reason.BAD_ENCODING, f"not UTF-8 at byte {error.start}: {error.reason}") from error
    except csv.Error as error:
        raise RefusedRecord(Reason.BROKEN_RECORD, f"not a row: {error}") from error
    columns = segment.header
    # Spreadsheets write a delimiter after the last field, sometimes many; empty fields beyond the header say nothing.
    if len(values) > len(columns) and not any(values[len(columns) :]):
        del values[len(columns) :]
    if len(values) != len(columns):
        raise RefusedRecord(Reason.BROKEN_RECORD, f"{len(values)} fields where the header has {len(columns)}")
    return dict(zip(columns, values, strict=True))
