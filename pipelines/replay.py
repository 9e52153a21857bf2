"""Run open rejects again: from their source where it is still there, else from the payload that was kept."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import chain
from pathlib import Path

from pipelines.options import IngestOptions
from pipelines.progress import Report
from pipelines.replay_archive import ReadAgain, replay_archive
from pipelines.run import check_names, graph_of, limits_of
from pipelines.slices import run_slices
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

_COLUMNS = ["reject_id", "source_uri", "stage", "payload", "payload_bytes"]
# Of a record to the names that are read.
_FIELDS = {"item_id": "id", "declared_language": "language"} | {
    name: name for name in ("source", "url", "title", "text", "authors", "categories", "published", "updated")
}


@dataclass(frozen=True)
class Replayed:
    """What became of the rejects that were open: resolved + still_rejected + out_of_reach = open."""

    open: int
    resolved: int
    still_rejected: int
    out_of_reach: int  # the source is gone, and the payload is not enough to read it
    documents: int = 0  # of live feeds that were read again


@dataclass(frozen=True)
class _Open:
    reject_id: str
    file: str  # the source without the place in it
    place: str  # line=12, or nothing for a whole file
    payload: bytes  # empty where it was cut

    @property
    def uri(self) -> str:
        """Where it came from, in full."""
        return f"{self.file}#{self.place}" if self.place else self.file


@dataclass(frozen=True)
class _Met:
    """What was refused during a replay."""

    ids: set[str] = field(default_factory=set)
    uris: set[str] = field(default_factory=set)

    def look(self, spills: Sequence[Spill]) -> None:
        """Take in what was refused in a slice."""
        for spill in spills:
            refused = read_rejects(spill)
            self.ids.update(refused["reject_id"].to_pylist())
            self.uris.update(refused["source_uri"].to_pylist())


def replay(options: IngestOptions, report: Report, *, archive: bool = False) -> Replayed:
    """Ingest what the open rejects of a lake came from, and note in the ledger which of them are resolved.

    With `archive`, every document of live feeds that was kept is read again as well.

    Raises:
        UsageError: there is no lake, or the mapping names no field of ours.
        LakeError: another writer is at work.
    """
    lake = open_lake(options.lake)
    check_mapping(options.mapping)
    check_names(options)
    with writer_lock(lake, "replay", break_lock=options.break_lock):
        recover(lake)
        rejects = list(_open_rejects(lake))
        files = sorted({reject.file for reject in rejects if Path(reject.file).exists()})
        met = _Met()
        again = replay_archive(lake, options, report, met.look) if archive else ReadAgain(0, frozenset())
        read = {*files, *again.sources}
        kept = [reject for reject in rejects if reject.file not in read and _is_whole(reject)]
        _run(lake, replace(options, inputs=tuple(files)), kept, report, met)
        tried = {reject.reject_id for reject in rejects if reject.file in read} | {one.reject_id for one in kept}
        # What was refused again in other words or bytes has a new reject in the place of the old one.
        closed = [reject for reject in rejects if reject.reject_id in tried - met.ids]
        if closed:
            _note(lake, options, sorted(reject.reject_id for reject in closed))
    resolved = sum(reject.uri not in met.uris for reject in closed)
    return Replayed(len(rejects), resolved, len(tried) - resolved, len(rejects) - len(tried), again.documents)


def _open_rejects(lake: Lake) -> Iterator[_Open]:
    closed = {one for batch in scan(lake, "runs", ["resolved"]) for row in batch.to_pylist() for one in row["resolved"]}
    for batch in scan(lake, "rejects", _COLUMNS):
        for row in batch.to_pylist():
            if row["reject_id"] not in closed:
                file, _, place = row["source_uri"].partition("#")
                whole = len(row["payload"]) == row["payload_bytes"]
                payload = _as_read(row["stage"], row["payload"]) if whole else b""
                yield _Open(row["reject_id"], file, place, payload)


def _as_read(stage: str, payload: bytes) -> bytes:
    """Return a payload as a reader takes it: Normalize keeps the record that it was given, not the source's bytes."""
    if stage != "normalize":
        return payload
    record = json.loads(payload)
    told = dict(record.get("extra", ()))
    told |= {name: record[kept] for kept, name in _FIELDS.items() if kept in record}
    return json.dumps(told).encode()


def _is_whole(reject: _Open) -> bool:
    """Tell whether the payload alone can be read: a line of JSON, or a whole file."""
    return bool(reject.payload) and (not reject.place or reject.place.startswith("line="))


def _run(lake: Lake, options: IngestOptions, kept: Sequence[_Open], report: Report, met: _Met) -> None:
    graph = graph_of(lake, options, list(find(options.inputs)), "replay")
    # The rejects may be of any run, so no slice of an earlier replay is left out.
    graph = replace(graph, run=replace(graph.run, slice_number=None))

    folder = lake.staging / "replayed"
    folder.mkdir(parents=True, exist_ok=True)
    from_payloads = _chunks(kept, folder, options.mapping)
    from_files = plan(options.inputs, limits_of(options), graph.staging, options.mapping)
    chunks = _numbered(from_payloads, from_files)
    run_slices(lake, chunks, options.worker_count, graph, report, met.look)


def _chunks(kept: Sequence[_Open], folder: Path, mapping: Mapping[str, str]) -> Iterator[Chunk]:
    """Yield each kept payload as a chunk that says it comes from its old source."""
    for number, reject in enumerate(kept):
        path = folder / f"{number:06d}{Path(reject.file).suffix}"
        path.write_bytes(reject.payload)
        if reject.place:
            line = int(reject.place.removeprefix("line="))
            end = len(reject.payload)
            # Under its old place: what is refused again has the same id, and is not open twice.
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
