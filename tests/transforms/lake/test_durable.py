"""What outlives a crash, and what swaps in one step."""

import errno
from pathlib import Path

import pytest

from transforms.lake import durable
from transforms.lake.durable import exchange, headroom, sync_all, write_durably


def _folders(tmp_path: Path) -> tuple[Path, Path]:
    for name in ("old", "new"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "file").write_text(name)
    return tmp_path / "new", tmp_path / "old"


@pytest.mark.parametrize("kernel_can", [True, False])
def test_folders_are_swapped_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kernel_can: bool) -> None:
    if not kernel_can:
        monkeypatch.setattr(durable, "_renameat2", lambda _first, _second: False)
    new, old = _folders(tmp_path)
    exchange(new, old)
    assert ((new / "file").read_text(), (old / "file").read_text()) == ("old", "new")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["new", "old"]


def test_a_swap_with_nothing_is_an_error(tmp_path: Path) -> None:
    new, _ = _folders(tmp_path)
    with pytest.raises(OSError, match="No such file"):
        exchange(new, tmp_path / "missing")


def test_a_file_is_there_whole_or_not_at_all(tmp_path: Path) -> None:
    write_durably(tmp_path / "file", b"one")
    write_durably(tmp_path / "file", b"another")
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == {"file": b"another"}


@pytest.mark.parametrize("many", [1, 40])
def test_few_and_many_files_are_forced_to_disk(tmp_path: Path, many: int, monkeypatch: pytest.MonkeyPatch) -> None:
    paths = [tmp_path / str(number) for number in range(many)]
    for path in paths:
        path.write_text("x")
    sync_all(paths)
    monkeypatch.setattr(durable, "_syncfs", lambda _path: False)  # a system without the call
    sync_all(paths)
    sync_all([])


def test_headroom_is_given_back(tmp_path: Path) -> None:
    with headroom(tmp_path / "reserved", 100_000):
        assert (tmp_path / "reserved").stat().st_size == 100_000
    assert not list(tmp_path.iterdir())


def test_headroom_that_is_not_there_is_a_full_disk(tmp_path: Path) -> None:
    with pytest.raises(OSError) as refusal, headroom(tmp_path / "reserved", 2**62):
        pytest.fail("so much room is nowhere")
    assert refusal.value.errno in {errno.ENOSPC, errno.EFBIG}
    assert not list(tmp_path.iterdir())
