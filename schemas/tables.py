"""The tables of a lake as Arrow schemas. They evolve by adding nullable columns at the end, never otherwise.

`language` and `published_month` are Hive partitions: they stand in the path, not in the files.
"""

import pyarrow as pa

SCHEMA_VERSION = 1
PARTITIONS = ("language", "published_month")
STORY_TABLES = ("articles", "duplicates")
# In commit order: the ledger comes last.
TABLES = ("duplicates", "rejects", "articles", "furniture", "polls", "forgotten", "runs")

_TIME = pa.timestamp("us", tz="UTC")
_STRINGS = pa.list_(pa.string())
MENTION = pa.struct([("field", pa.string()), ("text", pa.string()), ("start", pa.int32()), ("end", pa.int32())])
ENTITY = pa.struct(
    [
        ("type", pa.string()),
        ("name", pa.string()),
        ("id", pa.string()),
        ("count", pa.int32()),
        ("mentions", pa.list_(MENTION)),
    ]
)
LINK = pa.struct([("article_id", pa.string()), ("similarity", pa.float32()), ("containment", pa.float32())])

# What an article is before Fold: these columns are spilled to staging, together with Fold's signature columns.
PREPARED = pa.schema(
    [
        ("article_id", pa.string()),
        ("item_key", pa.string()),
        ("item_id", pa.string()),
        ("source", pa.string()),
        ("source_uri", pa.string()),
        ("source_kind", pa.string()),
        ("url", pa.string()),
        ("canonical_url", pa.string()),
        ("title", pa.string()),
        ("text", pa.string()),
        ("text_kind", pa.string()),
        ("authors", _STRINGS),
        ("categories", _STRINGS),
        ("published_at", _TIME),
        ("published_date", pa.date32()),
        ("published_raw", pa.string()),
        ("published_source", pa.string()),
        ("updated_at", _TIME),
        ("fetched_at", _TIME),
        ("language", pa.string()),
        ("language_score", pa.float32()),
        ("language_runner_up", pa.string()),
        ("language_runner_up_score", pa.float32()),
        ("declared_language", pa.string()),
        ("entities", pa.list_(ENTITY)),
        ("word_count", pa.int32()),
        ("content_hash", pa.string()),
        ("raw_sha256", pa.string()),
        ("extra", pa.map_(pa.string(), pa.string())),
        ("tags_version", pa.string()),
    ]
)

# What Fold decides, one row an article, in the order of the spilled rows.
DECISION = pa.schema(
    [
        ("article_id", pa.string()),
        ("outcome", pa.string()),  # schemas.records.Outcome; "seen" rows are counted, not stored
        ("fingerprint", pa.binary()),
        ("family_id", pa.string()),
        ("links", pa.list_(LINK)),
        ("revision", pa.int32()),
        ("revision_of", pa.string()),
        ("lookalike_of", pa.string()),
        ("duplicate_of", pa.string()),
        ("similarity", pa.float32()),
        ("containment", pa.float32()),
        ("differences", _STRINGS),
    ]
)

_DECIDED = ("fingerprint", "family_id", "links", "revision", "revision_of", "lookalike_of")
_EVIDENCE = ("duplicate_of", "similarity", "containment", "differences")
_COMMITTED = [pa.field("ingested_at", _TIME), pa.field("run_id", pa.string()), pa.field("commit", pa.int64())]
_PARTITION_FIELDS = [pa.field("language", pa.string()), pa.field("published_month", pa.string())]


def _story_fields() -> list[pa.Field]:
    prepared = [field for field in PREPARED if field.name != "language"]
    return [*prepared, *(DECISION.field(name) for name in _DECIDED), *_COMMITTED]


ARTICLES = pa.schema([*_story_fields(), *_PARTITION_FIELDS])
DUPLICATES = pa.schema(
    [
        *_story_fields(),
        pa.field("relation", pa.string()),
        *(DECISION.field(name) for name in _EVIDENCE),
        *_PARTITION_FIELDS,
    ]
)
REJECTS = pa.schema(
    [
        ("reject_id", pa.string()),
        ("run_id", pa.string()),
        ("commit", pa.int64()),
        ("source_uri", pa.string()),
        ("stage", pa.string()),
        ("reason", pa.string()),
        ("detail", pa.string()),
        ("payload", pa.binary()),
        ("payload_bytes", pa.int64()),
        ("payload_sha256", pa.string()),
        ("rejected_at", _TIME),
    ]
)
FILE = pa.struct([("table", pa.string()), ("path", pa.string()), ("bytes", pa.int64()), ("sha256", pa.string())])
ERASED = pa.struct([("table", pa.string()), ("commit", pa.int64()), ("rows", pa.int64())])
RUNS = pa.schema(
    [
        ("run_id", pa.string()),
        ("commit", pa.int64()),
        ("command", pa.string()),  # ingest, watch, compact, replay, retag, forget
        ("started_at", _TIME),
        ("committed_at", _TIME),
        ("plan_digest", pa.string()),  # of inputs and options: a killed run is recognised by it
        ("slice_number", pa.int32()),
        ("last_slice", pa.bool_()),
        ("inputs", _STRINGS),  # at most the first 100
        ("input_files", pa.int64()),
        ("input_bytes", pa.int64()),
        ("options_hash", pa.string()),
        ("versions", pa.map_(pa.string(), pa.string())),
        ("read", pa.int64()),
        ("new", pa.int64()),
        ("revision", pa.int64()),
        ("exact", pa.int64()),
        ("near", pa.int64()),
        ("excerpt", pa.int64()),
        ("expansion", pa.int64()),
        ("seen", pa.int64()),
        ("rejected", pa.int64()),
        ("published_rejects", pa.int64()),  # rejected less those that an earlier run had stored already
        ("files", pa.list_(FILE)),  # published by this commit
        ("removed", _STRINGS),  # table-relative paths that this commit replaced
        ("resolved", _STRINGS),  # reject ids that replay turned into articles
        ("retagged", pa.int64()),  # rows that retag gave new tags
        ("moved", pa.int64()),  # of those: rows whose language changed, and with it their partition
        ("forgotten", pa.int64()),  # of rejected: items that are to stay forgotten; they have no row in rejects
        ("erased", pa.list_(ERASED)),  # how many rows of which commit a takedown removed from which table
        ("spills", _STRINGS),  # of an unbounded pipeline: the batches that this commit is made of, by name
    ]
)
POLLS = pa.schema(
    [
        ("feed", pa.string()),
        ("run_id", pa.string()),
        ("commit", pa.int64()),
        ("polled_at", _TIME),
        ("status", pa.int32()),
        ("etag", pa.string()),
        ("last_modified", pa.string()),
        ("body_sha256", pa.string()),
        ("seconds", pa.float32()),
        ("items_seen", pa.int32()),
        ("items_new", pa.int32()),
        ("items_missed_estimate", pa.int32()),
        ("next_due", _TIME),
        ("failures", pa.int32()),
        ("warnings", _STRINGS),
        # What else the next poll is decided by; transforms/feeds/state.py says what each means.
        ("boot", pa.string()),
        ("uptime", pa.float64()),
        ("answered_at", _TIME),
        ("changed_at", _TIME),
        ("reason", pa.string()),
        ("answered_by", pa.string()),
        ("in_full_at", _TIME),
        ("conditional_polls", pa.int32()),
        ("validators_lie", pa.bool_()),
        ("interval_seconds", pa.int32()),
        ("fresh_seconds", pa.int32()),
        ("stated_seconds", pa.int32()),
        ("skip_hours", pa.int32()),
        ("skip_days", pa.int32()),
        ("items_per_hour", pa.float64()),
        ("recent_items", pa.binary()),
        ("failure_weight", pa.float64()),
        ("moved_to", pa.string()),
        ("moved_sightings", pa.int32()),
        ("moved_since", _TIME),
        ("url", pa.string()),
        ("gone_since", _TIME),
        ("disabled", pa.bool_()),
        ("host_not_before", _TIME),
    ]
)
FURNITURE = pa.schema(
    [
        ("scope", pa.string()),  # source or URL host where it recurs
        ("paragraph_hash", pa.string()),
        ("sample", pa.string()),
        ("articles", pa.int32()),
        ("run_id", pa.string()),
        ("commit", pa.int64()),
        ("learned_at", _TIME),
    ]
)
# What must not come back: one row a version that was forgotten. Hashes only, for the rest is to be forgotten.
FORGOTTEN = pa.schema(
    [
        ("article_id", pa.string()),  # null where the item was not stored
        ("item_key", pa.string()),
        ("copy_key", pa.string()),  # of source and content; null where there was no text
        ("run_id", pa.string()),
        ("commit", pa.int64()),
        ("forgotten_at", _TIME),
    ]
)
SCHEMAS = {
    "articles": ARTICLES,
    "duplicates": DUPLICATES,
    "rejects": REJECTS,
    "runs": RUNS,
    "polls": POLLS,
    "furniture": FURNITURE,
    "forgotten": FORGOTTEN,
}
# Equal rows (promise 4) may differ in these alone.
VOLATILE = ("run_id", "commit", "fetched_at", "ingested_at", "rejected_at")
