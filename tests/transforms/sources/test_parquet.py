from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from schemas.errors import UsageError
from schemas.reasons import Reason
from transforms.sources.plan import PlanLimits, plan


def rows(count: int) -> dict[str, list[Any]]:
    return {"id": list(range(count)), "title": [f"Title {n}" for n in range(count)], "text": ["Text"] * count}


def test_types_become_strings(tmp_path: Path, read_all: Callable[..., Any]) -> None:
    table = pa.table(
        {
            "id": [1.0, None],
            "headline": ["Rain", "Sun"],
            "body": ["Wet.", None],
            "published_at": [datetime(2024, 11, 20, 10, tzinfo=UTC), None],
            "authors": [["Jane Doe", "John Roe"], []],
            "price": [Decimal("1.10"), None],
            "paid": [True, None],
            "raw": [b"\x00", None],
            "place": [{"city": "Oslo"}, None],
        }
    )
    pq.write_table(table, tmp_path / "a.parquet")
    [first, second], rejects = read_all(tmp_path / "a.parquet")
    assert (first.item_id, first.title, first.text, first.authors) == ("1", "Rain", "Wet.", ("Jane Doe", "John Roe"))
    assert (first.published, first.published_source) == ("2024-11-20T10:00:00+00:00", "field")
    assert first.extra == (("paid", "true"), ("price", "1.10"))
    assert (first.source_uri, first.source_kind) == (f"{tmp_path}/a.parquet#row=1", "parquet")
    assert (second.item_id, second.text, second.text_kind) == (None, None, "title")
    assert not rejects


@pytest.mark.parametrize("group", [7, 100, 10_000])
def test_row_groups_of_any_size_are_cut_and_numbered_through(
    tmp_path: Path, read_all: Callable[..., Any], group: int
) -> None:
    pq.write_table(pa.table(rows(523)), tmp_path / "a.parquet", row_group_size=group)
    articles, _ = read_all(tmp_path, limits=PlanLimits(chunk_records=100))
    assert [a.item_id for a in articles] == [str(n) for n in range(523)]
    assert [a.source_uri for a in articles] == [f"{tmp_path}/a.parquet#row={n}" for n in range(1, 524)]


def test_a_small_table_is_read_in_place(tmp_path: Path) -> None:
    pq.write_table(pa.table(rows(50)), tmp_path / "a.parquet")
    [chunk] = plan([str(tmp_path)], PlanLimits(), str(tmp_path / ".s"))
    [segment] = chunk.segments
    assert (segment.path, segment.start, segment.end) == (str(tmp_path / "a.parquet"), 0, 50)


def test_a_damaged_page_costs_what_follows_it_and_is_one_reject(tmp_path: Path, read_all: Callable[..., Any]) -> None:
    table = pa.table({"title": [f"Title {n * 7919}" * 5 for n in range(4_000)]})
    pq.write_table(table, tmp_path / "a.parquet", row_group_size=1_000, compression="zstd", use_dictionary=False)
    data = bytearray((tmp_path / "a.parquet").read_bytes())
    middle = len(data) // 2
    data[middle : middle + 300] = bytes(300)
    (tmp_path / "a.parquet").write_bytes(data)
    articles, [refused] = read_all(tmp_path, limits=PlanLimits(chunk_records=500))
    assert 500 <= len(articles) < 4_000
    assert refused.reason == Reason.BROKEN_ARCHIVE


@pytest.mark.parametrize("cut", [4, 12, 200])
def test_a_file_cut_short_is_one_reject(tmp_path: Path, read_all: Callable[..., Any], cut: int) -> None:
    pq.write_table(pa.table(rows(50)), tmp_path / "a.parquet")
    (tmp_path / "a.parquet").write_bytes((tmp_path / "a.parquet").read_bytes()[:-cut])
    articles, [refused] = read_all(tmp_path)
    assert (articles, refused.reason) == ([], Reason.BROKEN_ARCHIVE)


def test_strings_that_are_no_utf8_cost_only_their_characters(tmp_path: Path, read_all: Callable[..., Any]) -> None:
    binary = pa.array([b"Rain", b"caf\xe9", b"Sun"], pa.binary())
    strings = pa.Array.from_buffers(pa.string(), 3, binary.buffers())
    pq.write_table(pa.table({"title": strings}), tmp_path / "a.parquet")
    articles, rejects = read_all(tmp_path)
    assert [a.title for a in articles] == ["Rain", "caf\ufffd", "Sun"]
    assert not rejects


def test_a_row_with_a_text_of_the_wrong_type_is_refused(tmp_path: Path, read_all: Callable[..., Any]) -> None:
    pq.write_table(pa.table({"title": ["a"], "text": [{"html": "b"}]}), tmp_path / "a.parquet")
    _, [refused] = read_all(tmp_path)
    assert (refused.reason, refused.source_uri) == (Reason.BAD_FIELD, f"{tmp_path}/a.parquet#row=1")


def test_a_table_without_text_or_title_is_a_usage_error(tmp_path: Path) -> None:
    pq.write_table(pa.table({"id": [1], "headlines": ["a"]}), tmp_path / "a.parquet")
    with pytest.raises(UsageError, match=r"id, headlines.*--map title=headlines"):
        plan([str(tmp_path)], PlanLimits(), str(tmp_path / ".s"))


def read_columns(tmp_path: Path, read_all: Callable[..., Any], **columns: pa.Array) -> Any:
    count = len(next(iter(columns.values())))
    table = pa.table({"title": [f"Title {n}" for n in range(count)], **columns})
    pq.write_table(table, tmp_path / "a.parquet")
    return read_all(tmp_path / "a.parquet")


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        (pa.array(["Text", None], pa.large_string()), ["Text", None]),
        (pa.array(["Text", "Text"]).dictionary_encode(), ["Text", "Text"]),
        (pa.array([None, None], pa.null()), [None, None]),
        (pa.array([["One.", "Two."], []], pa.list_(pa.string())), ["One.\n\nTwo.", None]),
        (pa.array([["One."], None], pa.large_list(pa.large_string())), ["One.", None]),
        (pa.array([7, None], pa.int64()), ["7", None]),
    ],
)
def test_texts_of_any_column_type_are_read(
    tmp_path: Path, read_all: Callable[..., Any], values: pa.Array, expected: list[str | None]
) -> None:
    articles, rejects = read_columns(tmp_path, read_all, text=values)
    assert [article.text for article in articles] == expected
    assert not rejects


@pytest.mark.parametrize(
    "values",
    [
        pa.array([{"a": 1}, None], pa.struct([("a", pa.int64())])),
        pa.array([b"bytes", None], pa.binary()),
        pa.array([True, None], pa.bool_()),
        pa.array([[1, 2], None], pa.list_(pa.int64())),
        pa.array([[("k", "v")], None], pa.map_(pa.string(), pa.string())),
    ],
)
def test_a_text_that_cannot_be_one_costs_its_row_alone(
    tmp_path: Path, read_all: Callable[..., Any], values: pa.Array
) -> None:
    [second], [refused] = read_columns(tmp_path, read_all, text=values)
    assert second.title == "Title 1"
    assert (refused.reason, refused.source_uri) == (Reason.BAD_FIELD, f"{tmp_path}/a.parquet#row=1")


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        (pa.array([1_730_793_600], pa.timestamp("s")), "2024-11-05T08:00:00"),
        (pa.array([1_730_793_600_000], pa.timestamp("ms", "UTC")), "2024-11-05T08:00:00+00:00"),
        (pa.array([1_730_793_600_000_000], pa.timestamp("us", "Europe/Oslo")), "2024-11-05T09:00:00+01:00"),
        (pa.array([20_032], pa.date32()), "2024-11-05"),
        (pa.array([2**62], pa.timestamp("us")), str(2**62)),
        (pa.array(["2024-11-05"]).dictionary_encode(), "2024-11-05"),
        (pa.array([1_730_793_600], pa.int64()), "1730793600"),
        (pa.array([None], pa.timestamp("us")), None),
    ],
)
def test_times_of_any_unit_and_zone_are_kept_as_written(
    tmp_path: Path, read_all: Callable[..., Any], values: pa.Array, expected: str | None
) -> None:
    [article], _ = read_columns(tmp_path, read_all, published=values)
    assert article.published == expected
    assert article.published_source == ("field" if expected else None)


def test_strings_that_are_no_unicode_cost_characters_not_rows(tmp_path: Path, read_all: Callable[..., Any]) -> None:
    broken = pa.StringArray.from_buffers(2, pa.array([0, 3, 6], pa.int32()).buffers()[1], pa.py_buffer(b"a\xffcdef"))
    articles, rejects = read_columns(tmp_path, read_all, text=broken)
    assert [article.text for article in articles] == ["a\ufffdc", "def"]
    assert not rejects


def test_an_empty_table_and_one_without_our_columns(tmp_path: Path, read_all: Callable[..., Any]) -> None:
    pq.write_table(pa.table({"title": pa.array([], pa.string())}), tmp_path / "empty.parquet")
    assert read_all(tmp_path) == ([], [])
    pq.write_table(pa.table({"kicker": ["x"]}), tmp_path / "other.parquet")
    with pytest.raises(UsageError, match="kicker"):
        read_all(tmp_path)
