import csv
import io
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transforms.sources.lines import CutLimits
from transforms.sources.opening import MAX_RECORD_BYTES
from transforms.sources.tables import Dialect, cut_rows, fields_of, header_of, row_ends

CELLS = st.text(alphabet='ab,;"\n\r\té ', max_size=12)
TABLES = st.integers(1, 4).flatmap(
    lambda width: st.lists(st.lists(CELLS, min_size=width, max_size=width), min_size=1, max_size=12)
)


def written(rows: list[list[str]], delimiter: str = ",") -> bytes:
    file = io.StringIO(newline="")
    csv.writer(file, delimiter=delimiter).writerows(rows)
    return file.getvalue().encode()


def read_back(data: bytes, delimiter: str = ",") -> list[list[str]]:
    ends = row_ends(data, Dialect(delimiter), final=True)
    rows = [data[start:end].rstrip(b"\r\n").decode() for start, end in ends]
    return [fields_of(row, delimiter) for row in rows if row.strip()]


def test_rows_are_those_of_the_csv_module() -> None:
    data = b'a,b\r\n"one, two","line\r\nbreak"\n"say ""hi""",x\n\nlast,row'
    assert read_back(data) == [["a", "b"], ["one, two", "line\r\nbreak"], ['say "hi"', "x"], ["last", "row"]]


@given(TABLES, st.sampled_from([",", ";", "\t"]))
def test_what_the_csv_module_writes_is_read_back(rows: list[list[str]], delimiter: str) -> None:
    # A last field of line breaks alone is quoted; rows of blanks alone are no rows.
    kept = [row for row in rows if written([row], delimiter).strip() not in {b"", b'""'}]
    assert read_back(written(kept, delimiter), delimiter) == kept


@given(st.text(alphabet='ab,"\n', max_size=80))
def test_rows_make_up_the_bytes(text: str) -> None:
    data = text.encode()
    ends = list(row_ends(data, Dialect(columns=2), final=True))
    assert b"".join(data[start:end] for start, end in ends) == data


@given(TABLES, st.integers(1, 30), st.integers(1, 3), st.integers(1, 60))
def test_cuts_hold_whole_rows_however_the_stream_arrives(
    rows: list[list[str]], size: int, records: int, most: int
) -> None:
    data = written(rows)
    arriving = [data[at : at + size] for at in range(0, len(data), size)]
    cuts = list(cut_rows(arriving, CutLimits(records, most), Dialect(columns=len(rows[0]))))
    assert [row for cut in cuts for row in read_back(cut.body)] == read_back(data)
    place = 1
    for cut in cuts:
        assert cut.first_place == place
        assert data[cut.start : cut.end] == cut.body
        assert cut.records <= records
        place += cut.records


def test_an_unclosed_quote_costs_its_own_line() -> None:
    data = b'1,"open\n2,fine\n3,"fine, too"\n4,last\n'
    ends = row_ends(data, Dialect(columns=2), final=True)
    assert [data[start:end] for start, end in ends] == [b'1,"open\n', b"2,fine\n", b'3,"fine, too"\n', b"4,last\n"]


def test_an_unclosed_quote_in_the_last_row_costs_its_own_line() -> None:
    data = b'1,a\n2,"open\n3,b\n'
    assert [end - start for start, end in row_ends(data, Dialect(columns=2), final=True)] == [4, 8, 4]


def test_a_quote_inside_a_field_is_a_quote() -> None:
    assert read_back(b'1,5" pipe\n2,b\n') == [["1", '5" pipe'], ["2", "b"]]


def test_a_row_past_the_record_limit_is_passed_over() -> None:
    long = b'2,"' + b"x" * MAX_RECORD_BYTES + b'"\n'
    data = b"1,a\n" + long + b"3,b\n"
    arriving = [data[at : at + 262_144] for at in range(0, len(data), 262_144)]
    cuts = list(cut_rows(arriving, CutLimits(1_000, 4 * 1024 * 1024), Dialect(columns=2)))
    assert [(cut.oversized, cut.first_place) for cut in cuts] == [(False, 1), (True, 2), (False, 3)]
    assert cuts[-1].body == b"3,b\n"


@pytest.mark.parametrize("unit", [b'"', b'""', b'","', b'"\n', b'a"",b\n', b',"', b"\r", b'"a\n', b"x" * 50])
def test_no_bytes_make_cutting_slow(unit: bytes) -> None:
    data = unit * (300_000 // len(unit))
    arriving = [data[at : at + 262_144] for at in range(0, len(data), 262_144)]
    started = time.process_time()
    for _ in cut_rows(arriving, CutLimits(1_000, 100_000), Dialect(columns=3)):
        pass
    assert time.process_time() - started < 2


@pytest.mark.parametrize(
    ("text", "names", "delimiter"),
    [
        ("id,title\n1,a\n", ("id", "title"), ","),
        ("id;title\n1;a, b, c\n2;d\n", ("id", "title"), ";"),
        ("id\ttitle\n1\ta,b\n", ("id", "title"), "\t"),
        ("id|title|text\n1|a|b\n", ("id", "title", "text"), "|"),
        ("text\nonly one column\n", ("text",), ","),
        ('"id","the, title"\n1,a\n', ("id", "the, title"), ","),
        (" id , title ,\n1,a,\n", ("id", "title", "column.3"), ","),
        ("id,text,text\n1,a,b\n", ("id", "text", "text.3"), ","),
    ],
)
def test_the_delimiter_is_found_and_columns_have_distinct_names(
    text: str, names: tuple[str, ...], delimiter: str
) -> None:
    header = header_of(text)
    assert header is not None
    assert (header.names, header.delimiter) == (names, delimiter)
    assert text[: header.end].endswith("\n")
