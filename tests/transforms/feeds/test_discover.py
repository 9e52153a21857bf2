"""The feeds of a page: named ones, else probed ones, with manners."""

from datetime import UTC, datetime

import pytest

from tests.scripted import answer
from transforms.feeds.discover import discover
from transforms.feeds.failures import FetchReason, FetchRefused
from transforms.feeds.fetch import Fetcher
from transforms.feeds.moments import Moment
from transforms.feeds.permission import Pace
from transforms.sources.parser_process import ParserProcess

FEED = b"<rss version='2.0'><channel><title>Local</title><item><title>One</title></item></channel></rss>"
NAMED = b'<link rel="alternate" type="application/rss+xml" title="All" href="/all.xml"><a href="/other/rss">RSS</a>'
HINTED = b"<a href='/about'>About</a>" + b"".join(b"<a href='/rss/%d'>Feed</a>" % number for number in range(7))


@pytest.fixture(scope="module")
def parser():
    with ParserProcess() as started:
        yield started


class Site:
    """A loopback site of given pages, asked with a clock that waiting moves."""

    def __init__(self, serve, pages):
        self.server = serve(self.script)
        self.pages = {"/robots.txt": b"User-agent: *\nDisallow: /rss/3\n", **pages}
        self.waits = []
        self.seconds = 0.0

    def script(self, connection, asked):
        body = self.pages.get(asked.path)
        connection.sendall(answer(404) if body is None else answer(body=body))

    def clock(self):
        return Moment(datetime(2026, 1, 1, tzinfo=UTC), "boot", self.seconds)

    def wait(self, seconds):
        self.seconds += seconds
        return False

    def discover(self, path, parser, allow_private=True):
        url = f"http://127.0.0.1:{self.server.port}{path}"
        pace = Pace(self.clock, self.wait)
        fetcher = Fetcher("newsfold/0 (+t@example.org)")
        return discover(url, fetcher, parser, self.clock, allow_private=allow_private, pace=pace)

    @property
    def asked(self):
        return [asked.path for asked in self.server.log]


def found(discovery):
    return [(one.url.rpartition("/")[2], one.found_by, one.title, one.items) for one in discovery.feeds]


def test_named_feeds_are_taken_at_their_word(serve, parser):
    site = Site(serve, {"/": NAMED})
    assert found(site.discover("/", parser)) == [("all.xml", "named", "All", None)]
    assert site.asked == ["/robots.txt", "/"]
    assert site.seconds == 2.0


def test_links_that_look_like_feeds_are_asked_five_at_most_under_robots(serve, parser):
    site = Site(serve, {"/": HINTED, "/rss/0": FEED, "/rss/1": b"<html></html>", "/rss/3": FEED, "/rss/5": FEED})
    discovery = site.discover("/", parser)
    assert found(discovery) == [("0", "linked", "Local", 1)]
    assert site.asked == ["/robots.txt", "/", "/rss/0", "/rss/1", "/rss/2", "/rss/4"]
    assert site.seconds == 10.0
    assert len(discovery.notes) == 2
    assert "robots.txt" in discovery.notes[0]
    assert discovery.notes[1] == "2 more links look like feeds; at most 5 are asked"


def test_a_feed_is_its_own_answer(serve, parser):
    site = Site(serve, {"/f": FEED})
    assert found(site.discover("/f", parser)) == [("f", "itself", "Local", 1)]


def test_what_cannot_be_had_is_told(serve, parser):
    site = Site(serve, {})
    assert site.discover("/none", parser).notes == (f"http://127.0.0.1:{site.server.port}/none: status 404",)
    assert site.discover("/none", parser).feeds == ()
    with pytest.raises(FetchRefused) as caught:
        site.discover("/rss/3", parser)
    assert caught.value.reason == FetchReason.ROBOTS


def test_private_addresses_are_not_looked_at_unasked(serve, parser):
    site = Site(serve, {"/": NAMED})
    with pytest.raises(FetchRefused):
        site.discover("/", parser, allow_private=False)
    assert site.asked == []
