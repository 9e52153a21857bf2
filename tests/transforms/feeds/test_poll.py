import gzip
from datetime import UTC, datetime, timedelta

import pyarrow as pa
import pytest

from schemas.reasons import Reason
from schemas.tables import POLLS
from tests.scripted import always, answer
from transforms.feeds.archive import Archive
from transforms.feeds.feed import Feed
from transforms.feeds.fetch import Fetcher
from transforms.feeds.moments import Moment
from transforms.feeds.poll import ask, recover, request_of, settle
from transforms.feeds.state import FeedState, from_row
from transforms.sources.parser_process import ParserProcess

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)


@pytest.fixture(scope="module")
def parser():
    with ParserProcess() as started:
        yield started


def rss(*items, extra=""):
    entries = "".join(f"<item><guid>{item}</guid><title>{item}</title><link>/{item}</link></item>" for item in items)
    return f"<rss version='2.0'><channel><title>News</title>{extra}{entries}</channel></rss>".encode()


class Reader:
    """Polls one feed again and again, an hour apart."""

    def __init__(self, url, folder, parser):
        self.feed = Feed(url, allow_private=True)
        self.state = FeedState(self.feed.key)
        self.archive = Archive(folder)
        self.parser = parser
        self.hours = 0

    def clock(self):
        return Moment(NOW + timedelta(hours=self.hours), "boot", self.hours * 3600.0)

    def poll(self, commit=True):
        fetcher = Fetcher("newsfold/0 (+a@b.example)", resolve=lambda host, port: ["127.0.0.1"])
        self.attempt = ask(self.feed, self.state, self.clock, fetcher, self.archive)
        polled = self.settle(self.feed, self.state, self.attempt)
        if commit:
            self.commit(polled)
        self.hours += 1
        return polled

    def settle(self, feed, state, attempt):
        return settle(feed, state, attempt, self.parser)

    def recovered(self):
        return list(recover([self.feed], {self.feed.key: self.state}, self.archive, self.settle))

    def commit(self, polled):
        table = pa.Table.from_pylist([polled.row], schema=POLLS)
        self.state = from_row(table.to_pylist()[0])
        self.archive.release([polled.attempt])


@pytest.fixture
def reader(tmp_path, parser):
    return lambda url: Reader(url, tmp_path / "waiting", parser)


def ids(polled):
    return [article.item_id for article in polled.articles]


def test_a_feed_gives_its_items_with_the_time_of_the_request(serve, reader):
    server = serve(always(answer(headers={"ETag": '"1"'}, body=rss("a", "b"))))
    polled = reader(server.url).poll()
    assert ids(polled) == ["a", "b"]
    assert {article.fetched_at for article in polled.articles} == {NOW}
    assert polled.articles[0].url == f"http://127.0.0.1:{server.port}/a"
    assert (polled.state.status, polled.state.etag, polled.items_new, polled.items_missed) == (200, '"1"', 2, 0)
    assert not polled.rejects


def test_an_unchanged_feed_gives_nothing(serve, reader):
    def script(connection, asked):
        known = asked.headers.get("If-None-Match") == '"1"'
        connection.sendall(answer(304) if known else answer(headers={"ETag": '"1"'}, body=rss("a")))

    feed = reader(serve(script).url)
    assert ids(feed.poll()) == ["a"]
    second = feed.poll()
    assert (ids(second), second.state.status, second.items_new) == ([], 304, 0)


def test_an_unchanged_body_gives_nothing_where_there_are_no_validators(serve, reader):
    feed = reader(serve(always(answer(body=rss("a")))).url)
    assert ids(feed.poll()) == ["a"]
    assert ids(feed.poll()) == []
    assert feed.state.interval_seconds == 66 * 60


def test_a_crash_before_the_commit_loses_nothing_and_asks_nobody_again(serve, reader):
    def script(connection, asked):
        known = asked.headers.get("If-None-Match") == '"1"'
        connection.sendall(answer(304) if known else answer(headers={"ETag": '"1"'}, body=rss("a")))

    server = serve(script)
    feed = reader(server.url)
    lost = feed.poll(commit=False)
    (again,) = recover([feed.feed], {}, feed.archive, feed.settle)
    assert again == lost
    assert len(server.log) == 1
    feed.commit(again)
    assert feed.poll().state.status == 304
    assert list(feed.archive.waiting()) == []


def test_an_attempt_that_comes_back_after_its_commit_is_let_go(serve, reader):
    feed = reader(serve(always(answer(body=rss("a")))).url)
    first = feed.poll()
    for stale in (first.attempt, feed.poll().attempt):
        feed.archive.keep(stale)
    assert feed.recovered() == []
    assert list(feed.archive.waiting()) == []


def test_what_a_feed_said_before_a_crash_counts_even_if_it_is_not_listed_any_more(serve, reader):
    feed = reader(serve(always(answer(body=rss("a")))).url)
    lost = feed.poll(commit=False)
    (again,) = recover([], {}, feed.archive, feed.settle)
    assert again == lost


def test_two_crashes_in_a_row_are_settled_one_after_the_other(serve, reader):
    server = serve(lambda connection, asked: connection.sendall(answer(body=rss(*"abc"[: len(server.log)]))))
    feed = reader(server.url)
    feed.poll(commit=False)
    feed.poll(commit=False)
    first, second = feed.recovered()
    assert (first.items_new, second.items_new) == (1, 1)


def test_a_crash_during_the_request_is_known_as_a_request(reader):
    feed = reader("http://127.0.0.1:9/feed")
    feed.archive.begin(feed.feed.key, feed.clock())
    (attempt,) = feed.archive.waiting()
    polled = settle(feed.feed, feed.state, attempt, feed.parser)
    assert (polled.state.polled_at, polled.state.failures) == (NOW, 0)
    assert timedelta(minutes=15) <= polled.state.next_due - NOW <= timedelta(minutes=17)


def test_a_lying_server_is_asked_in_full_after_the_weekly_look(serve, reader):
    def script(connection, asked):
        body = rss(*(f"i{n}" for n in range(server_hours["now"] // 24 + 1)))
        known = "If-None-Match" in asked.headers
        connection.sendall(answer(304) if known else answer(headers={"ETag": '"same"'}, body=body))

    server_hours = {"now": 0}
    feed = reader(serve(script).url)
    found = []
    for hour in range(24 * 10):
        server_hours["now"] = hour
        if hour % 8 == 0:
            feed.hours = hour
            found += ids(feed.poll())
    assert set(found) == {f"i{n}" for n in range(10)}
    assert feed.state.validators_lie
    assert request_of(feed.feed, feed.state, feed.clock()).validators.known is False


@pytest.mark.parametrize(
    ("content", "reason", "rejected"),
    [
        (answer(body=b"<html><body>Sorry</body></html>"), "not_a_feed", Reason.NOT_A_FEED),
        (answer(body=b""), "not_a_feed", Reason.NOT_A_FEED),
        (answer(body=rss("a"))[:-9], "short_body", None),
        (
            answer(headers={"Content-Encoding": "gzip"}, body=gzip.compress(b"\0" * (3 << 20))),
            "bomb",
            Reason.BROKEN_ARCHIVE,
        ),
        (answer(body=b"x" * (5 * 1024 * 1024 + 1)), "body_too_large", Reason.TOO_LARGE),
        (answer(404), "status_404", None),
        (b"", "reset", None),
    ],
)
def test_failures_are_told_and_count(serve, reader, content, reason, rejected):
    polled = reader(serve(always(content)).url).poll()
    assert (polled.state.reason, polled.state.failures, len(polled.articles)) == (reason, 1, 0)
    assert [reject.reason for reject in polled.rejects] == ([rejected] if rejected else [])
    assert all(len(reject.payload) <= 65536 for reject in polled.rejects)


def test_one_broken_entry_costs_only_itself(serve, reader):
    polled = reader(serve(always(answer(body=rss("a", "t" * 3000, "b")))).url).poll()
    assert ids(polled) == ["a", "b"]
    assert [reject.reason for reject in polled.rejects] == [Reason.TOO_LARGE]
    assert polled.state.reason is None


def test_an_empty_feed_is_a_feed(serve, reader):
    polled = reader(serve(always(answer(body=rss()))).url).poll()
    assert (len(polled.articles), len(polled.rejects), polled.state.reason) == (0, 0, None)


def test_the_charset_that_the_server_names_counts(serve, reader):
    body = rss("mesto").replace(b"News", "Zpravy š".encode("iso-8859-2"))
    polled = reader(
        serve(always(answer(headers={"Content-Type": "text/xml; charset=iso-8859-2"}, body=body))).url
    ).poll()
    assert polled.articles[0].source == "Zpravy š"


def test_items_missed_are_estimated(serve, reader):
    steps = iter([rss(*(f"i{n}" for n in range(at, at + 10))) for at in (0, 5, 10, 15, 60)])
    feed = reader(serve(lambda connection, asked: connection.sendall(answer(body=next(steps)))).url)
    polls = [feed.poll() for _ in range(4)]
    feed.hours += 5
    polls.append(feed.poll())
    assert [polled.items_new for polled in polls] == [10, 5, 5, 5, 10]
    assert [polled.items_missed for polled in polls] == [0, 0, 0, 0, 20]
    assert feed.state.interval_seconds < 3600


def test_a_feed_is_asked_where_it_moved(serve, reader):
    def script(connection, asked):
        moved = answer(301, {"Location": "/new"})
        connection.sendall(moved if asked.path == "/feed" else answer(headers={"ETag": '"1"'}, body=rss("a")))

    server = serve(script)
    feed = reader(server.url)
    for day in range(5):
        feed.hours = day * 24
        polled = feed.poll()
    assert polled.warnings == (f"moved for good to http://127.0.0.1:{server.port}/new",)
    feed.poll()
    assert [asked.path for asked in server.log[-3:]] == ["/feed", "/new", "/new"]


def test_no_secret_of_a_feed_is_in_anything_that_comes_out(serve, reader, tmp_path):
    def script(connection, asked):
        own = f"http://127.0.0.1/feed?token=CANARY{len(server.log)}"
        link = f"<link>{own}</link><atom:link xmlns:atom='http://www.w3.org/2005/Atom' rel='self' href='{asked.path}'/>"
        bodies = [rss("a", extra=link), rss("a" * 3000, "b", extra=link), b"<html>" + asked.path.encode() + b"</html>"]
        connection.sendall(answer(body=bodies[len(server.log) % 3]))

    server = serve(script)
    feed = reader(f"http://user:CANARYPASS@127.0.0.1:{server.port}/feed?token=CANARYTOKEN")
    told = []
    for _ in range(3):
        polled = feed.poll(commit=False)
        told.append(repr((list(polled.articles), polled, polled.row, [reject.payload for reject in polled.rejects])))
        told += [gzip.decompress(path.read_bytes()).decode() for path in (tmp_path / "waiting").iterdir()]
        feed.commit(polled)
    assert "CANARYTOKEN" not in "".join(told)
    assert "CANARYPASS" not in "".join(told)
    assert "CANARYTOKEN" in server.log[0].path
