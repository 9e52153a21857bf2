"""What an answer looks like in each format."""

import csv
import io
import json

import pyarrow as pa
import pytest

from pipelines.query import printable, render, write_parquet

ANSWER = pa.table({"title": ["=HYPERLINK(1)", "plain [bold]"], "n": [-1, None], "tags": [["a"], []]})


def test_csv_leaves_no_cell_that_a_spreadsheet_would_run():
    rows = list(csv.reader(io.StringIO(render(ANSWER, "csv"))))
    assert rows == [["title", "n", "tags"], ["'=HYPERLINK(1)", "-1", '["a"]'], ["plain [bold]", "", "[]"]]


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "＝"])
def test_every_way_to_begin_a_formula_is_made_harmless(start):
    rows = list(csv.reader(io.StringIO(render(pa.table({"cell": [start + "1"]}), "csv"), newline="")))
    assert rows[1] == ["'" + start + "1"]


def test_json_is_one_object_a_line_and_unchanged():
    lines = render(ANSWER, "json").splitlines()
    assert [json.loads(line)["title"] for line in lines] == ["=HYPERLINK(1)", "plain [bold]"]


def test_a_table_shows_brackets_as_they_are():
    assert "plain [bold]" in render(ANSWER, "table", "Answer")


def test_control_characters_are_shown_not_sent_to_the_terminal():
    assert printable("a\x1b[31mred\u202e") == "a\\x1b[31mred\\x202e"


def test_a_long_cell_is_cut_visibly():
    assert printable("x" * 500).endswith("…")
    assert len(printable("x" * 500)) == 120


def test_parquet_holds_the_same_rows(tmp_path):
    path = tmp_path / "answer.parquet"
    write_parquet(ANSWER, str(path))
    assert pa.parquet.read_table(path).to_pylist() == ANSWER.to_pylist()
