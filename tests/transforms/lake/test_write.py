"""The partitioned writer against a plain grouping of the rows."""

import hashlib
import shutil
from dataclasses import replace
from datetime import UTC, datetime

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from small_lakes import STARTED, spill, story

from schemas.tables import ARTICLES, DECISION, PARTITIONS
from transforms.lake import stories, write
from transforms.lake.layout import NULL_PARTITION, Lake
from transforms.lake.ledger import Stamp
from transforms.lake.storage import storage_of
from transforms.lake.stories import joined, stamped
from transforms.lake.write import encode, stage

_STAMP = Stamp(3, "00000003", STARTED)
_TIMES = st.none() | st.datetimes(datetime(1000, 1, 1), datetime(9999, 12, 31), timezones=st.just(UTC))  # noqa: DTZ001  drawn
_ROWS = st.lists(st.tuples(st.sampled_from(["de", "fr", "zh-hant", "und"]), _TIMES), max_size=25)


def _table(rows: list[tuple[str, datetime | None]]) -> pa.Table:
    months = [time and f"{time:%Y-%m}" for _, time in rows]
    return stamped(
        pa.table(
            {
                "article_id": pa.array([f"{number:032x}" for number in range(len(rows))], pa.string()),
                "language": pa.array([language for language, _ in rows], pa.string()),
                "published_at": pa.array([time for _, time in rows], ARTICLES.field("published_at").type),
                "published_month": pa.array(months, pa.string()),
            }
        ),
        ARTICLES,
        _STAMP,
    )


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(_ROWS)
def test_each_row_is_in_the_one_file_of_its_partition(lake: Lake, rows: list[tuple[str, datetime | None]]) -> None:
    shutil.rmtree(lake.staging, ignore_errors=True)
    staged = stage(lake, 3, [("articles", _table(rows))])
    expected: dict[str, set[str]] = {}
    for number, (language, time) in enumerate(rows):
        month = f"{time:%Y-%m}" if time else NULL_PARTITION
        expected.setdefault(f"language={language}/published_month={month}", set()).add(f"{number:032x}")
    found = {file.folder: pq.read_table(lake.root / file.staged) for file in staged}
    assert {folder: set(table["article_id"].to_pylist()) for folder, table in found.items()} == expected
    assert len(found) == len(staged)
    assert not any(name in table.column_names for table in found.values() for name in PARTITIONS)


def test_a_file_is_described_as_it_lies_on_disk(lake: Lake) -> None:
    staged = stage(lake, 3, [("articles", _table([("fr", STARTED)] * 5))])
    storage_of(lake).settle(staged)
    (file,) = staged
    content = (lake.root / file.staged).read_bytes()
    assert (file.bytes, file.rows, file.sha256) == (len(content), 5, hashlib.sha256(content).hexdigest())
    assert file.path == f"language=fr/published_month=2026-01/part-00000003-00000-{file.sha256[:16]}.parquet"
    assert not file.staged.endswith(".parquet")


def test_a_file_of_the_ledger_carries_its_checksum(lake: Lake) -> None:
    (file,) = stage(lake, 3, [("runs", pa.table({"run_id": ["1"]}))])
    assert file.path == f"part-00000003-00000-{file.sha256}.parquet"


def test_large_partitions_are_cut_into_files_of_the_target_size(lake: Lake, monkeypatch: pytest.MonkeyPatch) -> None:
    table = _table([("fr", STARTED)] * 100)
    monkeypatch.setattr(write, "_BYTES_IN_MEMORY", table.nbytes // 3)
    staged = stage(lake, 3, [("articles", table), ("rejects", pa.table({"reject_id": ["x"] * 10}))])
    assert [file.rows for file in staged if file.table == "articles"] == [33, 33, 33, 1]
    assert len({file.path for file in staged}) == len(staged)


@pytest.mark.parametrize(
    ("language", "month"), [("../x", "2024-01"), ("FR", "2024-01"), ("fr", "2024"), (None, "2024-01")]
)
def test_what_would_be_escaped_in_a_path_is_refused(lake: Lake, language: str | None, month: str) -> None:
    table = _table([("fr", STARTED)])
    for name, value in (("language", language), ("published_month", month)):
        table = table.set_column(ARTICLES.get_field_index(name), ARTICLES.field(name), pa.array([value], pa.string()))
    with pytest.raises(ValueError, match="is no partition"):
        stage(lake, 3, [("articles", table)])


@pytest.mark.parametrize("rows", [3, 1000])
def test_text_is_compressed_in_small_files_and_everything_in_large_ones(rows: int) -> None:
    group = pq.ParquetFile(pa.BufferReader(encode(_table([("fr", STARTED)] * rows)))).metadata.row_group(0)
    codecs = {group.column(index).path_in_schema: group.column(index).compression for index in range(group.num_columns)}
    assert codecs["text"] == "ZSTD"
    assert codecs["article_id"] == ("ZSTD" if rows > 500 else "UNCOMPRESSED")


def test_a_slice_is_joined_in_groups_of_bounded_size(lake: Lake, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stories, "_GROUP_ROWS", 5)
    articles = [replace(story(number), article_id=f"{number:032x}") for number in range(14)]
    spills = [spill(lake, ordinal, articles[start : start + 3]) for ordinal, start in enumerate(range(0, 14, 3))]
    rows = [{"article_id": article.article_id, "outcome": "new"} for article in articles]
    groups = list(joined(spills, pa.Table.from_pylist(rows, schema=DECISION), _STAMP))
    assert [len(group.articles) for group in groups] == [3, 3, 3, 5]
    assert [one for group in groups for one in group.articles["article_id"].to_pylist()] == [
        row["article_id"] for row in rows
    ]


def test_nothing_is_joined_of_nothing() -> None:
    assert list(joined([], DECISION.empty_table(), _STAMP)) == []
