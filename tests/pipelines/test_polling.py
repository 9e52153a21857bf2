from datetime import UTC, datetime, timedelta

from pipelines.polling import Polling, in_slices
from schemas.reasons import Reason
from schemas.records import RawArticle
from schemas.rejects import reject
from tests.pipelines.timeline import START, Timeline
from transforms.feeds.archive import Archive
from transforms.feeds.attempt import Attempt
from transforms.feeds.failures import FetchFailed, FetchReason
from transforms.feeds.feed import Feed
from transforms.feeds.moments import Moment
from transforms.feeds.poll import Polled
from transforms.feeds.state import FeedState
from transforms.sources.polled import packed_articles, packed_rejects, read_polled

NOW = Moment(datetime(2026, 11, 21, 12, tzinfo=UTC))


def polled(feed, count, text="short"):
    articles = packed_articles(
        RawArticle(f"{feed}#entry={place}", "rss", f"{place:064x}", text=text) for place in range(count)
    )
    rejects = packed_rejects([reject(f"{feed}#entry={count}", "read", Reason.EMPTY, "why", b"")])
    return Polled(Attempt(feed, NOW), FeedState(feed), articles, rejects)


def records(part):
    """Return how many articles and rejects each chunk of a slice holds."""
    read = (read_polled(chunk.segments[0].path) for chunk in part.chunks)
    return [(len(articles), len(rejects)) for articles, rejects in read]


def test_small_feeds_share_a_chunk(tmp_path):
    (part,) = in_slices([polled("a", 2), polled("b", 3)], tmp_path, 10_000)
    assert records(part) == [(5, 2)]
    assert [one.state.feed for one in part.polled] == ["a", "b"]
    assert not any(one.articles or one.rejects for one in part.polled)


def test_a_long_feed_is_cut_by_records_and_by_bytes_but_stays_in_one_slice(tmp_path):
    (part,) = in_slices([polled("a", 1_500)], tmp_path, 10_000)
    assert records(part) == [(1_000, 0), (500, 1)]
    (part,) = in_slices([polled("a", 10, "x" * 1_000_000)], tmp_path, 4)
    assert records(part) == [(5, 0), (5, 0), (0, 1)]


def test_long_feeds_wait_for_no_others(tmp_path):
    seen = []
    polls = (seen.append(name) or polled(name, 5, "x" * 1_000_000) for name in "ab")
    slices = in_slices(polls, tmp_path, 6)
    assert records(next(slices)) == [(5, 0), (0, 1)]
    assert seen == ["a"]


class Unreachable:
    """Notes who is asked, and answers nobody."""

    def __init__(self):
        self.asked = []

    def fetch(self, request):
        self.asked.append(request.url)
        raise FetchFailed(FetchReason.CONNECT, "nobody is there")


class Plain:
    """Makes of an attempt no more than that it was one."""

    def settle(self, feed, state, attempt):
        return Polled(attempt, FeedState(feed.key))


def test_an_hour_to_skip_that_begins_while_a_feed_waits_for_its_turn_is_skipped(tmp_path):
    time = Timeline(seconds=timedelta(hours=3, seconds=-3).total_seconds())
    assert (START + timedelta(seconds=time.seconds)).hour == 2
    feeds = [Feed(f"https://a.org/{number}") for number in range(4)]
    long_ago = START - timedelta(days=1)
    states = {feed.key: FeedState(feed.key, polled_at=long_ago, next_due=long_ago, skip_hours=1 << 3) for feed in feeds}
    fetcher = Unreachable()
    polling = Polling(feeds, states, Archive(tmp_path, None), fetcher, Plain(), time.round())
    due = polling.due()
    assert due == feeds
    asked = [one.state.feed for one in polling.polls(due)]
    assert len(asked) == 2  # at once and two seconds later; then it is three o'clock
    assert fetcher.asked == asked
    assert polling.due() == []
