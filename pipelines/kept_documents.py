"""Which kept documents of live feeds hold an item: found by reading them again, for a feed spells it its own way."""

import logging
from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from pathlib import Path

from schemas.records import Article, RawArticle
from transforms.feeds.archive import documents
from transforms.feeds.attempt import Attempt
from transforms.feeds.poll import parsed
from transforms.lake.doomed import Doomed, mentions
from transforms.lake.layout import Lake
from transforms.normalize.article import normalize
from transforms.normalize.identity import copy_key
from transforms.normalize.urls import host_of
from transforms.sources.parser_process import ParserProcess

_LOG = logging.getLogger(__name__)


def documents_with(lake: Lake, doomed: Doomed) -> list[Path]:
    """Return the files of `_archive` and `_fetched` that hold one of the items that go, in any version."""
    hosts = {host_of(address).removeprefix("www.").encode() for address in doomed.addresses}
    with ParserProcess() as parser:
        return [
            path
            for path, attempt in _readable(lake)
            if _may_hold(attempt, hosts, doomed.feeds) and _holds(attempt, doomed, parser)
        ]


def _readable(lake: Lake) -> Iterator[tuple[Path, Attempt]]:
    for path, attempt in documents(lake.archive, lake.fetched):
        if attempt is None:
            _LOG.warning("%s is damaged and cannot be searched; delete it if it may hold what is to be forgotten", path)
        elif attempt.body:
            yield path, attempt


def _may_hold(attempt: Attempt, hosts: AbstractSet[bytes], feeds: AbstractSet[str]) -> bool:
    """Tell whether a document is worth reading: it names a site of the items, or its feed has brought one before."""
    if not hosts and not feeds:  # nothing to go by: items that were named by an id, or stored without an address
        return True
    told = attempt.answered_by.encode("utf-8", "surrogatepass") + attempt.body
    # Of UTF-16 every letter but the zeros.
    told = told.replace(b"\0", b"").lower()
    return attempt.answered_by in feeds or any(host in told for host in hosts)


def _holds(attempt: Attempt, doomed: Doomed, parser: ParserProcess) -> bool:
    # Through parser and identity, for the same item is spelled otherwise in a feed and in the lake.
    copies = {version.copy_key for version in doomed.versions} - {None}
    articles, refused, _ = parsed(attempt, parser)
    return any(_is_one(raw, attempt, doomed, copies) for raw in articles) or any(
        mentions(one.payload, doomed.addresses) for one in refused
    )


def _is_one(raw: RawArticle, attempt: Attempt, doomed: Doomed, copies: AbstractSet[str | None]) -> bool:
    article = normalize(raw, attempt.moment.now)
    if not isinstance(article, Article):
        return mentions(article.payload, doomed.addresses)
    copied = bool(article.text) and copy_key(article.source, article.content_hash) in copies
    return copied or article.item_key in doomed.items
