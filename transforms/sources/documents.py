"""Whole files that are parsed at once, saved or fetched: feeds and HTML pages to raw articles and rejects."""

from collections.abc import Iterator
from typing import Any

from schemas.reasons import Reason
from schemas.records import RawArticle, Reject, SourceKind
from schemas.rejects import reject_known
from transforms.markup.limits import MAX_HTML_BYTES
from transforms.sources.entries_alone import read_entries_alone
from transforms.sources.feed_document import MAX_FEED_BYTES, Fault, ParsedArticle, ParsedDocument, kept, refused
from transforms.sources.fields import CHARSET_KEY, raw_digest
from transforms.sources.parser_process import ParserDied, ParserProcess, ParserTooSlow
from transforms.sources.redaction import redacted, scrubbed, without_secrets

STAGE = "read"


def read_document(
    payload: bytes, uri: str, kind: SourceKind, parser: ParserProcess
) -> tuple[list[RawArticle], list[Reject]]:
    """Read one feed or HTML page.

    Args:
        payload: the file's bytes, decompressed.
        uri: what source_uri begins with; secrets in an address are replaced by a hash.
        kind: html, or any kind of feed; which feed it is, the bytes decide.
        parser: the process that parses.

    Returns:
        The articles (`uri#entry=3` for entries, the plain uri for pages) and what was refused.
    """
    articles, rejects = document_records(payload, uri, kind, parser)
    return list(articles), list(rejects)


def document_records(
    payload: bytes, uri: str, kind: SourceKind, parser: ParserProcess, content_type: str = ""
) -> tuple[Iterator[RawArticle], Iterator[Reject]]:
    """As `read_document`, one record at a time; `content_type` is what a server said the document is."""
    document = _parse(payload, uri, kind, parser, content_type)
    place_free = redacted(uri)
    # Made as they are asked for: of a feed of 15 MB all at once would be 60 MB of strings.
    articles = (_raw(article, document, place_free) for article in document.articles)
    return articles, (_reject(fault, uri, payload) for fault in document.faults)


def _parse(payload: bytes, uri: str, kind: SourceKind, parser: ParserProcess, content_type: str) -> ParsedDocument:
    limit = MAX_HTML_BYTES if kind == "html" else MAX_FEED_BYTES
    if len(payload) > limit:
        return refused(kind, Reason.TOO_LARGE, f"{len(payload)} bytes; at most {limit} are read")
    try:
        return parser.parse("html" if kind == "html" else "feed", payload, uri, content_type)
    except ParserTooSlow as error:
        # A page is one record; of a feed one slow entry must not cost the others.
        slow = refused(kind, Reason.TOO_SLOW, str(error))
        return slow if kind == "html" else read_entries_alone(payload, uri, kind, parser, content_type) or slow
    except ParserDied as error:
        return refused(kind, Reason.PARSER_DIED, str(error))


def _located(uri: str, place: int | None) -> str:
    return uri if place is None else f"{uri}#entry={place}"


def _raw(article: ParsedArticle, document: ParsedDocument, uri: str) -> RawArticle:
    # What carries identity and content. How it was read does not: a better reader must not make new versions.
    told: dict[str, Any] = {
        "item_id": article.item_id,
        "source": document.title,
        "feed": document.feed,
        "url": article.url,
        "canonical_link": article.canonical_link,
        "title": article.title,
        "text": article.text,
        "published": article.published,
        "updated": article.updated,
        "authors": article.authors,
        "categories": article.categories,
        "declared_language": article.language,
    }
    return RawArticle(
        source_uri=_located(uri, article.place),
        source_kind=document.kind,
        raw_sha256=raw_digest(**told, extra=article.extra),
        markup=article.markup,
        text_kind=article.text_kind,
        published_source=article.published_source,
        extra=_extra(article, document),
        **told,
    )


def _extra(article: ParsedArticle, document: ParsedDocument) -> tuple[tuple[str, str], ...]:
    """Return the article's extra fields, and how the document was read where that is not as it should be."""
    notes = [(CHARSET_KEY, document.charset)] if document.charset != "utf-8" else []
    if document.warning:
        notes.append(("newsfold:feed_warning", document.warning))
    return (*article.extra, *notes)


def _reject(fault: Fault, uri: str, payload: bytes) -> Reject:
    head, size, digest = fault.payload or kept(payload)  # of an entry its own, else all of the document
    place = _located(redacted(uri), fault.place)
    return reject_known(place, STAGE, fault.reason, scrubbed(fault.detail), without_secrets(head, uri), size, digest)
