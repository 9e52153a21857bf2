"""Pages of items: only new ones without full text, each host in turn, under robots.txt, and never in place of nothing."""

import threading
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from schemas.records import RawArticle
from transforms.feeds.attempt import Attempt
from transforms.feeds.failures import FetchFailed, FetchReason
from transforms.feeds.feed import Feed
from transforms.feeds.fetch import Response
from transforms.feeds.moments import Moment
from transforms.feeds.page_text import NOTE
from transforms.feeds.pages import MOST_PER_HOST, Pages
from transforms.feeds.permission import Pace, Permission
from transforms.feeds.poll import Polled
from transforms.feeds.state import FeedState
from transforms.sources.polled import packed_articles

START = datetime(2026, 1, 1, tzinfo=UTC)
FEED = Feed("https://news.example/feed")
HTML = {"content-type": "text/html; charset=utf-8"}


def article(number, host="news.example", **named):
    url = f"https://{host}/{number}"
    told = {"title": f"Story number {number} of the day", "text": "Short.", "text_kind": "summary", "url": url}
    return RawArticle(f"{FEED.key}#entry={number}", "rss", f"{number:064x}", **(told | named))


def polled(*articles, feed=FEED.key):
    return Polled(Attempt(feed, Moment(START)), FeedState(feed), packed_articles(articles))


class Web:
    """Every page there is, asked by a clock that only waiting moves; what was asked and when is kept."""

    def __init__(self, answers=None, stored=(), robots=b""):
        self.answers = answers or {}
        self.stored = set(stored)
        self.robots = robots
        self.asked = []
        self.seconds = 100.0
        self.stop = threading.Event()
        self.lock = threading.Lock()
        pace = Pace(self.clock, self.wait)
        self.pages = Pages(self, Permission(self, pace), self.read, self.known, self.stop)

    def clock(self):
        return Moment(START + timedelta(seconds=self.seconds), "boot", self.seconds)

    def wait(self, seconds):
        self.seconds += seconds
        return self.stop.is_set()

    def fetch(self, request):
        with self.lock:
            self.asked.append((request.url.partition("//")[2], self.seconds))
        if request.url.endswith("/robots.txt"):
            return Response(200, {}, self.robots, request.url)
        answer = self.answers.get(request.url.rpartition("/")[2], {})
        if isinstance(answer, FetchReason):
            raise FetchFailed(answer, "no")
        body = f"Story number {request.url.rpartition('/')[2]} of the day, told in full length.".encode()
        return Response(**({"status": 200, "headers": HTML, "body": body, "final_url": request.url} | answer))

    def known(self, articles):
        return [int(article.raw_sha256, 16) in self.stored for article in articles]

    def read(self, body, address):
        return [RawArticle(address, "html", "ff" * 32, text=body.decode("utf-8-sig"))] if body else [], []

    def completed(self, *polls, feeds=(FEED,)):
        return list(self.pages.completed((one for one in polls), feeds))

    @property
    def paths(self):
        return [path for path, _ in self.asked]


def notes(polls):
    return [dict(article.extra).get(NOTE) for one in polls for article in one.articles]


def test_new_items_without_a_full_text_get_the_text_of_their_page():
    web = Web(stored=[3])
    full, untouched = article(2, text_kind="full"), article(4, url=None)
    [done] = web.completed(polled(article(1), full, article(3), untouched))
    assert web.paths == ["news.example/robots.txt", "news.example/1"]
    assert done.articles[0].text == "Story number 1 of the day, told in full length."
    assert done.articles[0].text_kind == "full"
    assert done.articles[1:] == (full, article(3), untouched)


def test_polls_without_such_items_come_first():
    web = Web()
    other = polled(article(2, text_kind="full"), feed="b")
    assert [one.state.feed for one in web.completed(polled(article(1)), other)] == ["b", FEED.key]


def test_a_host_is_asked_every_two_seconds_and_each_page_once():
    web = Web()
    web.completed(polled(article(1), article(2)), polled(article(1), feed="b"))
    assert web.asked == [("news.example/robots.txt", 100.0), ("news.example/1", 102.0), ("news.example/2", 104.0)]


def test_a_host_was_asked_by_a_poll_a_moment_ago():
    web = Web()
    web.pages.permission.pace.last_starts["news.example"] = 99.5
    web.completed(polled(article(1)))
    assert web.asked[0][1] == 101.5


def test_robots_txt_is_obeyed_in_what_it_forbids_and_how_often():
    web = Web(robots=b"User-agent: *\nDisallow: /1\nCrawl-delay: 9\n")
    done = web.completed(polled(article(1), article(2), article(3)))
    assert web.asked[1:] == [("news.example/2", 109.0), ("news.example/3", 118.0)]
    assert notes(done) == ["robots", "https://news.example/2", "https://news.example/3"]


@pytest.mark.parametrize(
    ("answer", "why"),
    [
        ({"status": 404}, "status_404"),
        ({"headers": {"content-type": "application/pdf"}}, "no_page"),
        ({"body": b""}, "empty"),
        ({"body": b"?"}, "no_more_text"),
        (FetchReason.TLS, "tls"),
        (FetchReason.PRIVATE_ADDRESS, "private_address"),
    ],
)
def test_a_page_that_cannot_be_had_leaves_the_feed_s_own_text(answer, why):
    web = Web({"1": answer})
    [done] = web.completed(polled(article(1), article(2)))
    assert done.articles[0] == replace(article(1), extra=((NOTE, why),))
    assert done.articles[1].text_kind == "full"


@pytest.mark.parametrize("answer", [{"status": 429}, {"status": 503}, FetchReason.TIMEOUT, FetchReason.CONNECT])
def test_a_host_that_wants_rest_or_is_down_is_left_alone(answer):
    web = Web({"1": answer})
    done = web.completed(polled(article(1), article(2), article(3, host="other.example")))
    assert sorted(web.paths) == [
        "news.example/1",
        "news.example/robots.txt",
        "other.example/3",
        "other.example/robots.txt",
    ]
    assert notes(done)[1:] == ["not_asked", "https://other.example/3"]


def test_a_round_asks_a_host_for_so_many_pages_at_most():
    web = Web()
    done = web.completed(polled(*(article(number) for number in range(MOST_PER_HOST + 2))))
    assert notes(done).count("not_asked") == 2
    assert len(web.asked) == MOST_PER_HOST + 1


def test_a_run_that_stops_asks_for_no_further_page():
    web = Web()
    web.stop.set()
    [done] = web.completed(polled(article(1)))
    assert web.asked == []
    assert notes([done]) == ["not_asked"]


def test_only_the_host_of_a_feed_that_may_be_private_is_private():
    feed = Feed("http://10.0.0.1:8080/feed", allow_private=True)
    policies = Web().pages._wanted(
        polled(
            article(1, url="http://10.0.0.1:8080/1"),
            article(2, url="http://10.0.0.2:8080/2"),
            article(3, url="ftp://10.0.0.1/3"),
            feed=feed.key,
        ),
        feed,
    )
    allowed = {wanted.url: wanted.policy.allow_private for wanted in policies.values()}
    assert allowed == {"http://10.0.0.1:8080/1": True, "http://10.0.0.2:8080/2": False}
