"""Inputs made to break a reader: records, whole files, and names of files. Each has a name of its own as its id."""

import bz2
import gzip
import io
import json
import os
import zipfile

import pyarrow as pa
import pyarrow.parquet as pq
import zstandard

_MILLION = 1_000_000
_TEXT = "The orchard was lit near the old tram, and eleven readers watched it being moved after a wet spring."


def records():
    """Return name → a line of JSON, as bytes, that is broken or carries something hostile in a field."""
    fields = {
        "nul in text": {"text": f"{_TEXT}\0\0{_TEXT}"},
        "lone surrogates": {"title": "half \ud83d a face", "text": f"\udc00{_TEXT}\ud800", "source": "\udfff"},
        "bidi and ansi in title": {"title": "\u202eevil\u2066 \x1b[2J\x1b]0;owned\x07 news", "text": _TEXT},
        "path as source": {"source": "../../outside", "author": "../../outside", "text": _TEXT},
        "path as language": {"language": "../../x", "text": _TEXT},
        "partition as language": {"language": "fr/published_month=2024-01", "text": _TEXT},
        "long language": {"language": "x" * 3_000, "text": _TEXT},
        "formula title": {"title": '=HYPERLINK("http://evil.example","x")', "text": _TEXT},
        "long title": {"title": "A" * _MILLION, "text": _TEXT},
        "longer title": {"title": "A" * (_MILLION + 1), "text": _TEXT},
        "too long text": {"text": "a " * _MILLION},
        "text of one letter": {"text": "a" * _MILLION},
        "text of spaces": {"title": "Spaces", "text": " " * _MILLION},
        "text of empty lines": {"title": "Lines", "text": "\n" * _MILLION},
        "text of capitals": {"text": "Ab " * (_MILLION // 3)},
        "text of initials": {"text": "A. " * (_MILLION // 3)},
        "text of digits": {"text": "1" * _MILLION},
        "text of han": {"text": "新聞" * (_MILLION // 2)},
        "text of names": {"text": "Angela Merkel " * (_MILLION // 14)},
        "text of hyphens": {"text": "A-" * (_MILLION // 2)},
        "text of apostrophes": {"text": "A'" * (_MILLION // 2)},
        "text of furniture": {"text": f"{_TEXT}\n\n" + "Related News :\n\n" * 50_000},
        "combining marks": {"text": _TEXT + "a" + "\u0301" * 500_000},
        "unordered marks": {"text": _TEXT + "a" + "\u0301\u0316" * 250_000},
        "nested markup": {"text": "<div>" * 100_000 + _TEXT},
        "unclosed markup": {"text": "<b>" * 90_000 + _TEXT},
        "comment openers": {"text": "<p>" + "<!--" * 100_000 + _TEXT},
        "tag openers": {"text": "<p>" + "<" * 300_000 + _TEXT},
        "attributes": {"text": "<p " + " ".join(f"a{number}=1" for number in range(50_000)) + ">" + _TEXT},
        "entities in text": {"text": "<p>" + "&amp;" * 150_000 + "</p>"},
        "script": {"title": "<script>alert(1)</script>Tram", "text": f"<p>{_TEXT}</p><script>steal()</script>"},
        "image that acts": {"text": f"<img src=x onerror=steal()><svg/onload=steal()><p>{_TEXT}</p>"},
        "javascript link": {"url": "javascript:steal()", "text": _TEXT},
        "file link": {"url": "file:///etc/passwd", "text": _TEXT},
        "broken link": {"url": "http://[::1", "text": _TEXT},
        "long link": {"url": "https://a.example/" + "b" * 200_000, "text": _TEXT},
        "link of dots": {"url": "https://a.example/" + "../" * 50_000, "text": _TEXT},
        "link of parameters": {
            "url": "https://a.example/?" + "&".join("utm_a=1" for _ in range(20_000)),
            "text": _TEXT,
        },
        "date of year zero": {"published": "0000-00-00", "text": _TEXT},
        "date of year 10000": {"published": "10000-01-01T00:00:00Z", "text": _TEXT},
        "date as number": {"published": 1e300, "text": _TEXT},
        "date of digits": {"published": "1" * 100_000, "text": _TEXT},
        "text as list": {"text": [_TEXT]},
        "text as object": {"text": {"body": _TEXT}},
        "title as object": {"title": {"a": 1}, "text": _TEXT},
        "authors in authors": {"authors": [[["x"]]], "text": _TEXT},
        "many categories": {"categories": [str(number) for number in range(20_000)], "text": _TEXT},
        "many fields": {**{f"field {number}": number for number in range(20_000)}, "text": _TEXT},
        "long field name": {"f" * 100_000: 1, "text": _TEXT},
        "field named like a path": {"../../x": 1, "": 2, "\0": 3, "text": _TEXT},
        "empty": {"title": " \t\n", "text": "\u200b\ufeff"},
        "nothing": {},
    }
    lines = {name: json.dumps({"id": name, **given}).encode() for name, given in fields.items()}
    return lines | {
        "path as id": json.dumps({"id": "../../../etc/passwd", "text": _TEXT}).encode(),
        "number as id": b'{"id": ' + b"7" * 5_000 + b', "text": "seven"}',
        "nested arrays": b'{"id": "nested arrays", "x": ' + b"[" * 100_000 + b"]" * 100_000 + b', "text": "x"}',
        "nested objects": b'{"a":' * 200 + b"1" + b"}" * 200,
        "not closed": b'{"id": "not closed", "text": "' + b"x" * 1_000,
        "not a number": b'{"id": "not a number", "score": NaN, "other": -Infinity, "text": "nothing to count here"}',
        "keys twice": b'{"id": "keys twice", "text": "first", "text": "second", "id": "keys twice"}',
        "no utf-8": b'{"id": "no utf-8", "text": "caf\xe9 \xff\xfe and more of it"}',
        "raw nul": b'{"id": "raw nul", "text": "a\0b"}',
        "nul only": b"\0" * 5_000,
        "a list": b"[1, 2, 3]",
        "a string": b'"text"',
        "null": b"null",
        "17 MB": b'{"id": "17 MB", "text": "' + b"x" * (17 * 1024 * 1024) + b'"}',
    }


def files():
    """Return file name → content of files that are hostile as a whole."""
    line = json.dumps({"id": "packed", "title": "Packed", "text": _TEXT}).encode() + b"\n"
    rss = '<rss version="2.0"><channel><title>t</title>{}</channel></rss>'
    item = "<item><guid>{0}</guid><title>{0}</title><description>" + _TEXT + "</description></item>"
    laughs = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 12))
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("../../outside.jsonl", line)
    table = io.BytesIO()
    pq.write_table(pa.table({"text": [_TEXT]}), table)
    stacked = line
    for _ in range(8):
        stacked = gzip.compress(stacked, mtime=0)
    return {
        "zip.jsonl": archive.getvalue(),
        "truncated.jsonl.gz": gzip.compress(line * 3_000, mtime=0)[:-40],
        "bomb.jsonl.gz": gzip.compress(bytes(150 << 20), mtime=0),
        "bomb-of-spaces.jsonl.gz": gzip.compress(b" " * (150 << 20), mtime=0),
        "bomb.jsonl.zst": zstandard.ZstdCompressor().compress(bytes(400 << 20)),
        "bomb.jsonl.bz2": bz2.compress(bytes(150 << 20)),
        "stacked.jsonl.gz": stacked,
        "no-gzip.jsonl.gz": b"\x1f\x8b" + bytes(range(256)) * 4,
        "nothing.jsonl": b"",
        "mark-only.jsonl": b"\xef\xbb\xbf",
        "empty-lines.jsonl": b"\n" * 300_000,
        "noise.txt": bytes(range(256)) * 300,
        "picture.html": b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 30,
        "cut.parquet": table.getvalue()[:-30],
        "turned.parquet": table.getvalue()[:-8] + b"\xff\xff\xff\x7fPAR1",
        "magic.parquet": b"PAR1" * 3,
        "unclosed.csv": b'title,text\na,"never closed\n' + b"b,c\n" * 20_000,
        "wide.csv": b"text," + b",".join(b"c%d" % n for n in range(20_000)) + b"\nx" + b"," * 20_000 + b"\n",
        "nul.csv": b"title,text\n\0,\0\n",
        "array.json": b"[" * 200_000,
        "broken-array.json": b"[" + line + b"," + line.replace(b"packed", b"packed too") + b", {broken",
        "nested.html": f"<html><body>{'<div>' * 100_000}{_TEXT}</body></html>".encode(),
        "comments.html": f"<html><body>{'<!--' * 100_000}{_TEXT}</body></html>".encode(),
        "long.html": b"<html><body>" + b"<p>x</p>" * 400_000 + b"</body></html>",
        "pointer.html": (
            '<html><head><link rel="canonical" href="file:///etc/passwd"><title>T</title>'
            f"<meta property=og:url content=javascript:x></head><body><p>{_TEXT * 4}</p></body></html>"
        ).encode(),
        "jsonld.html": (
            '<html><head><script type="application/ld+json">' + '{"@graph":[' * 5_000 + "</script></head>"
            f"<body><p>{_TEXT * 4}</p></body></html>"
        ).encode(),
        "laughs.xml": f'<?xml version="1.0"?><!DOCTYPE l [<!ENTITY l0 "ha">{laughs}]>{rss.format("<item><title>&l11;</title></item>")}'.encode(),
        "external.xml": (
            '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY x SYSTEM "file:///etc/passwd">'
            '<!ENTITY % y SYSTEM "http://127.0.0.1:1/y.dtd"> %y;]>' + rss.format("<item><title>&x;</title></item>")
        ).encode(),
        "include.xml": rss.format(
            '<item><title>i</title><description><xi:include xmlns:xi="http://www.w3.org/2001/XInclude" '
            'href="file:///etc/passwd" parse="text"/></description></item>'
        ).encode(),
        "nested.xml": rss.format("<item>" + "<a>" * 100_000 + "</a>" * 100_000 + "</item>").encode(),
        "namespaces.xml": rss.format(
            "<item " + " ".join(f'xmlns:n{n}="u{n}"' for n in range(20_000)) + "><title>n</title></item>"
        ).encode(),
        "many-items.xml": rss.format("".join(item.format(n) for n in range(5_000))).encode(),
        "script.xml": rss.format(
            "<item><guid>script.xml</guid><title>&lt;script&gt;x&lt;/script&gt;Tram</title><link>javascript:x</link>"
            f"<description>&lt;svg/onload=x&gt;{_TEXT}</description></item>"
        ).encode(),
        "utf-7.xml": b'<?xml version="1.0" encoding="utf-7"?>' + rss.format(item.format("utf-7.xml")).encode(),
        "not-closed.xml": rss.format(item.format("not-closed.xml")).encode()[:-30],
        "nested-feed.json": b'{"version": "https://jsonfeed.org/version/1.1", "items": ' + b"[" * 90_000,
    }


def make_names(folder, outside):
    """Write files whose names or kinds are hostile: links out of the tree and in circles, pipes, odd characters."""
    (folder / "out.jsonl").symlink_to(outside / "secret.jsonl")
    (folder / "out").symlink_to(outside)
    (folder / "circle").symlink_to(folder)
    (folder / "gone.jsonl").symlink_to(folder / "nowhere")
    os.mkfifo(folder / "pipe.jsonl")
    for number, name in enumerate(
        [b"new\nline", b"hash#line=1", b"\x1b[31mred", b"no-utf-8-\xff", b"%2e%2e", b"n" * 240]
    ):
        line = json.dumps({"id": f"named {number}", "title": f"Named {number}", "text": f"{_TEXT} {number} times."})
        (folder / os.fsdecode(name + b".jsonl")).write_text(line + "\n", "utf-8")
