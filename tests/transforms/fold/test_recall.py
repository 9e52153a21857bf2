"""The memory of a lake: read from its tables, a stretch of commits at a time, and kept from commit to commit."""

import numpy as np
import pytest

from tests.transforms.fold.ingested import article, ingested
from transforms.fold import recall as module
from transforms.fold.fingerprint import pack
from transforms.fold.recall import recall
from transforms.fold.signature import sign
from transforms.lake.layout import open_lake
from transforms.lake.process_cache import ProcessCache


@pytest.fixture(scope="module")
def articles(words):
    return [article(number, " ".join(words(number, 60))) for number in range(6)]


@pytest.fixture(scope="module")
def lake(tmp_path_factory, articles):
    root = tmp_path_factory.mktemp("recall") / "lake"
    ingested(root, articles[:2], articles[2:3], articles[3:])
    return open_lake(root)


@pytest.fixture(autouse=True)
def _new_process(monkeypatch):
    monkeypatch.setattr(module, "_RECALLED", ProcessCache())


def test_every_stored_version_is_remembered_with_its_fingerprint(lake, articles):
    memory = recall(lake)
    assert len(memory) == 6
    rows = memory.rows(memory.find(np.array([one.article_id for one in articles], "S32")))
    assert rows.item_key.tolist() == [one.item_key.encode() for one in articles]
    assert rows.family_id.tolist() == rows.article_id.tolist()
    assert rows.revision.tolist() == [1] * 6
    times = rows.fingerprint["published"]
    signatures = sign(
        [one.title for one in articles], [one.text for one in articles], times, [one.content_hash for one in articles]
    )
    assert rows.fingerprint.tobytes() == pack(signatures).tobytes()


def test_what_is_known_is_not_read_again(lake, monkeypatch):
    memory = recall(lake)
    monkeypatch.setattr(module, "scan", None)
    assert recall(lake) is memory


@pytest.mark.parametrize(("known", "anew"), [(2, False), (9, True)])
def test_a_memory_goes_on_from_its_commit_and_one_of_a_later_commit_is_of_another_past(lake, known, anew):
    """Where the tables were set back, from a backup as it may be, what was remembered of later commits is wrong."""
    module._RECALLED.put(lake, module.Recalled(known, module.Memory()))
    assert len(recall(lake)) == (6 if anew else 3)


def test_only_who_saves_leaves_files(tmp_path, articles):
    ingested(tmp_path / "lake", articles[:2])
    lake = open_lake(tmp_path / "lake")
    for path in lake.memory.glob("fold-*"):
        path.unlink()
    module._RECALLED.drop(lake)
    recall(lake)
    assert not list(lake.memory.glob("fold-*"))
    module._RECALLED.drop(lake)
    recall(lake, save=True)
    assert len(list(lake.memory.glob("fold-*"))) == 1


@pytest.mark.parametrize(
    ("most", "stretches"),
    [(1, [1, 2, 3]), (2, [1, 2, 3]), (3, [2, 3]), (5, [2, 3]), (6, [3]), (100, [3])],
)
def test_as_many_commits_are_read_at_once_as_have_few_enough_rows(lake, most, stretches, monkeypatch):
    monkeypatch.setattr(module, "_MOST_ROWS", most)  # the commits hold 2, 1 and 3
    assert list(module._stretches(lake, 0, 3)) == stretches


def test_one_commit_is_one_stretch_and_none_is_none(lake, monkeypatch):
    monkeypatch.setattr(module, "stored_by_commit", None)  # the ledger is not asked
    assert list(module._stretches(lake, 2, 3)) == [3]
    assert list(module._stretches(lake, 3, 3)) == []
