"""`watch --runner`: the command, a real runner that knows streams, live feeds on loopback and files that come."""

import os
import signal
import time
from pathlib import Path

import pytest

from runners import parts
from runners.compare import differences
from tests.pipelines.conftest import corpus, write_jsonl
from tests.pipelines.interrupted import ended, started
from tests.pipelines.live import archived, by_path, polls, tagged, write_list
from tests.pipelines.stored import item_ids
from transforms.lake.layout import open_lake
from transforms.lake.verify import verify

PRISM = parts.CACHE / "prism" / "prism"
needs_prism = pytest.mark.skipif(not PRISM.exists(), reason="Prism is not built here; make prism builds it")
CONTACT = ("--contact", "tests@example.org")
_PATIENCE_SECONDS = 120.0


@pytest.fixture
def site(serve, tmp_path):
    server = serve(by_path(a=tagged("a", 3), b=tagged("b", 2), c=tagged("c", 4)), hosts=2)
    return server, write_list(tmp_path / "list.txt", server, ["a", "b", "c"])


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "in").mkdir()
    return tmp_path / "in"


def watch(folder, feeds, lake):
    prism = ("--runner=PrismRunner", "--streaming", f"--prism_location={PRISM}")
    return started("watch", folder, "--feeds", feeds, "--lake", lake, *CONTACT, *prism, "--json")


def until(process, there):
    deadline = time.monotonic() + _PATIENCE_SECONDS
    while not there():
        assert process.poll() is None, process.communicate()[1]
        if time.monotonic() > deadline:
            os.killpg(process.pid, signal.SIGKILL)  # or it would watch on after the test
            pytest.fail("what was waited for did not come")
        time.sleep(0.2)


def staged(lake, count):
    return lambda: len(list(Path(lake, "_stream").glob("*.arrow.rejects"))) >= count


def committed(lake, count):
    return lambda: len(list(Path(lake, "runs").glob("*.parquet"))) >= count


def assert_as_an_ingest(newsfold, folder, feeds, lake, own):
    done = newsfold("ingest", folder, "--feeds", feeds, "--lake", own, *CONTACT, "--workers", 1)
    assert done.code == 0, done.err
    assert differences(own, lake) == []
    assert verify(open_lake(lake)) == []
    assert archived(lake) == []
    assert not [path for path in Path(lake, "_stream").rglob("*") if path.is_file()]


@pytest.mark.long
@needs_prism
def test_feeds_and_files_become_the_rows_of_an_ingest(newsfold, site, folder, tmp_path):
    server, feeds = site
    lake = tmp_path / "lake"
    # Told apart in time, so that each is folded after what it is a copy of.
    articles = sorted(corpus(40), key=lambda article: article["published"])
    write_jsonl(folder / "1.jsonl", articles[:20])
    process = watch(folder, feeds, lake)
    until(process, committed(lake, 2))
    write_jsonl(folder / "2.jsonl", articles[20:])
    until(process, committed(lake, 3))
    process.send_signal(signal.SIGTERM)
    done, seconds = ended(process)
    assert done.code == 0, done.err
    assert done.json["counts"]["read"] == 40 + 9
    assert seconds < 30
    assert len(server.log) == len(polls(lake)) == 3
    assert_as_an_ingest(newsfold, folder, feeds, lake, tmp_path / "own")


@pytest.mark.long
@needs_prism
def test_killed_before_its_first_commit_nothing_is_lost_and_nobody_asked_again(newsfold, site, folder, tmp_path):
    server, feeds = site
    lake = tmp_path / "lake"
    write_jsonl(folder / "1.jsonl", corpus(20))
    process = watch(folder, feeds, lake)
    # Not all four: Prism now and then loses a host's timer, whose turn then comes with the next telling of the list.
    until(process, staged(lake, 2))
    os.killpg(process.pid, signal.SIGKILL)  # the runner ends with its command
    process.communicate()
    assert not committed(lake, 1)()
    process = watch(folder, feeds, lake)
    until(process, lambda: len(item_ids(lake)) == 20 + 9)
    process.send_signal(signal.SIGTERM)
    done, _ = ended(process)
    assert done.code == 0, done.err
    assert len(server.log) == len(polls(lake)) == 3
    assert_as_an_ingest(newsfold, folder, feeds, lake, tmp_path / "own")


@pytest.mark.parametrize(
    ("given", "told"),
    [
        (("in", "--streaming"), "--streaming: this machine's own runner fires no window before the end"),
        (("in", "--input", "kafka://localhost:9092/news"), "--input: messages are read by a pipeline without end"),
        (("in", "--runner=PrismRunner", "--metrics-port", "9"), "--status-file, --metrics-port: with --runner"),
        (("in", "--runner=PrismRunner", "--fetch-articles"), "--fetch-articles: not with --runner"),
        (("--runner=PrismRunner",), "nothing to watch: name folders, feeds by --feeds LIST, or a queue by --input"),
        (("--runner=PrismRunner", "--input", "amqp://h/q"), "--input amqp://h/q: write pubsub://"),
        (("in", "--runer=PrismRunner"), "unknown flag --runer"),
    ],
)
def test_what_cannot_be_is_one_line(newsfold, folder, tmp_path, given, told):
    words = [str(folder) if word == "in" else word for word in given]
    done = newsfold("watch", *words, "--lake", tmp_path / "lake")
    assert (done.code, "Traceback" in done.err) == (2, False)
    assert told in done.err.strip().splitlines()[-1]
