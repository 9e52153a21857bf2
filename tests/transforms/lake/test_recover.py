"""What a start finds after a kill, and what it makes of it."""

import pytest
from small_lakes import content, ingest, run_killed, write

from schemas.errors import LakeError
from transforms.lake.layout import Lake
from transforms.lake.read import last_commit
from transforms.lake.recover import recover
from transforms.lake.storage import storage_of


def test_a_lake_at_rest_stays_as_it_is(lake: Lake) -> None:
    ingest(lake, range(5))
    before = content(lake)
    assert recover(lake) is None
    assert content(lake) == before


def test_staging_without_an_intent_is_swept(lake: Lake) -> None:
    (lake.staging / "commit-00000001").mkdir(parents=True)
    (lake.staging / "commit-00000001" / "articles-00000.staged").write_text("x")
    (lake.root / "_intent.json.new").write_text("{")
    assert recover(lake) is None
    assert not list(lake.staging.iterdir())
    assert not (lake.root / "_intent.json.new").exists()


def test_a_decided_commit_is_finished_and_named(lake: Lake) -> None:
    assert run_killed(lake, "intent written", "ingest", range(8)) == -9
    assert last_commit(lake) == 0
    assert recover(lake) == 1
    assert last_commit(lake) == 1
    assert storage_of(lake).read_intent() is None
    assert recover(lake) is None


def test_a_prepared_file_that_is_gone_stops_the_recovery_and_keeps_the_intent(lake: Lake) -> None:
    assert run_killed(lake, "intent written", "ingest", range(8)) == -9
    intent = storage_of(lake).read_intent()
    assert intent is not None
    staged = lake.root / intent.changes[-1].adds[0].staged
    held = staged.read_bytes()
    staged.unlink()
    with pytest.raises(LakeError, match=r"has -1 bytes instead of .*restore the file from a backup"):
        recover(lake)
    assert storage_of(lake).read_intent() == intent
    staged.write_bytes(held[:-1])
    with pytest.raises(LakeError, match=f"has {len(held) - 1} bytes instead of {len(held)}"):
        recover(lake)
    (lake.table("runs") / intent.changes[-1].adds[0].path).write_bytes(held)
    assert recover(lake) == 1


def test_nothing_is_written_before_a_decided_commit_is_finished(lake: Lake) -> None:
    assert run_killed(lake, "articles moved", "ingest", range(8)) == -9
    with pytest.raises(LakeError, match="unfinished commit"):
        ingest(lake, range(8, 12))
    write(lake, "ingest", range(8, 12))
    assert last_commit(lake) == 2
