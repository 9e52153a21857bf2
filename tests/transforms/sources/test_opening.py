"""Bytes of files, local and remote, and what is said where they cannot be had."""

import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from schemas.reasons import Reason
from schemas.rejects import MAX_PAYLOAD_BYTES
from transforms.sources.opening import (
    BLOCK_BYTES,
    InputError,
    blocks_of,
    head_of,
    is_remote,
    open_bytes,
    read_range,
    sample_of,
    shown,
    size_of,
)
from transforms.sources.read import whole_payload

CONTENT = bytes(range(256)) * 3_000


@pytest.fixture(params=["local", "remote"])
def written(request: pytest.FixtureRequest, tmp_path: Path, vault: dict[str, bytes]) -> Callable[[bytes], str]:
    def write(content: bytes) -> str:
        if request.param == "remote":
            vault["vault://host/file"] = content
            return "vault://host/file"
        (tmp_path / "file").write_bytes(content)
        return str(tmp_path / "file")

    return write


def test_whole_files_stretches_and_heads(written: Callable[[bytes], str]) -> None:
    path = written(CONTENT)
    assert size_of(path) == len(CONTENT)
    assert head_of(path, 10) == CONTENT[:10]
    assert read_range(path, 100, 700_000) == CONTENT[100:700_000]
    assert read_range(path, len(CONTENT) - 5, len(CONTENT) + 50) == CONTENT[-5:]
    assert whole_payload(path) == CONTENT
    with open_bytes(path) as file:
        assert file.read() == CONTENT


@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(start=st.integers(0, len(CONTENT)), length=st.integers(0, len(CONTENT)))
def test_blocks_make_up_the_stretch(written: Callable[[bytes], str], start: int, length: int) -> None:
    path = written(CONTENT)
    end = min(start + length, len(CONTENT))
    blocks = list(blocks_of(path, start, end))
    assert b"".join(blocks) == CONTENT[start:end]
    assert all(len(block) <= BLOCK_BYTES for block in blocks)
    assert b"".join(blocks_of(path, start)) == CONTENT[start:]


def test_a_sample_is_cut_and_its_size_and_hash_are_of_all(written: Callable[[bytes], str]) -> None:
    head, size, digest = sample_of(written(CONTENT), 10, -1)
    assert head == CONTENT[10 : 10 + MAX_PAYLOAD_BYTES]
    assert (size, digest) == (len(CONTENT) - 10, hashlib.sha256(CONTENT[10:]).hexdigest())


@pytest.mark.parametrize(
    "read",
    [open_bytes, size_of, lambda path: head_of(path, 1), lambda path: list(blocks_of(path)), whole_payload],
)
@pytest.mark.parametrize("path", ["nowhere/file", "vault://host/nothing", "nosuch://host/file"])
def test_what_cannot_be_opened_is_unreadable_with_its_reason(path: str, read: Callable[[str], Any]) -> None:
    with pytest.raises(InputError) as caught:
        read(path)
    assert caught.value.reason == Reason.UNREADABLE
    assert str(caught.value)


def test_a_folder_is_no_file(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="is a directory"):
        head_of(str(tmp_path), 1)


@pytest.mark.parametrize(
    ("path", "remote"),
    [
        ("s3://bucket/a", True),
        ("gs://b/a", True),
        ("hdfs://h:9000/a", True),
        ("a://b", False),
        ("dir/a", False),
        ("C:/a", False),
        ("a/b://c", False),
        ("://a", False),
    ],
)
def test_only_a_scheme_makes_a_path_remote(path: str, remote: bool) -> None:
    assert is_remote(path) is remote


def test_names_that_are_no_unicode_are_shown_as_escapes() -> None:
    assert shown("caf\udce9/naïve") == "caf\\xe9/naïve"


def test_a_whole_file_past_the_record_limit_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "large.txt"
    with path.open("wb") as file:
        file.truncate(17 << 20)
    with pytest.raises(InputError) as caught:
        whole_payload(str(path))
    assert caught.value.reason == Reason.TOO_LARGE
