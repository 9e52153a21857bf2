"""Take items down: out of every table, every file and every kept document, and never in again."""

import shutil
from collections.abc import Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import UTC, datetime

from pipelines.kept_documents import documents_with
from pipelines.versions import versions
from schemas.errors import LakeError
from transforms.feeds.archive import mark_asked
from transforms.fold.waiting import left_over
from transforms.lake.doomed import Doomed, doom
from transforms.lake.layout import Lake, open_lake
from transforms.lake.ledger import RunInfo
from transforms.lake.lock import writer_lock
from transforms.lake.named import items_named
from transforms.lake.recover import recover
from transforms.lake.takedown import take_down


@dataclass(frozen=True)
class Forgotten:
    """What a takedown removed, or would remove."""

    items: int  # that were named, stored or not, and those that say the same words for the same source
    articles: int
    duplicates: int
    rejects: int
    documents: int  # of live feeds, kept whole
    copies: tuple[str, ...]  # article ids of other items in the same families: they stay
    commit: int | None  # None: nothing was left to be done, or nothing was to be changed


def forget(
    lake_root: str,
    names: Sequence[str],
    source: str | None = None,
    *,
    dry_run: bool = False,
    break_lock: bool = False,
) -> Forgotten:
    """Remove the items of these names, and all of a source, from a lake, and keep them from coming back.

    With `dry_run` only tell what would go; no lock is taken then. `break_lock`: as `writer_lock` takes it.

    Raises:
        UsageError: there is no lake, or no item of such a name.
        LakeError: another writer is at work, batches wait to be committed, a file is damaged, or the disk is full.
    """
    started = datetime.now(UTC)
    lake = open_lake(lake_root)
    with nullcontext() if dry_run else writer_lock(lake, "forget", break_lock=break_lock):
        if not dry_run:
            recover(lake)
            _sweep_stream(lake)
        named = items_named(lake, names, source)
        doomed = doom(lake, named, source)
        documents = documents_with(lake, doomed)
        commit = None
        if not dry_run and (doomed.versions or doomed.erased or documents):
            # Before the commit deletes them: a feed whose answer goes unread is asked in full, and not at once.
            mark_asked(lake.fetched, documents)
            half_written = lake.fetched.glob("*.partial")  # no later run reads them
            erases = [str(path.relative_to(lake.root)) for path in (*documents, *half_written)]
            commit = take_down(lake, doomed, source, erases, _run(doomed, started))
    told = {table: doomed.rows(table) for table in ("articles", "duplicates", "rejects")}
    return Forgotten(len(doomed.items), **told, documents=len(documents), copies=doomed.copies, commit=commit)


def _sweep_stream(lake: Lake) -> None:
    """Drop what a pipeline without end left, unless it waits for its commit: an item in it would come back."""
    if next(left_over(lake), None) is not None:
        raise LakeError(
            f"{lake.stream} holds batches that a pipeline prepared and nobody committed; run newsfold watch with its "
            "--runner, whose start commits them, then forget again"
        )
    shutil.rmtree(lake.stream, ignore_errors=True)


def _run(doomed: Doomed, started: datetime) -> RunInfo:
    return RunInfo(command="forget", started_at=started, versions=versions(), erased=doomed.erased)
