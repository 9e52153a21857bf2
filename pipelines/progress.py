"""Progress of a run on standard error: a live bar on a terminal, plain lines elsewhere."""

import contextlib
import sys
import time
from collections.abc import Callable, Iterator

from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from pipelines.status import Observer, Status, line_of

Report = Callable[[int, int], None]  # articles read so far, slices committed so far


def no_report(articles: int, slices: int) -> None:
    """Pass over how far a round came: what watches tells its status instead."""
    del articles, slices


@contextlib.contextmanager
def shown(verb: str) -> Iterator[Report]:
    """Give a function to call after each slice."""
    console = Console(stderr=True)  # standard output is for results
    if console.is_terminal:
        with _bar(console, verb) as report:
            yield report
    else:
        yield _lines(verb)


@contextlib.contextmanager
def watched() -> Iterator[Observer]:
    """Give a function to call with the status of a watch: a live line on a terminal, else a line a round."""
    console = Console(stderr=True)
    if not console.is_terminal:
        yield _round_lines()
        return
    with console.status("watch", spinner="dots") as line:
        yield lambda status: line.update(escape(line_of(status)))


def _round_lines() -> Observer:
    told: tuple[str, int] | None = None

    def show(status: Status) -> None:
        nonlocal told
        # What is being done is told when it is done.
        now = (status.activity, status.rounds)
        if status.activity != "working" and now != told:
            told = now
            print(f"watch: {line_of(status)}", file=sys.stderr, flush=True)  # noqa: T201  as below

    return show


@contextlib.contextmanager
def _bar(console: Console, verb: str) -> Iterator[Report]:
    columns = (
        TextColumn(verb),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[rate]}"),
        TimeElapsedColumn(),
    )
    begun = time.monotonic()
    with Progress(*columns, console=console, transient=True) as progress:
        task = progress.add_task(verb, total=None, rate="")

        def report(articles: int, slices: int) -> None:
            rate = f"{articles / max(time.monotonic() - begun, 1e-9):,.0f} articles/s, {slices} slices committed"
            progress.update(task, completed=articles, rate=rate)

        yield report


def _lines(verb: str) -> Report:
    begun = time.monotonic()

    def report(articles: int, slices: int) -> None:
        seconds = time.monotonic() - begun
        print(f"{verb}: slice {slices} committed, {articles:,} articles, {seconds:.1f} s", file=sys.stderr, flush=True)  # noqa: T201  progress is what this module prints

    return report
