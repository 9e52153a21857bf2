"""A feed that is too slow as a whole, read entry by entry: the slow entry is lost, its neighbours are not."""

import time
from collections.abc import Iterator, Sequence
from dataclasses import replace

from schemas.reasons import Reason
from schemas.records import SourceKind
from transforms.sources.document_parts import packed_parsed
from transforms.sources.feed_document import Fault, ParsedDocument, kept_text
from transforms.sources.parser_process import ParserDied, ParserProcess, ParserTooSlow


def read_entries_alone(
    payload: bytes, uri: str, kind: SourceKind, parser: ParserProcess, content_type: str = ""
) -> ParsedDocument | None:
    """Return what can be read within the time that one document has in all; None where it cannot be taken apart.

    Every entry has the CPU time of a document; those that are not reached in time are faults like the slow ones.
    """
    # As a whole it was given up once; all its entries together may take that long once more.
    until = time.monotonic() + parser.limits.wall_seconds
    try:
        sources = parser.split(payload, content_type)
    except (ParserTooSlow, ParserDied):
        return None
    if len(sources) < 2:
        return None
    return _together(list(_documents(sources, uri, kind, parser, until)))


def _documents(
    sources: Sequence[str], uri: str, kind: SourceKind, parser: ParserProcess, until: float
) -> Iterator[ParsedDocument]:
    """Yield one document an entry, its place set."""
    for place, source in enumerate(sources, 1):
        if time.monotonic() > until:
            detail = f"entry {place}: the feed took more than {parser.limits.wall_seconds:g} s"
            yield ParsedDocument(kind, faults=(Fault(place, Reason.TOO_SLOW, detail, kept_text(source)),))
            continue
        try:
            yield _placed(parser.parse("feed", source.encode("utf-8", "replace"), uri), place, source)
        except ParserTooSlow as error:
            yield ParsedDocument(
                kind, faults=(Fault(place, Reason.TOO_SLOW, f"entry {place}: {error}", kept_text(source)),)
            )
        except ParserDied as error:
            yield ParsedDocument(
                kind, faults=(Fault(place, Reason.PARSER_DIED, f"entry {place}: {error}", kept_text(source)),)
            )


def _placed(document: ParsedDocument, place: int, source: str) -> ParsedDocument:
    return replace(
        document,
        articles=packed_parsed(replace(article, place=place) for article in document.articles),
        faults=tuple(
            replace(fault, place=place, payload=fault.payload or kept_text(source)) for fault in document.faults
        ),
    )


def _together(documents: list[ParsedDocument]) -> ParsedDocument:
    from transforms.sources.feed_entries import identifying  # noqa: PLC0415  brings the HTML parser with it

    # Over all entries: which guids identify cannot be told from one.
    told_apart = identifying(article for document in documents for article in document.articles)
    articles = packed_parsed(told_apart(article) for document in documents for article in document.articles)
    faults = tuple(fault for document in documents for fault in document.faults)
    # The feed's own part stands in each; the slow ones came without.
    first = next((document for document in documents if document.articles), documents[0])
    return replace(first, warning="TooSlow", articles=articles, faults=faults)
