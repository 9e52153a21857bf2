"""Articles as Arrow columns, compared with the records they came from."""

from datetime import UTC, datetime, timedelta, timezone

import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from schemas.reasons import Reason
from schemas.records import Article, Entity, Mention
from schemas.rejects import reject
from schemas.tables import PREPARED, REJECTS
from transforms.lake.rows import prepared_table, rejects_table

_TEXT = st.text(max_size=12)
_TIMES = st.none() | st.datetimes(
    datetime(1900, 1, 1),  # noqa: DTZ001  the zone is drawn
    datetime(2100, 1, 1),  # noqa: DTZ001
    timezones=st.just(UTC) | st.just(timezone(timedelta(hours=-9))),
)
_MENTIONS = st.builds(
    Mention, field=st.sampled_from(["title", "text"]), text=_TEXT, start=st.integers(0, 9), end=st.integers(0, 9)
)
_ENTITIES = st.builds(
    Entity,
    type=st.sampled_from(["person", "place"]),
    name=_TEXT,
    id=st.none() | _TEXT,
    count=st.integers(0, 9),
    mentions=st.lists(_MENTIONS, max_size=3).map(tuple),
)
_ARTICLES = st.builds(
    Article,
    **dict.fromkeys(("article_id", "item_key", "content_hash", "raw_sha256", "source_uri", "title", "text"), _TEXT),
    source_kind=st.just("rss"),
    text_kind=st.just("full"),
    word_count=st.integers(0, 1000),
    item_id=st.none() | _TEXT,
    authors=st.lists(_TEXT, max_size=3).map(tuple),
    published_at=_TIMES,
    updated_at=_TIMES,
    language_score=st.none() | st.just(0.5),
    extra=st.dictionaries(_TEXT, _TEXT, max_size=3).map(lambda extra: tuple(extra.items())),
    entities=st.lists(_ENTITIES, max_size=3).map(tuple),
)


def _as_dict(entity: Entity) -> dict:
    return entity._asdict() | {"mentions": [mention._asdict() for mention in entity.mentions]}


@given(st.lists(_ARTICLES, max_size=5))
def test_every_field_comes_back_as_it_was(articles: list[Article]) -> None:
    table = prepared_table(articles, "t1")
    assert table.schema.equals(PREPARED)
    table.validate(full=True)
    for article, row in zip(articles, table.to_pylist(), strict=True):
        assert row.pop("tags_version") == "t1"
        at = article.published_at
        assert row.pop("published_date") == (None if at is None else at.astimezone(UTC).date())
        assert row.pop("entities") == [_as_dict(entity) for entity in article.entities]
        for name, value in row.items():
            expected = getattr(article, name)
            assert value == (list(expected) if isinstance(expected, tuple) else expected)


def test_no_article_gives_an_empty_table() -> None:
    assert prepared_table([]).schema.equals(PREPARED)
    assert rejects_table([]).schema.equals(REJECTS)


def test_a_file_name_that_is_no_unicode_is_escaped() -> None:
    broken = reject("a\udcff.txt#line=1", "read", Reason.BROKEN_RECORD, "no JSON", b"{")
    assert rejects_table([broken])["source_uri"].to_pylist() == ["a\\udcff.txt#line=1"]


def test_rejects_keep_their_fields_and_wait_for_a_commit() -> None:
    broken = reject("a.jsonl#line=1", "read", Reason.BROKEN_RECORD, "no JSON", b"{\xff")
    (row,) = rejects_table([broken]).to_pylist()
    assert {name for name, value in row.items() if value is None} == {"run_id", "commit", "rejected_at"}
    assert (row["reason"], row["payload"], row["payload_bytes"]) == ("broken_record", b"{\xff", 2)
    assert isinstance(rejects_table([broken]), pa.Table)
