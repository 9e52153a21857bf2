"""Feeds and pages as raw articles and rejects."""

import hashlib

import pytest

from schemas.reasons import Reason
from transforms.sources.documents import document_records, read_document
from transforms.sources.feed_document import ParsedDocument
from transforms.sources.parser_process import ParserDied, ParserProcess, ParserTooSlow

_RSS = (
    b"<rss version='2.0'><channel><title>Harbour Post</title><link>https://example.org/</link>"
    b"<item><guid isPermaLink='false'>1</guid><title>One</title><description>Text &amp;lt;b&amp;gt;</description></item>"
    b"<item><title>" + b"x" * 1001 + b"</title></item>"
    b"<item><guid isPermaLink='false'>3</guid><title>Three</title></item></channel></rss>"
)
_HTML = (
    b"<html lang='de'><head><title>Die Br\xc3\xbccke</title><link rel='canonical' href='https://example.org/b'>"
    b"<meta property='article:published_time' content='2024-11-05'></head><body><article><p>"
    + b"Der Rat der Stadt hat beschlossen, die Br\xc3\xbccke zu schliessen. " * 5
    + b"</p></article></body></html>"
)


def test_entries_have_their_place_and_their_neighbours_fault_is_not_theirs(parser: ParserProcess) -> None:
    articles, rejects = read_document(_RSS, "saved/feed.xml", "rss", parser)
    assert [article.source_uri for article in articles] == ["saved/feed.xml#entry=1", "saved/feed.xml#entry=3"]
    assert [(reject.source_uri, reject.reason, reject.stage) for reject in rejects] == [
        ("saved/feed.xml#entry=2", Reason.TOO_LARGE, "read")
    ]


def test_an_entry_carries_its_feed(parser: ParserProcess) -> None:
    article = read_document(_RSS, "feed.xml", "rss", parser)[0][0]
    assert (article.source_kind, article.source, article.feed) == ("rss", "Harbour Post", "https://example.org/")
    assert (article.item_id, article.title, article.text_kind) == ("1", "One", "summary")
    assert len(article.raw_sha256) == 64


def test_a_page_is_plain_text_with_its_address(parser: ParserProcess) -> None:
    (article,), rejects = read_document(_HTML, "pages/b.html", "html", parser)
    assert rejects == []
    assert (article.source_uri, article.source_kind, article.item_id) == ("pages/b.html", "html", None)
    assert (article.markup, article.text_kind, article.title) == (False, "full", "Die Brücke")
    assert article.url == article.canonical_link == "https://example.org/b"
    assert (article.published, article.published_source, article.declared_language) == ("2024-11-05", "meta", "de")


def test_the_bytes_decide_which_feed_it_is(parser: ParserProcess) -> None:
    atom = b"<feed xmlns='http://www.w3.org/2005/Atom'><entry><id>1</id><title>t</title></entry></feed>"
    json_feed = b'{"version": "https://jsonfeed.org/version/1", "items": [{"id": "1", "title": "t"}]}'
    kinds = [read_document(payload, "x", "rss", parser)[0][0].source_kind for payload in (atom, json_feed, _RSS)]
    assert kinds == ["atom", "jsonfeed", "rss"]


def test_the_digest_is_of_content_not_of_place(parser: ParserProcess) -> None:
    first = read_document(_RSS, "a.xml", "rss", parser)[0]
    again = read_document(_RSS, "elsewhere/b.xml", "rss", parser)[0]
    changed = read_document(_RSS.replace(b"One", b"Uno"), "a.xml", "rss", parser)[0]
    assert [article.raw_sha256 for article in first] == [article.raw_sha256 for article in again]
    assert changed[0].raw_sha256 != first[0].raw_sha256
    assert changed[1].raw_sha256 == first[1].raw_sha256


def test_a_charset_and_a_warning_are_noted(parser: ParserProcess) -> None:
    payload = "<?xml version='1.0' encoding='windows-1251'?><rss><channel><item><title>Мост & порт</title></item></channel></rss>"
    article = read_document(payload.encode("cp1251"), "x", "rss", parser)[0][0]
    assert article.title == "Мост & порт"
    assert dict(article.extra) == {"newsfold:charset": "cp1251", "newsfold:feed_warning": "SAXParseException"}


def test_what_is_no_feed_is_one_reject_with_its_bytes(parser: ParserProcess) -> None:
    payload = b"<html><body>Not found</body></html>"
    articles, (reject,) = read_document(payload, "feed.xml", "rss", parser)
    assert articles == []
    assert (reject.source_uri, reject.reason, reject.payload) == ("feed.xml", Reason.NOT_A_FEED, payload)
    assert reject.payload_sha256 == hashlib.sha256(payload).hexdigest()


@pytest.mark.parametrize(
    ("payload", "reason"),
    [
        (b"", Reason.EMPTY),
        (b"<html><script>x</script></html>", Reason.EMPTY),
        (b"<div>" * 10_000, Reason.TOO_DEEP),
        (b"x" * (2 * 1024 * 1024 + 1), Reason.TOO_LARGE),
    ],
)
def test_a_page_that_cannot_be_read_is_one_reject(parser: ParserProcess, payload: bytes, reason: Reason) -> None:
    articles, (reject,) = read_document(payload, "p.html", "html", parser)
    assert articles == []
    assert (reject.source_uri, reject.reason) == ("p.html", reason)


def test_a_feed_past_15_mb_is_one_reject(parser: ParserProcess) -> None:
    articles, (reject,) = read_document(b"<rss>" + b" " * (15 << 20), "f.xml", "rss", parser)
    assert (articles, reject.reason, reject.payload_bytes) == ([], Reason.TOO_LARGE, (15 << 20) + 5)


def test_a_feed_in_the_charset_that_its_server_names_may_be_longer_in_utf_8(parser: ParserProcess) -> None:
    item = "<item><title>ข่าว</title><description>" + "ก" * 900_000 + "</description></item>"
    feed = f"<rss version='2.0'><channel><title>T</title>{item * 6}</channel></rss>"
    assert len(feed.encode()) > 15 << 20
    articles, rejects = document_records(feed.encode("cp874"), "x", "rss", parser, "text/xml; charset=windows-874")
    assert [article.title for article in articles] == ["ข่าว"] * 6
    assert list(rejects) == []


class _FailingParser(ParserProcess):
    """Stands in for a parser that a document brings down."""

    def __init__(self, error: Exception) -> None:
        super().__init__()
        self._error = error

    def parse(self, kind: str, payload: bytes, uri: str, content_type: str = "") -> ParsedDocument:
        raise self._error

    def split(self, payload: bytes, content_type: str = "") -> list[str]:
        raise self._error


@pytest.mark.parametrize(
    ("error", "reason"), [(ParserTooSlow("5 s"), Reason.TOO_SLOW), (ParserDied("signal 11"), Reason.PARSER_DIED)]
)
def test_a_document_that_brings_the_parser_down_is_one_reject(error: Exception, reason: Reason) -> None:
    articles, (reject,) = read_document(_RSS, "x", "rss", _FailingParser(error))
    assert articles == []
    assert (reject.reason, reject.source_uri) == (reason, "x")


def test_secrets_in_a_feed_address_show_nowhere(parser: ParserProcess) -> None:
    feed = _RSS.replace(
        b"<item>",
        b"<atom:link xmlns:atom='http://www.w3.org/2005/Atom' rel='self' href='https://me:canary@example.org/f?token=canary'/><item>",
        1,
    )
    articles, rejects = read_document(feed, "https://me:canary@example.org/f?token=canary", "rss", parser)
    assert articles
    assert rejects
    assert "canary" not in repr(articles) + repr([(reject.source_uri, reject.detail) for reject in rejects])
