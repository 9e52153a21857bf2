"""What travels through the pipeline: values that nobody changes, made for many workers and a few million of them."""

import pickle
from dataclasses import FrozenInstanceError, fields, is_dataclass
from inspect import getmembers, isclass
from typing import get_args

import pytest

from schemas import records
from schemas.reasons import Reason
from schemas.records import Article, Batch, Chunk, Mention, Outcome, RawArticle, Segment, Spill
from schemas.tables import DECISION, ENTITY, MENTION, PREPARED
from transforms.lake.ledger import OUTCOMES

RECORDS = [one for _, one in getmembers(records, isclass) if is_dataclass(one)]
RAW = RawArticle("a.jsonl#line=1", "jsonl", "0" * 64, text="x", categories=("a",), extra=(("k", "v"),))


@pytest.mark.parametrize("record", RECORDS, ids=lambda record: record.__name__)
def test_a_record_is_frozen_and_has_no_room_for_more(record):
    assert record.__dataclass_params__.frozen
    assert "__slots__" in vars(record)
    assert all(not isinstance(field.default, list | dict | set) for field in fields(record))


def test_an_element_is_never_changed():
    with pytest.raises(FrozenInstanceError):
        RAW.text = "y"
    with pytest.raises(AttributeError):
        Mention("text", "Paris", 0, 5).start = 1


def test_records_come_back_whole_from_another_process():
    """As they are, tuples as tuples: Beam's row coder would make lists of them."""
    chunk = Chunk(1, 2, (Segment("a", "a", "jsonl", refusal=Reason.TOO_LARGE),), staged=("b",))
    batch = Batch(1, 2, 3, (RAW,), seen=2)
    for one in (chunk, batch):
        again = pickle.loads(pickle.dumps(one))
        assert again == one
        assert type(again) is type(one)
    assert isinstance(again.articles[0].extra, tuple)


def test_a_segment_is_a_whole_file_unless_it_says_where_it_ends():
    segment = Segment("a.jsonl", "a.jsonl", "jsonl")
    assert (segment.start, segment.end, segment.first_place, segment.refusal) == (0, -1, 1, None)


def test_every_outcome_is_one_that_the_ledger_counts():
    assert set(get_args(Outcome)) == set(OUTCOMES)


def test_every_prepared_column_is_a_field_of_an_article():
    """But two: the day, which is that of the time, and what tagged it, which is the same for all of a run."""
    names = {field.name for field in fields(Article)}
    assert set(PREPARED.names) - names == {"published_date", "tags_version"}
    assert names - set(PREPARED.names) == set()


@pytest.mark.parametrize(("record", "struct"), [(Mention, MENTION), (records.Entity, ENTITY)])
def test_nested_values_have_the_fields_of_their_records_in_order(record, struct):
    assert tuple(struct.field(place).name for place in range(struct.num_fields)) == record._fields


def test_what_waits_with_a_chunk_waits_with_all_that_becomes_of_it():
    for name in ("slice_number", "ordinal", "polls", "staged"):
        assert all(name in {field.name for field in fields(one)} for one in (Chunk, Batch, Spill))


def test_what_fold_decides_is_an_outcome_beside_an_id():
    assert DECISION.names[:2] == ["article_id", "outcome"]
