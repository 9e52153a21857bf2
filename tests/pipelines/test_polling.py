from datetime import UTC, datetime

from pipelines.polling import in_slices
from schemas.reasons import Reason
from schemas.records import RawArticle
from schemas.rejects import reject
from transforms.feeds.attempt import Attempt
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
