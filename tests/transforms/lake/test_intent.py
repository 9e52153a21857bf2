"""The intent on disk, and what the path of a data file says."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.errors import LakeError
from schemas.tables import TABLES
from transforms.lake.intent import Change, DataFile, Intent, in_order
from transforms.lake.layout import Lake
from transforms.lake.storage import storage_of

_FILE = DataFile(
    "articles", "language=fr/published_month=2024-11/part-00000007-00003.parquet", 10, 2, "ab", "_staging/x"
)


def test_an_intent_is_read_as_it_was_written(lake: Lake) -> None:
    intent = Intent(7, 1_700_000_000_000, "_staging/commit-00000007", (Change("articles", (_FILE,), (_FILE, _FILE)),))
    storage = storage_of(lake)
    assert storage.read_intent() is None
    (lake.root / intent.staging).mkdir(parents=True)
    storage.write_intent(intent)
    assert storage.read_intent() == intent
    storage.remove_intent(intent)
    assert storage.read_intent() is None


@pytest.mark.parametrize("content", ["", "{", "[]", "{}", '{"number": 1, "changes": [{"table": "articles"}]}'])
def test_a_damaged_intent_is_one_clear_error(lake: Lake, content: str) -> None:
    lake.intent.write_text(content)
    with pytest.raises(LakeError, match=r"_intent\.json is damaged"):
        storage_of(lake).read_intent()


def test_a_path_says_the_partition_and_the_newest_commit() -> None:
    assert _FILE.partition == {"language": "fr", "published_month": "2024-11"}
    assert _FILE.newest == 7
    undated = DataFile("articles", "language=und/published_month=__HIVE_DEFAULT_PARTITION__/part-1-0.parquet", 1, 1)
    assert undated.partition == {"language": "und", "published_month": None}
    assert DataFile("runs", "part-00000012-00000-abc.parquet", 1, 1).folder == "."


@given(st.permutations(TABLES))
def test_the_ledger_comes_last_and_what_is_referred_to_first(tables: list[str]) -> None:
    assert tuple(change.table for change in in_order(map(Change, tables))) == TABLES
