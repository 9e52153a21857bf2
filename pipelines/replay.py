"""Run open rejects again: from their source where it is still there, else from the payload that was kept."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain
from pathlib import Path

from pipelines.options import IngestOptions
from pipelines.progress import Report
from pipelines.run import graph_of, limits_of, run_slices
from schemas.records import Chunk, Segment, Spill
from transforms.lake.commit import commit_tables
from transforms.lake.layout import Lake, open_lake
from transforms.lake.lock import writer_lock
from transforms.lake.read import scan
from transforms.lake.recover import recover
from transforms.lake.stories import read_rejects
from transforms.sources.columns import check_mapping
from transforms.sources.find import find
from transforms.sources.plan import plan

_COLUMNS = ["reject_id", "source_uri", "payload", "payload_bytes"]


@dataclass(frozen=True)
class Replayed:
    """What became of the rejects that were open: resolved + still_rejected + out_of_reach = open."""

    open: int
    resolved: int
    still_rejected: int
    out_of_reach: int  # the source is gone, and the payload is not enough to read it


@dataclass(frozen=True)
class _Open:
    reject_id: str
    file: str  # the source without the place in it
    place: str  # line=12, or nothing for a whole file
    payload: bytes  # empty where it was cut


def replay(options: IngestOptions, report: Report) -> Replayed:
    """Ingest what the open rejects of a lake came from, and note in the ledger which of them are resolved.

    Raises:
        UsageError: there is no lake, or the mapping names no field of ours.
        LakeError: another writer is at work.
    """
    lake = open_lake(options.lake)
    check_mapping(options.mapping)
    with writer_lock(lake, "replay"):
        recover(lake)
        rejects = list(_open_rejects(lake))
        files = sorted({reject.file for reject in rejects if Path(reject.file).exists()})
        kept = [reject for reject in rejects if reject.file not in files and _is_whole(reject)]
        met: set[str] = set()
        _run(lake, replace(options, inputs=tuple(files)), kept, report, met)
        tried = {reject.reject_id for reject in rejects if reject.file in files} | {one.reject_id for one in kept}
        resolved = sorted(tried - met)
        if resolved:
            _note(lake, options, resolved)
    return Replayed(len(rejects), len(resolved), len(tried & met), len(rejects) - len(tried))


def _open_rejects(lake: Lake) -> Iterator[_Open]:
    closed = {one for batch in scan(lake, "runs", ["resolved"]) for row in batch.to_pylist() for one in row["resolved"]}
    for batch in scan(lake, "rejects", _COLUMNS):
        for row in batch.to_pylist():
            if row["reject_id"] not in closed:
                file, _, place = row["source_uri"].partition("#")
                whole = len(row["payload"]) == row["payload_bytes"]
                yield _Open(row["reject_id"], file, place, row["payload"] if whole else b"")


def _is_whole(reject: _Open) -> bool:
    """Tell whether the payload alone can be read: a line of JSON, or a whole file."""
    return bool(reject.payload) and (not reject.place or reject.place.startswith("line="))


def _run(lake: Lake, options: IngestOptions, kept: Sequence[_Open], report: Report, met: set[str]) -> None:
    graph = graph_of(lake, options, list(find(options.inputs)), "replay")
    # The rejects may be of any run, so no slice of an earlier replay is left out.
    graph = replace(graph, run=replace(graph.run, slice_number=None))

    def look(spills: Sequence[Spill]) -> None:
        for spill in spills:
            met.update(read_rejects(spill)["reject_id"].to_pylist())

    folder = lake.staging / "replayed"
    folder.mkdir(parents=True, exist_ok=True)
    from_payloads = _chunks(kept, folder, options.mapping)
    from_files = plan(options.inputs, limits_of(options), graph.staging, options.mapping)
    chunks = _numbered(from_payloads, from_files)
    run_slices(lake, chunks, options.worker_count, graph, report, look)


def _chunks(kept: Sequence[_Open], folder: Path, mapping: Mapping[str, str]) -> Iterator[Chunk]:
    """Yield each kept payload as a chunk that says it comes from its old source."""
    for number, reject in enumerate(kept):
        path = folder / f"{number:06d}{Path(reject.file).suffix}"
        path.write_bytes(reject.payload)
        if reject.place:
            line = int(reject.place.removeprefix("line="))
            end = len(reject.payload)
            segment = Segment(reject.file, str(path), "jsonl", start=0, end=end, first_place=line)
            yield Chunk(0, 0, (segment,))
            continue
        for chunk in plan([str(path)], limits_of(IngestOptions(inputs=(), lake="")), str(folder), mapping):
            yield replace(chunk, segments=tuple(replace(segment, uri=reject.file) for segment in chunk.segments))


def _numbered(first: Iterator[Chunk], then: Iterator[Chunk]) -> Iterator[Chunk]:
    """Put chunks of two plans in one order: the first are slice 0, the others follow."""
    shifted = chain(
        (replace(chunk, slice_number=0) for chunk in first),
        (replace(chunk, slice_number=chunk.slice_number + 1) for chunk in then),
    )
    return (replace(chunk, ordinal=ordinal) for ordinal, chunk in enumerate(shifted))


def _note(lake: Lake, options: IngestOptions, resolved: Sequence[str]) -> None:
    run = graph_of(lake, options, [], "replay").run
    commit_tables(lake, {}, replace(run, slice_number=None, last_slice=True, resolved=tuple(resolved)))
