"""Spilled articles beside the decisions about them: what becomes a row of which table."""

from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pyarrow as pa
import pytest
from small_lakes import broken, decision, spill, story

from schemas.records import Spill
from schemas.tables import ARTICLES, DECISION, DUPLICATES, REJECTS
from transforms.lake import stories as module
from transforms.lake.layout import Lake
from transforms.lake.ledger import ConservationError, Stamp
from transforms.lake.stories import Joined, joined, read_rejects, rejects_in, stamped

STAMP = Stamp(7, "00000005", datetime(2026, 1, 2, tzinfo=UTC))
OUTCOMES = ["new", "near", "seen", "revision", "exact", "excerpt", "expansion"]
STORIES = [story(number) for number in range(len(OUTCOMES))]


def decisions(*rows: dict[str, object]) -> pa.Table:
    return pa.Table.from_pylist(list(rows), schema=DECISION)


def all_outcomes() -> pa.Table:
    folded = {"near", "exact", "excerpt", "expansion"}
    rows = [
        decision(one, outcome, **({"duplicate_of": STORIES[0].article_id} if outcome in folded else {}))
        for one, outcome in zip(STORIES, OUTCOMES, strict=True)
    ]
    return decisions(*rows)


def groups(lake: Lake, table: pa.Table, *cut: int) -> list[Joined]:
    return list(joined(spills(lake, *cut), table, STAMP))


def spills(lake: Lake, *cut: int) -> list[Spill]:
    found, at = [], 0
    for ordinal, size in enumerate(cut):
        found.append(spill(lake, ordinal, STORIES[at : at + size]))
        at += size
    return found


def test_each_outcome_is_stored_in_its_table_and_what_was_seen_in_none(lake: Lake) -> None:
    (group,) = groups(lake, all_outcomes(), 3, 4)
    assert group.articles.schema.equals(ARTICLES)
    assert group.duplicates.schema.equals(DUPLICATES)
    assert group.articles["title"].to_pylist() == [STORIES[0].title, STORIES[3].title]
    assert group.duplicates["relation"].to_pylist() == ["near", "exact", "excerpt", "expansion"]
    assert group.outcomes == Counter(OUTCOMES)


def test_rows_carry_the_stamp_of_their_commit_and_the_month_of_their_publication(lake: Lake) -> None:
    (group,) = groups(lake, all_outcomes(), 7)
    first = group.articles.to_pylist()[0]
    assert (first["commit"], first["run_id"], first["ingested_at"]) == (7, "00000005", STAMP.at)
    assert (first["published_month"], first["language"]) == ("2024-01", "de")
    assert group.duplicates["published_month"].to_pylist()[-1] is None  # the last is undated


@pytest.mark.parametrize(
    ("rows", "bytes_", "sizes"),
    [
        (100, 1 << 30, [7]),
        (4, 1 << 30, [4, 3]),
        (3, 1 << 30, [2, 2, 3]),
        (1, 1 << 30, [2, 2, 2, 1]),
        (100, 1, [2, 2, 2, 1]),
    ],
)
def test_a_group_is_bounded_by_rows_and_bytes_and_holds_whole_spills(
    lake: Lake, monkeypatch: pytest.MonkeyPatch, rows: int, bytes_: int, sizes: list[int]
) -> None:
    monkeypatch.setattr(module, "_GROUP_ROWS", rows)
    monkeypatch.setattr(module, "_GROUP_BYTES", bytes_)
    found = groups(lake, all_outcomes(), 2, 2, 2, 1)
    assert [group.outcomes.total() for group in found] == sizes
    assert [title for group in found for title in group.articles["title"].to_pylist()] == ["Title 0", "Title 3"]


@pytest.mark.parametrize(
    ("order", "said"),
    [
        ([1, 0, 2, 3, 4, 5, 6], "decisions do not stand in the order of the articles"),
        ([0, 1, 2, 3, 4, 5], "decisions do not stand in the order of the articles"),
        ([0, 1, 2, 3, 4, 5, 6, 6], "8 decisions were made about 7 articles"),
    ],
)
def test_decisions_that_do_not_belong_to_the_rows_are_refused(lake: Lake, order: list[int], said: str) -> None:
    with pytest.raises(ConservationError, match=said):
        groups(lake, all_outcomes().take(pa.array(order)), 7)


def test_a_spill_that_holds_another_number_is_refused(lake: Lake) -> None:
    (one,) = spills(lake, 3)
    with pytest.raises(ConservationError, match="holds 3 articles instead of 4"):
        list(joined([replace(one, articles=4)], decisions(), STAMP))


@pytest.mark.parametrize("outcome", ["new", "revision"])
def test_what_folds_into_another_is_no_article(lake: Lake, outcome: str) -> None:
    rows = decisions(decision(STORIES[0], outcome, duplicate_of=STORIES[1].article_id))
    with pytest.raises(ConservationError, match="folds into another is marked new or revision"):
        groups(lake, rows, 1)


def test_no_spills_have_no_groups(lake: Lake) -> None:
    assert groups(lake, decisions()) == []
    assert [group.outcomes.total() for group in groups(lake, decisions(), 0)] == [0]


def test_rejects_are_as_many_as_the_spill_says(lake: Lake) -> None:
    one = spill(lake, 0, [], [broken(10), broken(21)])
    assert read_rejects(one)["source_uri"].to_pylist() == ["a.jsonl#line=10", "a.jsonl#line=21"]
    assert rejects_in(one) == 2
    with pytest.raises(ConservationError, match="holds 2 rejects instead of 3"):
        read_rejects(replace(one, rejects=3))


def test_without_rejects_no_file_is_read(tmp_path: Path) -> None:
    assert read_rejects(Spill(0, 0, str(tmp_path / "none"), 0, 0, 0, 0)).schema.equals(REJECTS)


def test_a_stream_is_read_as_a_file_is(tmp_path: Path) -> None:
    rows = pa.table({"a": [1, 2], "b": ["x", "y"]})
    with pa.ipc.new_stream(tmp_path / "s", rows.schema) as stream:
        stream.write_table(rows)
    with pa.ipc.new_file(tmp_path / "f", rows.schema) as file:
        file.write_table(rows)
    for name in ("s", "f"):
        assert module._read_ipc(tmp_path / name).equals(rows)
        assert module._read_ipc(tmp_path / name, ["b", "a"]).column_names == ["b", "a"]


def test_what_only_a_commit_knows_is_filled_in_and_the_rest_is_null() -> None:
    rows = stamped(pa.table({"payload_bytes": pa.array([3], pa.int32()), "stray": ["x"]}), REJECTS, STAMP)
    assert rows.schema.equals(REJECTS)
    told = {name: value for name, value in rows.to_pylist()[0].items() if value is not None}
    assert told == {"payload_bytes": 3, "run_id": "00000005", "commit": 7, "rejected_at": STAMP.at}


@pytest.mark.parametrize(
    ("at", "month"),
    [
        (None, None),
        (datetime(2024, 12, 31, 23, 59, 59, 999_999, tzinfo=UTC), "2024-12"),
        (datetime(2025, 1, 1, tzinfo=UTC), "2025-01"),
        (datetime(1605, 3, 1, tzinfo=UTC), "1605-03"),
    ],
)
def test_a_month_is_that_of_the_time_in_utc(at: datetime | None, month: str | None) -> None:
    times = pa.chunked_array([pa.array([at], pa.timestamp("us", "UTC"))])
    assert module._months(times).to_pylist() == [month]
