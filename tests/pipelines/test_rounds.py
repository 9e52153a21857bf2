"""Rounds: which polls and files are one commit, and which feeds are asked in which round."""

from dataclasses import replace
from datetime import UTC, datetime

import pyarrow as pa
import pytest

from pipelines import rounds as module
from pipelines.graph import Graph
from pipelines.progress import no_report
from pipelines.rounds import Rounds, _with_last
from schemas.records import Chunk, RawArticle
from transforms.entities.taggers import EntityChoice
from transforms.feeds.attempt import Attempt
from transforms.feeds.feed import Feed
from transforms.feeds.moments import Moment
from transforms.feeds.poll import Polled
from transforms.feeds.rounds import Round
from transforms.feeds.state import FeedState
from transforms.fold.settings import FoldSettings
from transforms.lake.layout import create_or_open
from transforms.lake.ledger import RunInfo
from transforms.sources.polled import packed_articles, packed_rejects

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


def polled(feed, records=0):
    articles = (RawArticle(f"{feed}#entry={place}", "rss", f"{place:064x}", text="x") for place in range(records))
    return Polled(
        Attempt(feed, Moment(NOW)), FeedState(feed, polled_at=NOW), packed_articles(articles), packed_rejects([])
    )


def come(*polls):
    yield from polls


class Asked:
    """Feeds that are asked without a network: each is due as often as it says."""

    def __init__(self, rounds=1, **due):
        self.left, self.told, self.rounds = dict(due), [], rounds
        self.round = Round(lambda: Moment(NOW))

    def due(self):
        return [Feed(f"https://{name}.example/") for name, times in self.left.items() if times]

    def polls(self, feeds):
        """A round asks as many as it has time for."""
        for feed in feeds[: self.rounds]:
            self.left[feed.url.split("/")[2].partition(".")[0]] -= 1
            yield polled(feed.key)

    def recovered(self):
        yield polled("https://crashed.example/")

    def committed(self, some):
        self.told += [one.state.feed for one in some]


@pytest.fixture
def commits():
    return []


@pytest.fixture
def rounds(tmp_path, monkeypatch, commits):
    """Rounds whose commits are noted: the places of their chunks, and the feeds whose polls go with them."""
    lake = create_or_open(tmp_path / "lake")

    def of_slices(_lake, chunks, _pool, graph, _report):
        chunks = list(chunks)
        waiting = [chunk.polls for chunk in chunks if chunk.polls]
        feeds = [row["feed"] for path in waiting for row in pa.ipc.open_file(path).read_all().to_pylist()]
        commits.append(([chunk.ordinal for chunk in chunks], feeds, graph.run))

    monkeypatch.setattr(module, "commit_slices", of_slices)
    monkeypatch.setattr(
        module,
        "commit_tables",
        lambda _lake, tables, run: commits.append(([], tables["polls"]["feed"].to_pylist(), run)),
    )
    run = RunInfo(
        "watch", started_at=None, plan_digest="x", slice_number=3, last_slice=False, input_files=2, input_bytes=9
    )
    graph = Graph(lake.name, str(lake.staging), (), "default", EntityChoice(), "", None, FoldSettings(), run)
    return Rounds(lake, None, graph, 4, no_report)


def told(commits):
    return [(places, feeds) for places, feeds, _ in commits]


def test_polls_and_files_are_one_commit(rounds, commits):
    done = rounds.commit(Asked(), come(polled("a", 2), polled("b", 1)), iter([Chunk(0, 7, ()), Chunk(0, 9, ())]))
    ((places, feeds),) = told(commits)
    assert places == list(range(len(places)))  # numbered anew, as they come
    assert len(places) >= 3
    assert feeds == ["a", "b"]
    assert [one.state.feed for one in done] == ["a", "b"]
    assert not any(one.articles for one in done)


def test_a_full_slice_is_a_commit_and_files_go_with_the_last(rounds, commits):
    rounds.commit(Asked(), come(polled("a", 4), polled("b", 1)), iter([Chunk(0, 7, ())]))
    assert [feeds for _, feeds in told(commits)] == [["a"], ["b"]]
    assert len(told(commits)[1][0]) == len(told(commits)[0][0]) + 1


def test_polls_without_a_record_are_a_commit_without_a_graph(rounds, commits):
    asks = Asked()
    rounds.commit(asks, come(polled("a"), polled("b")))
    assert told(commits) == [([], ["a", "b"])]
    assert asks.told == ["a", "b"]


def test_files_alone_carry_no_polls_and_of_nothing_there_is_no_commit(rounds, commits):
    rounds.commit(Asked(), come(), iter([Chunk(0, 7, ())]))
    assert told(commits) == [([0], [])]
    rounds.commit(Asked(), come(), iter([]))
    assert len(commits) == 1


def test_a_round_begins_now_and_is_never_taken_up_half_way(rounds, commits):
    rounds.commit(Asked(), come(polled("a", 1)))
    run = commits[0][2]
    assert (run.started_at, run.plan_digest, run.slice_number, run.last_slice) == (NOW, None, None, True)
    assert (run.input_files, run.input_bytes) == (0, 0)
    assert replace(run, started_at=None).command == "watch"


def test_each_feed_that_is_due_is_asked_once_in_as_many_rounds_as_it_takes(rounds, commits):
    asks = Asked(a=2, b=1, c=1)  # a is due again at once
    rounds.poll_due(asks)
    assert asks.told == [f"https://{name}.example/" for name in ("crashed", "a", "b", "c")]
    assert [len(feeds) for _, feeds in told(commits)] == [1, 1, 1, 1]


def test_what_is_no_longer_due_is_not_asked(rounds):
    asks = Asked(a=1, b=1)
    polls = asks.polls

    def resting(feeds):
        yield from polls(feeds)
        asks.left["b"] = 0  # its host asked everyone to wait

    asks.polls = resting
    rounds.poll_due(asks)
    assert asks.told == ["https://crashed.example/", "https://a.example/"]


@pytest.mark.parametrize("count", [1, 2, 3])
def test_the_last_part_is_known_as_such(count):
    assert list(_with_last(iter(range(count)))) == [(place, place == count - 1) for place in range(count)]


def test_of_no_parts_an_empty_one_is_the_last():
    ((part, last),) = _with_last(iter([]))
    assert (part.polled, part.chunks, last) == ((), (), True)
