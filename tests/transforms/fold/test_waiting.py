"""Batches of a pipeline without end: which wait, which are committed, and when their files may go."""

from dataclasses import replace
from pathlib import Path

import pyarrow as pa
import pytest

from schemas.errors import LakeError
from schemas.reasons import Reason
from schemas.records import Chunk, Spill
from schemas.rejects import reject
from schemas.tables import POLLS
from tests.transforms.fold.ingested import START, article, batch, run_info
from transforms.fold.memory import Memory
from transforms.fold.settings import FoldSettings
from transforms.fold.slices import fold_slice
from transforms.fold.spills import files_of, read_columns, write_spill
from transforms.fold.waiting import (
    clear,
    is_due,
    left_over,
    may_come_again,
    names_of,
    ordinal_of,
    polls_path,
    read_polls,
    still_waiting,
    write_polls,
)
from transforms.lake.commit import commit_slice
from transforms.lake.layout import create_or_open
from transforms.lake.read import scan

COMMITTED, OPEN = 7, 8
"""Ordinals of two batches."""
POLLED = pa.Table.from_pylist([{"feed": "https://a.example/feed", "polled_at": START, "status": 200}], POLLS)


@pytest.fixture
def lake(tmp_path):
    return create_or_open(tmp_path / "lake")


def prepared(lake, ordinal, **given):
    one = article(ordinal, f"The text of story {ordinal}")
    refused = reject(f"a.jsonl#line={ordinal}", "read", Reason.EMPTY, "", b"")
    return write_spill(replace(batch([one], ordinal), read=2, rejects=(refused,), **given), str(lake.stream))


def commit(lake, *spills):
    decided = fold_slice(0, spills, Memory(), FoldSettings())[0]
    commit_slice(lake, decided, replace(run_info(), spills=names_of(lake, spills)))


@pytest.fixture
def both(lake):
    """Two batches, of which the first is committed."""
    spills = [prepared(lake, ordinal) for ordinal in (COMMITTED, OPEN)]
    commit(lake, spills[0])
    return spills


def test_a_chunk_is_named_by_what_it_holds_alone():
    assert ordinal_of("a.jsonl", 3) == ordinal_of("a.jsonl", 3)
    assert len({ordinal_of("a.jsonl", 3), ordinal_of("a.jsonl", 4), ordinal_of("a.jsonl3"), ordinal_of("a.jsonl")}) == 4
    assert ordinal_of("\udcff") == ordinal_of("\udcff")  # as names of files may be


def test_a_name_fits_the_coders_of_beam():
    assert all(0 <= ordinal_of(number) < 2**56 for number in range(300))
    assert max(ordinal_of(number) for number in range(300)) > 2**55


def test_polls_are_written_whole_and_read_once_a_file(lake):
    path, other = polls_path(lake, 5), polls_path(lake, 6)
    for one in (path, other):
        write_polls(one, POLLED)
    spills = [Spill(0, at, "x", 0, 0, 0, 0, polls=str(polls)) for at, polls in enumerate((path, other, path, ""))]
    found = read_polls(spills)
    assert found.schema.equals(POLLS)
    assert found.column("status").to_pylist() == [200, 200]
    assert sorted(one.name for one in path.parent.iterdir()) == ["5.polls", "6.polls"]
    assert len(read_polls([])) == 0


def test_a_commit_names_the_batches_of_an_unbounded_pipeline_and_no_others(lake, tmp_path):
    spills = [prepared(lake, 9), prepared(lake, 5), write_spill(batch([], 1), str(lake.staging))]
    assert names_of(lake, spills) == ("000000-00000005.arrow", "000000-00000009.arrow")
    assert [may_come_again(lake, spill) for spill in spills] == [True, True, False]


def test_a_commit_without_such_batches_names_none(lake):
    commit(lake, write_spill(batch([article(1, "one text")], 1), str(lake.staging)))
    assert [row["spills"] for rows in scan(lake, "runs", ["spills"]) for row in rows.to_pylist()] == [None]


def test_a_chunk_is_due_while_what_was_staged_for_it_is_there(lake, tmp_path, both):
    staged = tmp_path / "piece"
    staged.write_text("{}")
    assert is_due(lake, Chunk(0, COMMITTED, (), staged=(str(staged),)))
    assert is_due(lake, Chunk(0, OPEN, ()))  # nothing was staged
    staged.unlink()
    assert not is_due(lake, Chunk(0, COMMITTED, (), staged=(str(staged),)))
    with pytest.raises(LakeError, match=r"000000-00000008\.arrow is gone, and no commit of the lake holds it"):
        is_due(lake, Chunk(0, OPEN, (), staged=(str(staged),)))


def test_a_batch_that_is_given_again_after_its_commit_counts_as_seen(lake, both):
    committed, waiting = both
    assert still_waiting(lake, both) == both  # the files of both are there
    clear(lake, [committed])
    again, same = still_waiting(lake, both)
    assert same == waiting
    assert (again.read, again.seen, again.articles, again.rejects) == (2, 2, 0, 0)
    assert again.path == committed.path
    assert len(read_columns(again, ["article_id"])) == 0


@pytest.mark.parametrize("gone", [0, 1, 2])
def test_a_batch_whose_files_are_gone_without_a_commit_stops_the_pipeline(lake, both, gone):
    files_of(both[1])[gone].unlink()
    with pytest.raises(LakeError, match="start the pipeline anew, not from a checkpoint"):
        still_waiting(lake, both)


def test_what_was_prepared_whole_and_not_committed_is_left_over(lake, both):
    write_polls(polls_path(lake, OPEN), POLLED)
    torn = prepared(lake, 9)
    files_of(torn)[1].unlink()
    (found,) = left_over(lake)
    assert found == replace(both[1], seen=0, polls=str(polls_path(lake, OPEN)))
    assert (found.read, found.articles, found.rejects) == (2, 1, 1)


def test_nothing_is_left_over_of_no_pipeline(lake):
    assert list(left_over(lake)) == []


def test_what_a_committed_batch_leaves_goes_and_what_lies_elsewhere_stays(lake, tmp_path):
    own, other = lake.stream / "staged" / "piece", tmp_path / "input"
    for path in (own, other):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("{}")
    polls = polls_path(lake, 3)
    write_polls(polls, POLLED)
    spill = prepared(lake, 3, polls=str(polls), staged=(str(own), str(other)))
    elsewhere = write_spill(batch([], 4), str(tmp_path / "shared"))
    clear(lake, [spill, elsewhere])
    assert not any(path.exists() for path in (*files_of(spill), own, polls))
    assert all(Path(path).exists() for path in (*files_of(elsewhere), other))
    clear(lake, [spill])  # again, as after a kill
