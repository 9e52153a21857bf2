"""The trial of real runners, tried on this machine's own."""

import contextlib

import pytest

from runners.parts import PartMissingError
from runners.trial import compare_runs
from tests.pipelines.conftest import corpus, write_jsonl


@pytest.fixture
def news(tmp_path):
    write_jsonl(tmp_path / "news.jsonl", corpus(12))
    return [str(tmp_path / "news.jsonl")]


@contextlib.contextmanager
def other_modes(_folder):
    yield {"As it is": ["--workers=1"], "Other tags": ["--workers=1", "--language-detector=py3langid"]}


@contextlib.contextmanager
def not_here(_folder):
    raise PartMissingError("java is not installed")
    yield


@contextlib.contextmanager
def broken(folder):
    (folder / "server.log").write_text("out of memory\n", "utf-8")
    yield {"Broken": ["--runner=NoSuchRunner"]}


def test_what_differs_fails_or_is_not_here_is_told_and_the_others_are_tried(news, tmp_path, capsys):
    assert not compare_runs(news, tmp_path, {"not here": not_here, "broken": broken, "other": other_modes})
    told = capsys.readouterr().out
    assert "| DirectRunner | 12 |" in told
    assert "| not here | | | | broke off |\n\njava is not installed\n" in told
    assert "Unexpected pipeline runner: NoSuchRunner" in told
    assert "--- server.log\nout of memory\n" in told
    assert "| As it is | 12 |" in told
    assert "| equal |" in told
    assert "or more differ |\n  articles, only in" in told
