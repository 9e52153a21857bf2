import bz2
import gzip
import json
import tracemalloc
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import zstandard
from hypothesis import given
from hypothesis import strategies as st

from schemas.reasons import Reason
from transforms.sources.compressed import codec_of, inflate, inflate_head
from transforms.sources.opening import InputError

PACK: dict[str, Callable[[bytes], bytes]] = {
    "gzip": gzip.compress,
    "bzip2": bz2.compress,
    "zstd": lambda data: zstandard.ZstdCompressor().compress(data),
}
CODECS = pytest.mark.parametrize("codec", PACK)


def packed(tmp_path: Path, codec: str, data: bytes) -> str:
    path = tmp_path / "packed"
    path.write_bytes(PACK[codec](data) if data is not None else data)
    return str(path)


def lines(count: int) -> bytes:
    return b"".join(
        json.dumps({"id": n, "title": f"Title {n}", "text": f"Text {n * 7919}"}).encode() + b"\n" for n in range(count)
    )


@CODECS
@given(data=st.binary(max_size=2_000), repeat=st.integers(1, 300))
def test_content_comes_back_whole(
    tmp_path_factory: pytest.TempPathFactory, codec: str, data: bytes, repeat: int
) -> None:
    path = packed(tmp_path_factory.mktemp("z"), codec, data * repeat)
    assert codec_of(Path(path).read_bytes()) == codec
    assert b"".join(inflate(path, codec)) == data * repeat  # type: ignore[arg-type]
    assert inflate_head(path, codec, 100) == (data * repeat)[:100]  # type: ignore[arg-type]


@CODECS
def test_members_on_end_are_read_as_one(tmp_path: Path, codec: str) -> None:
    path = tmp_path / "two"
    path.write_bytes(PACK[codec](b"one ") + PACK[codec](b"") + PACK[codec](b"two"))
    assert b"".join(inflate(str(path), codec)) == b"one two"  # type: ignore[arg-type]


def test_zeros_after_the_last_member_are_padding(tmp_path: Path) -> None:
    path = tmp_path / "padded"
    path.write_bytes(gzip.compress(b"one") + bytes(5_000))
    assert b"".join(inflate(str(path), "gzip")) == b"one"


@CODECS
@pytest.mark.parametrize("cut", [1, 5, 300])
def test_a_file_cut_short_says_so_after_what_is_there(tmp_path: Path, codec: str, cut: int) -> None:
    path = tmp_path / "cut"
    path.write_bytes(PACK[codec](lines(30_000))[:-cut])
    got = []
    with pytest.raises(InputError, match=r"cut short|damaged") as caught:
        got.extend(inflate(str(path), codec))  # type: ignore[arg-type]
    assert caught.value.reason == Reason.BROKEN_ARCHIVE


@pytest.mark.parametrize("name", ["a.jsonl.gz", "a.jsonl.zst", "a.jsonl.bz2"])
def test_records_are_read_through_compression_under_the_users_path(
    tmp_path: Path, read_all: Callable[..., Any], name: str
) -> None:
    codec = {"gz": "gzip", "zst": "zstd", "bz2": "bzip2"}[name.rsplit(".", 1)[1]]
    (tmp_path / name).write_bytes(PACK[codec](lines(2_500)))
    articles, rejects = read_all(tmp_path / name)
    assert not rejects
    assert [a.item_id for a in articles] == [str(n) for n in range(2_500)]
    assert articles[-1].source_uri == f"{tmp_path / name}#line=2500"


@CODECS
def test_records_before_the_damage_are_kept_and_the_damage_is_one_reject(
    tmp_path: Path, read_all: Callable[..., Any], codec: str
) -> None:
    data = bytearray(PACK[codec](lines(40_000)))
    middle = len(data) // 2
    data[middle : middle + 50] = bytes(50)
    (tmp_path / "a.jsonl").write_bytes(data)
    articles, rejects = read_all(tmp_path / "a.jsonl")
    # gzip notices late: what it makes of the damaged bytes must be neither records nor broken lines.
    assert [(a.item_id, a.title, a.text) for a in articles] == [
        (str(n), f"Title {n}", f"Text {n * 7919}") for n in range(len(articles))
    ]
    assert 10_000 < len(articles) < 40_000
    [refused] = rejects
    assert refused.reason == Reason.BROKEN_ARCHIVE
    assert (refused.source_uri, refused.payload_bytes) == (str(tmp_path / "a.jsonl"), len(data))


def test_a_file_made_to_fill_disks_is_refused_in_small_memory(tmp_path: Path) -> None:
    deflate = zlib.compressobj(9, wbits=31)
    (tmp_path / "bomb.gz").write_bytes(b"".join(deflate.compress(bytes(1 << 20)) for _ in range(120)) + deflate.flush())
    sizes: list[int] = []
    tracemalloc.start()
    with pytest.raises(InputError, match="200:1"):
        sizes.extend(len(block) for block in inflate(str(tmp_path / "bomb.gz"), "gzip"))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert 100 << 20 <= sum(sizes) <= 101 << 20
    assert peak < 4 << 20


def test_one_endless_record_in_a_small_archive_is_refused(tmp_path: Path, read_all: Callable[..., Any]) -> None:
    (tmp_path / "a.jsonl.gz").write_bytes(gzip.compress(b'{"text": "' + b"x" * (40 << 20) + b'"}\n' + lines(2)))
    articles, [refused] = read_all(tmp_path / "a.jsonl.gz")
    assert len(articles) == 2
    assert (refused.reason, refused.source_uri) == (Reason.TOO_LARGE, f"{tmp_path / 'a.jsonl.gz'}#line=1")


@pytest.mark.parametrize("name", ["a.txt.gz", "b.txt.bz2", "c.txt.zst", "no-extension"])
def test_whole_files_are_read_through_compression(tmp_path: Path, read_all: Callable[..., Any], name: str) -> None:
    codec = {"bz2": "bzip2", "zst": "zstd"}.get(name.rsplit(".", 1)[-1], "gzip")
    (tmp_path / name).write_bytes(PACK[codec](b"Bridge opens\n\nSo said the mayor."))
    [article], _ = read_all(tmp_path / name)
    assert article.title == "Bridge opens"


@pytest.mark.parametrize("head", [b"", b"BZh", b"BZhang is a name", b"\x1f\x8b\x07", b"text"])
def test_other_beginnings_are_not_compressed(head: bytes) -> None:
    assert codec_of(head) is None
