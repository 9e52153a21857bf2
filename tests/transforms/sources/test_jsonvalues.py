import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.reasons import Reason
from transforms.sources.jsonvalues import cut_values, split_values
from transforms.sources.lines import CutLimits
from transforms.sources.opening import MAX_RECORD_BYTES, InputError

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=8,
)
OBJECTS = st.lists(st.dictionaries(st.text(), VALUES, max_size=3), max_size=4)


def split(data: bytes, size: int = 5) -> list[bytes]:
    return list(split_values(data[at : at + size] for at in range(0, len(data), size)))


@given(OBJECTS, st.sampled_from([None, 0, 2]), st.integers(1, 50))
def test_elements_of_an_array_come_one_by_one(objects: list[Any], indent: int | None, size: int) -> None:
    assert [json.loads(value) for value in split(json.dumps(objects, indent=indent).encode(), size)] == objects


@given(OBJECTS, st.integers(1, 50))
def test_objects_one_after_the_other_come_one_by_one(objects: list[Any], size: int) -> None:
    data = "\n".join(json.dumps(value, indent=1) for value in objects).encode()
    assert [json.loads(value) for value in split(data, size)] == objects


@pytest.mark.parametrize(
    ("data", "values"),
    [
        (b'[{"a": 1}, 2, "x,y", [3], null]', [b'{"a": 1}', b'2, "x,y"', b"[3]", b"null"]),
        (b'[{"a": 1}, {"b": ', [b'{"a": 1}', b'{"b":']),
        (b'[{"a": 1}] garbage', [b'{"a": 1}', b"garbage"]),
        (b'garbage [{"a": 1}]', [b"garbage", b'{"a": 1}']),
        (b'[{"a": "]}"}, {"b": "\\"}"}]', [b'{"a": "]}"}', b'{"b": "\\"}"}']),
        (b'{"a": "open', [b'{"a": "open']),
        (b"", []),
        (b"[]", []),
    ],
)
def test_what_is_no_object_comes_too_so_that_it_is_refused(data: bytes, values: list[bytes]) -> None:
    for size in (1, 4, 100):
        assert split(data, size) == values


def test_an_element_past_the_record_limit_ends_the_file() -> None:
    data = b'[{"a": 1}, {"b": "' + b"x" * (2 * MAX_RECORD_BYTES) + b'"}]'
    got = []
    with pytest.raises(InputError, match="larger than") as caught:
        got.extend(split_values(data[at : at + 262_144] for at in range(0, len(data), 262_144)))
    assert caught.value.reason == Reason.TOO_LARGE


@pytest.mark.parametrize("unit", [b'"', b"[", b"{", b'{"a":', b"\\", b'"\\', b"]", b"[]", b'"",'])
def test_no_bytes_make_splitting_slow(unit: bytes) -> None:
    data = b"[" + unit * (500_000 // len(unit))
    started = time.process_time()
    for _ in split_values(data[at : at + 262_144] for at in range(0, len(data), 262_144)):
        pass
    assert time.process_time() - started < 5


@pytest.mark.parametrize("indent", [None, 2])
def test_an_array_file_is_read_element_by_element(
    tmp_path: Path, read_all: Callable[..., Any], indent: int | None
) -> None:
    records: list[Any] = [{"id": str(n), "title": f"Title\n{n}"} for n in range(5)]
    records.insert(2, ["no object"])
    (tmp_path / "a.json").write_text(json.dumps(records, indent=indent))
    articles, [refused] = read_all(tmp_path / "a.json")
    assert [a.item_id for a in articles] == ["0", "1", "2", "3", "4"]
    assert articles[0].title == "Title\n0"
    assert articles[2].source_uri == f"{tmp_path / 'a.json'}#item=4"
    assert (refused.source_uri, refused.reason) == (f"{tmp_path / 'a.json'}#item=3", Reason.NOT_A_RECORD)


def test_a_single_object_written_over_lines_is_read(tmp_path: Path, read_all: Callable[..., Any]) -> None:
    (tmp_path / "a.json").write_text(json.dumps({"id": "1", "title": "Rain", "text": "It rained."}, indent=4))
    [article], _ = read_all(tmp_path / "a.json")
    assert (article.item_id, article.source_uri) == ("1", f"{tmp_path / 'a.json'}#item=1")


def test_limits_are_kept() -> None:
    data = json.dumps([{"n": n} for n in range(10)]).encode()
    cuts = list(cut_values([data], CutLimits(records=3, bytes=1_000)))
    assert [(cut.first_place, cut.records) for cut in cuts] == [(1, 3), (4, 3), (7, 3), (10, 1)]
