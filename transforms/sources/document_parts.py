"""A parsed document on its way through the pipe of the parser process, and as it is held on the other side.

It comes in parts, each a line of JSON in UTF-8, because as a whole it may be 60 MB of strings on each side of the pipe.
"""

import json
from collections.abc import Iterable, Iterator
from dataclasses import asdict, fields
from itertools import groupby
from operator import itemgetter
from typing import Any

from schemas.reasons import Reason
from transforms.sources.feed_document import Fault, Kept, ParsedArticle, ParsedDocument
from transforms.sources.packed import Packed, json_line, packed

_HEAD_FIELDS = tuple(one.name for one in fields(ParsedDocument) if one.name not in {"articles", "faults"})
_ARTICLE_FIELDS = tuple(one.name for one in fields(ParsedArticle))


def to_parts(document: ParsedDocument) -> Iterator[tuple[str, bytes]]:
    """Yield `document` as named parts for the pipe: the head, each article, each fault.

    Every part is a line of JSON in UTF-8. One at a time, because a document may have 15 MB, and a letter four bytes.
    """
    yield "head", json_line({name: getattr(document, name) for name in _HEAD_FIELDS})
    for article in document.articles:
        yield "article", _article_line(article)
    for fault in document.faults:
        yield "fault", json_line({**asdict(fault), "payload": fault.payload and _told(fault.payload)})


def from_parts(parts: Iterable[tuple[str, bytes]]) -> ParsedDocument:
    """Return the document that `to_parts` wrote; its articles and faults stay packed until they are read."""
    # Each kind comes in one run: the order of parts is fixed, and what follows a kind is read when it is through.
    found = {name: packed((part for _, part in same), _DECODERS[name]) for name, same in groupby(parts, itemgetter(0))}
    (head,) = found["head"]
    return ParsedDocument(**head, articles=found.get("article", ()), faults=found.get("fault", ()))


def packed_parsed(articles: Iterable[ParsedArticle]) -> Packed[ParsedArticle]:
    """Return articles as they come through the pipe."""
    return packed(map(_article_line, articles), _article_of_line)


def _article_line(article: ParsedArticle) -> bytes:
    return json_line({name: getattr(article, name) for name in _ARTICLE_FIELDS})


def _told(payload: Kept) -> tuple[str, int, str]:
    """Return bytes as text that any bytes come back from."""
    return payload.head.decode("utf-8", "surrogateescape"), payload.size, payload.sha256


def _article_of_line(line: bytes) -> ParsedArticle:
    """Return the article of a part."""
    told = json.loads(line)
    told["authors"] = tuple(told["authors"])
    told["categories"] = tuple(told["categories"])
    told["extra"] = tuple((name, value) for name, value in told["extra"])
    return ParsedArticle(**told)


def _fault_of_line(line: bytes) -> Fault:
    told = json.loads(line)
    payload = told["payload"]
    if payload is not None:
        head, size, digest = payload
        payload = Kept(head.encode("utf-8", "surrogateescape"), size, digest)
    return Fault(told["place"], Reason(told["reason"]), told["detail"], payload)


_DECODERS: dict[str, Any] = {"head": json.loads, "article": _article_of_line, "fault": _fault_of_line}
