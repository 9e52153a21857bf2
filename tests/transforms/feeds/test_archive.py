import gzip
import os
import signal
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from transforms.feeds.archive import Archive, kept_for_ever
from transforms.feeds.attempt import Attempt, answered, failed, permanent_target
from transforms.feeds.failures import FetchFailed, FetchReason
from transforms.feeds.fetch import Hop, Response
from transforms.feeds.moments import Moment

MOMENT = Moment(datetime(2026, 11, 21, 12, 0, 0, 5, tzinfo=UTC), "boot", 7.25)
FEED = "https://example.org/feed"
DONE = Attempt(
    FEED,
    MOMENT,
    in_full=False,
    status=200,
    headers={"etag": 'W/"\xe9"'},
    body=b"<rss>\n\0\xff</rss>",
    answered_by=FEED,
    seconds=0.5,
)
LOST = Attempt(
    "f", Moment(MOMENT.now + timedelta(seconds=2)), reason=FetchReason.TIMEOUT, detail="late", answered_by="f"
)
ROOT = Path(__file__).parents[3]


def names(folder):
    return sorted(path.name for path in folder.iterdir())


def test_attempts_wait_in_the_order_in_which_they_were_begun(tmp_path):
    archive = Archive(tmp_path / "waiting")
    assert list(archive.waiting()) == []
    archive.keep(LOST)
    archive.keep(DONE)
    assert list(Archive(tmp_path / "waiting").waiting()) == [DONE, LOST]


def test_an_attempt_that_was_only_begun_is_known_too(tmp_path):
    archive = Archive(tmp_path)
    archive.begin(FEED, MOMENT)
    (found,) = archive.waiting()
    assert (found.feed, found.moment, found.reason) == (FEED, MOMENT, FetchReason.INTERRUPTED)
    archive.keep(DONE)
    assert list(archive.waiting()) == [DONE]


def test_what_was_released_is_gone(tmp_path):
    archive = Archive(tmp_path)
    archive.begin("g", MOMENT)
    (begun,) = archive.waiting()
    for attempt in (DONE, LOST):
        archive.keep(attempt)
    archive.release([DONE, begun])
    assert list(archive.waiting()) == [LOST]
    archive.release([DONE, LOST])
    assert names(tmp_path) == []


def test_bodies_may_be_kept_for_ever(tmp_path):
    archive = Archive(tmp_path / "waiting", tmp_path / "kept")
    archive.keep(DONE)
    archive.release([DONE])
    assert names(tmp_path / "waiting") == []
    assert list(kept_for_ever(tmp_path / "kept")) == [DONE]
    assert names(tmp_path / "kept") == ["20261121"]


def test_what_holds_no_document_is_not_kept(tmp_path):
    archive = Archive(tmp_path / "waiting", tmp_path / "kept")
    archive.keep(LOST)
    archive.release([LOST])
    assert (names(tmp_path), names(tmp_path / "waiting")) == (["waiting"], [])


def test_what_a_power_cut_tore_is_let_go(tmp_path):
    archive = Archive(tmp_path)
    archive.keep(DONE)
    archive.keep(LOST)
    archive.begin("g", MOMENT)
    for path in tmp_path.iterdir():
        if path.name != names(tmp_path)[0]:
            path.write_bytes(path.read_bytes()[:9] if path.name.endswith("gz") else b"")
    whole = names(tmp_path)[0]
    assert len(list(archive.waiting())) == 1
    assert names(tmp_path) == [whole]


def test_the_same_attempt_gives_the_same_bytes(tmp_path):
    for folder in ("a", "b"):
        Archive(tmp_path / folder).keep(DONE)
    (one,), (other,) = (tmp_path / "a").iterdir(), (tmp_path / "b").iterdir()
    assert one.read_bytes() == other.read_bytes()
    assert one.name == other.name


def test_a_write_that_was_cut_short_is_no_attempt(tmp_path):
    Archive(tmp_path).keep(DONE)
    (whole,) = tmp_path.iterdir()
    (tmp_path / "20261121T120000000009-x.attempt.gz.partial").write_bytes(whole.read_bytes()[:20])
    assert list(Archive(tmp_path).waiting()) == [DONE]


def test_a_killed_writer_leaves_whole_attempts_only(tmp_path):
    code = (
        "import sys, pathlib, datetime; from transforms.feeds.archive import Archive\n"
        "from transforms.feeds.attempt import Attempt; from transforms.feeds.moments import Moment\n"
        "archive, now = Archive(pathlib.Path(sys.argv[1])), datetime.datetime.now(datetime.UTC)\n"
        "for second in range(10**6):\n"
        "    moment = Moment(now + datetime.timedelta(seconds=second)); archive.begin('f', moment)\n"
        "    archive.keep(Attempt('f', moment, status=200, body=b'x' * 100_000, answered_by='f')); print(second, flush=True)\n"
    )
    child = subprocess.Popen([sys.executable, "-c", code, tmp_path], cwd=ROOT, stdout=subprocess.PIPE)
    written = [child.stdout.readline() for _ in range(5)]
    os.kill(child.pid, signal.SIGKILL)
    written += child.stdout.read().splitlines()
    child.wait()
    found = list(Archive(tmp_path).waiting())
    assert sum(attempt.status == 200 and len(attempt.body) == 100_000 for attempt in found) >= len(written)
    assert len(found) <= len(written) + 2


def response(*hops, body=b"", final="https://example.org/feed"):
    return Response(200, {}, body, final, hops)


def test_an_attempt_holds_no_secret(tmp_path):
    url = "https://user:CANARYPASS@example.org/feed?token=CANARY"
    body = b"<rss><link>https://example.org/feed?token=CANARY</link></rss>"
    got = answered("key", url, MOMENT, response(Hop(301, url), body=body, final=url))
    lost = failed("key", url, MOMENT, FetchFailed(FetchReason.SHORT_BODY, f"at {url}", body))
    for attempt in (got, replace(lost, feed="other")):
        Archive(tmp_path).keep(attempt)
        assert "CANARY" not in repr(attempt)
    assert all(b"CANARY" not in gzip.decompress(path.read_bytes()) for path in tmp_path.iterdir())
    assert got.body == b"<rss><link>https://example.org/feed?token=redacted</link></rss>"


def test_only_an_unbroken_run_of_permanent_redirects_is_remembered():
    there, on = "https://example.org/b", "https://example.org/c"
    assert permanent_target(FEED, response()) is None
    assert permanent_target(FEED, response(Hop(301, there), Hop(308, on))) == on
    assert permanent_target(FEED, response(Hop(301, there), Hop(302, on))) == there
    assert permanent_target(FEED, response(Hop(307, there), Hop(301, on))) is None


def test_a_step_down_from_https_and_a_secret_are_not_remembered():
    assert permanent_target(FEED, response(Hop(301, "http://example.org/b"))) is None
    assert permanent_target(FEED, response(Hop(301, "http://example.org/b"), Hop(301, "https://example.org/c"))) is None
    assert permanent_target("http://e.org/", response(Hop(301, "https://e.org/"))) == "https://e.org/"
    assert permanent_target(FEED, response(Hop(301, "https://example.org/b?key=1234"))) is None
