"""What a watch tells about itself: one line for a person, one file for a program."""

import json
from dataclasses import fields, replace
from datetime import UTC, datetime

import pytest

from pipelines.status import POLL_COUNTS, Status, line_of, status_file
from pipelines.summary import COUNTS

NOON = datetime(2026, 11, 3, 12, tzinfo=UTC)
NEW = Status(NOON, NOON)
BUSY = replace(
    NEW,
    activity="waiting",
    feeds_listed=7,
    feeds_due=2,
    feeds_in_flight=1,
    next_due=NOON.replace(minute=5),
    last_commit=9,
    last_commit_at=NOON.replace(second=30),
    items=dict.fromkeys(COUNTS, 0) | {"new": 1200, "exact": 34, "seen": 5, "rejected": 3},
)


@pytest.mark.parametrize(
    ("status", "line"),
    [
        (NEW, "starting: 0 items new, 0 stored, no commit yet UTC"),
        (
            BUSY,
            "waiting: 2 feeds due, 1 in flight, 1,200 items new, 1,234 stored, commit 9 at 12:00:30, next due 12:05:00 UTC",
        ),
        (
            replace(BUSY, activity="working", feeds_listed=0),
            "working: 1,200 items new, 1,234 stored, commit 9 at 12:00:30 UTC",
        ),
        (
            replace(BUSY, next_due=None, last_commit_at=None, feeds_listed=0),
            "waiting: 1,200 items new, 1,234 stored, commit 9 UTC",
        ),
    ],
)
def test_a_line_says_what_is_done_and_what_comes_next(status, line):
    assert line_of(status) == line


def test_all_counts_begin_at_nothing():
    assert NEW.items == dict.fromkeys(COUNTS, 0)
    assert NEW.polls == dict.fromkeys(POLL_COUNTS, 0)
    assert NEW.items is not Status(NOON, NOON).items


def test_a_file_holds_every_field_with_times_as_text(tmp_path):
    status_file(tmp_path / "status.json")(BUSY)
    told = json.loads((tmp_path / "status.json").read_text("utf-8"))
    assert list(told) == [field.name for field in fields(Status)]
    assert (told["next_due"], told["last_commit_at"]) == ("2026-11-03T12:05:00+00:00", "2026-11-03T12:00:30+00:00")
    assert told["items"]["new"] == 1200


def test_the_file_is_whole_at_any_time_and_the_only_one(tmp_path):
    observe, path = status_file(tmp_path / "status.json"), tmp_path / "status.json"
    observe(NEW)
    held = path.open(encoding="utf-8")  # who reads while the next is written sees the one before
    observe(BUSY)
    with held:
        assert json.load(held)["activity"] == "starting"
    assert json.loads(path.read_text("utf-8"))["activity"] == "waiting"
    assert list(tmp_path.iterdir()) == [path]
