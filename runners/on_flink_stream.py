"""Run the pipeline without end on a standalone Flink with checkpoints, and kill its task manager in mid-stream.

python -m runners.on_flink_stream      feeds and files on loopback; rows must be those of an ingest of the same
"""

import contextlib
import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import click

from runners.cluster import SLOTS, flink_cluster, slots, task_manager
from runners.compare import differences
from runners.environments import IN_THE_COMMAND, on_job_server
from runners.parts import CACHE, ROOT, PartMissingError
from runners.servers import serving
from transforms.lake.layout import open_lake
from transforms.lake.read import last_commit, scan
from transforms.lake.verify import verify

_FEEDS, _ITEMS, _ARTICLES = 6, 15, 300
_CHECKPOINTS = ("--streaming", "--checkpointing_interval=5000")
_RESTART = {
    "restart-strategy.type": "fixed-delay",
    "restart-strategy.fixed-delay.attempts": "10",
    "restart-strategy.fixed-delay.delay": "2 s",
    "heartbeat.interval": "2000",
    "heartbeat.timeout": "10000",
}
_PATIENCE_SECONDS = 300.0
_CONTACT = ("--contact", "trial@example.org")
_WORDS = [
    "harbour",
    "school",
    "bridge",
    "orchard",
    "tram",
    "library",
    "clinic",
    "market",
    "river",
    "museum",
    "bakery",
    "stadium",
    "forest",
    "archive",
]


def main() -> None:
    """Exit with 1 where a row differs or a part cannot be had."""
    CACHE.mkdir(parents=True, exist_ok=True)
    try:
        with tempfile.TemporaryDirectory(dir=CACHE, prefix="stream-") as folder:
            sys.exit(not same_rows(Path(folder)))
    except PartMissingError as error:
        sys.exit(f"no trial on Flink: {error}")


def same_rows(folder: Path) -> bool:
    """Watch while files come and a task manager dies; tell whether rows are equal to those of an ingest."""
    inputs, servers, lake, own = (folder / name for name in ("in", "servers", "lake", "own"))
    inputs.mkdir()
    servers.mkdir()
    articles = [_article(number) for number in range(_ARTICLES)]
    with _feeds(folder / "list.txt") as asked, flink_cluster(servers, _RESTART) as endpoint:
        watching = ["watch", str(inputs), "--feeds", str(folder / "list.txt"), "--lake", str(lake), *_CONTACT]
        flags = [*on_job_server(endpoint), *IN_THE_COMMAND, *_CHECKPOINTS]
        with _command([*watching, *flags, "--json"], folder / "watch.log") as watch:
            _write(inputs / "1.jsonl", articles[:100])
            _wait(watch, "its first commit", lambda: _committed(lake) >= 1)
            _write(inputs / "2.jsonl", articles[100:200])
            _wait(watch, "batches in mid-stream", lambda: any((lake / "_stream").glob("*.arrow.rejects")))
            before = _committed(lake)
            _kill_task_manager(servers)
            with serving(task_manager(servers), servers / "second.log", lambda: slots(servers) == SLOTS):
                _wait(watch, "a commit after the kill", lambda: _committed(lake) > before)
                _write(inputs / "3.jsonl", articles[200:])
                _wait(watch, "the rest", lambda: _stored(lake) >= _ARTICLES + _FEEDS * _ITEMS)
                watch.send_signal(signal.SIGTERM)
                watch.wait(_PATIENCE_SECONDS)
        _run(["ingest", str(inputs), "--feeds", str(folder / "list.txt"), "--lake", str(own), *_CONTACT])
    found = [*differences(own, lake), *verify(open_lake(lake))]
    restarts = (servers / "jobmanager.log").read_text("utf-8").count("from state RUNNING to RESTARTING")
    click.echo(
        f"{_stored(lake)} rows in {_committed(lake)} commits, {restarts} restarts, {len(asked)} requests for {_FEEDS} "
        f"feeds by both, the command ended with {watch.returncode}: {'; '.join(found) or 'rows equal'}"
    )
    return not found and restarts > 0 and watch.returncode == 0 and len(asked) == 2 * _FEEDS


def _article(number: int) -> dict[str, str]:
    """Return an article, every fifth a copy of the one before, an hour later."""
    story = number - (number % 5 == 4)
    dice = random.Random(story)  # noqa: S311  a trial's texts
    text = ". ".join(" ".join(dice.choice(_WORDS) for _ in range(12)).capitalize() for _ in range(12)) + "."
    published = datetime(2026, 3, 1, tzinfo=UTC) + timedelta(hours=number)
    site = f"https://paper{number}.example/story"
    return {"id": str(number), "url": site, "title": f"Story {story}", "text": text, "published": published.isoformat()}


def _write(path: Path, articles: Sequence[dict[str, str]]) -> None:
    path.write_text("".join(json.dumps(article) + "\n" for article in articles), "utf-8")


@contextlib.contextmanager
def _feeds(listed: Path) -> Iterator[list[str]]:
    """Serve feeds on loopback addresses, list them, and give what is asked."""
    asked: list[str] = []

    class Site(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            name = self.path.strip("/")
            entry = "<item><guid>{0}-{1}</guid><title>{0} tells {1}</title><description>{2}</description></item>"
            items = "".join(entry.format(name, item, _article(1_000 + 5 * item)["text"]) for item in range(_ITEMS))
            body = f"<rss version='2.0'><channel><title>{name}</title>{items}</channel></rss>".encode()
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Stay silent."""

    with ThreadingHTTPServer(("0.0.0.0", 0), Site) as server:  # noqa: S104  on all of 127.0.0.0/8, for several hosts
        port = server.server_address[1]
        lines = [f"http://127.0.0.{1 + number}:{port}/feed{number} allow_private" for number in range(_FEEDS)]
        listed.write_text("\n".join([*lines, ""]), "utf-8")
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield asked
        server.shutdown()


@contextlib.contextmanager
def _command(arguments: Sequence[str], log: Path) -> Iterator["subprocess.Popen[bytes]"]:
    with log.open("wb") as said:
        command = [sys.executable, "-m", "pipelines.cli", *arguments]
        process = subprocess.Popen(command, cwd=ROOT, stdout=said, stderr=said)  # noqa: S603  our own command
    try:
        yield process
    except RuntimeError as error:
        raise RuntimeError(f"{error}\n{log.read_text('utf-8', 'replace')[-3000:]}") from error
    finally:
        if process.poll() is None:
            process.kill()
            process.wait()


def _run(arguments: Sequence[str]) -> None:
    subprocess.run([sys.executable, "-m", "pipelines.cli", *arguments], cwd=ROOT, check=True)  # noqa: S603  as above


def _kill_task_manager(servers: Path) -> None:
    """End the task manager of the cluster in `servers`, and no other, without a word."""
    for found in Path("/proc").glob("[0-9]*/cmdline"):
        with contextlib.suppress(OSError):
            words = found.read_bytes()
            if b"TaskManagerRunner" in words and str(servers).encode() in words:
                os.kill(int(found.parent.name), signal.SIGKILL)


def _wait(process: "subprocess.Popen[bytes]", what: str, there: Callable[[], bool]) -> None:
    begun = time.monotonic()
    while not there():
        if process.poll() is not None:
            raise RuntimeError(f"the command ended with {process.returncode} before {what}")
        if time.monotonic() - begun > _PATIENCE_SECONDS:
            raise RuntimeError(f"{what} did not come")
        time.sleep(0.5)
    click.echo(f"{what}: after {time.monotonic() - begun:.0f} s")


def _committed(lake: Path) -> int:
    return last_commit(open_lake(lake)) if (lake / "_newsfold.json").exists() else 0


def _stored(lake: Path) -> int:
    tables = (scan(open_lake(lake), table, ["article_id"]) for table in ("articles", "duplicates"))
    return sum(len(batch) for table in tables for batch in table)


if __name__ == "__main__":
    main()
