"""The fork server starts early only where it will be needed."""

import pytest

from pipelines import fork_server
from schemas.errors import UsageError


@pytest.fixture
def started(monkeypatch):
    calls = []
    monkeypatch.setattr(fork_server, "context", lambda: calls.append(1))
    return calls


def test_much_to_read_into_a_new_lake_starts_it(tmp_path, started):
    (tmp_path / "a.jsonl").write_bytes(b" " * (4 * 1024 * 1024))
    fork_server.start_early([str(tmp_path / "a.jsonl")], str(tmp_path / "lake"))
    assert started


@pytest.mark.parametrize("lake", ["lake", "."])
def test_little_to_read_or_a_lake_that_is_there_does_not(tmp_path, started, lake):
    (tmp_path / "a.jsonl").write_bytes(b" " * (1024 if lake == "lake" else 4 * 1024 * 1024))
    fork_server.start_early([str(tmp_path / "a.jsonl")], str(tmp_path / lake))
    assert not started


def test_an_input_that_is_not_there_is_told(tmp_path, started):
    with pytest.raises(UsageError, match=r"nothing\.jsonl"):
        fork_server.start_early([str(tmp_path / "nothing.jsonl")], str(tmp_path / "lake"))
    assert not started
