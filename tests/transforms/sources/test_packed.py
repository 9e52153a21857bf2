import json
import pickle
import random

from hypothesis import given
from hypothesis import strategies as st

from transforms.sources.packed import packed

LINES = st.lists(st.text(max_size=30).map(lambda text: json.dumps(text).encode()), max_size=20)


@given(LINES)
def test_records_come_out_as_they_went_in(lines):
    records = packed(lines, json.loads)
    assert list(records) == [json.loads(line) for line in lines]
    assert list(records.lines()) == lines
    assert (len(records), records.size) == (len(lines), sum(map(len, lines)) + len(lines))


def test_megabytes_are_deflated_and_come_out_in_order():
    words = [f"word{number}" for number in range(500)]
    dice = random.Random(1)
    texts = [" ".join(dice.choices(words, k=2_000)) for _ in range(300)]
    records = packed((json.dumps(text).encode() for text in texts), json.loads)
    held = sum(map(len, records.blocks)) + len(records.rest)
    assert list(records) == texts
    assert records[-1] == texts[-1]
    assert records[1:3] == tuple(texts[1:3])
    assert held < records.size / 2


def test_few_are_held_as_they_are():
    records = packed([b"1", b"2"], json.loads)
    assert (records.blocks, records.rest) == ((), b"1\n2\n")


def test_a_line_longer_than_a_block_is_one_record():
    long = json.dumps("x" * (3 << 20)).encode()
    assert list(packed([b"1", long, b"2"], json.loads).lines()) == [b"1", long, b"2"]


def test_records_can_be_sent_on_and_are_not_shown():
    records = packed([b'"secret"'], json.loads)
    assert pickle.loads(pickle.dumps(records)) == records
    assert "secret" not in repr(records)
