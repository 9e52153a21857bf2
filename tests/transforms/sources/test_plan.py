import gzip
import json
import pickle
import random
import tracemalloc
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.errors import UsageError
from schemas.reasons import Reason
from schemas.records import Chunk
from transforms.sources.plan import PlanLimits, plan
from transforms.sources.read import read_chunk


def record(number: int, size: int = 20) -> bytes:
    return json.dumps({"id": f"{number}", "title": f"Title {number}", "text": "x" * size}).encode() + b"\n"


def archive(path: Path, count: int, size: int = 20) -> Path:
    path.write_bytes(b"".join(record(number, size) for number in range(count)))
    return path


def chunks_of(*paths: Path, limits: PlanLimits, staging: Path) -> list[Chunk]:
    return list(plan([str(path) for path in paths], limits, str(staging)))


def test_small_files_share_a_chunk(tmp_path: Path) -> None:
    for number in range(25):
        (tmp_path / f"{number:02}.txt").write_text(f"Text {number}")
    chunks = chunks_of(tmp_path, limits=PlanLimits(chunk_records=10), staging=tmp_path / ".s")
    assert [len(chunk.segments) for chunk in chunks] == [10, 10, 5]
    assert [segment.end for chunk in chunks for segment in chunk.segments] == [-1] * 25


def test_a_large_file_is_cut_in_place_by_bytes(tmp_path: Path) -> None:
    path = archive(tmp_path / "a.jsonl", 2_500)
    chunks = chunks_of(path, limits=PlanLimits(), staging=tmp_path / ".s")
    segments = [chunk.segments[0] for chunk in chunks]
    assert [(segment.path, segment.first_place) for segment in segments] == [(str(path), n) for n in (1, 1001, 2001)]
    assert segments[0].start == 0
    assert segments[-1].end == path.stat().st_size
    assert [a.end for a in segments[:-1]] == [b.start for b in segments[1:]]
    assert not (tmp_path / ".s").exists()


@given(st.lists(st.integers(0, 12), min_size=1, max_size=12), st.integers(1, 9), st.integers(1, 20))
def test_slices_are_filled_in_order_and_never_overfilled(
    tmp_path_factory: pytest.TempPathFactory, sizes: list[int], chunk: int, slice_records: int
) -> None:
    folder = tmp_path_factory.mktemp("in")
    for number, size in enumerate(sizes):
        archive(folder / f"{number:02}.jsonl", size)
    limits = PlanLimits(slice_records=slice_records, chunk_records=chunk)
    chunks = chunks_of(folder, limits=limits, staging=folder / ".s")
    assert [chunk.ordinal for chunk in chunks] == list(range(len(chunks)))
    numbers = [chunk.slice_number for chunk in chunks]
    assert numbers == sorted(numbers)
    assert sorted(set(numbers)) == list(range(len(set(numbers))))
    assert not any(segment.refusal for chunk in chunks for segment in chunk.segments)


def test_a_slice_ends_at_its_records_and_at_its_bytes(tmp_path: Path) -> None:
    archive(tmp_path / "a.jsonl", 100)
    by_records = chunks_of(tmp_path, limits=PlanLimits(slice_records=30, chunk_records=10), staging=tmp_path / ".s")
    assert [chunk.slice_number for chunk in by_records] == [0, 0, 0, 1, 1, 1, 2, 2, 2, 3]
    size = len(record(99)) * 10
    by_bytes = chunks_of(tmp_path, limits=PlanLimits(slice_bytes=2 * size, chunk_records=10), staging=tmp_path / ".s")
    assert [chunk.slice_number for chunk in by_bytes] == [0, 0, 1, 1, 2, 2, 3, 3, 4, 4]


def test_equal_inputs_give_equal_plans_in_any_order(tmp_path: Path) -> None:
    names = [archive(tmp_path / f"{letter}.jsonl", 300) for letter in "cab"]
    packed = tmp_path / "d.jsonl.gz"
    packed.write_bytes(gzip.compress(names[0].read_bytes()))
    given_paths = [*names, packed]
    limits = PlanLimits(chunk_records=70, slice_records=200)
    first = chunks_of(*given_paths, limits=limits, staging=tmp_path / ".s")
    random.Random(1).shuffle(given_paths)
    assert chunks_of(*given_paths, limits=limits, staging=tmp_path / ".s") == first
    assert pickle.loads(pickle.dumps(first)) == first


def test_a_large_file_is_planned_lazily_in_flat_memory(tmp_path: Path) -> None:
    path = tmp_path / "big.jsonl"
    with path.open("wb") as file:
        for number in range(60):
            file.write(record(number, 3_000) * 300)
        file.truncate(8 << 30)  # sparse: 8 GB of zeros follow
    tracemalloc.start()
    chunks: Iterator[Chunk] = plan([str(path)], PlanLimits(), str(tmp_path / ".s"))
    first = [next(chunks) for _ in range(10)]
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert len(first) == 10
    assert peak < 24 << 20


def test_what_is_wrong_is_told_before_anything_is_done(tmp_path: Path) -> None:
    archive(tmp_path / "a.jsonl", 10)
    (tmp_path / "z.csv").write_text("id,kicker\n1,a\n")
    limits, staging = PlanLimits(), str(tmp_path / ".s")
    with pytest.raises(UsageError, match="kicker"):
        plan([str(tmp_path)], limits, staging)
    assert plan([str(tmp_path)], limits, staging, {"title": "kicker"})
    with pytest.raises(UsageError, match="did you mean 'text'"):
        plan([str(tmp_path)], limits, staging, {"txt": "kicker"})
    with pytest.raises(UsageError, match="two fields"):
        plan([str(tmp_path)], limits, staging, {"text": "kicker", "title": "kicker"})


def test_json_records_without_text_or_title_are_a_usage_error_only_if_a_hundred_lack_them(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    bare = b'{"id": "1", "body_txt": "x"}\n'
    path.write_bytes(bare * 150)
    with pytest.raises(UsageError, match="columns found: id, body_txt"):
        plan([str(path)], PlanLimits(), str(tmp_path / ".s"))
    path.write_bytes(bare * 50 + record(1))
    assert list(plan([str(path)], PlanLimits(), str(tmp_path / ".s")))


@pytest.mark.parametrize("name", ["slice_records", "slice_bytes", "chunk_records", "chunk_bytes"])
def test_limits_are_at_least_one(name: str) -> None:
    with pytest.raises(ValueError, match=name):
        PlanLimits(**{name: 0})


def test_broken_inputs_become_one_reject_each(tmp_path: Path, read_all: Callable[..., Any]) -> None:
    (tmp_path / "a.zip").write_bytes(b"PK\x03\x04rest")
    (tmp_path / "b.jpg").write_bytes(b"\xff\xd8\xff\xe0rest")
    (tmp_path / "c.gz").write_bytes(b"\x1f\x8b\x08broken")
    (tmp_path / "d.parquet").write_bytes(b"PAR1 and nothing else")
    (tmp_path / "e.txt").write_bytes(b"")
    (tmp_path / "f.txt").write_bytes(b"x" * (17 << 20))
    (tmp_path / "g.jsonl").write_bytes(b"")
    (tmp_path / "h.txt").write_text("Fine")
    articles, rejects = read_all(tmp_path)
    assert [a.text for a in articles] == ["Fine"]
    assert [(Path(r.source_uri).name, r.reason) for r in rejects] == [
        ("a.zip", Reason.UNKNOWN_FORMAT),
        ("b.jpg", Reason.UNKNOWN_FORMAT),
        ("c.gz", Reason.BROKEN_ARCHIVE),
        ("d.parquet", Reason.BROKEN_ARCHIVE),
        ("e.txt", Reason.EMPTY),
        ("f.txt", Reason.TOO_LARGE),
    ]
    assert rejects[-1].payload_bytes == 17 << 20
    assert len(rejects[-1].payload) == 64 << 10


def test_a_file_that_goes_away_is_one_reject(tmp_path: Path, read_all: Callable[..., Any]) -> None:
    path = archive(tmp_path / "a.jsonl", 3)
    [chunk] = chunks_of(path, limits=PlanLimits(), staging=tmp_path / ".s")
    path.unlink()
    batch = read_chunk(chunk, {}, None)  # type: ignore[arg-type]
    assert (batch.read, [r.reason for r in batch.rejects]) == (1, [Reason.UNREADABLE])


def test_a_line_past_the_limit_costs_only_itself(tmp_path: Path, read_all: Callable[..., Any]) -> None:
    long = b'{"title": "' + b"x" * (18 << 20) + b'"}\n'
    (tmp_path / "a.jsonl").write_bytes(record(1) + long + record(2))
    articles, [refused] = read_all(tmp_path)
    assert [a.source_uri.split("#")[1] for a in articles] == ["line=1", "line=3"]
    assert (refused.reason, refused.payload_bytes) == (Reason.TOO_LARGE, len(long))
    assert refused.source_uri.endswith("a.jsonl#line=2")


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-32", "cp1251"])
def test_json_lines_in_other_charsets_are_read(tmp_path: Path, read_all: Callable[..., Any], encoding: str) -> None:
    text = "".join(
        json.dumps({"id": n, "title": f"Мост откроют {n} ноября"}, ensure_ascii=False) + "\r\n" for n in range(30)
    )
    (tmp_path / "a.jsonl").write_bytes(text.encode(encoding))
    articles, rejects = read_all(tmp_path)
    assert not rejects
    assert [a.title for a in articles] == [f"Мост откроют {n} ноября" for n in range(30)]
    assert bool(articles[0].extra) == (encoding != "utf-8-sig")


def test_one_bad_line_does_not_decide_the_charset(tmp_path: Path, read_all: Callable[..., Any]) -> None:
    (tmp_path / "a.jsonl").write_bytes(record(1) + b'{"title": "caf\xe9"}\n' + record(2))
    articles, [refused] = read_all(tmp_path)
    assert len(articles) == 2
    assert refused.reason == Reason.BAD_ENCODING
