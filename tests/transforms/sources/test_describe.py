import gzip
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from schemas.errors import UsageError
from transforms.sources.plan import InputReport, describe


def only(path: Path, mapping: dict[str, str] | None = None) -> InputReport:
    [report] = describe([str(path)], mapping or {})
    return report


def test_a_table_tells_its_columns_and_counts(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text('id;headline;mood\n1;a;"b\n\nc"\n2;d;e\n')
    report = only(tmp_path)
    assert (report.format, report.records, report.exact, report.problems) == ("csv", 2, True, ())
    assert report.columns == (("id", "id"), ("headline", "title"), ("mood", "extra"))


def test_the_mapping_is_shown_and_checked(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("id,title,mood\n1,a,b\n")
    report = only(tmp_path, {"text": "mood", "source": "paper"})
    assert report.columns[-1] == ("mood", "text")
    assert report.problems == ("no column 'paper' for source",)
    with pytest.raises(UsageError):
        describe([str(tmp_path)], {"nonsense": "a"})


def test_compression_charset_and_kind_are_told(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl.gz").write_bytes(gzip.compress(b'{"title": "x"}\n' * 7))
    assert only(tmp_path / "a.jsonl.gz") == InputReport(
        uri=str(tmp_path / "a.jsonl.gz"),
        format="jsonl",
        bytes=(tmp_path / "a.jsonl.gz").stat().st_size,
        compression="gzip",
        records=7,
        columns=(("title", "title"),),
    )
    (tmp_path / "b.csv").write_bytes("title\nПервая строка\nВторая строка\nТретья строка новостей\n".encode("cp1251"))
    assert only(tmp_path / "b.csv").charset == "cp1251"
    (tmp_path / "c.txt").write_text("Text")
    assert (only(tmp_path / "c.txt").format, only(tmp_path / "c.txt").records) == ("text", 1)
    (tmp_path / "d.xml").write_text("<rss><channel/></rss>")
    assert (only(tmp_path / "d.xml").format, only(tmp_path / "d.xml").records) == ("rss", None)
    pq.write_table(pa.table({"title": ["a", "b"]}), tmp_path / "e.parquet")
    assert (only(tmp_path / "e.parquet").format, only(tmp_path / "e.parquet").records) == ("parquet", 2)


@pytest.mark.parametrize(
    ("name", "content", "problem"),
    [
        ("a.zip", b"PK\x03\x04", "unknown_format: a zip archive"),
        ("a.gz", b"\x1f\x8b\x08nothing", "broken_archive"),
        ("a.jsonl", b"", "empty"),
        ("a.csv", b"title\n", "no records"),
        ("a.csv", b"id,kicker\n1,a\n", "no column holds a text or a title"),
        ("a.jsonl.gz", gzip.compress(b'{"title": "x"}\n' * 90_000)[:-300], "broken_archive"),
    ],
)
def test_problems_are_told_not_raised(tmp_path: Path, name: str, content: bytes, problem: str) -> None:
    (tmp_path / name).write_bytes(content)
    assert problem in only(tmp_path).problems[0]


def test_nothing_is_written(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl.gz").write_bytes(gzip.compress(b'{"title": "x"}\n' * 5_000))
    only(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["a.jsonl.gz"]
