"""What was learned of site furniture, as rows that people read and later runs go by."""

import numpy as np
import pytest

from schemas.tables import FURNITURE
from transforms.fold.furniture import Learned
from transforms.fold.furniture_rows import SAMPLE_CHARACTERS, furniture_table, known_hashes
from transforms.fold.signature import line_hashes


def learned(*lines, articles=4, rows=None):
    count = len(lines)
    numbers = np.arange(count) if rows is None else np.array(rows)
    return Learned(line_hashes(lines), np.full(count, articles), numbers)


def row_of(article, line="Subscribe to our letter"):
    return furniture_table(learned(line), {0: article}).to_pylist()[0]


def test_a_row_says_how_many_articles_hold_the_line_and_how_it_reads():
    row = row_of(("Paper", "https://a.example/1", "Title", "News.\n\n  SUBSCRIBE to our letter!  \nMore."))
    assert (row["articles"], row["sample"]) == (4, "SUBSCRIBE to our letter!")
    assert {name for name, value in row.items() if value is None} == {"run_id", "commit", "learned_at"}


@pytest.mark.parametrize(
    ("source", "url", "scope"),
    [
        ("Paper", "https://a.example/1", "Paper"),
        (None, "https://www.a.example:8080/1", "www.a.example"),
        ("", "https://a.example/1", "a.example"),
        (None, None, ""),
        (None, "no-address", ""),
    ],
)
def test_the_scope_is_the_source_else_the_host(source, url, scope):
    assert row_of((source, url, "Title", "Subscribe to our letter"))["scope"] == scope


def test_a_sample_may_be_the_title_and_is_cut():
    line = "word " * 100
    assert row_of((None, None, line, "Text"), line)["sample"] == line[:SAMPLE_CHARACTERS]
    assert SAMPLE_CHARACTERS == 300


def test_a_line_that_is_not_found_has_no_sample():
    assert row_of((None, None, "Title", "Text"))["sample"] == ""


def test_rows_are_in_order_of_scope_and_hash():
    lines = ("one line here", "a second line", "the third line")
    examples = {0: ("B", None, "", lines[0]), 1: ("A", None, "", "\n".join(lines))}
    rows = furniture_table(learned(*lines, rows=[0, 1, 1]), examples)
    assert rows.schema.equals(FURNITURE)
    pairs = list(zip(rows["scope"].to_pylist(), rows["paragraph_hash"].to_pylist(), strict=True))
    assert pairs == sorted(pairs)
    assert [scope for scope, _ in pairs] == ["A", "A", "B"]


def test_what_is_written_is_known_again_sorted_and_once():
    lines = ("one line here", "a second line", "the third line")
    names = furniture_table(learned(*lines), dict.fromkeys(range(3), (None, None, "", "")))[
        "paragraph_hash"
    ].to_pylist()
    assert known_hashes([*names, None, *names]).tolist() == sorted(line_hashes(lines).tolist())


def test_a_hash_of_another_version_masks_nothing():
    assert known_hashes(["1:00000000000000ff", "2:00000000000000aa"]).tolist() == [255]
    assert known_hashes([]).dtype == np.uint64
