"""Which format bytes are in: by content first, by extension where the content leaves it open."""

# Paths are strings here: they may be URLs or hold bytes that are no UTF-8, and they come by the million.
# ruff: noqa: PTH122

import json
import os
import re
from dataclasses import dataclass, replace
from typing import Literal

from schemas.records import SourceKind
from transforms.sources import charset
from transforms.sources.columns import layout_of
from transforms.sources.compressed import codec_of
from transforms.sources.tables import DELIMITERS, Header, header_of

HEAD_BYTES = 64 * 1024  # enough for a header, a DOCTYPE with its subset, or the beginning of a long first record
Shape = Literal["whole", "lines", "values", "rows"]

# What is met in archives of news and is not read, by its first bytes: the reject says what to do with it.
_MAGIC: tuple[tuple[bytes, str], ...] = (
    (b"PK\x03\x04", "a zip archive (or an office document); unpack it first"),
    (b"PK\x05\x06", "an empty zip archive"),
    (b"7z\xbc\xaf\x27\x1c", "a 7z archive; unpack it first"),
    (b"Rar!\x1a\x07", "a rar archive; unpack it first"),
    (b"\x78\x9c", "compressed with zlib; .gz, .zst and .bz2 are read"),
    (b"\x78\xda", "compressed with zlib; .gz, .zst and .bz2 are read"),
    (b"\xfd7zXZ\x00", "compressed with xz; .gz, .zst and .bz2 are read"),
    (b"\x04\x22\x4d\x18", "compressed with lz4; .gz, .zst and .bz2 are read"),
    (b"%PDF-", "a PDF; extract its text first"),
    (b"{\\rtf", "an RTF document; save it as plain text first"),
    (b"\xd0\xcf\x11\xe0", "an office document; save it as plain text first"),
    (b"WARC/", "a web archive; WARC is not read yet"),
    (b"filedesc://", "a web archive; ARC is not read"),
    (b"\x89PNG", "an image"),
    (b"\xff\xd8\xff", "an image"),
    (b"GIF8", "an image"),
    (b"SQLite format 3\x00", "a database"),
    (b"\x7fELF", "a program"),
    (b"ARROW1", "an Arrow file; write it as Parquet"),
    (b"FEA1", "a Feather file; write it as Parquet"),
    (b"Obj\x01", "an Avro file; write it as Parquet"),
    (b"ORC", "an ORC file; write it as Parquet"),
)
# Text that lies beside articles: read as such, a folder with a program in it would hold strange news.
_TEXT_NOT_NEWS = frozenset(
    (
        *(".py", ".js", ".ts", ".css", ".c", ".h", ".cpp", ".java", ".go", ".rs", ".rb", ".php", ".pl", ".r", ".ipynb"),
        *(".sh", ".bat", ".ps1", ".mk", ".cmake", ".tf", ".yaml", ".yml", ".toml", ".ini", ".cfg", ".conf", ".lock"),
        *(".sql", ".xsl", ".xsd", ".dtd", ".svg", ".tex", ".bib", ".srt", ".vtt"),
        *(".md5", ".sha1", ".sha256", ".sum"),
    )
)
_LINES = frozenset((".jsonl", ".ndjson", ".jl", ".json", ".geojsonl"))
_ROWS = {".csv": "", ".tsv": "\t", ".tab": "\t"}
_FEEDS: dict[str, SourceKind] = {".rss": "rss", ".rdf": "rdf", ".atom": "atom"}
_PAGES = frozenset((".html", ".htm", ".xhtml", ".shtml"))
_ROOTS: dict[str, SourceKind] = {
    "rss": "rss",
    "channel": "rss",
    "rdf": "rdf",
    "feed": "atom",
    "html": "html",
    "urlset": "sitemap",
    "sitemapindex": "sitemap",
}
# Comments, instructions and a document type may stand before the root; an internal subset may hold one `>` a line.
_BEFORE_ROOT = re.compile(
    r"\s*+(?:<\?.*?\?>|<!--.*?-->|<!DOCTYPE(?:[^\[>]*+\[.*?\]\s*+>|[^>\[]*+>))", re.DOTALL | re.IGNORECASE
)
_ROOT = re.compile(r"\s*+<(?:[A-Za-z_][\w.-]*+:)?([A-Za-z_][\w.-]*+)[\s/>]")
_HTML = re.compile(r"<!doctype\s+html|<html[\s>]|<head[\s>]|<body[\s>]", re.IGNORECASE)
_JSON_FEED = re.compile(r'\A\s*\{[^\0]*?"version"\s*:\s*"https?:\\?/\\?/(?:www\.)?jsonfeed\.org\\?/version')


@dataclass(frozen=True, slots=True)
class Format:
    """What a file holds and how it is cut; `kind` is None for what we do not read, `detail` says what it is."""

    kind: SourceKind | None
    shape: Shape = "whole"
    charset: str = "utf-8"
    mark_bytes: int = 0
    delimiter: str = ""
    header: tuple[str, ...] = ()
    header_bytes: int = 0
    detail: str = ""


def extension_of(path: str) -> str:
    """Return the extension in lower case, the one before `.gz`, `.zst`, `.bz2` where the file is compressed."""
    stem, extension = os.path.splitext(path.lower())
    compressed = extension in {".gz", ".zst", ".zstd", ".bz2", ".gzip"}
    return os.path.splitext(stem)[1] if compressed else extension


def format_of(head: bytes, path: str) -> Format:
    """Return the format of a file whose (inflated) bytes begin with `head`, of at most 64 KB; "" is an empty file."""
    # What is binary by its first bytes is told by them: none of it is looked at as text.
    if head.startswith(b"PAR1"):
        return Format("parquet", "rows")
    refused = _refused(head)
    if refused:
        return Format(None, detail=refused)
    extension = extension_of(path)
    marked = charset.bom_of(head)
    text = _readable(head, marked)
    if text is None:
        return Format(None, detail="neither text nor a format that is read")
    return _format_of_text(text, marked, extension)


def _refused(head: bytes) -> str:
    if head[257:262] == b"ustar":
        return "a tar archive; unpack it first"
    if codec_of(head):
        return "compressed more than once"
    if head[:4] == b"RIFF" or head[4:8] == b"ftyp" or head[:4] == b"OggS":
        return "an image, sound or film"
    return next((what for magic, what in _MAGIC if head.startswith(magic)), "")


def _readable(head: bytes, marked: charset.Charset | None) -> str | None:
    """Return the head as text good enough to look at, or None if it is binary."""
    if marked:
        return head[marked.mark_bytes :].decode(marked.name, "replace")
    # Text has next to no control characters besides white space; random bytes have one in nine, zeros in most files.
    controls = len(head) - len(head.translate(None, _CONTROLS))
    if controls > 0.02 * len(head) + 2:
        return None
    return head.decode("utf-8", "replace")


_CONTROLS = bytes(set(range(32)) - {9, 10, 11, 12, 13, 27}) + b"\x7f"


def _format_of_text(text: str, marked: charset.Charset | None, extension: str) -> Format:
    # Markup, then JSON, then tables: each shows in its first characters what it is, but a comma stands in any text.
    document = _markup_kind(text) or ("jsonfeed" if _JSON_FEED.match(text) else None)
    shape = None if document else _json_shape(text, extension)
    if shape:
        return _marked(Format("jsonl", shape), marked)
    document = document or _FEEDS.get(extension) or ("html" if extension in _PAGES else None)
    if document:
        return Format(document)
    start = text.lstrip()
    if start.startswith("<?") or (start.startswith("<") and extension == ".xml"):
        return Format(None, detail="XML, but no feed and no page")
    header = _table_header(text, extension)
    if header:
        return _marked(Format("csv", "rows", "utf-8", 0, header.delimiter, header.names, header.end), marked)
    # Last: a table or feed by content is read under any name.
    if extension in _TEXT_NOT_NEWS:
        return Format(None, detail=f"a {extension} file is not read as an article; rename it .txt if it is one")
    return Format("text")


def _marked(form: Format, marked: charset.Charset | None) -> Format:
    return replace(form, charset=marked.name, mark_bytes=marked.mark_bytes) if marked else form


def _markup_kind(text: str) -> SourceKind | None:
    start = 0
    while found := _BEFORE_ROOT.match(text, start):
        start = found.end()
    root = _ROOT.match(text, start)
    named = _ROOTS.get(root[1].lower()) if root else None
    if named:
        return named
    return "html" if text.lstrip().startswith("<") and _HTML.search(text, 0, 4096) else None


def _json_shape(text: str, extension: str) -> Shape | None:
    """Return "lines" for JSON lines, "values" for an array or objects that go over lines, None for no JSON."""
    start, expected = text.lstrip(), extension in _LINES
    if not start.startswith(("{", "[")):
        return "lines" if expected and extension != ".json" else None
    first, _, rest = start.partition("\n")
    held = _parses(first)
    alone = not rest.strip()
    if _ARRAY.match(start) and (alone or not held):
        return "values"
    if held != "object" and not alone and (_OPEN_LINE.match(start) or _spans_lines(start)):
        return "values"
    # One line that is whole, or begins as an object does, is enough: what is broken in others costs these alone.
    objects = held == "object" or _OPENED.match(start)
    return "lines" if expected or objects else None


_ARRAY = re.compile(r"\[\s*+\{\s*+(?:[\"}]|\Z)")
_OPENED = re.compile(r"\{\s*+\"(?:[^\"\\]|\\.)*+(?:\"\s*+:|\Z)")
_OPEN_LINE = re.compile(r"\{\s*+\n\s*+[\"}]")


def _spans_lines(start: str) -> bool:
    """Whether the text begins with an object that goes over several lines, as far as it can be seen."""
    try:
        value, _ = json.JSONDecoder(parse_int=str).raw_decode(start)
    except json.JSONDecodeError as error:
        # The head may end inside the object; a string cut by a line break is a broken line instead.
        cut = len(start) > HEAD_BYTES // 4
        return cut and (error.pos >= len(start) - 1 or error.msg.startswith("Unterminated string"))
    except RecursionError:
        return False
    return isinstance(value, dict)


def _parses(line: str) -> str:
    try:
        value = json.loads(line, parse_int=str)
    except (ValueError, RecursionError):
        return ""
    return "object" if isinstance(value, dict) else "other"


def _table_header(text: str, extension: str) -> Header | None:
    """Return the header of a table; without a table's extension only where names and widths leave no doubt."""
    if extension in _ROWS:
        return header_of(text, _ROWS[extension] if text.split("\n", 1)[0].count("\t") else "")
    first = text.lstrip().split("\n", 1)[0]
    if extension in {".md", ".markdown"} or len(first) > 1000 or not any(mark in first for mark in DELIMITERS):
        return None
    header = header_of(text)
    if header is None or len(header.names) < 3:
        return None
    layout = layout_of(header.names, {})
    return header if layout.readable and len(layout.candidates) >= 3 else None


def is_line_extension(path: str) -> bool:
    """Whether a file of this name holds records, so that an empty one holds none."""
    return extension_of(path) in _LINES or extension_of(path) in _ROWS


def holds_records(path: str) -> bool:
    """Whether a file of this name most likely is a table or holds JSON records."""
    return is_line_extension(path) or extension_of(path) in {".parquet", ".pq"}
