"""Take stories down: gone from every table and every file, for good, also when the writer is killed."""

import shutil
import weakref

import pyarrow.parquet as pq
import pytest
from small_lakes import content, copied, forget, ingest, published, rewrite, run_info, run_killed, spill, story, write
from small_lakes import decided as as_decided

from schemas.errors import LakeError
from schemas.reasons import Reason
from schemas.rejects import reject
from schemas.tables import FURNITURE, STORY_TABLES
from transforms.fold.recall import recall
from transforms.lake.commit import commit_slice, commit_tables
from transforms.lake.doomed import doom
from transforms.lake.layout import Lake, create_or_open
from transforms.lake.named import items_named
from transforms.lake.read import last_commit, scan
from transforms.lake.seen import SeenIndex
from transforms.lake.steps import STEPS
from transforms.lake.takedown import take_down
from transforms.lake.verify import verify
from transforms.lake.views import Session

# Of the tables that are changed here.
_MET = [step for step in STEPS if step.split()[0] not in {"merging", "polls"}]
_DECIDED_AT = STEPS.index("intent written")
GONE = (3, 8, 12)  # the original of a near copy, an original alone, and a story whose text furniture quotes
SAMPLES = ("Title 12", "Subscribe to our letter")


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Lake:
    """Stories with a copy of one that goes, a reject from its place, and furniture that quotes another."""
    lake = create_or_open(tmp_path_factory.mktemp("takedown") / "lake")
    write(lake, "ingest", range(20))
    write(lake, "ingest", range(20, 30))
    refused = reject(story(3).source_uri, "read", Reason.BROKEN_RECORD, "no JSON", b"{3")
    commit_slice(lake, as_decided([spill(lake, 0, [], [refused])], []), run_info())
    rows = {"scope": ["example.org"] * 2, "paragraph_hash": ["a", "b"], "sample": list(SAMPLES), "articles": [3, 3]}
    commit_tables(lake, {"furniture": FURNITURE.empty_table().from_pydict(rows)}, run_info())
    return lake


@pytest.fixture(scope="module")
def undisturbed(filled: Lake) -> dict[str, list[str]]:
    lake = copied(filled, filled.root.parent / "undisturbed")
    write(lake, "forget", GONE)
    return content(lake)


@pytest.fixture
def copy(filled: Lake, tmp_path) -> Lake:
    return copied(filled, tmp_path / "lake")


def _held(lake: Lake, words: str) -> list[str]:
    """Return the files of a lake, of whatever kind, that hold some words."""
    found = []
    for path in lake.root.rglob("*"):
        if path.suffix == ".parquet":
            found += [path.name] if words in repr(pq.ParquetFile(path).read().to_pylist()) else []
        elif path.is_file() and words.encode() in path.read_bytes():
            found.append(path.name)
    return found


def _ids(lake: Lake) -> set[str]:
    return {one for table in STORY_TABLES for batch in scan(lake, table, ["item_id"]) for one in batch[0].to_pylist()}


def _rows(lake: Lake, table: str, *columns: str) -> list[tuple[object, ...]]:
    return [tuple(row.values()) for batch in scan(lake, table, columns) for row in batch.to_pylist()]


def test_rows_go_from_every_table_and_all_others_stay(copy: Lake) -> None:
    before, old = _ids(copy), published(copy, *STORY_TABLES)
    forget(copy, GONE)
    assert before - _ids(copy) == {str(number) for number in GONE}
    assert _rows(copy, "rejects", "source_uri") == [("a.jsonl#line=10",), ("a.jsonl#line=21",)]
    assert {one for (one,) in _rows(copy, "furniture", "sample")} == {"Subscribe", "Subscribe to our letter", None}
    assert verify(copy) == []
    new = published(copy, *STORY_TABLES)
    untouched = old.keys() & new.keys()
    assert untouched
    assert all(old[path] == new[path] for path in untouched)


def test_no_file_of_the_lake_holds_the_text_any_more(copy: Lake) -> None:
    assert _held(copy, "text of story 12.")
    write(copy, "compact")  # files that Delta's log knows as removed
    forget(copy, GONE)
    for number in GONE:
        assert _held(copy, f"text of story {number}.") == []
        assert _held(copy, f"Title {number}'") == []
    assert _held(copy, "text of story 13.")
    assert not list(copy.staging.iterdir())


def test_a_copy_that_stays_keeps_its_family_and_quotes_nothing(copy: Lake) -> None:
    columns = ("item_id", "family_id", "duplicate_of", "differences")
    before = {row[0]: row[1:] for row in _rows(copy, "duplicates", *columns)}
    assert before["4"] == (story(3).article_id, story(3).article_id, ["x"])
    forget(copy, GONE)
    after = {row[0]: row[1:] for row in _rows(copy, "duplicates", *columns)}
    assert after["4"] == (story(3).article_id, story(3).article_id, None)
    assert after["14"] == before["14"]
    with Session(copy) as session:
        families = session.ask("select family_id, canonical, size from families").to_pylist()
    (family,) = [row for row in families if row["family_id"] == story(3).article_id]
    assert (family["canonical"], family["size"]) == (story(4).article_id, 1)


def test_the_ledger_counts_what_went_and_names_nothing(copy: Lake) -> None:
    number = forget(copy, GONE)
    (row,) = [row for row in _rows(copy, "runs", "commit", "command", "read", "erased", "inputs") if row[0] == number]
    assert row[1:3] == ("forget", 0)
    assert [tuple(one.values()) for one in row[3]] == [("articles", 1, 3), ("rejects", 3, 1)]
    assert row[4] == []
    assert {item for item, _ in _rows(copy, "forgotten", "item_key", "article_id")} == {
        story(one).item_key for one in GONE
    }


def test_memory_is_made_anew_without_what_went(copy: Lake) -> None:
    assert SeenIndex.open(copy.root).contains(story(3).raw_sha256)
    assert len(recall(copy)) == len(_ids(copy))  # this process remembers the lake from here on
    forget(copy, GONE)
    index = SeenIndex.open(copy.root)
    assert not index.contains(story(3).raw_sha256)
    assert index.contains(story(3).item_key)
    assert index.contains(story(4).raw_sha256)
    assert len(recall(copy)) == len(_ids(copy))


def test_a_process_that_goes_on_lets_go_of_what_went(copy: Lake) -> None:
    """Its index, and the mapped files of it, would hold the fingerprints of what was taken down until it ends."""
    stored = weakref.ref(recall(copy).segments[0].rows.article_id)
    forget(copy, GONE)
    assert story(3).article_id.encode() not in recall(copy).segments[0].rows.article_id.tolist()
    assert stored() is None


def test_a_tombstone_outlives_merging_retagging_and_a_lost_index(copy: Lake) -> None:
    forget(copy, GONE)
    forget(copy, [13])
    write(copy, "compact")
    rewrite(copy)
    SeenIndex.open(copy.root)
    shutil.rmtree(copy.memory)
    assert SeenIndex.open(copy.root).contains_many([story(one).item_key for one in (*GONE, 13, 14)]) == [True] * 4 + [
        False
    ]
    assert verify(copy) == []


def test_what_was_forgotten_and_is_stored_is_a_fault(copy: Lake) -> None:
    forget(copy, GONE)
    ingest(copy, [3])  # without the stage that refuses it
    (fault,) = verify(copy)
    assert "1 items are stored that were to be forgotten" in fault


@pytest.mark.parametrize("step", _MET)
def test_a_killed_takedown_is_done_or_was_never_begun(
    step: str, filled: Lake, copy: Lake, undisturbed: dict[str, list[str]]
) -> None:
    before = content(filled)
    assert run_killed(copy, step, "forget", GONE) == -9
    for table in STORY_TABLES:  # a reader in between sees each table as it was or as it will be
        assert content(copy)[table] in (before[table], undisturbed[table])
    write(copy, "nothing")
    decided = STEPS.index(step) >= _DECIDED_AT
    assert content(copy) == (undisturbed if decided else before)
    assert bool(_held(copy, "text of story 12.")) == (not decided)
    write(copy, "forget", () if decided else GONE)
    assert content(copy) == undisturbed
    assert verify(copy) == []


def test_damage_is_not_hidden(copy: Lake) -> None:
    doomed = doom(copy, items_named(copy, [story(number).article_id for number in GONE]))
    path = copy.table("articles") / doomed.stories[0].path
    held = bytearray(path.read_bytes())
    held[50] ^= 1
    path.write_bytes(held)
    before = last_commit(copy)
    with pytest.raises(LakeError, match="is not what was published, so nothing was rewritten"):
        take_down(copy, doomed, None, [], run_info())
    assert last_commit(copy) == before
