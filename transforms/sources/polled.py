"""Records of live feeds on their way from the poll to Read: parsed once, and kept in staging until their commit.

A line of JSON in UTF-8 a record. What a poll decides needs the parsed document, and so does the graph; parsing is the
dearest part of both.
"""

import json
from collections.abc import Iterable
from dataclasses import fields
from datetime import datetime
from pathlib import Path
from typing import Any

from schemas.reasons import Reason
from schemas.records import RawArticle, Reject
from transforms.sources.packed import Packed, json_line, packed

_TUPLES = ("authors", "categories")
_ARTICLE_FIELDS = tuple(field.name for field in fields(RawArticle))
_REJECT_FIELDS = tuple(field.name for field in fields(Reject))


def packed_articles(articles: Iterable[RawArticle]) -> Packed[RawArticle]:
    """Return articles as the lines that `write_polled` writes."""
    return packed(map(_article_line, articles), _article)


def packed_rejects(rejects: Iterable[Reject]) -> Packed[Reject]:
    """Return rejects as the lines that `write_polled` writes."""
    return packed(map(_reject_line, rejects), _reject)


def write_polled(path: Path, lines: Iterable[bytes]) -> None:
    """Write the lines of packed records where `read_polled` finds them."""
    path.parent.mkdir(parents=True, exist_ok=True)
    # Not renamed into place: a chunk names it only when it is whole, and a bundle that runs again writes it anew.
    with path.open("wb") as file:
        for line in lines:
            file.write(line + b"\n")


def read_polled(path: str) -> tuple[list[RawArticle], list[Reject]]:
    """Return the records as they were written, in their order."""
    articles: list[RawArticle] = []
    rejects: list[Reject] = []
    with Path(path).open("rb") as file:
        for line in file:
            told = json.loads(line)
            if "reason" in told:
                rejects.append(_reject_of(told))
            else:
                articles.append(_article_of(told))
    return articles, rejects


def _article_line(article: RawArticle) -> bytes:
    at = article.fetched_at
    told = {name: getattr(article, name) for name in _ARTICLE_FIELDS}
    return json_line(told | {"fetched_at": None if at is None else at.isoformat()})


def _reject_line(reject: Reject) -> bytes:
    # Any bytes come back from this text, and nearly all are UTF-8: in base64 they would deflate worse.
    payload = reject.payload.decode("utf-8", "surrogateescape")
    return json_line({name: getattr(reject, name) for name in _REJECT_FIELDS} | {"payload": payload})


def _article(line: bytes) -> RawArticle:
    return _article_of(json.loads(line))


def _article_of(told: dict[str, Any]) -> RawArticle:
    at = told.pop("fetched_at")
    lists: dict[str, Any] = {name: tuple(told.pop(name)) for name in _TUPLES}
    extra = tuple((name, value) for name, value in told.pop("extra"))
    return RawArticle(**told, **lists, extra=extra, fetched_at=None if at is None else datetime.fromisoformat(at))


def _reject(line: bytes) -> Reject:
    return _reject_of(json.loads(line))


def _reject_of(told: dict[str, Any]) -> Reject:
    payload = told["payload"].encode("utf-8", "surrogateescape")
    return Reject(**told | {"reason": Reason(told["reason"]), "payload": payload})
