"""Which kept documents hold what is to be forgotten."""

import gzip
import logging
from datetime import UTC, datetime

import pytest

from pipelines import kept_documents
from pipelines.kept_documents import documents_with
from transforms.feeds.archive import Archive
from transforms.feeds.attempt import Attempt
from transforms.feeds.moments import Moment
from transforms.feeds.poll import parsed
from transforms.lake.doomed import Doomed, Version
from transforms.lake.layout import create_or_open
from transforms.normalize.article import normalize
from transforms.normalize.identity import copy_key
from transforms.sources.parser_process import ParserProcess

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
FEED = "https://feed.example/rss"
ITEM = "<item><guid>{0}</guid><link>https://www.paper.example/news/{0}</link><title>Title {0}</title><description>Text {0}</description></item>"


def feed(*items, charset="utf-8"):
    head = f"<?xml version='1.0' encoding='{charset}'?><rss version='2.0'><channel><title>Paper</title>"
    return (head + "".join(ITEM.format(item) for item in items) + "</channel></rss>").encode(charset)


def attempt(body, minute=0, answered_by=FEED):
    moment = Moment(NOON.replace(minute=minute), "boot", float(minute))
    return Attempt(FEED, moment, status=200, headers={"Content-Type": "text/xml"}, body=body, answered_by=answered_by)


@pytest.fixture(scope="module")
def article():
    """The article that the first item of a feed becomes."""
    with ParserProcess() as parser:
        ((raw,), _, _) = parsed(attempt(feed(1)), parser)
    return normalize(raw, NOON)


@pytest.fixture
def lake(tmp_path):
    return create_or_open(tmp_path / "lake")


@pytest.fixture
def keep(lake):
    """Keep answers as a poll does; return their files."""

    def kept(*attempts):
        for one in attempts:
            archive = Archive(lake.fetched, None)
            archive.begin(one.feed, one.moment)
            archive.keep(one)
        return sorted(lake.fetched.glob("*"))

    return kept


def doomed(article, **given):
    return Doomed(
        **(
            {"items": frozenset({article.item_key}), "addresses": frozenset({"https://www.paper.example/news/1"})}
            | given
        )
    )


def test_a_document_with_the_item_is_found_and_others_are_not(lake, keep, article):
    files = keep(attempt(feed(1, 2)), attempt(feed(2, 3), 1))
    (found,) = documents_with(lake, doomed(article))
    assert found in files
    assert b"Title 1" in gzip.decompress(found.read_bytes())


def test_the_same_words_under_another_address_are_found(lake, keep, article):
    keep(attempt(feed(1).replace(b"news/1", b"archive/7")))
    version = Version(None, "0" * 32, copy_key(article.source, article.content_hash))
    other = doomed(article, items=frozenset({"0" * 32}), versions=frozenset({version}))
    assert len(documents_with(lake, other)) == 1
    assert documents_with(lake, doomed(article, items=frozenset({"0" * 32}))) == []


@pytest.mark.parametrize("charset", ["utf-16", "utf-16-le", "utf-8"])
def test_a_site_is_named_in_whatever_width_of_letters(lake, keep, article, charset):
    assert kept_documents._may_hold(attempt(feed(1, charset=charset)), {b"paper.example"}, frozenset())
    assert not kept_documents._may_hold(attempt(feed(1, charset=charset)), {b"other.example"}, frozenset())


@pytest.mark.parametrize(
    ("hosts", "feeds", "worth"),
    [
        (set(), set(), True),  # an item without an address may be anywhere
        ({b"paper.example"}, set(), True),
        ({b"other.example"}, set(), False),
        ({b"other.example"}, {FEED}, True),
        (set(), {"https://feed.example/other"}, False),
        ({b"feed.example"}, set(), True),  # it answered itself
    ],
)
def test_only_what_may_hold_an_item_is_read(hosts, feeds, worth):
    assert kept_documents._may_hold(attempt(feed(1).upper()), hosts, feeds) == worth


@pytest.mark.parametrize(
    "body",
    [
        # Of an item without words no article is made, and a page is no feed.
        b"<rss version='2.0'><channel><item><link>https://www.paper.example/news/1</link></item></channel></rss>",
        b"<!doctype html><html><a href='https://www.paper.example/news/1'>Title 1</a></html>",
    ],
)
def test_an_address_in_what_was_refused_is_found(lake, keep, article, body):
    keep(attempt(body))
    assert len(documents_with(lake, doomed(article))) == 1
    assert documents_with(lake, doomed(article, addresses=frozenset({"https://www.paper.example/news/2"}))) == []


def test_a_torn_document_is_named_and_passed_over(lake, keep, article, caplog):
    (path,) = keep(attempt(feed(1)))
    path.write_bytes(path.read_bytes()[:-20])
    with caplog.at_level(logging.WARNING):
        assert documents_with(lake, doomed(article)) == []
    assert f"{path} is damaged and cannot be searched; delete it" in caplog.text


def test_an_answer_without_a_body_holds_nothing(lake, keep, article):
    keep(attempt(b""))
    assert documents_with(lake, doomed(article)) == []
