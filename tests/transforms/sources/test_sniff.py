import gzip
import io
import tarfile
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transforms.sources.sniff import Format, extension_of, format_of


def found(head: bytes, path: str = "a") -> tuple[str | None, str]:
    form = format_of(head, path)
    return form.kind, form.shape


@pytest.mark.parametrize(
    ("head", "kind"),
    [
        (b'<?xml version="1.0"?><rss version="2.0"><channel/></rss>', "rss"),
        (b"<rss version='0.91'>", "rss"),
        (b"\xef\xbb\xbf\n <?xml version='1.0'?>\n<!-- made by <x> -->\n<rss>", "rss"),
        (b'<?xml-stylesheet href="a"?><!DOCTYPE rss [<!ENTITY a "b">\n<!ENTITY c "d">]><rss>', "rss"),
        (b'<!DOCTYPE rss PUBLIC "-//Netscape//DTD RSS 0.91//EN" "http://example.org/a.dtd"><rss >', "rss"),
        (b'<rdf:RDF xmlns="http://purl.org/rss/1.0/">', "rdf"),
        (b'<feed xmlns="http://www.w3.org/2005/Atom">', "atom"),
        (b'<atom:feed xmlns:atom="x">', "atom"),
        ('<?xml version="1.0" encoding="utf-16"?><rss version="2.0">'.encode("utf-16"), "rss"),
        (b"<!DOCTYPE html><html lang=en>", "html"),
        (b"<!-- saved -->\n<HTML>", "html"),
        (b"<div><body class=a>", "html"),
        (b'{"version": "https://jsonfeed.org/version/1.1", "items": []}', "jsonfeed"),
        (b'{"title": "x", "version":"https:\\/\\/jsonfeed.org\\/version\\/1"}', "jsonfeed"),
        (b"PAR1....", "parquet"),
        (b'{"title": "x"}\n{"title": "y"}\n', "jsonl"),
        (b"id,title,text\n1,a,b\n", "csv"),
        (b"url;headline;published\nhttp;a;b\n", "csv"),
        (b"Bridge opens\n\nSo said the mayor.", "text"),
        (b"{curly} prose begins here", "text"),
        (b"[Reuters] The bridge opens.", "text"),
        (b"First, second, third\nare words in prose, not columns, of course", "text"),
        (b"<3 is a heart", "text"),
    ],
)
def test_content_decides_whatever_the_name(head: bytes, kind: str) -> None:
    for path in ("a", "a.txt", "folder.d/b.dat"):
        assert found(head, path)[0] == kind


@pytest.mark.parametrize(
    ("head", "path", "kind", "shape"),
    [
        (b"no object", "a.jsonl", "jsonl", "lines"),
        (b'{"title": ', "a.json", "jsonl", "lines"),
        (b"x,y\n1,2\n", "a.csv", "csv", "rows"),
        (b"x\ty\n1\t2\n", "a.tsv.gz", "csv", "rows"),
        (b"<p>Only a fragment</p>", "a.html", "html", "whole"),
        (b"not a feed", "a.rss", "rss", "whole"),
        (b"not a feed", "a.atom", "atom", "whole"),
        (b"# A title\n\nText", "README.md", "text", "whole"),
        (b'[{"a": 1}, {"a": 2}]', "a.json", "jsonl", "values"),
        (b'[\n  {"a": 1}\n]', "a.txt", "jsonl", "values"),
        (b'{\n  "a": 1\n}', "a.json", "jsonl", "values"),
        (b'{"a": 1,\n "b": 2}', "a.json", "jsonl", "values"),
        (b'{"a": "' + b"x" * 60_000, "a.jsonl", "jsonl", "lines"),
        (b'["a"]\n["b"]\n', "a.jsonl", "jsonl", "lines"),
        (b'broken\n{"a": 1}\n', "a.jsonl", "jsonl", "lines"),
        (b'{"a": \n{"a": 1}\n', "a.jsonl", "jsonl", "lines"),
    ],
)
def test_the_extension_decides_what_content_leaves_open(head: bytes, path: str, kind: str, shape: str) -> None:
    assert found(head, path) == (kind, shape)


def _zip() -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("a.txt", "text")
    return file.getvalue()


def _tar() -> bytes:
    file = io.BytesIO()
    with tarfile.open(fileobj=file, mode="w") as archive:
        archive.addfile(tarfile.TarInfo("a.txt"))
    return file.getvalue()


@pytest.mark.parametrize(
    ("head", "detail"),
    [
        (_zip(), "zip"),
        (_tar(), "tar"),
        (gzip.compress(b"x", mtime=0), "more than once"),
        (b"\xfd7zXZ\x00\x00", "xz"),
        (b"%PDF-1.7", "PDF"),
        (b"\x89PNG\r\n\x1a\n", "image"),
        (b"\xff\xd8\xff\xe0", "image"),
        (b"RIFF\0\0\0\0WEBP", "image"),
        (b"WARC/1.0\r\n", "WARC"),
        (b"{\\rtf1", "RTF"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1", "office"),
        (bytes(range(256)) * 10, "neither text"),
        (b"\0" * 1000, "neither text"),
        (b"<?xml version='1.0'?><sitemap/>", "no feed"),
        (b"<!DOCTYPE bomb [<!ENTITY a 'b'>]><?xml?><bomb>", "neither"),
    ],
)
def test_what_is_not_read_says_what_it_is(head: bytes, detail: str) -> None:
    form = format_of(head, "a.xml")
    assert form.kind is None
    assert detail in form.detail or form.detail.startswith("XML")


@pytest.mark.parametrize("path", ["a.py", "a.css", "config.yaml", "a.srt"])
def test_text_that_is_not_news_is_refused(path: str) -> None:
    assert format_of(b"plain text", path).kind is None


@pytest.mark.parametrize(
    ("path", "extension"),
    [
        ("a.JSONL", ".jsonl"),
        ("a.jsonl.gz", ".jsonl"),
        ("a.b/c", ""),
        ("a.csv.ZST", ".csv"),
        ("a.gz", ""),
        ("a.txt.bz2", ".txt"),
    ],
)
def test_the_extension_is_looked_for_under_the_compression(path: str, extension: str) -> None:
    assert extension_of(path) == extension


def test_marks_and_headers_are_measured() -> None:
    form = format_of("\ufeffid;title\n1;a\n".encode(), "a.csv")
    assert form == Format("csv", "rows", "utf-8", 3, ";", ("id", "title"), 9)


@given(st.binary(max_size=300), st.sampled_from(["a", "a.json", "a.csv", "a.xml", "a.txt", "a.md", "a.jsonl.gz"]))
def test_any_bytes_have_a_format_or_a_reason(head: bytes, path: str) -> None:
    form = format_of(head, path)
    assert form.kind or form.detail


@given(st.text(alphabet='<>!-[]{}"/?rshtml:,\n \\', max_size=200), st.sampled_from(["a", "a.json", "a.xml"]))
def test_any_markup_has_a_format_or_a_reason(text: str, path: str) -> None:
    form = format_of(text.encode(), path)
    assert form.kind or form.detail
