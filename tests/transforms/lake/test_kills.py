"""Kill a writer at every named step; the next start brings the lake to where an undisturbed run leaves it."""

from pathlib import Path

import duckdb
import pytest
from small_lakes import content, copied, run_killed, write

from schemas.tables import TABLES
from transforms.lake.layout import Lake, create_or_open
from transforms.lake.read import files, last_commit
from transforms.lake.steps import COMMIT_STEPS, STEPS
from transforms.lake.verify import verify

FIRST, SECOND = range(20), range(16, 36)
# A takedown alone writes what was forgotten.
_MET = [step for step in COMMIT_STEPS if not step.startswith("forgotten")]
_DECIDED_AT = STEPS.index("intent written")


@pytest.fixture(scope="module")
def two_commits(tmp_path_factory: pytest.TempPathFactory) -> Lake:
    lake = create_or_open(tmp_path_factory.mktemp("kills") / "lake")
    write(lake, "ingest", FIRST)
    write(lake, "ingest", range(8))
    return lake


@pytest.fixture(scope="module")
def undisturbed(two_commits: Lake) -> dict[str, list[str]]:
    lake = copied(two_commits, two_commits.root.parent / "undisturbed")
    write(lake, "ingest", SECOND)
    return content(lake)


def _globbed(lake: Lake) -> list[str]:
    found = duckdb.execute(
        "select article_id from read_parquet(?, hive_partitioning = true) order by 1",
        [f"{lake.root}/articles/*/*/*.parquet"],
    ).fetchall()
    return [article_id for (article_id,) in found]


@pytest.mark.parametrize("step", _MET)
def test_a_killed_ingest_is_done_or_was_never_begun(
    step: str, two_commits: Lake, undisturbed: dict[str, list[str]], tmp_path: Path
) -> None:
    lake = copied(two_commits, tmp_path / "lake")
    before = content(lake)
    assert run_killed(lake, step, "ingest", SECOND) == -9
    assert content(lake) in (before, undisturbed)  # a reader in between sees all of the commit or nothing
    write(lake, "nothing")
    assert content(lake) == (before if STEPS.index(step) < _DECIDED_AT else undisturbed)
    write(lake, "ingest", SECOND)
    assert content(lake) == undisturbed
    assert len(_globbed(lake)) == len(undisturbed["articles"])
    assert verify(lake) == []


@pytest.mark.parametrize("step", ["staged", "intent written", "rejects moved", "articles committed", "runs moved"])
def test_a_killed_first_ingest_leaves_a_lake_that_can_be_filled(step: str, tmp_path: Path) -> None:
    lake = create_or_open(tmp_path / "lake")
    assert run_killed(lake, step, "ingest", FIRST) == -9
    write(lake, "ingest", FIRST)
    whole = create_or_open(tmp_path / "whole")
    write(whole, "ingest", FIRST)
    assert content(lake) == content(whole)
    assert verify(lake) == []


@pytest.mark.parametrize("step", ["merging begun", *_MET])
def test_a_killed_compaction_changes_no_row(
    step: str, two_commits: Lake, undisturbed: dict[str, list[str]], tmp_path: Path
) -> None:
    lake = copied(two_commits, tmp_path / "lake")
    write(lake, "ingest", SECOND)
    assert run_killed(lake, step, "compact") == -9
    assert content(lake) == undisturbed  # also before anybody has recovered
    write(lake, "nothing")
    assert content(lake) == undisturbed
    assert len(_globbed(lake)) == len(undisturbed["articles"])
    assert verify(lake) == []


def test_a_kill_during_recovery_is_recovered_from(
    two_commits: Lake, undisturbed: dict[str, list[str]], tmp_path: Path
) -> None:
    lake = copied(two_commits, tmp_path / "lake")
    assert run_killed(lake, "rejects moved", "ingest", SECOND) == -9
    for step in ("articles begun", "articles committed", "runs moved", "published"):
        assert run_killed(lake, step, "nothing") == -9
    write(lake, "nothing")
    assert content(lake) == undisturbed
    assert verify(lake) == []


def test_every_table_is_met_by_these_kills(two_commits: Lake) -> None:
    assert all(files(two_commits, table) for table in TABLES if table != "forgotten")
    assert last_commit(two_commits) == 2
