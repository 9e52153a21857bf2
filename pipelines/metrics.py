"""A page of metrics for Prometheus, on this machine's loopback only: what the status says, as numbers."""

import contextlib
import threading
from collections.abc import Iterator
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from pipelines.status import Observer, Status
from schemas.errors import UsageError

# 0.0.4 is the version of the text format, which Prometheus asks for.
_CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
_GAUGES = {
    "feeds_listed": "Feeds in the list.",
    "feeds_due": "Feeds that wait to be asked in this round.",
    "feeds_in_flight": "Requests under way.",
    "feeds_failing": "Feeds whose last poll failed.",
    "feeds_disabled": "Feeds that are gone for good.",
    "last_commit": "Number of the last commit.",
}
_COUNTERS = {"rounds": "Rounds that did something.", "commits": "Commits since the start."}
_BY_OUTCOME = {
    "items": ("Items since the start, by what became of them.", "read"),
    "polls": ("Polls since the start, by what became of them.", "asked"),
}


def page_of(status: Status) -> str:
    """Return the status in Prometheus' text format."""
    lines: list[str] = []
    for name, told in _GAUGES.items():
        lines += _metric(name, told, "gauge", {"": getattr(status, name)})
    for name, told in _COUNTERS.items():
        lines += _metric(f"{name}_total", told, "counter", {"": getattr(status, name)})
    for name, (told, whole) in _BY_OUTCOME.items():
        counts = {outcome: count for outcome, count in getattr(status, name).items() if outcome != whole}
        outcomes = {f'{{outcome="{outcome}"}}': count for outcome, count in counts.items()}
        lines += _metric(f"{name}_total", told, "counter", outcomes)
    for name in ("started_at", "updated_at", "last_commit_at"):
        at = getattr(status, name)
        told = f"When, in seconds since 1970: {name.replace('_', ' ')}."
        lines += _metric(f"{name}_seconds", told, "gauge", {"": at.timestamp()} if at else {})
    return "\n".join(lines) + "\n"


def _metric(name: str, told: str, kind: str, values: dict[str, float]) -> list[str]:
    full = f"newsfold_{name}"
    return [
        f"# HELP {full} {told}",
        f"# TYPE {full} {kind}",
        *(f"{full}{label} {value}" for label, value in values.items()),
    ]


@contextlib.contextmanager
def served(port: int) -> Iterator[Observer]:
    """Serve the page under http://127.0.0.1:PORT/metrics, and give what it is told by.

    Raises:
        UsageError: the port is taken, or none.
    """
    # Made when the status changes, not when it is asked for: a scraper reads one whole page, and the watch never waits.
    page = b""

    class _Page(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            found = self.path == "/metrics"
            self.send_response(HTTPStatus.OK if found else HTTPStatus.NOT_FOUND)
            self.send_header("Content-Type", _CONTENT_TYPE)
            self.end_headers()
            self.wfile.write(page if found else b"the metrics are at /metrics\n")

        def log_message(self, *_: object) -> None:
            """Say nothing: standard error is for the watch."""

    def observe(status: Status) -> None:
        nonlocal page
        page = page_of(status).encode()

    try:
        server = ThreadingHTTPServer(("127.0.0.1", port), _Page)
    except (OSError, OverflowError) as error:
        why = getattr(error, "strerror", None) or "there is no such port"
        raise UsageError(f"--metrics-port {port}: {why}; give a free port") from None
    with server:
        threading.Thread(target=server.serve_forever, daemon=True, name="metrics").start()
        try:
            yield observe
        finally:
            server.shutdown()
