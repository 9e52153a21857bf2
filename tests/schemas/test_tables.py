"""The tables as schemas: how they hang together, and what an older lake must still find."""

import pyarrow as pa
import pytest

from schemas.tables import (
    ARTICLES,
    DECISION,
    DUPLICATES,
    PARTITIONS,
    PREPARED,
    RUNS,
    SCHEMAS,
    STORY_TABLES,
    TABLES,
    VOLATILE,
)
from transforms.lake.ledger import COUNTS, FURTHER_COUNTS


def test_every_table_has_a_place_in_the_order_of_a_commit_and_the_ledger_is_last():
    assert sorted(TABLES) == sorted(SCHEMAS)
    assert TABLES[-1] == "runs"
    assert TABLES.index("duplicates") < TABLES.index("articles")


@pytest.mark.parametrize("table", SCHEMAS)
def test_columns_are_nullable_and_named_once(table):
    schema = SCHEMAS[table]
    assert all(field.nullable for field in schema)
    assert len(set(schema.names)) == len(schema.names)


@pytest.mark.parametrize("table", SCHEMAS)
def test_times_are_microseconds_in_utc(table):
    times = [field for field in SCHEMAS[table] if pa.types.is_timestamp(field.type)]
    assert all(field.type == pa.timestamp("us", tz="UTC") for field in times)
    named = [field.name for field in SCHEMAS[table] if field.name.endswith(("_at", "_since", "next_due", "_before"))]
    assert {field.name for field in times} == set(named)


@pytest.mark.parametrize("table", SCHEMAS)
def test_every_row_says_which_run_and_commit_it_is_of(table):
    assert SCHEMAS[table].field("run_id").type == pa.string()
    assert SCHEMAS[table].field("commit").type == pa.int64()


@pytest.mark.parametrize("table", STORY_TABLES)
def test_partitions_stand_at_the_end_of_the_story_tables_alone(table):
    assert tuple(SCHEMAS[table].names[-2:]) == PARTITIONS
    assert all(set(PARTITIONS).isdisjoint(SCHEMAS[name].names) for name in SCHEMAS if name not in STORY_TABLES)


def test_a_duplicate_is_an_article_with_its_evidence():
    evidence = ["relation", "duplicate_of", "similarity", "containment", "differences"]
    plain = [name for name in DUPLICATES.names if name not in evidence]
    assert plain == ARTICLES.names
    assert [name for name in DUPLICATES.names if name in evidence] == evidence
    assert all(DUPLICATES.field(name) == ARTICLES.field(name) for name in plain)


def test_a_stored_story_is_what_was_prepared_what_was_decided_and_what_its_commit_knew():
    decided = ["fingerprint", "family_id", "links", "revision", "revision_of", "lookalike_of"]
    body = [name for name in PREPARED.names if name != "language"]
    assert ARTICLES.names == [*body, *decided, "ingested_at", "run_id", "commit", *PARTITIONS]
    assert all(ARTICLES.field(name) == PREPARED.field(name) for name in PREPARED.names)
    assert all(ARTICLES.field(name) == DECISION.field(name) for name in decided)


def test_the_ledger_has_a_column_for_every_count():
    assert all(RUNS.field(name).type == pa.int64() for name in (*COUNTS, *FURTHER_COUNTS))


def test_what_may_differ_between_equal_rows_are_columns():
    assert all(any(name in schema.names for schema in SCHEMAS.values()) for name in VOLATILE)


@pytest.mark.parametrize(
    ("table", "first"),
    [
        ("articles", ["article_id", "item_key", "item_id", "source", "source_uri"]),
        ("rejects", ["reject_id", "run_id", "commit", "source_uri", "stage", "reason", "detail", "payload"]),
        ("polls", ["feed", "run_id", "commit", "polled_at", "status", "etag", "last_modified", "body_sha256"]),
        ("furniture", ["scope", "paragraph_hash", "sample", "articles", "run_id", "commit", "learned_at"]),
        ("forgotten", ["article_id", "item_key", "copy_key", "run_id", "commit", "forgotten_at"]),
        ("runs", ["run_id", "commit", "command", "started_at", "committed_at", "plan_digest", "slice_number"]),
    ],
)
def test_a_table_only_ever_grows_at_its_end(table, first):
    assert SCHEMAS[table].names[: len(first)] == first
