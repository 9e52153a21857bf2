"""Give stored rows the language and entities that the present taggers find; ids, families and all else stay."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import partial

from pipelines.options import IngestOptions
from pipelines.progress import Report
from pipelines.retagged import Taggers, retagged
from pipelines.run import check_names
from pipelines.versions import tags_version, versions
from pipelines.workers import workers
from schemas.tables import STORY_TABLES
from transforms.entities.taggers import EntityChoice
from transforms.lake.commit import commit_changes
from transforms.lake.compact import compact
from transforms.lake.intent import DataFile
from transforms.lake.layout import Lake, open_lake
from transforms.lake.ledger import RunInfo, run_id_of
from transforms.lake.lock import writer_lock
from transforms.lake.read import files, last_commit, ledger_checksums, scan_file
from transforms.lake.recover import recover
from transforms.lake.rewrite import Rewrite, stage_rewritten

# One commit rewrites no more than this, or one file: so much is lost by a kill, and held in memory.
_COMMIT_BYTES = 64 * 1024 * 1024
_COMMIT_ROWS = 20_000  # two slices of an ingest; short rows that compress well would be many


@dataclass(frozen=True)
class Retagged:
    """What a retag did."""

    retagged: int = 0  # rows with tags of other taggers than the present ones
    moved: int = 0  # of those: rows whose language changed, and with it their partition
    commits: int = 0


@dataclass(frozen=True)
class _Stale:
    """A file with rows that other taggers have tagged."""

    file: DataFile
    rows: int


def retag(options: IngestOptions, report: Report) -> Retagged:
    """Tag the rows of articles and duplicates anew whose `tags_version` is not that of the options' taggers.

    Each commit is one of some files; a killed run is gone on with by the next, for what is done has its version.

    Raises:
        UsageError: there is no lake.
        LakeError: another writer is at work, or a file is damaged.
    """
    lake = open_lake(options.lake)
    check_names(options)
    entities = EntityChoice(options.entities, options.gazetteer)
    version = tags_version(options.language_detector, entities)
    taggers = Taggers(options.language_detector, entities, version)
    lock = writer_lock(lake, "retag", break_lock=options.break_lock)
    with lock, workers(options.worker_count, lake.name) as pool:
        recover(lake)
        done = _retag(
            lake, _groups(_stale(lake, version)), partial(pool.map, partial(retagged, taggers=taggers)), report
        )
        compact(lake, only_crowded=True)
    return done


def _retag(lake: Lake, groups: Iterable[list[_Stale]], rewrite: Rewrite, report: Report) -> Retagged:
    checksums = ledger_checksums(lake)
    run = RunInfo(command="retag", started_at=datetime.now(UTC), versions=versions())
    done = Retagged()
    for number, group in enumerate(groups, start=last_commit(lake) + 1):
        run = replace(run, run_id=run.run_id or run_id_of(number))
        staged = stage_rewritten(lake, number, [stale.file for stale in group], rewrite, checksums)
        counts = {"retagged": sum(stale.rows for stale in group), "moved": staged.moved}
        commit_changes(lake, number, staged.changes, run, counts)
        done = Retagged(done.retagged + counts["retagged"], done.moved + staged.moved, done.commits + 1)
        report(done.retagged, done.commits)
    return done


def _stale(lake: Lake, version: str) -> Iterator[_Stale]:
    for table in STORY_TABLES:
        for file in files(lake, table):
            tagged = Counter(
                one for batch in scan_file(lake, file, ["tags_version"]) for one in batch.column(0).to_pylist()
            )
            # By rows, for merged files hold rows of several releases.
            if rows := tagged.total() - tagged[version]:
                yield _Stale(file, rows)


def _groups(stale: Iterable[_Stale]) -> Iterator[list[_Stale]]:
    """Group files, which come folder by folder, into what one commit rewrites."""
    waiting: list[_Stale] = []
    size = rows = 0
    for one in stale:
        if waiting and (size + one.file.bytes > _COMMIT_BYTES or rows + one.file.rows > _COMMIT_ROWS):
            yield waiting
            waiting, size, rows = [], 0, 0
        waiting.append(one)
        size, rows = size + one.file.bytes, rows + one.file.rows
    if waiting:
        yield waiting
