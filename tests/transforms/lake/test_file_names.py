"""What the name of a data file tells of it."""

from hypothesis import given
from hypothesis import strategies as st

from schemas.tables import TABLES
from transforms.lake.file_names import checksum_of_ledger_file, file_name, merged_name, newest_commit, oldest_commit
from transforms.lake.write import sha256_of

_NUMBERS = st.integers(1, 10**9)
CHECKSUM = sha256_of(b"x")


@given(st.sampled_from(TABLES), _NUMBERS, st.integers(0, 99_999), _NUMBERS)
def test_the_commits_of_its_rows_are_found_in_every_name(table: str, newest: int, index: int, number: int) -> None:
    written, merged = (
        file_name(table, newest, index, CHECKSUM),
        merged_name(table, newest, index, number, CHECKSUM),
    )
    assert (oldest_commit(written), newest_commit(written)) == (newest, newest)
    assert (oldest_commit(merged), newest_commit(merged)) == (0, newest)


def test_files_of_a_release_that_put_no_checksum_into_names_are_read() -> None:
    assert newest_commit("language=fr/published_month=2024-11/part-00000007-00003.parquet") == 7
    assert newest_commit("part-1-0.parquet") == oldest_commit("part-1-0.parquet") == 1


def test_one_name_is_never_filled_with_different_bytes() -> None:
    assert file_name("articles", 1, 0, CHECKSUM) != file_name("articles", 1, 0, sha256_of(b"y"))
    assert merged_name("articles", 1, 0, 2, CHECKSUM) not in {
        merged_name("articles", 1, 0, 2, sha256_of(b"y")),
        merged_name("articles", 1, 0, 3, CHECKSUM),
        file_name("articles", 1, 0, CHECKSUM),
    }


def test_a_file_of_the_ledger_carries_all_of_its_checksum() -> None:
    assert checksum_of_ledger_file(file_name("runs", 12, 0, CHECKSUM)) == CHECKSUM
    assert checksum_of_ledger_file(merged_name("runs", 12, 0, 13, CHECKSUM)) == CHECKSUM
    assert CHECKSUM not in file_name("articles", 12, 0, CHECKSUM)
