"""Any sequence of ingests, kills, recoveries and merges against a model that is a set of numbers."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from small_lakes import run_killed, write

from schemas.tables import TABLES
from transforms.lake.layout import Lake, create_or_open
from transforms.lake.read import scan
from transforms.lake.steps import COMMIT_STEPS, STEPS
from transforms.lake.verify import verify

_NUMBERS = st.builds(lambda start, size: range(start * 5, start * 5 + size), st.integers(0, 6), st.integers(1, 12))
_ACTIONS = st.one_of(
    st.tuples(st.just("ingest"), _NUMBERS, st.none()),
    st.tuples(st.just("ingest"), _NUMBERS, st.sampled_from(COMMIT_STEPS)),
    st.tuples(st.just("compact"), st.just(range(0)), st.sampled_from([None, "merging begun", *COMMIT_STEPS])),
)
_DECIDED_AT = STEPS.index("intent written")


def _stored(lake: Lake) -> tuple[set[str], set[str]]:
    stories = [
        one
        for table in ("articles", "duplicates")
        for batch in scan(lake, table, ["item_id"])
        for one in batch[0].to_pylist()
    ]
    rejects = [one for batch in scan(lake, "rejects", ["source_uri"]) for one in batch[0].to_pylist()]
    assert len(stories) == len(set(stories))
    assert len(rejects) == len(set(rejects))
    return set(stories), set(rejects)


def _expected(numbers: set[int]) -> tuple[set[str], set[str]]:
    broken = {number for number in numbers if number % 11 == 10}
    return {str(number) for number in numbers - broken}, {f"a.jsonl#line={number}" for number in broken}


@settings(max_examples=8)
@given(st.lists(_ACTIONS, min_size=1, max_size=6))
def test_a_lake_holds_what_was_decided_once_each_whatever_happens(
    tmp_path_factory: pytest.TempPathFactory, actions: list[tuple[str, range, str | None]]
) -> None:
    lake = create_or_open(tmp_path_factory.mktemp("promises") / "lake")
    held: set[int] = set()
    for action, numbers, step in actions:
        # A copy names the story before it, so both come together, as they would from one input.
        wanted = {*numbers, *(number - 1 for number in numbers if number % 5 == 4)}
        if step is None:
            write(lake, action, sorted(wanted))
            decided = True
        else:
            run_killed(lake, step, action, sorted(wanted))
            write(lake, "nothing")
            decided = STEPS.index(step) >= _DECIDED_AT
        if action == "ingest" and decided:
            held |= wanted
        assert _stored(lake) == _expected(held)
    assert verify(lake) == []


def test_two_lakes_of_the_same_input_differ_in_nothing_but_time(tmp_path: Path) -> None:
    lakes = [create_or_open(tmp_path / name) for name in ("one", "other")]
    for lake in lakes:
        write(lake, "ingest", range(30))
    names = [
        sorted(_without_proof(lake, path) for table in TABLES[:-1] for path in lake.table(table).rglob("part-*"))
        for lake in lakes
    ]
    assert names[0] == names[1]


def _without_proof(lake: Lake, path: Path) -> str:
    """Return a file's path without the beginning of its checksum, in which the time of the commit is."""
    return str(path.relative_to(lake.root)).rpartition("-")[0]
