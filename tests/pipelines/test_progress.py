"""Progress on standard error, where that is no terminal: plain lines, each once."""

import re
from dataclasses import replace
from datetime import UTC, datetime

from pipelines.progress import no_report, shown, watched
from pipelines.status import Status, line_of

NOON = datetime(2026, 11, 3, 12, tzinfo=UTC)
WAITING = Status(NOON, NOON, activity="waiting", rounds=1)


def test_each_slice_is_a_line_on_standard_error(capsys):
    with shown("ingest") as report:
        report(10_000, 1)
        report(1_234_567, 2)
    told = capsys.readouterr()
    assert told.out == ""
    first, second = told.err.splitlines()
    assert re.fullmatch(r"ingest: slice 1 committed, 10,000 articles, \d+\.\d s", first)
    assert re.fullmatch(r"ingest: slice 2 committed, 1,234,567 articles, \d+\.\d s", second)


def test_a_round_is_told_when_it_is_done_and_once(capsys):
    statuses = [
        replace(WAITING, activity="working", rounds=0),
        WAITING,
        replace(WAITING, feeds_due=3),  # nothing was done since
        replace(WAITING, activity="working"),
        replace(WAITING, rounds=2),
        replace(WAITING, rounds=2, activity="stopped"),
    ]
    with watched() as observe:
        for status in statuses:
            observe(status)
    told = capsys.readouterr()
    assert told.out == ""
    assert told.err.splitlines() == [f"watch: {line_of(statuses[place])}" for place in (1, 4, 5)]


def test_what_is_not_to_be_told_is_not(capsys):
    no_report(5, 1)
    assert capsys.readouterr() == ("", "")


class _Terminal:
    """A terminal's standard error, as far as rich asks about it."""

    def __init__(self):
        self.written = ""

    def write(self, text):
        self.written += text
        return len(text)

    def flush(self):
        pass

    def isatty(self):
        return True


def test_on_a_terminal_one_line_is_drawn_anew(monkeypatch):
    terminal = _Terminal()
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("COLUMNS", "200")
    monkeypatch.setattr("sys.stderr", terminal)
    with shown("ingest") as report:
        report(1_234, 1)
    assert "1 slices committed" in terminal.written
    with watched() as observe:
        observe(replace(WAITING, feeds_listed=2, feeds_due=1))
    assert "1 feeds due" in terminal.written
    assert "watch: waiting" not in terminal.written
