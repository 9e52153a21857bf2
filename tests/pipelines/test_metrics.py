"""The page of metrics: what the status says, in Prometheus' text format, on loopback only."""

import re
import socket
import urllib.error
import urllib.request
from datetime import UTC, datetime

import pytest

from pipelines.metrics import page_of, served
from pipelines.status import Status
from schemas.errors import UsageError

NOW = datetime(2026, 11, 26, 12, tzinfo=UTC)
STATUS = Status(
    NOW,
    NOW,
    feeds_listed=7,
    feeds_failing=2,
    commits=3,
    last_commit=41,
    items={"read": 9, "new": 5, "seen": 4},
    polls={"asked": 8, "changed": 5, "unchanged": 1, "failed": 2},
)


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as taken:
        return taken.getsockname()[1]


def test_a_page_is_prometheus_text():
    lines = page_of(STATUS).splitlines()
    assert "newsfold_feeds_listed 7" in lines
    assert "newsfold_commits_total 3" in lines
    assert 'newsfold_items_total{outcome="new"} 5' in lines
    assert 'newsfold_polls_total{outcome="failed"} 2' in lines
    assert f"newsfold_started_at_seconds {NOW.timestamp()}" in lines
    assert not [line for line in lines if line.startswith("newsfold_last_commit_at_seconds ")]
    form = r"# (HELP|TYPE) newsfold_[a-z_]+ .+|newsfold_[a-z_]+(\{outcome=\"[a-z_]+\"\})? [0-9.]+"
    assert [line for line in lines if not re.fullmatch(form, line)] == []


def test_it_is_served_until_the_end():
    port = free_port()
    with served(port) as observe:
        observe(STATUS)
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics") as answer:
            assert answer.read().decode() == page_of(STATUS)
            assert answer.headers["Content-Type"].startswith("text/plain; version=0.0.4")
        with pytest.raises(urllib.error.HTTPError, match="404"):
            urllib.request.urlopen(f"http://127.0.0.1:{port}/etc/passwd")
    with pytest.raises(OSError, match="refused"):
        socket.create_connection(("127.0.0.1", port), 1)


@pytest.mark.parametrize("taken", [True, False])
def test_a_port_that_cannot_be_had_is_wrong_usage(taken):
    with socket.create_server(("127.0.0.1", 0)) as held:
        port = held.getsockname()[1] if taken else 70_000
        with pytest.raises(UsageError, match="give a free port"), served(port):
            pass
