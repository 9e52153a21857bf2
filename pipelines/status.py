"""What a run that goes on tells about itself: one value, for a line, a file and a page of metrics alike."""

import json
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Literal

from pipelines.summary import COUNTS, STORED

Activity = Literal["starting", "working", "waiting", "stopped"]
POLL_COUNTS = ("asked", "changed", "unchanged", "failed", "items_missed_estimate")


@dataclass(frozen=True, slots=True)
class Status:
    """How a watch is doing; counts are since its start, times are UTC."""

    started_at: datetime
    updated_at: datetime
    activity: Activity = "starting"
    feeds_listed: int = 0
    feeds_due: int = 0
    feeds_in_flight: int = 0
    feeds_failing: int = 0  # whose last poll failed
    feeds_disabled: int = 0  # gone for good
    next_due: datetime | None = None
    rounds: int = 0  # that did something
    commits: int = 0
    last_commit: int = 0  # its number, also of an earlier run
    last_commit_at: datetime | None = None
    items: Mapping[str, int] = field(default_factory=lambda: dict.fromkeys(COUNTS, 0))
    polls: Mapping[str, int] = field(default_factory=lambda: dict.fromkeys(POLL_COUNTS, 0))


Observer = Callable[[Status], None]


def line_of(status: Status) -> str:
    """Return the status as one line for a person."""
    stored = sum(status.items[name] for name in STORED)
    feeds = f"{status.feeds_due} feeds due, {status.feeds_in_flight} in flight, " if status.feeds_listed else ""
    last = f"commit {status.last_commit}" if status.last_commit else "no commit yet"
    if status.last_commit_at is not None:
        last += f" at {status.last_commit_at:%H:%M:%S}"
    due = f", next due {status.next_due:%H:%M:%S}" if status.next_due and status.activity == "waiting" else ""
    return f"{status.activity}: {feeds}{status.items['new']:,} items new, {stored:,} stored, {last}{due} UTC"


def status_file(path: Path) -> Observer:
    """Return an observer that keeps the status in a JSON file, which is there whole at any time."""

    def write(status: Status) -> None:
        new = path.with_name(f".{path.name}.new")
        new.write_text(json.dumps(_plain(status), indent=1) + "\n", "utf-8")
        new.replace(path)

    return write


def _plain(status: Status) -> dict[str, object]:
    told = asdict(status)
    return {name: value.isoformat() if isinstance(value, datetime) else value for name, value in told.items()}
