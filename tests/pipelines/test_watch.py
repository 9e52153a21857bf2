"""`watch`: rounds over what is due and what is new, in simulated time."""

import json
import logging
import signal
import threading

import pytest

from pipelines.options import IngestOptions
from pipelines.status import line_of, status_file
from pipelines.watch import watch
from schemas.errors import LakeError, UsageError
from tests.pipelines.conftest import corpus, write_jsonl
from tests.pipelines.interrupted import ended, run, started, wait_for
from tests.pipelines.live import archived, by_path, polls, tagged, write_list
from tests.pipelines.stored import item_ids
from tests.pipelines.timeline import Timeline, loopback_fetcher
from tests.scripted import answer
from transforms.lake.layout import create_or_open, open_lake
from transforms.lake.lock import writer_lock
from transforms.lake.read import last_commit
from transforms.lake.verify import verify

HOUR = 3600.0


def options(tmp_path, *inputs, feeds=None, **others):
    given = {"feeds": str(feeds), "contact": "tests@example.org"} if feeds else {}
    return IngestOptions(inputs=tuple(map(str, inputs)), lake=str(tmp_path / "lake"), workers=1, **given, **others)


def watched(told, time, observe=lambda status: None):
    return watch(told, observe, time.stop, time.round(), loopback_fetcher())


@pytest.fixture
def folder(tmp_path):
    folder = tmp_path / "in"
    folder.mkdir()
    return folder


def growing(name, time):
    """Return a script for a feed that brings an item an hour."""

    def script(connection, asked):
        tagged(name, 3 + int(time.seconds // HOUR))(connection, asked)

    return script


def test_feeds_are_polled_again_and_again_and_each_item_is_stored_once(serve, tmp_path):
    time = Timeline()
    server = serve(by_path(a=growing("a", time), still=tagged("still", 2)))
    time.ends(4.5 * HOUR)
    done = watched(options(tmp_path, feeds=write_list(tmp_path / "list", server, ["a", "still"])), time)
    ids = item_ids(tmp_path / "lake")
    assert len(ids) == len(set(ids)) >= 5 + 2
    assert done.polls["asked"] == len(server.log) == len(polls(tmp_path / "lake"))
    assert done.polls["unchanged"] >= 3
    assert done.polls["failed"] == 0
    assert archived(tmp_path / "lake") == []
    assert verify(open_lake(tmp_path / "lake")) == []


def test_new_and_changed_files_are_read_and_others_are_not_read_again(folder, tmp_path):
    time, articles = Timeline(), corpus(9)
    write_jsonl(folder / "1.jsonl", articles[:3])
    time.at(60, lambda: write_jsonl(folder / "2.jsonl", articles[3:6]))
    time.at(120, lambda: write_jsonl(folder / "1.jsonl", articles[:2] + articles[6:9]))
    time.ends(HOUR)
    done = watched(options(tmp_path, folder), time)
    assert item_ids(tmp_path / "lake") == sorted(article["id"] for article in articles)
    assert (done.commits, done.counts["read"], done.counts["seen"]) == (3, 3 + 3 + 5, 2)


def test_a_file_that_still_grows_is_left_alone(folder, tmp_path):
    time, articles = Timeline(), corpus(30)
    for second in range(30):
        time.at(second, lambda count=second + 1: write_jsonl(folder / "slow.jsonl", articles[:count]))
    time.ends(HOUR)
    done = watched(options(tmp_path, folder), time)
    assert (done.commits, done.counts["read"]) == (1, 30)


def test_feeds_and_files_of_one_round_are_one_commit(serve, folder, tmp_path):
    time = Timeline()
    server = serve(by_path(a=tagged("a", 3), b=tagged("b", 2)))
    feeds = write_list(tmp_path / "list", server, ["a"])

    def both():
        write_jsonl(folder / "1.jsonl", corpus(4))
        write_list(feeds, server, ["a", "b"])

    time.at(15, both)  # while the first round keeps the next one waiting
    time.ends(600)
    done = watched(options(tmp_path, folder, feeds=feeds), time)
    assert (done.commits, done.counts["read"]) == (2, 3 + 2 + 4)


@pytest.mark.parametrize(("more", "waits"), [(0, True), (5_000_000, False)])
def test_a_round_comes_half_a_minute_after_the_last_unless_much_waits(folder, tmp_path, more, waits):
    time, committed = Timeline(), {}
    write_jsonl(folder / "1.jsonl", corpus(1))

    def second():
        write_jsonl(folder / ".new", corpus(3))
        (folder / "2.jsonl").write_bytes((folder / ".new").read_bytes() + b"\n" * more)

    time.at(10, second)
    time.ends(600)
    watched(options(tmp_path, folder), time, lambda status: committed.setdefault(status.commits, time.seconds))
    assert committed.keys() == {0, 1, 2}
    assert (committed[2] - committed[1] >= 30) == waits


def test_the_list_is_followed_when_it_changes(serve, tmp_path, caplog):
    time = Timeline()
    server = serve(by_path(a=tagged("a", 1), b=tagged("b", 1), c=tagged("c", 1)))
    feeds = write_list(tmp_path / "list", server, ["a", "b"])
    time.at(100, lambda: write_list(feeds, server, ["a", "c"]))
    time.at(200, lambda: feeds.write_text("no address\n", "utf-8"))
    time.ends(5 * HOUR)
    with caplog.at_level(logging.WARNING):
        watched(options(tmp_path, feeds=feeds), time)
    asked = [request.path.split("/")[1] for request in server.log]
    assert asked.count("b") == 1
    assert asked.count("c") >= 3
    assert ["the list as it was is used" in record.getMessage() for record in caplog.records] == [True]


def test_where_nothing_happens_nothing_is_committed(folder, tmp_path):
    time = Timeline()
    write_jsonl(folder / "1.jsonl", corpus(2))
    time.ends(24 * HOUR)
    done = watched(options(tmp_path, folder), time)
    assert (done.commits, last_commit(open_lake(tmp_path / "lake"))) == (1, 1)


def test_a_table_that_cannot_be_read_does_not_end_the_watch(folder, tmp_path, caplog):
    time = Timeline()
    (folder / "odd.csv").write_text("colour,size\nred,3\nblue,4\n", "utf-8")
    time.at(60, lambda: write_jsonl(folder / "1.jsonl", corpus(2)))
    time.ends(600)
    with caplog.at_level(logging.WARNING):
        done = watched(options(tmp_path, folder), time)
    assert done.counts["read"] == 2
    assert ["colour" in record.getMessage() for record in caplog.records] == [True]


def test_small_files_are_merged_on_the_way(serve, tmp_path):
    time = Timeline()
    server = serve(by_path(a=tagged("a", 1)))
    feeds = tmp_path / "list"
    feeds.write_text(f"http://127.0.0.1:{server.port}/a allow_private every=15m\n", "utf-8")
    time.ends(14 * HOUR)
    watched(options(tmp_path, feeds=feeds), time)
    assert len(server.log) > 40
    assert len(list((tmp_path / "lake" / "polls").glob("*.parquet"))) <= 33
    assert verify(open_lake(tmp_path / "lake")) == []


def test_the_status_says_how_things_are(serve, tmp_path):
    time, seen = Timeline(), []
    down = by_path(a=tagged("a", 3), down=lambda connection, asked: connection.sendall(answer(500)))
    feeds = write_list(tmp_path / "list", serve(down), ["a", "down"])
    keep = status_file(tmp_path / "status.json")
    time.ends(2 * HOUR)
    watched(options(tmp_path, feeds=feeds), time, lambda status: [seen.append(status), keep(status)])
    assert {status.activity for status in seen} == {"working", "waiting", "stopped"}
    assert max(status.feeds_due for status in seen) == 2
    last = json.loads((tmp_path / "status.json").read_text("utf-8"))
    assert (last["activity"], last["feeds_listed"], last["feeds_failing"]) == ("stopped", 2, 1)
    assert (last["items"]["new"], last["last_commit"]) == (3, last_commit(open_lake(tmp_path / "lake")))
    assert last["polls"]["asked"] == len(polls(tmp_path / "lake"))
    assert line_of(seen[-1]).startswith("stopped: 0 feeds due, 0 in flight, 3 items new, 3 stored, commit ")
    assert [path.name for path in tmp_path.iterdir() if "status" in path.name] == ["status.json"]


def test_the_lake_is_held_throughout(folder, tmp_path):
    time, refusals = Timeline(), []

    def try_to_write():
        with pytest.raises(LakeError, match="newsfold watch"), writer_lock(create_or_open(tmp_path / "lake")):
            pass
        refusals.append(time.seconds)

    for second in (1, 500):
        time.at(second, try_to_write)
    time.ends(600)
    watched(options(tmp_path, folder), time)
    assert len(refusals) == 2


@pytest.mark.parametrize("inputs", [(), ("nowhere",)])
def test_what_cannot_be_watched_is_told_before_there_is_a_lake(tmp_path, inputs):
    with pytest.raises(UsageError):
        watched(options(tmp_path, *inputs), Timeline())
    assert not (tmp_path / "lake").exists()


def test_a_signal_ends_it_after_the_round(serve, folder, tmp_path):
    server = serve(by_path(a=tagged("a", 3)))
    feeds = write_list(tmp_path / "list", server, ["a"])
    lake, status = tmp_path / "lake", tmp_path / "status.json"
    told = ("--contact", "a@b.example", "--workers", 1, "--status-file", status)
    process = started("watch", folder, "--feeds", feeds, "--lake", lake, *told)
    wait_for(process, "3 items new")
    process.send_signal(signal.SIGTERM)
    done, seconds = ended(process)
    assert (done.code, seconds < 20) == (0, True)
    assert "read 3 articles" in done.out
    assert json.loads(status.read_text("utf-8"))["activity"] == "stopped"
    assert verify(open_lake(lake)) == []


def test_a_second_signal_ends_it_at_once(serve, tmp_path):
    asked = threading.Event()

    def hang(connection, request):
        asked.set()
        server.over.wait(60)

    server = serve(by_path(a=hang))
    feeds = write_list(tmp_path / "list", server, ["a"])
    process = started("watch", "--feeds", feeds, "--lake", tmp_path / "lake", "--contact", "a@b.example")
    assert asked.wait(60)
    process.send_signal(signal.SIGINT)
    while process.poll() is None:  # the first is taken in by a thread: only then comes the second
        process.send_signal(signal.SIGINT)
    assert process.returncode == -signal.SIGINT
    assert len(archived(tmp_path / "lake")) == 1  # the mark of the request, for the next start


def test_wrong_usage_is_one_line(tmp_path):
    for given, words in (
        (("watch", "--lake", tmp_path / "lake"), "nothing to watch"),
        (("watch", tmp_path), "--lake is missing"),
        (("watch", tmp_path, "--lake", tmp_path / "lake", "--status-file", "/nowhere/s.json"), "no folder /nowhere"),
        (("watch", "--feeds", "https://e.org/feed", "--lake", tmp_path / "lake"), "--contact is missing"),
    ):
        done = run(tmp_path, *given)
        assert (done.code, done.err.count("\n")) == (2, 1), done.err
        assert words in done.err
    assert not (tmp_path / "lake").exists()
