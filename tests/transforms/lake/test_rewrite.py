"""Give stored rows other values: in their new partitions, at every moment once, also when the writer is killed."""

import duckdb
import pytest
from small_lakes import content, copied, ingest, published, rewrite, run_killed, write

from schemas.errors import LakeError
from schemas.tables import STORY_TABLES
from transforms.lake import durable
from transforms.lake.layout import Lake, create_or_open
from transforms.lake.read import files, last_commit, ledger_checksums, scan
from transforms.lake.rewrite import stage_rewritten
from transforms.lake.seen import SeenIndex
from transforms.lake.steps import STEPS
from transforms.lake.verify import verify
from transforms.lake.views import Session

# Those of the tables that are rewritten, and of the ledger.
_MET = [
    step for step in STEPS if step.split()[0] not in {"merging", "rejects", "furniture", "polls", "forgotten", "erased"}
]
_DECIDED_AT = STEPS.index("intent written")


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Lake:
    lake = create_or_open(tmp_path_factory.mktemp("rewrite") / "lake")
    write(lake, "ingest", range(20))
    write(lake, "ingest", range(20, 30))
    return lake


@pytest.fixture(scope="module")
def undisturbed(filled: Lake) -> dict[str, list[str]]:
    lake = copied(filled, filled.root.parent / "undisturbed")
    write(lake, "rewrite")
    return content(lake)


@pytest.fixture
def copy(filled: Lake, tmp_path) -> Lake:
    return copied(filled, tmp_path / "lake")


def _rows(lake: Lake) -> dict[str, tuple[object, ...]]:
    """Return what must not change, by article_id."""
    with Session(lake) as session:
        found = session.ask(
            "select article_id, family_id, commit, run_id, ingested_at, text, published_month, "
            "duplicate_of, fingerprint from stories"
        ).to_pylist()
    return {row.pop("article_id"): tuple(row.values()) for row in found}


def _globbed(lake: Lake, table: str) -> list[tuple[str, str]]:
    return duckdb.execute(
        "select article_id, language from read_parquet(?, hive_partitioning = true) order by 1",
        [f"{lake.root}/{table}/*/*/*.parquet"],
    ).fetchall()


@pytest.mark.parametrize("files_a_commit", [1, 3, 100])
def test_rows_get_their_new_values_and_partitions_and_keep_all_else(files_a_commit: int, copy: Lake) -> None:
    before, commits = _rows(copy), last_commit(copy)
    rewrite(copy, files_a_commit)
    assert _rows(copy) == before
    for table in ("articles", "duplicates"):
        found = [row for batch in scan(copy, table, ["language", "tags_version"]) for row in batch.to_pylist()]
        assert {tuple(row.values()) for row in found} == {("de", "NEW")}
        assert {language for _, language in _globbed(copy, table)} == {"de"}
        assert not list(copy.table(table).glob("language=fr/*"))
    assert last_commit(copy) > commits
    assert SeenIndex.open(copy.root).contains_many([]) == []
    assert verify(copy) == []


def test_the_ledger_counts_rows_and_those_that_moved(copy: Lake) -> None:
    french = sum(file.rows for table in STORY_TABLES for file in files(copy, table) if "=fr" in file.path)
    rewrite(copy, files_a_commit=2)
    columns = ["command", "read", "retagged", "moved"]
    rows = [row for batch in scan(copy, "runs", columns) for row in batch.to_pylist()]
    assert {(row["retagged"], row["moved"]) for row in rows if row["command"] == "ingest"} == {(None, None)}
    told = [row for row in rows if row["command"] == "retag"]
    assert sum(row["retagged"] for row in told) == len(_rows(copy))
    assert sum(row["moved"] for row in told) == french > 0


@pytest.mark.parametrize("step", _MET)
def test_a_killed_rewrite_is_done_or_was_never_begun(
    step: str, filled: Lake, copy: Lake, undisturbed: dict[str, list[str]]
) -> None:
    before = content(filled)
    ids = {table: [one for one, _ in _globbed(filled, table)] for table in ("articles", "duplicates")}
    assert run_killed(copy, step, "rewrite") == -9
    for table in ("articles", "duplicates"):  # a reader in between sees each table as it was or as it will be
        assert content(copy)[table] in (before[table], undisturbed[table])
        globbed = [one for one, _ in _globbed(copy, table)]
        assert len(set(globbed)) == len(globbed)
    write(copy, "nothing")
    assert content(copy) == (before if STEPS.index(step) < _DECIDED_AT else undisturbed)
    write(copy, "rewrite")
    assert content(copy) == undisturbed
    assert {table: [one for one, _ in _globbed(copy, table)] for table in ids} == ids
    assert verify(copy) == []


def test_without_an_exchange_two_renames_do(
    copy: Lake, undisturbed: dict[str, list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(durable, "_renameat2", lambda _first, _second: False)
    write(copy, "rewrite")
    assert content(copy) == undisturbed
    assert verify(copy) == []


def test_files_that_are_not_named_stay_as_they_are(copy: Lake) -> None:
    named = files(copy, "articles")[:1]
    before = published(copy, "articles")
    number = last_commit(copy) + 1
    staged = stage_rewritten(copy, number, named, iter, ledger_checksums(copy))
    assert staged.moved == 0
    assert {file.folder for change in staged.changes for file in change.adds} == {named[0].folder}
    assert published(copy, "articles") == before


def test_damage_is_not_hidden(copy: Lake) -> None:
    path = copy.table("articles") / files(copy, "articles")[0].path
    held = bytearray(path.read_bytes())
    held[50] ^= 1
    path.write_bytes(held)
    with pytest.raises(LakeError, match="is not what was published, so nothing was rewritten"):
        rewrite(copy)
    assert last_commit(copy) == 2


def test_a_lost_row_is_refused(copy: Lake) -> None:
    with pytest.raises(LakeError, match="rows were lost"):
        stage_rewritten(
            copy,
            last_commit(copy) + 1,
            files(copy, "articles"),
            lambda tables: (rows.slice(1) for rows in tables),
            ledger_checksums(copy),
        )


def test_a_rewritten_lake_is_gone_on_with(copy: Lake) -> None:
    rewrite(copy)
    ingest(copy, range(25, 40))
    write(copy, "compact")
    assert verify(copy) == []
