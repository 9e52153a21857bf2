"""Properties of reading as a whole: any bytes in any format, any limits, any compression, any charset."""

import bz2
import csv
import gzip
import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import zstandard
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from schemas.errors import UsageError
from schemas.records import RawArticle, Reject, Segment
from transforms.sources.documents import read_document
from transforms.sources.parser_child import parse
from transforms.sources.parser_process import ParserProcess
from transforms.sources.plan import PlanLimits, describe, plan
from transforms.sources.read import read_chunk

Reading = Callable[..., tuple[list[RawArticle], list[Reject]]]
FIXTURES = settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
PACK: dict[str, Callable[[bytes], bytes]] = {
    ".gz": gzip.compress,
    ".bz2": bz2.compress,
    ".zst": lambda data: zstandard.ZstdCompressor().compress(data),
}
TEXT = st.text(st.characters(exclude_categories=("Cs", "Cc")), min_size=1, max_size=40).filter(str.strip)
RECORDS = st.lists(st.fixed_dictionaries({"id": TEXT, "title": TEXT, "text": TEXT}), min_size=1, max_size=25)
PIECES = (
    *(b"<rss><channel>", b"<item>", b"</item>", b"<title>", b"</title>", b"<feed>", b"<entry>", b"<![CDATA[", b"]]>"),
    *(b"<html>", b"<p>", b"</p>", b"<script>", b"<!--", b"-->", b"&#x0;", b"&amp;", b"{", b"}", b"[", b"]", b'"'),
    *(b":", b",", b"\n", b"\\u", b"id,title,text\n", b"\xff\xfe", b"\xef\xbb\xbf", b"\x1f\x8b\x08", b"PAR1", b"\0"),
)
BYTES = st.lists(st.one_of(st.sampled_from(PIECES), st.binary(max_size=20)), max_size=30).map(b"".join)


def content(found: tuple[list[RawArticle], list[Reject]]) -> tuple[list[str], list[str]]:
    articles, rejects = found
    return [article.raw_sha256 for article in articles], [reject.payload_sha256 for reject in rejects]


@FIXTURES
@given(payload=BYTES, extension=st.sampled_from([".txt", ".jsonl", ".csv", ".xml", ".html", ".json", ".parquet", ""]))
def test_any_bytes_under_any_name_are_articles_and_rejects(
    read_all: Reading, tmp_path_factory: pytest.TempPathFactory, payload: bytes, extension: str
) -> None:
    path = tmp_path_factory.mktemp("any") / f"file{extension}"
    path.write_bytes(payload)
    try:
        first = read_all(path)
    except UsageError as error:  # a table without any column of ours is the one thing that is not a reject
        assert "no column holds a text or a title" in str(error)  # noqa: PT017
        return
    assert content(read_all(path)) == content(first)
    assert [report.uri for report in describe([str(path)], {})] == [str(path)]


@settings(max_examples=150)
@given(BYTES, st.sampled_from(["feed", "html"]))
def test_any_bytes_are_a_document_with_articles_and_faults(payload: bytes, kind: str) -> None:
    document = parse(kind, payload, "x")
    places = [one.place for one in (*document.articles, *document.faults)]
    assert len(set(places)) == len(places)


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(payload=BYTES, kind=st.sampled_from(["rss", "html"]))
def test_the_process_answers_as_a_call_does(parser: ParserProcess, payload: bytes, kind: Any) -> None:
    articles, rejects = read_document(payload, "x", kind, parser)
    document = parse("html" if kind == "html" else "feed", payload, "x")
    assert len(articles) == len(document.articles)
    assert [reject.reason for reject in rejects] == [fault.reason for fault in document.faults]


def as_lines(records: list[dict[str, str]]) -> bytes:
    return "".join(json.dumps(record, ensure_ascii=False) + "\n" for record in records).encode()


def as_rows(records: list[dict[str, str]]) -> bytes:
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, ("id", "title", "text"))
    writer.writeheader()
    writer.writerows(records)
    return out.getvalue().encode()


@pytest.mark.parametrize(("name", "written"), [("a.jsonl", as_lines), ("a.csv", as_rows)])
@FIXTURES
@given(records=RECORDS, chunk_records=st.integers(1, 9), chunk_bytes=st.integers(1, 300))
def test_chunks_of_any_size_hold_the_same_records(
    read_all: Reading,
    tmp_path_factory: pytest.TempPathFactory,
    name: str,
    written: Callable[[list[dict[str, str]]], bytes],
    records: list[dict[str, str]],
    chunk_records: int,
    chunk_bytes: int,
) -> None:
    path = tmp_path_factory.mktemp("cut") / name
    path.write_bytes(written(records))
    whole = read_all(path)
    cut = read_all(path, limits=PlanLimits(chunk_records=chunk_records, chunk_bytes=chunk_bytes))
    assert cut == whole
    assert [article.item_id for article in whole[0]] == [record["id"] for record in records]
    assert [article.text for article in whole[0]] == [record["text"] for record in records]


@pytest.mark.parametrize("extension", PACK)
@pytest.mark.parametrize(("name", "written"), [("a.jsonl", as_lines), ("a.csv", as_rows)])
@settings(max_examples=8, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(records=RECORDS)
def test_compressed_files_read_as_plain_ones(
    read_all: Reading,
    tmp_path_factory: pytest.TempPathFactory,
    extension: str,
    name: str,
    written: Callable[[list[dict[str, str]]], bytes],
    records: list[dict[str, str]],
) -> None:
    folder = tmp_path_factory.mktemp("packed")
    (folder / name).write_bytes(written(records))
    (folder / f"{name}{extension}").write_bytes(PACK[extension](written(records)))
    assert content(read_all(folder / f"{name}{extension}")) == content(read_all(folder / name))


@pytest.mark.parametrize(
    ("charset", "sentence"),
    [
        ("utf-8", "Мост откроют в мае – 大桥五月通车"),
        ("utf-8-sig", "Die Brücke öffnet im Mai"),
        ("utf-16", "Die Brücke öffnet im Mai – 大桥"),
        ("utf-32", "Die Brücke öffnet im Mai – 大桥"),
        (
            "cp1252",
            "Die Brücke öffnet im Mai, sagte der Bürgermeister, und die Fähre fährt über den großen Fluss weiter",
        ),
        ("cp1251", "Мост через реку откроют в мае, сообщил городской голова, паром останется до осени"),
        ("koi8_r", "Мост через реку откроют в мае, сообщил городской голова, паром останется до осени"),
        ("gb18030", "本报讯 市交通局昨日宣布，连接南北两岸的老渡轮将继续运营到明年春天，票价保持不变。"),
        ("euc_jp", "市は火曜日、湖の両岸を結ぶ古い渡し船が冬のあいだも運航すると発表した。料金は変わらない。"),
        (
            "cp1253",
            "Το παλιό φέρι που ενώνει τις δύο όχθες της λίμνης θα ταξιδεύει όλο τον χειμώνα, ανακοίνωσε ο δήμος",
        ),
    ],
)
def test_a_text_file_is_read_in_its_charset_and_a_dry_run_says_which(
    tmp_path: Path, read_all: Reading, charset: str, sentence: str
) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes("\n".join([sentence] * 5).encode(charset))
    [article], _ = read_all(path)
    assert article.text == "\n".join([sentence] * 5)
    noted = dict(article.extra).get("newsfold:charset", "utf-8")
    [report] = describe([str(path)], {})
    assert report.charset == noted
    assert noted.replace("_", "-").startswith(charset.replace("_", "-").removesuffix("-sig"))


@pytest.mark.parametrize(
    ("name", "payload", "charset"),
    [
        ("a.html", "<meta charset='windows-1251'><p>Мост откроют в мае</p>".encode("cp1251"), "cp1251"),
        (
            "a.xml",
            "<?xml version='1.0' encoding='windows-1251'?><rss><channel>Мост</channel></rss>".encode("cp1251"),
            "cp1251",
        ),
        ("a.txt", "Мост откроют в мае. ".encode() * 20_000, "utf-8"),
        ("a.txt", "Die Brücke öffnet. ".encode("utf-16") * 20_000, "utf-16-le"),
        (
            "a.txt.gz",
            gzip.compress("Die Brücke öffnet im Mai, sagte der Bürgermeister".encode("cp1252"), mtime=0),
            "cp1252",
        ),
        ("README.md", b"# Notes\n\nShort.\n", "utf-8"),
    ],
)
def test_a_dry_run_tells_the_charset_of_whole_files(tmp_path: Path, name: str, payload: bytes, charset: str) -> None:
    (tmp_path / name).write_bytes(payload)
    assert [report.charset for report in describe([str(tmp_path)], {})] == [charset]


@pytest.mark.parametrize(
    ("name", "body", "title"),
    [
        ("README", "newsfold\n", None),
        ("README.md", "# Read me\n\nTwo words.\n", "Read me"),
        ("notes.log", "08:00 ferry left\n08:40 ferry back\n", None),
        ("tiny.txt", "x", None),
        ("NOTES.markdown", "| a | b |\n|---|---|\n| 1 | 2 |\n", None),
    ],
)
def test_small_texts_of_any_kind_are_one_article(
    tmp_path: Path, read_all: Reading, name: str, body: str, title: str | None
) -> None:
    (tmp_path / name).write_text(body)
    [article], rejects = read_all(tmp_path)
    assert not rejects
    assert (article.source_kind, article.title) == ("text", title)


@pytest.mark.parametrize("opening", ["[\n", "[", " [ \n\n", "\ufeff[\n"])
@pytest.mark.parametrize("count", [1, 2, 30])
def test_an_array_with_an_object_a_line_is_an_array(
    tmp_path: Path, read_all: Reading, opening: str, count: int
) -> None:
    lines = ",\n".join(json.dumps({"id": str(n), "title": f"Title {n}"}) for n in range(count))
    (tmp_path / "a.json").write_text(f"{opening}{lines}\n]\n", encoding="utf-8")
    articles, rejects = read_all(tmp_path)
    assert not rejects
    assert [article.item_id for article in articles] == [str(n) for n in range(count)]


def test_a_dry_run_counts_no_blank_lines(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text('{"title": "One"}\n\n  \n{"title": "Two"}\n\n')
    [report] = describe([str(tmp_path)], {})
    assert (report.records, report.exact) == (2, True)


def test_a_segment_of_blank_lines_is_read_as_nothing(tmp_path: Path, parser: ParserProcess) -> None:
    (tmp_path / "a.jsonl").write_text("\n" * 3_000)
    chunks = list(plan([str(tmp_path)], PlanLimits(), str(tmp_path / ".s")))
    assert sum(read_chunk(chunk, {}, parser).read for chunk in chunks) == 0
    assert all(isinstance(segment, Segment) for chunk in chunks for segment in chunk.segments)
