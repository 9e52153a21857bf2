"""A chunk to a batch of raw articles: every broken record is its own reject and costs nothing else."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from schemas.reasons import Reason
from schemas.records import Batch, Chunk, RawArticle, Reject, Segment, SourceKind
from schemas.rejects import reject, reject_known
from transforms.sources.compressed import codec_of, inflate
from transforms.sources.delimited import read_rows
from transforms.sources.fields import RefusedRecord
from transforms.sources.jsonlines import read_lines
from transforms.sources.opening import MAX_RECORD_BYTES, InputError, open_bytes, read_range, sample_of
from transforms.sources.plaintext import read_text
from transforms.sources.polled import read_polled

if TYPE_CHECKING:
    from transforms.sources.parser_process import ParserProcess

Records = tuple[list[RawArticle], list[Reject]]
# Nothing of these was or can be opened.
_UNOPENED = frozenset((Reason.OUTSIDE_TREE, Reason.UNREADABLE))


def read_chunk(chunk: Chunk, mapping: Mapping[str, str], parser: "ParserProcess") -> Batch[RawArticle]:
    """Return what the chunk's segments hold, in their order."""
    articles: list[RawArticle] = []
    rejects: list[Reject] = []
    for segment in chunk.segments:
        found, refused = _read_segment(segment, mapping, parser)
        articles += found
        rejects += refused
    return Batch(
        slice_number=chunk.slice_number,
        ordinal=chunk.ordinal,
        read=len(articles) + len(rejects),
        articles=articles,
        rejects=tuple(rejects),
        polls=chunk.polls,
        staged=chunk.staged,
    )


def _read_segment(segment: Segment, mapping: Mapping[str, str], parser: "ParserProcess") -> Records:
    try:
        if segment.refusal:
            return [], [_refused(segment, segment.refusal, segment.refusal_detail)]
        if segment.kind in {"jsonl", "csv"}:
            read = read_lines if segment.kind == "jsonl" else read_rows
            return read(read_range(segment.path, segment.start, segment.end), segment, mapping)
        if segment.kind == "parquet":
            return _read_parquet(segment, mapping)
        if segment.kind == "polled":
            return read_polled(segment.path)
        return _read_whole(segment, segment.kind, parser)
    except InputError as error:
        return [], [_refused(segment, error.reason, str(error))]


def _refused(segment: Segment, reason: Reason, detail: str) -> Reject:
    # With a sample and the hash of all of it, so that the same file is the same reject on every run.
    if reason not in _UNOPENED:
        try:
            head, size, digest = sample_of(segment.path, segment.start, segment.end)
        except InputError:
            return reject(segment.uri, "read", reason, detail, b"")
        return reject_known(segment.uri, "read", reason, detail, head, size, digest)
    return reject(segment.uri, "read", reason, detail, b"")


def _read_parquet(segment: Segment, mapping: Mapping[str, str]) -> Records:
    from transforms.sources.parquet import read_table  # noqa: PLC0415  pyarrow is slow to import

    return read_table(segment, mapping)


def _read_whole(segment: Segment, kind: SourceKind, parser: "ParserProcess") -> Records:
    payload = whole_payload(segment.path)
    if kind != "text":
        from transforms.sources.documents import read_document  # noqa: PLC0415  only where there is a document

        return read_document(payload, segment.uri, kind, parser)
    try:
        return [read_text(payload, segment.uri)], []
    except RefusedRecord as refusal:
        return [], [reject(segment.uri, "read", refusal.reason, str(refusal), payload)]


def whole_payload(path: str) -> bytes:
    """Return the bytes of a whole file, decompressed.

    Raises:
        InputError: it cannot be opened, is damaged, or is larger than a record may be.
    """
    # One byte more than is read, to tell a file that is larger without reading it.
    with open_bytes(path) as file:
        payload = file.read(MAX_RECORD_BYTES + 1)
    codec = codec_of(payload)
    if codec:
        parts, size = [], 0
        for block in inflate(path, codec):
            parts.append(block)
            size += len(block)
            if size > MAX_RECORD_BYTES:  # refused below: nothing more of it need be inflated
                break
        payload = b"".join(parts)
    if len(payload) > MAX_RECORD_BYTES:
        raise InputError(Reason.TOO_LARGE, f"more than {MAX_RECORD_BYTES:,} bytes; no more are read as one article")
    return payload
