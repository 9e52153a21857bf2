"""From a record of named values to a RawArticle: the one place where formats with fields meet."""

import hashlib
import json
import math
import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

from schemas.reasons import Reason
from schemas.records import MAX_TEXT_CHARS, RawArticle, SourceKind, TextKind
from transforms.sources.columns import Layout, layout_of

CHARSET_KEY = "newsfold:charset"
_ENCODE = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"), check_circular=False).encode
_SURROGATE = re.compile("[\ud800-\udfff]")
_LIST_MARKS = re.compile(r"\s*[;|\n]\s*")
_COMMAS = re.compile(r"\s*[,;|\n]\s*")
_NAMED_BY = ("name", "title", "label", "term", "id")
_NOTHING: tuple[str, ...] = ()


class RefusedRecord(ValueError):  # noqa: N818  it is a refusal with a reason, not a fault of ours
    """A record that cannot become a RawArticle; `reason` and the message say why."""

    def __init__(self, reason: Reason, detail: str) -> None:
        super().__init__(detail)
        self.reason = reason


def raw_digest(
    *,
    item_id: str | None = None,
    source: str | None = None,
    feed: str | None = None,
    url: str | None = None,
    canonical_link: str | None = None,
    title: str | None = None,
    text: str | None = None,
    published: str | None = None,
    updated: str | None = None,
    authors: Sequence[str] = (),
    categories: Sequence[str] = (),
    declared_language: str | None = None,
    extra: Sequence[tuple[str, str]] = (),
) -> str:
    """Return the hex SHA-256 of a record's decoded fields, those that carry identity and content.

    The text enters as its own hash: to escape it as JSON would cost more than all else here. Absent fields are left
    out, so that a field added later does not change the digests of records without it.
    Keys of `extra` that are ours (`newsfold:…`) say how the record was read, not what it is, and are left out.
    """
    fields: dict[str, object] = {
        "item_id": item_id,
        "source": source,
        "feed": feed,
        "url": url,
        "canonical_link": canonical_link,
        "title": title,
        "text_sha256": hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest() if text else None,
        "published": published,
        "updated": updated,
        "authors": list(authors),
        "categories": list(categories),
        "declared_language": declared_language,
        "extra": {key: value for key, value in extra if not key.startswith("newsfold:")},
    }
    # Sorted keys and no blanks: the digest is stored, and must not depend on how Python lays JSON out.
    canonical = _ENCODE({name: value for name, value in fields.items() if value})
    return hashlib.sha256(canonical.encode("utf-8", "surrogatepass")).hexdigest()


def article_of(
    record: Mapping[str, Any],
    uri: str,
    kind: SourceKind,
    mapping: Mapping[str, str],
    charset: str = "utf-8",
) -> RawArticle:
    """Return the RawArticle of one record; `uri` includes the place.

    Raises:
        RefusedRecord: the record has no fields, its text or title is no text, or its text is too long.
    """
    if not record:
        raise RefusedRecord(Reason.NOT_A_RECORD, "the record has no fields")
    layout = layout_of(tuple(record), mapping)
    used: set[str] = set()
    title, _ = _prose(record, layout, "title", used)
    text, markup, text_kind = _body(record, layout, used)
    plain: dict[str, Any] = {field: _plain_value(record, layout, field, used) for field in _PLAIN_TARGETS}
    authors = _authors(record, layout, used)
    categories = _categories(record, layout, used)
    extra = _extra(record, layout, used)
    digest = raw_digest(title=title, text=text, authors=authors, categories=categories, extra=extra, **plain)
    return RawArticle(
        source_uri=uri,
        source_kind=kind,
        raw_sha256=digest,
        title=title,
        text=text,
        markup=markup,
        text_kind=text_kind,
        authors=authors,
        categories=categories,
        published_source="field" if plain["published"] else None,
        extra=extra if charset == "utf-8" else (*extra, (CHARSET_KEY, charset)),
        **plain,
    )


# Target of the layout by field of RawArticle.
_PLAIN_TARGETS: Mapping[str, str] = {
    "item_id": "id",
    "source": "source",
    "url": "url",
    "canonical_link": "canonical_url",
    "published": "published",
    "updated": "updated",
    "declared_language": "language",
}


def _body(record: Mapping[str, Any], layout: Layout, used: set[str]) -> tuple[str | None, bool, TextKind]:
    # The best that holds something: a plain text is nearer to what was written than HTML, and both than a summary.
    kinds: tuple[tuple[str, bool, TextKind], ...] = (
        ("text", False, "full"),
        ("html", True, "full"),
        ("summary", False, "summary"),
    )
    for target, markup, text_kind in kinds:
        text, column = _prose(record, layout, target, used)
        if text is not None:
            if len(text) > MAX_TEXT_CHARS:
                raise RefusedRecord(
                    Reason.TOO_LARGE, f"{column} has {len(text):,} characters; at most {MAX_TEXT_CHARS:,} are read"
                )
            return text, markup, text_kind
    return None, False, "title"


def _prose(record: Mapping[str, Any], layout: Layout, target: str, used: set[str]) -> tuple[str | None, str]:
    """Return the first candidate that is not blank, and its column; refuse one that is no text at all."""
    for column in layout.candidates.get(target, _NOTHING):
        value = record[column]
        if not isinstance(value, str):
            value = _prose_of(value, column)
        if value and not value.isspace():
            used.add(column)
            return value, column
    return None, ""


def _prose_of(value: object, column: str) -> str | None:
    if isinstance(value, list | tuple) and all(isinstance(part, str) for part in value):
        return "\n\n".join(value)  # paragraphs
    if isinstance(value, list | tuple | Mapping | bool | bytes):
        raise RefusedRecord(Reason.BAD_FIELD, f"{column} holds {_kind_of(value)}, not text")
    return scalar(value)


def _plain_value(record: Mapping[str, Any], layout: Layout, field: str, used: set[str]) -> str | None:
    for column in layout.candidates.get(_PLAIN_TARGETS[field], _NOTHING):
        value = record[column]
        text = value if isinstance(value, str) else _name_of(value)
        if text and not text.isspace():
            used.add(column)
            return text
    return None


def _name_of(value: object) -> str | None:
    """Return what names a nested value: `{"id": null, "name": "BBC"}` is BBC."""
    if isinstance(value, Mapping):
        named = (scalar(value.get(key)) for key in _NAMED_BY)
        return next((text for text in named if text), None)
    return scalar(value)


def _authors(record: Mapping[str, Any], layout: Layout, used: set[str]) -> tuple[str, ...]:
    # The first column that holds some, not all of them: author and byline name the same people in two spellings.
    for column in layout.candidates.get("authors", _NOTHING):
        names = _list_of(record[column], _authors_in)
        if names:
            used.add(column)
            return names
    return ()


def _authors_in(text: str) -> list[str]:
    names = _LIST_MARKS.split(text)
    # A comma parts names only if every part is a full name: "Jane Doe, John Roe", but not "Doe, Jane".
    parts = names[0].split(",") if len(names) == 1 else []
    return parts if len(parts) > 1 and all(" " in part.strip() for part in parts) else names


def _categories(record: Mapping[str, Any], layout: Layout, used: set[str]) -> tuple[str, ...]:
    """Return the union of all columns that hold categories: a section and tags say different things."""
    found: dict[str, None] = {}
    for column in layout.candidates.get("categories", _NOTHING):
        # "Arts, Culture & Media" is one section; "arts, media" under a plural name are two tags.
        marks = _COMMAS if column.rstrip().lower().endswith("s") else _LIST_MARKS
        names = _list_of(record[column], marks.split)
        if names:
            used.add(column)
            found.update(dict.fromkeys(names))
    return tuple(found)


def _list_of(value: object, split: Any) -> tuple[str, ...]:
    if value is None:
        return ()
    parts = [_name_of(part) for part in value] if isinstance(value, list | tuple) else split(_name_of(value) or "")
    return tuple(dict.fromkeys(text for part in parts if part and (text := part.strip())))


def _extra(record: Mapping[str, Any], layout: Layout, used: set[str]) -> tuple[tuple[str, str], ...]:
    if len(used) == len(record):  # most records have no further field
        return ()
    kept = ((column, scalar(record[column])) for column in layout.columns if column not in used)
    return tuple((column, text) for column, text in kept if text and not text.isspace())


def scalar(value: object) -> str | None:
    """Return a single value as a string; None for what is missing (NaN too) or not single."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):  # before numbers, of which Python takes it for one
        return "true" if value else "false"
    if isinstance(value, int | Decimal):
        return str(value)
    if isinstance(value, float):
        return _float_text(value)
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    return None


def _float_text(value: float) -> str | None:
    if not math.isfinite(value):
        return None
    # Whole numbers arrive as floats where a column has gaps; beyond 2**53 a float no longer counts by ones.
    return str(int(value)) if value.is_integer() and abs(value) < 2**53 else repr(value)


def without_surrogates(value: Any) -> Any:
    """Return a JSON value with every lone surrogate in its strings and keys replaced by U+FFFD."""
    if isinstance(value, str):
        return _SURROGATE.sub("\ufffd", value)
    if isinstance(value, list):
        return [without_surrogates(part) for part in value]
    if isinstance(value, dict):
        return {without_surrogates(key): without_surrogates(part) for key, part in value.items()}
    return value


def _kind_of(value: object) -> str:
    return {"list": "a list", "tuple": "a list", "bool": "true or false", "bytes": "bytes"}.get(
        type(value).__name__, "an object"
    )
