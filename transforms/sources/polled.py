"""Records of live feeds on their way from the poll to Read: parsed once, and kept in staging until their commit.

A line of JSON a record. What a poll decides needs the parsed document, and so does the graph; parsing is the dearest
part of both.
"""

import base64
import json
from collections.abc import Iterable, Iterator
from dataclasses import fields
from datetime import datetime
from pathlib import Path
from typing import Any

from schemas.reasons import Reason
from schemas.records import RawArticle, Reject

_TUPLES = ("authors", "categories")


def write_polled(path: Path, articles: Iterable[RawArticle], rejects: Iterable[Reject]) -> None:
    """Write records where `read_polled` finds them, the articles first."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="ascii") as file:
        file.writelines(json.dumps(told) + "\n" for told in _told(articles, rejects))


def read_polled(path: str) -> tuple[list[RawArticle], list[Reject]]:
    """Return the records as they were written, in their order."""
    articles: list[RawArticle] = []
    rejects: list[Reject] = []
    with Path(path).open(encoding="ascii") as file:
        for line in file:
            told = json.loads(line)
            if "reason" in told:
                rejects.append(_reject(told))
            else:
                articles.append(_article(told))
    return articles, rejects


def _told(articles: Iterable[RawArticle], rejects: Iterable[Reject]) -> Iterator[dict[str, Any]]:
    for article in articles:
        at = article.fetched_at
        yield _flat(article) | {"fetched_at": None if at is None else at.isoformat()}
    for reject in rejects:
        yield _flat(reject) | {"payload": base64.b64encode(reject.payload).decode("ascii")}


def _flat(record: RawArticle | Reject) -> dict[str, Any]:
    return {field.name: getattr(record, field.name) for field in fields(record)}


def _article(told: dict[str, Any]) -> RawArticle:
    at = told.pop("fetched_at")
    lists: dict[str, Any] = {name: tuple(told.pop(name)) for name in _TUPLES}
    extra = tuple((name, value) for name, value in told.pop("extra"))
    return RawArticle(**told, **lists, extra=extra, fetched_at=None if at is None else datetime.fromisoformat(at))


def _reject(told: dict[str, Any]) -> Reject:
    return Reject(**told | {"reason": Reason(told["reason"]), "payload": base64.b64decode(told["payload"])})
