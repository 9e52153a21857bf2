"""What travels through the pipeline: one flat frozen record a meaning.

Not registered as Beam row schemas on purpose: the row coder would turn tuples into lists.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Generic, Literal, NamedTuple, TypeVar

from schemas.reasons import Reason

SourceKind = Literal["text", "html", "jsonl", "csv", "parquet", "rss", "rdf", "atom", "jsonfeed", "sitemap"]
SegmentKind = Literal[SourceKind, "polled"]  # polled: records of live feeds, parsed already
TextKind = Literal["full", "summary", "title"]
EntityType = Literal["person", "place", "organisation"]
Outcome = Literal["new", "revision", "exact", "near", "excerpt", "expansion", "seen"]

MAX_TEXT_CHARS = 1_000_000
"""Of one article, as read and as stored: what is longer is refused, never cut."""


@dataclass(frozen=True, slots=True)
class Segment:
    """A stretch of one input that is read without its neighbours.

    `start` and `end` are bytes for line formats and rows for Parquet; a whole file has end = -1.
    """

    uri: str  # as the user would name it; what source_uri begins with
    path: str  # where the bytes lie: the same file, or a decompressed piece of it in staging
    kind: SegmentKind
    start: int = 0
    end: int = -1
    first_place: int = 1  # line or row number of the first record, for source_uri
    charset: str = "utf-8"  # for line formats; whole files decide by themselves
    header: tuple[str, ...] = ()  # column names of a CSV
    delimiter: str = ","  # of a CSV
    refusal: Reason | None = None  # the input cannot be read at all: Read makes it one reject
    refusal_detail: str = ""
    place: str = "line"  # what numbers in source_uri count: lines, rows of a table, items of a JSON array


@dataclass(frozen=True, slots=True)
class Chunk:
    """What one worker reads at a time: at most 1,000 records and 4 MB, unless one record is larger."""

    slice_number: int  # slices are committed one by one, in this order
    ordinal: int  # rises over the whole run in reading order; in an unbounded pipeline a name that no other has
    segments: tuple[Segment, ...]
    polls: str = ""  # a file with the rows of `polls` that are committed with what the chunk holds
    staged: tuple[str, ...] = ()  # files of an unbounded pipeline that go when the chunk is committed


@dataclass(frozen=True, slots=True)
class RawArticle:
    """One record as received: strings as decoded, nothing decided."""

    source_uri: str  # file or feed with the record's place: a.jsonl#line=12, feed.xml#entry=3
    source_kind: SourceKind
    raw_sha256: str  # hex, of the decoded fields that carry identity and content
    item_id: str | None = None  # the input's own id or the entry's guid, verbatim
    source: str | None = None
    feed: str | None = None  # what a guid is unique in: the feed's own URL, else its title
    url: str | None = None
    canonical_link: str | None = None  # rel=canonical or og:url of a page
    title: str | None = None
    text: str | None = None
    markup: bool = False  # text is HTML and becomes plain text in Normalize
    text_kind: TextKind = "full"
    authors: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    published: str | None = None  # as found
    published_source: str | None = None  # field, entry, feed, json-ld, meta, time
    updated: str | None = None
    declared_language: str | None = None
    fetched_at: datetime | None = None  # of live feeds only
    extra: tuple[tuple[str, str], ...] = ()


class Mention(NamedTuple):
    """Where a name stands; start and end count code points of the field.

    A tuple, for an article has some 80 of them, and a frozen dataclass takes twice as long to make.
    """

    field: Literal["title", "text"]
    text: str
    start: int
    end: int


class Entity(NamedTuple):
    """A person, place or organisation in one article; count is over title and text. A tuple, as `Mention` is."""

    type: EntityType
    name: str
    id: str | None  # iso:FR, geonames:2988507, wikidata:Q90, only where sure
    count: int  # type: ignore[assignment]  # of a tuple's own methods, which nobody asks of an entity
    mentions: tuple[Mention, ...]


@dataclass(frozen=True, slots=True)
class Article:
    """One story version, normalized; tags are filled in by their stages."""

    article_id: str  # 32 hex
    item_key: str  # 32 hex
    content_hash: str  # version prefix and hex
    raw_sha256: str
    source_uri: str
    source_kind: SourceKind
    title: str
    text: str
    text_kind: TextKind
    word_count: int
    item_id: str | None = None
    source: str | None = None
    url: str | None = None
    canonical_url: str | None = None
    authors: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    published_at: datetime | None = None  # UTC
    published_raw: str | None = None
    published_source: str | None = None
    updated_at: datetime | None = None  # UTC
    fetched_at: datetime | None = None  # UTC
    declared_language: str | None = None
    extra: tuple[tuple[str, str], ...] = ()
    language: str = "und"
    language_score: float | None = None
    language_runner_up: str | None = None
    language_runner_up_score: float | None = None
    entities: tuple[Entity, ...] = ()


@dataclass(frozen=True, slots=True)
class Reject:
    """Something that could not become an article, kept with its reason. Made by `schemas.rejects.reject`."""

    reject_id: str  # 32 hex, of source_uri, reason and payload_sha256
    source_uri: str  # with the place
    stage: str
    reason: Reason
    detail: str  # at most 500 characters
    payload: bytes  # at most 64 KB of what was refused
    payload_bytes: int  # how much there was
    payload_sha256: str  # of all of it, hex


RecordT = TypeVar("RecordT", RawArticle, Article)


@dataclass(frozen=True, slots=True)
class Batch(Generic[RecordT]):
    """A chunk on its way: every record read is an article, a reject or counted as seen, at every stage."""

    slice_number: int
    ordinal: int
    read: int
    articles: Sequence[RecordT]
    rejects: tuple[Reject, ...] = ()
    seen: int = 0
    polls: str = ""  # this and the next as in Chunk
    staged: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Spill:
    """Where a chunk's prepared articles and rejects wait in staging for Fold and Commit."""

    slice_number: int
    ordinal: int
    path: str  # an Arrow IPC file of schemas.tables.SPILL_*; its rejects lie beside it as path + ".rejects"
    read: int
    seen: int
    articles: int
    rejects: int
    polls: str = ""  # this and the next as in Chunk
    staged: tuple[str, ...] = ()
