"""Merge small files: the same rows in fewer files, at every moment."""

from collections import Counter
from itertools import pairwise

import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st
from small_lakes import content, ingest, published, write

from schemas.errors import LakeError
from schemas.tables import RUNS
from transforms.lake import compact as compaction
from transforms.lake import durable
from transforms.lake.compact import compact, light, worth_merging
from transforms.lake.intent import DataFile
from transforms.lake.layout import Lake
from transforms.lake.read import files, last_commit, scan, snapshot
from transforms.lake.seen import SeenIndex
from transforms.lake.verify import verify
from transforms.lake.write import TARGET_BYTES


def _fill(lake: Lake, commits: int) -> None:
    for number in range(commits):
        ingest(lake, range(number * 10, number * 10 + 10))


def test_rows_stay_and_files_become_one_a_partition(lake: Lake) -> None:
    _fill(lake, 3)
    before, old = content(lake), files(lake, "articles")
    done = compact(lake)
    new = files(lake, "articles")
    assert content(lake) == before
    assert len(new) == len({file.folder for file in old}) < len(old)
    assert (done.commits, last_commit(lake)) == (1, 4)
    for file in new:
        times = pq.read_table(lake.table("articles") / file.path, columns=["published_at"])[0].to_pylist()
        assert times == sorted(times, key=lambda time: (time is None, time))
    assert not [file for file in old if file not in new and (lake.table("articles") / file.path).exists()]
    assert verify(lake) == []


def test_the_ledger_says_what_was_merged(lake: Lake) -> None:
    _fill(lake, 2)
    compact(lake)
    rows = [row for batch in scan(lake, "runs", RUNS.names, after_commit=2) for row in batch.to_pylist()]
    assert [(row["command"], row["read"], row["new"]) for row in rows] == [("compact", 0, 0)]
    assert all(
        path.split("/")[0] in {"articles", "duplicates", "rejects", "polls", "furniture"} for path in rows[0]["removed"]
    )
    assert {file["table"] for file in rows[0]["files"]} == {path.split("/")[0] for path in rows[0]["removed"]}


def test_compacting_again_changes_nothing(lake: Lake) -> None:
    _fill(lake, 2)
    compact(lake)
    before = published(lake, "articles", "duplicates", "rejects", "runs")
    assert compact(lake).commits == 0
    assert published(lake, "articles", "duplicates", "rejects", "runs") == before


def test_only_crowded_folders_are_merged_unasked(lake: Lake, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(compaction, "CROWDED_FILES", 3)
    _fill(lake, 3)
    assert compact(lake, only_crowded=True).commits == 0
    _fill(lake, 4)  # seen: three files a partition still, but four lines in the ledger
    ingest(lake, range(30, 40))
    assert compact(lake, only_crowded=True).commits == 1
    assert len(files(lake, "runs")) == 2
    assert verify(lake) == []


def _sized(*sizes: int) -> list[DataFile]:
    return [DataFile("articles", f"part-{number:08d}.parquet", size, 1) for number, size in enumerate(sizes)]


def test_a_merged_file_waits_for_its_like() -> None:
    def sizes(*given: int) -> list[int]:
        return [file.bytes for file in light(_sized(*given))]

    assert sizes(100, 1, 2, 1) == [1, 1, 2]
    assert sizes(4, 1, 2, 1) == [1, 1, 2, 4]
    assert sizes(100, 40, 1, 2, 1) == [1, 1, 2]
    assert sizes(7) == [7]


@given(st.lists(st.integers(1, 30_000), min_size=33, max_size=80))
def test_of_a_crowded_folder_few_files_are_left(sizes: list[int]) -> None:
    files = _sized(*sizes)
    left = sorted(file.bytes for file in files if file not in light(files))
    assert len(left) <= 15  # each more than twice the one before
    assert all(second > first for first, second in pairwise(left))


def test_a_row_is_rewritten_a_few_times_and_not_at_every_merge() -> None:
    files, rewritten = [], 0
    for _ in range(40):  # merges, each behind 33 commits of one size
        merged = light(_sized(*files, *[100] * 33))
        rewritten += sum(file.bytes for file in merged)
        files = [*_left_of(files, merged), sum(file.bytes for file in merged)]
    assert rewritten < 5 * sum(files)  # 20 times where all is merged again
    assert len(files) < 8


def _left_of(sizes: list[int], merged: list[DataFile]) -> list[int]:
    return list((Counter(sizes) - Counter(file.bytes for file in merged)).elements())


def _paired(full: int, small: int) -> dict[str, list[DataFile]]:
    sizes = [TARGET_BYTES] * full + [1_000] * small
    return {"articles": [DataFile("articles", f"p/part-{at:08d}.parquet", size, 1) for at, size in enumerate(sizes)]}


def test_a_folder_is_crowded_by_files_that_can_be_merged() -> None:
    """With 33 full files every two small ones were merged at once, each round of a watch a commit more for that."""
    assert list(worth_merging(_paired(full=40, small=32), only_crowded=True)) == []
    (folder,) = worth_merging(_paired(full=40, small=33), only_crowded=True)
    assert (len(folder.small), len(folder.kept)) == (33, 40)
    (folder,) = worth_merging(_paired(full=40, small=2), only_crowded=False)
    assert (len(folder.small), len(folder.kept)) == (2, 40)


def test_large_files_stay_as_they_are(lake: Lake, monkeypatch: pytest.MonkeyPatch) -> None:
    ingest(lake, range(60))
    kept = files(lake, "articles")
    monkeypatch.setattr(compaction, "_SMALL_BYTES", min(file.bytes for file in kept))
    before = published(lake, "articles")
    ingest(lake, [60, 62, 66])
    ingest(lake, [70, 72, 76])
    rows = content(lake)
    monkeypatch.setattr(compaction, "_SMALL_BYTES", min(file.bytes for file in kept if file.rows > 3))
    compact(lake)
    assert content(lake) == rows
    assert {path for path in before if "part-00000001-" in path and "-m" not in path} & set(published(lake, "articles"))
    assert verify(lake) == []


def test_a_merge_is_cut_into_files_and_commits_of_bounded_size(lake: Lake, monkeypatch: pytest.MonkeyPatch) -> None:
    _fill(lake, 4)
    size = files(lake, "articles")[0].bytes
    monkeypatch.setattr(compaction, "TARGET_BYTES", size * 5 // 2)
    monkeypatch.setattr(compaction, "_COMMIT_BYTES", size * 3)
    before = content(lake)
    done = compact(lake)
    assert done.commits > 1
    assert done.written > len({file.folder for file in files(lake, "articles")})
    assert content(lake) == before
    assert verify(lake) == []


def test_what_came_before_a_merge_is_not_read_again_after_it(lake: Lake) -> None:
    _fill(lake, 3)
    compact(lake)
    assert all(file.newest <= 3 for file in files(lake, "articles"))
    rows = [row for batch in scan(lake, "articles", ["commit"], after_commit=2) for row in batch.to_pylist()]
    assert {row["commit"] for row in rows} == {3}
    assert not list(scan(lake, "articles", ["commit"], after_commit=3))
    assert SeenIndex.open(lake.root).commit == 4


def test_damage_is_not_hidden_by_a_merge(lake: Lake) -> None:
    _fill(lake, 2)
    path = lake.table("articles") / files(lake, "articles")[0].path
    held = bytearray(path.read_bytes())
    held[50] ^= 1
    path.write_bytes(held)
    with pytest.raises(LakeError, match="is not what was published, so nothing was rewritten"):
        compact(lake)
    assert last_commit(lake) == 2


def test_without_an_exchange_two_renames_do(lake: Lake, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(durable, "_renameat2", lambda _first, _second: False)
    _fill(lake, 2)
    before = content(lake)
    write(lake, "compact")
    assert content(lake) == before
    assert verify(lake) == []


def test_an_empty_lake_has_nothing_to_merge(lake: Lake) -> None:
    assert compact(lake).commits == 0
    assert snapshot(lake).commit == 0
