"""Articles and rejects as Arrow tables, column by column: rows of Python objects never exist."""

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime
from itertools import accumulate, chain
from operator import attrgetter
from typing import Any

import pyarrow as pa

from schemas.records import Article, Entity, Mention, Reject
from schemas.tables import ENTITY, MENTION, PREPARED, REJECTS

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_EPOCH_DAY = date(1970, 1, 1).toordinal()
_DATE32 = pa.date32()


def prepared_table(articles: Sequence[Article], tags_version: str | None = None) -> pa.Table:
    """Return `articles` as a table of schema PREPARED, one row each, in order.

    Text that is no valid Unicode (lone surrogates, as file names have them) is kept in escaped form.
    """
    columns: dict[str, pa.Array] = {
        field.name: _strings([getattr(article, field.name) for article in articles])
        for field in PREPARED
        if field.type == pa.string() and field.name != "tags_version"
    }
    columns["authors"] = _string_lists([article.authors for article in articles])
    columns["categories"] = _string_lists([article.categories for article in articles])
    columns["published_at"] = _times([article.published_at for article in articles])
    columns["published_date"] = _days([article.published_at for article in articles])
    columns["updated_at"] = _times([article.updated_at for article in articles])
    columns["fetched_at"] = _times([article.fetched_at for article in articles])
    columns["language_score"] = pa.array([article.language_score for article in articles], pa.float32())
    columns["language_runner_up_score"] = pa.array(
        [article.language_runner_up_score for article in articles], pa.float32()
    )
    columns["entities"] = entity_lists([article.entities for article in articles])
    columns["word_count"] = pa.array([article.word_count for article in articles], pa.int32())
    columns["extra"] = _maps([article.extra for article in articles])
    # One value for the batch: retag finds by it which rows other taggers have tagged.
    columns["tags_version"] = pa.repeat(pa.scalar(tags_version, pa.string()), len(articles))
    return pa.table([columns[name] for name in PREPARED.names], schema=PREPARED)


def rejects_table(rejects: Sequence[Reject]) -> pa.Table:
    """Return `rejects` as a table of schema REJECTS; run_id, commit and rejected_at are null until the commit."""
    columns: dict[str, pa.Array] = {
        name: _strings([str(getattr(reject, name)) for reject in rejects])
        for name in ("reject_id", "source_uri", "stage", "reason", "detail", "payload_sha256")
    }
    columns["payload"] = pa.array([reject.payload for reject in rejects], pa.binary())
    columns["payload_bytes"] = pa.array([reject.payload_bytes for reject in rejects], pa.int64())
    nulls = {name: pa.nulls(len(rejects), REJECTS.field(name).type) for name in ("run_id", "commit", "rejected_at")}
    return pa.table([{**columns, **nulls}[name] for name in REJECTS.names], schema=REJECTS)


def _strings(values: list[str | None]) -> pa.Array:
    # Tried as they are, all at once, for lone surrogates are rare.
    try:
        return pa.array(values, pa.string())
    except UnicodeEncodeError:
        return pa.array([_escaped(value) for value in values], pa.string())


def _escaped(value: str | None) -> str | None:
    return None if value is None else value.encode("utf-8", "backslashreplace").decode("utf-8")


def _times(values: list[datetime | None]) -> pa.Array:
    """Return microseconds since 1970; given as integers, for Arrow asks each datetime for its zone (1 µs each)."""
    return pa.array([None if at is None else _microseconds(at) for at in values], pa.int64()).cast(
        PREPARED.field("published_at").type
    )


def _microseconds(at: datetime) -> int:
    since = at - _EPOCH
    return (since.days * 86_400 + since.seconds) * 1_000_000 + since.microseconds


def _days(values: list[datetime | None]) -> pa.Array:
    # The day in UTC, as all times are: a query by day must not depend on where an article was published.
    days = [None if at is None else at.astimezone(UTC).toordinal() - _EPOCH_DAY for at in values]
    return pa.array(days, pa.int32()).cast(_DATE32)


def _offsets(lengths: Iterable[int]) -> pa.Array:
    return pa.array(list(accumulate(lengths, initial=0)), pa.int32())


def _string_lists(values: list[tuple[str, ...]]) -> pa.Array:
    return pa.ListArray.from_arrays(_offsets(map(len, values)), _strings(list(chain.from_iterable(values))))


def _maps(values: list[tuple[tuple[str, str], ...]]) -> pa.Array:
    pairs = list(chain.from_iterable(values))
    keys, items = _strings([key for key, _ in pairs]), _strings([item for _, item in pairs])
    return pa.MapArray.from_arrays(_offsets(map(len, values)), keys, items)


def entity_lists(values: Sequence[tuple[Entity, ...]]) -> pa.Array:
    """Return the entities of each article, with their mentions."""
    entities, mentions = _Columns(ENTITY, leave_out=("mentions",)), _Columns(MENTION)
    lengths: list[int] = []
    # Article by article: an article has some 50 mentions, and what was just met is still in the processor's cache.
    for some in values:
        entities.extend(some)
        lengths += [len(entity.mentions) for entity in some]
        mentions.extend(list(chain.from_iterable(map(attrgetter("mentions"), some))))
    places = pa.ListArray.from_arrays(_offsets(lengths), mentions.structs())
    return pa.ListArray.from_arrays(_offsets(map(len, values)), entities.structs(mentions=places))


class _Columns:
    """Records as one list a field, and these as structs."""

    def __init__(self, of: pa.StructType, leave_out: Sequence[str] = ()) -> None:
        self._fields = [of.field(index) for index in range(of.num_fields)]
        self._values: dict[str, list[Any]] = {one.name: [] for one in self._fields if one.name not in leave_out}
        self._getters = [(attrgetter(name), values) for name, values in self._values.items()]

    def extend(self, records: Sequence[Entity] | Sequence[Mention]) -> None:
        """Add the fields of records."""
        for get, values in self._getters:
            values.extend(map(get, records))

    def structs(self, **given: pa.Array) -> pa.StructArray:
        """Return the records as structs; what was left out is given."""
        arrays = [given[field.name] if field.name in given else self._array(field) for field in self._fields]
        return pa.StructArray.from_arrays(arrays, fields=self._fields)

    def _array(self, field: pa.Field) -> pa.Array:
        values = self._values[field.name]
        return _strings(values) if field.type == pa.string() else pa.array(values, field.type)
