"""Pieces in staging, local and remote, and what examining and cutting an input gives."""

import codecs
import gzip
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.errors import UsageError
from schemas.reasons import Reason
from transforms.sources.examine import examine, stored_blocks, utf8_blocks
from transforms.sources.find import find
from transforms.sources.lines import CutLimits
from transforms.sources.opening import InputError
from transforms.sources.parser_process import ParserProcess
from transforms.sources.pieces import recode, write_piece
from transforms.sources.plan import PlanLimits, plan
from transforms.sources.read import read_chunk
from transforms.sources.segments import cuts, stretches

_CHARSETS = ("utf-16-le", "utf-16-be", "utf-32-le", "cp1252", "cp1251", "gb18030", "euc_jp", "cp932", "big5")
LIMITS = CutLimits(records=2, bytes=1_000)


def examined(path: Path, **mapping: str) -> Any:
    [found] = find([str(path)])
    return examine(found, mapping)


def test_a_piece_has_the_same_place_on_every_run_and_another_for_every_input(tmp_path: Path) -> None:
    first = write_piece(str(tmp_path), "a.jsonl.gz", 3, b"one")
    assert write_piece(str(tmp_path), "a.jsonl.gz", 3, b"two") == first
    assert Path(first).read_bytes() == b"two"
    others = {write_piece(str(tmp_path), uri, number, b"") for uri, number in [("a.jsonl.gz", 4), ("b.jsonl.gz", 3)]}
    assert len(others | {first}) == 3


def test_a_file_name_that_is_no_unicode_has_a_piece_of_its_own(tmp_path: Path) -> None:
    assert Path(write_piece(str(tmp_path), "bad-\udcff.gz", 0, b"x")).read_bytes() == b"x"


@given(st.text(max_size=200), st.sampled_from(_CHARSETS), st.integers(1, 7))
def test_recoding_gives_the_text_whatever_the_blocks(text: str, charset: str, size: int) -> None:
    plain = text.encode("utf-8", "replace").decode("utf-8").encode(charset, "replace").decode(charset)
    encoded = plain.encode(charset)
    blocks = [encoded[at : at + size] for at in range(0, len(encoded), size)]
    assert b"".join(recode(blocks, charset, 0)).decode() == plain


@pytest.mark.parametrize("size", [1, 2, 3, 100])
def test_the_mark_is_left_out_even_where_blocks_part_it(size: int) -> None:
    encoded = codecs.BOM_UTF16_LE + "Brücke".encode("utf-16-le")
    blocks = [encoded[at : at + size] for at in range(0, len(encoded), size)]
    assert b"".join(recode(blocks, "utf-16-le", 2)).decode() == "Brücke"


def test_bytes_that_are_not_in_the_charset_cost_a_character() -> None:
    assert b"".join(recode([b"ab\x81c"], "cp1252", 0)).decode() == "ab\ufffdc"


@pytest.mark.parametrize(
    ("name", "content", "expected"),
    [
        ("a.jsonl", b'{"title": "x"}\n', ("jsonl", "lines", None, True)),
        ("a.json", b'[{"title": "x"}]', ("jsonl", "values", None, False)),
        ("a.csv", b"id,title\n1,x\n", ("csv", "rows", None, True)),
        ("a.txt", b"Some text.", ("text", "whole", None, True)),
        ("a.jsonl.gz", gzip.compress(b'{"title": "x"}\n', mtime=0), ("jsonl", "lines", "gzip", False)),
        ("a.jsonl", '{"title": "x"}\n'.encode("utf-16"), ("jsonl", "lines", None, False)),
        ("misnamed.txt", b"<rss><channel></channel></rss>", ("rss", "whole", None, True)),
    ],
)
def test_what_a_file_is_and_whether_it_is_read_in_place(
    tmp_path: Path, name: str, content: bytes, expected: tuple[Any, ...]
) -> None:
    (tmp_path / name).write_bytes(content)
    found = examined(tmp_path / name)
    assert (found.format.kind, found.format.shape, found.codec, found.in_place) == expected
    assert b"".join(stored_blocks(found.found, found.codec)) != b""


def test_columns_are_those_of_the_first_record_with_a_text_or_title(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_bytes(b'broken\n{"id": "1"}\n{"id": "2", "headline": "x"}\n{"late": 1}\n')
    assert examined(path).columns == ("id", "headline")
    assert examined(path, text="body_text").columns == ("id", "headline")


@pytest.mark.parametrize(
    ("name", "content", "error"),
    [
        ("a.zip", b"PK\x03\x04", InputError),
        ("a.parquet.gz", gzip.compress(b"PAR1" + b"x" * 50), InputError),
        ("a.csv", b"id,kicker\n1,x\n", UsageError),
        ("a.jsonl", b'{"id": "1", "kicker": "x"}\n' * 120, UsageError),
    ],
)
def test_what_cannot_be_read_is_told_when_examined(
    tmp_path: Path, name: str, content: bytes, error: type[Exception]
) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(error):
        examined(tmp_path / name)


def test_header_and_mark_are_no_record(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(codecs.BOM_UTF8 + b"id,title\n1,x\n")
    assert b"".join(utf8_blocks(examined(path))) == b"1,x\n"
    path.write_bytes("id,title\n1,Brücke\n".encode("utf-16"))
    assert b"".join(utf8_blocks(examined(path))).decode() == "1,Brücke\n"


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.jsonl", b'{"title": "x"}\n' * 5),
        ("a.jsonl.gz", gzip.compress(b'{"title": "x"}\n' * 5)),
        ("a.json", json.dumps([{"title": "x"}] * 5).encode()),
        ("a.csv", b"id,title\n" + b"1,x\n" * 5),
    ],
)
def test_cuts_count_their_records_from_one(tmp_path: Path, name: str, content: bytes) -> None:
    (tmp_path / name).write_bytes(content)
    assert [(cut.first_place, cut.records) for cut in cuts(examined(tmp_path / name), LIMITS)] == [
        (1, 2),
        (3, 2),
        (5, 1),
    ]


def test_a_refused_input_is_one_stretch_with_its_reason(tmp_path: Path) -> None:
    outside = tmp_path / "outside.txt"
    outside.write_text("x")
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / "link.txt").symlink_to(outside)
    [found] = find([str(folder)])
    [stretch] = stretches(found, LIMITS, str(tmp_path / ".s"), {})
    assert (stretch.segment.refusal, stretch.records) == (Reason.OUTSIDE_TREE, 1)


@pytest.mark.parametrize("name", ["a.jsonl", "a.jsonl.gz", "a.json", "a.csv"])
def test_inputs_and_staging_may_lie_on_any_file_system_of_beam(
    vault: dict[str, bytes], tmp_path: Path, parser: ParserProcess, name: str
) -> None:
    records = [{"id": str(n), "title": f"Title {n}", "text": "Text."} for n in range(30)]
    lines = "".join(json.dumps(record) + "\n" for record in records).encode()
    rows = b"id,title,text\n" + b"".join(f"{n},Title {n},Text.\n".encode() for n in range(30))
    body = {"a.jsonl": lines, "a.jsonl.gz": gzip.compress(lines), "a.json": json.dumps(records).encode(), "a.csv": rows}
    vault[f"vault://host/in/{name}"] = body[name]
    (tmp_path / name).write_bytes(body[name])
    limits = PlanLimits(chunk_records=7)

    def digests(given_input: str, staging: str) -> list[str]:
        chunks = plan([given_input], limits, staging)
        return [article.raw_sha256 for chunk in chunks for article in read_chunk(chunk, {}, parser).articles]

    remote = digests(f"vault://host/in/{name}", "vault://host/staging")
    assert remote == digests(str(tmp_path / name), str(tmp_path / ".s"))
    assert len(remote) == 30
    staged = [path for path in vault if path.startswith("vault://host/staging/")]
    assert bool(staged) == (name in {"a.jsonl.gz", "a.json"})


def test_a_remote_folder_is_read_in_order_without_hidden_files(vault: dict[str, bytes]) -> None:
    for name in ("b.txt", "a.txt", ".hidden.txt", "sub/c.txt", "sub/.d/e.txt", "f.txt.tmp"):
        vault[f"vault://host/in/{name}"] = b"Text."
    assert [found.uri.removeprefix("vault://host/in/") for found in find(["vault://host/in/"])] == [
        "a.txt",
        "b.txt",
        "sub/c.txt",
    ]
    assert len(list(find(["vault://host/in/*.txt"]))) == 2
