"""The ledger: what one commit counted and published, as the row of table runs that proves it."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime

import pyarrow as pa

from schemas.errors import LakeError
from schemas.tables import RUNS
from transforms.lake.intent import Change, DataFile

STORED_IN_ARTICLES = ("new", "revision")
STORED_IN_DUPLICATES = ("exact", "near", "excerpt", "expansion")
OUTCOMES = (*STORED_IN_ARTICLES, *STORED_IN_DUPLICATES, "seen")
COUNTS = ("read", *OUTCOMES, "rejected", "published_rejects")
FURTHER_COUNTS = ("retagged", "moved", "forgotten")
"""Of some commands only: null where a commit does not tell."""
MAX_INPUTS = 100  # names kept in a row; input_files counts all


class ConservationError(LakeError):
    """What was read is not what was decided about: nothing was published."""


@dataclass(frozen=True, slots=True)
class Erased:
    """How many rows of one commit a takedown removes from one table."""

    table: str
    commit: int
    rows: int


@dataclass(frozen=True, slots=True)
class RunInfo:
    """What a commit says about the run that made it; counts are added from what it stores."""

    command: str  # ingest, watch, compact, replay, retag, forget
    started_at: datetime  # UTC
    run_id: str | None = None  # None for the first commit of a run, which gives the run its id
    plan_digest: str | None = None
    slice_number: int | None = None
    last_slice: bool = True
    inputs: tuple[str, ...] = ()
    input_files: int = 0
    input_bytes: int = 0
    options_hash: str | None = None
    versions: Mapping[str, str] = field(default_factory=dict)
    resolved: tuple[str, ...] = ()  # reject ids that became articles
    erased: tuple[Erased, ...] = ()  # rows that a takedown removes
    spills: tuple[str, ...] = ()  # names of an unbounded pipeline's batches


@dataclass(frozen=True, slots=True)
class Stamp:
    """What every row of a commit carries."""

    number: int
    run_id: str
    at: datetime  # UTC; one moment for all rows of a commit


def run_id_of(first_commit: int) -> str:
    """Return the id of a run from the number of its first commit."""
    return f"{first_commit:08d}"


def stamp_of(number: int, run: RunInfo, at: datetime) -> Stamp:
    """Return the stamp of commit `number`: the first commit of a run gives the run its id."""
    return Stamp(number, run.run_id or run_id_of(number), at)


def check_conservation(counts: Mapping[str, int]) -> None:
    """Refuse counts that lose or invent an item.

    Raises:
        ConservationError: read is not the sum of the outcomes, of what was seen and of what was rejected.
    """
    decided = sum(counts.get(name, 0) for name in (*OUTCOMES, "rejected"))
    if counts.get("read", 0) != decided:
        listed = ", ".join(f"{name} {counts.get(name, 0)}" for name in COUNTS)
        raise ConservationError(
            f"{counts.get('read', 0)} records were read but {decided} decided about ({listed}); nothing was published: "
            "this is a fault in newsfold, please report it with the input"
        )


def ledger_row(stamp: Stamp, run: RunInfo, counts: Mapping[str, int], changes: Sequence[Change]) -> pa.Table:
    """Return the row of table runs for a commit that does `changes` to the other tables."""
    row = {
        "run_id": stamp.run_id,
        "commit": stamp.number,
        "committed_at": stamp.at,
        "files": [_file(file) for change in changes for file in change.adds],
        "removed": [f"{change.table}/{file.path}" for change in changes for file in change.removes],
        # A commit that reads nothing counts zeroes, so that sums over the ledger need no regard for commands.
        **{name: counts.get(name, 0) for name in COUNTS},
        **{name: counts.get(name) for name in FURTHER_COUNTS},
        **_of_run(run),
    }
    return pa.Table.from_pylist([row], schema=RUNS)


def _of_run(run: RunInfo) -> dict[str, object]:
    return {
        "command": run.command,
        "started_at": run.started_at,
        "plan_digest": run.plan_digest,
        "slice_number": run.slice_number,
        "last_slice": run.last_slice,
        "inputs": list(run.inputs[:MAX_INPUTS]),
        "input_files": run.input_files,
        "input_bytes": run.input_bytes,
        "options_hash": run.options_hash,
        "versions": sorted(run.versions.items()),
        "resolved": list(run.resolved),
        "erased": [asdict(one) for one in run.erased],
        "spills": list(run.spills) or None,
    }


def _file(file: DataFile) -> dict[str, object]:
    return {name: getattr(file, name) for name in ("table", "path", "bytes", "sha256")}
