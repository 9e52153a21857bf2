"""Batches that an unbounded pipeline has prepared: which wait, which are committed, and when they may go.

A commit names its batches in the ledger, and only then are their files deleted. So a batch that is given to Fold
again, by a bundle that is repeated or a checkpoint that is gone back to, either still has its files, and Fold finds its
articles in the memory, or it has none, and the ledger says why.
"""

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import pyarrow as pa

from schemas.errors import LakeError
from schemas.records import Article, Batch, Chunk, Spill
from schemas.tables import POLLS
from transforms.fold.spills import files_of, read_columns, spill_name, write_spill, write_whole
from transforms.lake.layout import Lake
from transforms.lake.read import scan
from transforms.lake.stories import rejects_in

_ORDINAL_BYTES = 7  # so that it fits 64 bits with a sign, as Beam's coders have them


def ordinal_of(*told: object) -> int:
    """Return the ordinal of a chunk by what it holds: a bundle that is repeated names it the same, and nothing else."""
    digest = hashlib.sha256(repr(told).encode("utf-8", "surrogatepass")).digest()
    return int.from_bytes(digest[:_ORDINAL_BYTES], "big")


def polls_path(lake: Lake, ordinal: int) -> Path:
    """Return where the rows of `polls` wait that are committed with a chunk."""
    return lake.stream / "polled" / f"{ordinal}.polls"


def write_polls(path: Path, rows: pa.Table) -> None:
    """Write rows of `polls` where they wait for the commit of their records."""
    write_whole(rows.cast(POLLS), path)


def read_polls(spills: Iterable[Spill]) -> pa.Table:
    """Return the rows of `polls` that wait with spills; each file is read once."""
    tables = [POLLS.empty_table()]
    for path in sorted({spill.polls for spill in spills if spill.polls}):
        with pa.OSFile(path) as source:
            tables.append(pa.ipc.open_file(source).read_all())
    return pa.concat_tables(tables)


def names_of(lake: Lake, spills: Sequence[Spill]) -> tuple[str, ...]:
    """Return what a commit says about its batches, which are those of an unbounded pipeline or none."""
    return tuple(sorted(Path(spill.path).name for spill in spills if may_come_again(lake, spill)))


def may_come_again(lake: Lake, spill: Spill) -> bool:
    """Return whether a spill is one of an unbounded pipeline."""
    return Path(spill.path).is_relative_to(lake.stream)


def is_due(lake: Lake, chunk: Chunk) -> bool:
    """Return whether a chunk is still to be read: what was staged for it goes when it is committed, and never before.

    Raises:
        LakeError: it is gone, and no commit says so.
    """
    if all(Path(path).exists() for path in chunk.staged):
        return True
    _prove(lake, [spill_name(chunk.slice_number, chunk.ordinal)])
    return False


def still_waiting(lake: Lake, spills: Sequence[Spill]) -> list[Spill]:
    """Return the spills, with an empty one, of which all counts as seen, for each that an earlier commit used up.

    Raises:
        LakeError: files of a spill are gone, and no commit says so.
    """
    gone = [spill for spill in spills if not all(path.exists() for path in files_of(spill))]
    if gone:
        _prove(lake, [Path(spill.path).name for spill in gone])
    # In its place stands a spill of which all counts as seen, so that what was read still adds up.
    used_up = {spill.path for spill in gone}
    return [_seen(spill) if spill.path in used_up else spill for spill in spills]


def left_over(lake: Lake) -> Iterator[Spill]:
    """Yield what an earlier pipeline prepared whole and nobody committed: it is to be committed, not prepared anew."""
    paths = sorted(lake.stream.glob("*.arrow"))
    committed = _committed(lake, {path.name for path in paths}) if paths else set()
    for path in paths:
        ordinal = int(path.stem.partition("-")[2])
        spill = Spill(0, ordinal, str(path), 0, 0, 0, 0)
        # One whose files are not all there was cut short while it was written: its chunk has not been let go of.
        if path.name not in committed and all(file.exists() for file in files_of(spill)):
            articles, rejects = len(read_columns(spill, ["article_id"])), rejects_in(spill)
            polls = polls_path(lake, ordinal)
            told = str(polls) if polls.exists() else ""
            yield replace(spill, read=articles + rejects, articles=articles, rejects=rejects, polls=told)


def clear(lake: Lake, spills: Iterable[Spill]) -> None:
    """Delete what committed spills of an unbounded pipeline left; what was read from elsewhere stays."""
    for spill in spills:
        staged = [Path(path) for path in (*spill.staged, spill.polls) if path]
        for path in (*files_of(spill), *staged):  # in this order: a spill that is there has its polls
            if path.is_relative_to(lake.stream):
                path.unlink(missing_ok=True)


def _seen(spill: Spill) -> Spill:
    again: Batch[Article] = Batch(spill.slice_number, spill.ordinal, read=spill.read, articles=(), seen=spill.read)
    return write_spill(again, str(Path(spill.path).parent))


def _prove(lake: Lake, names: Sequence[str]) -> None:
    missing = set(names) - _committed(lake, names)
    if missing:
        raise LakeError(
            f"{lake.stream / min(missing)} is gone, and no commit of the lake holds it; start the pipeline anew, not "
            "from a checkpoint: inputs are read again, and what is stored of them is seen"
        )


def _committed(lake: Lake, names: Iterable[str]) -> set[str]:
    """Return those of the names that the ledger holds: read only where files are gone, for the ledger grows."""
    wanted = set(names)
    batches = (batch.column(0).flatten() for batch in scan(lake, "runs", ["spills"]))
    return {name for batch in batches for name in batch.to_pylist() if name in wanted}
