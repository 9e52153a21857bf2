"""The child side of the parser process: reads a request, parses under limits, answers, until its input ends.

A frame is a header of two unsigned 32-bit lengths (big-endian) and two parts of these lengths. Request: a JSON
object {kind, uri, content_type}, then the payload. Answer: a frame for each part of the document (`to_parts`), entry of
`split` or link, its name and its line of JSON; then a last one, `ok` or `memory`, with nothing more.
"""

import ctypes
import json
import os
import resource
import signal
import struct
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

from transforms.sources.document_parts import to_parts
from transforms.sources.feed_document import ParsedDocument, with_short_head
from transforms.sources.labelled import in_utf8
from transforms.sources.packed import json_line

HEADER = struct.Struct(">II")
_PR_SET_PDEATHSIG = 1  # linux/prctl.h


@dataclass(frozen=True, slots=True)
class ParserLimits:
    """What one document may cost; `wall_seconds` is the parent's to keep."""

    cpu_seconds: float = 5.0
    wall_seconds: float = 30.0
    memory_bytes: int = 1 << 30  # address space of the whole child


def main(limits: ParserLimits) -> None:
    """Serve parse requests on standard input and output until the input ends."""
    _limit_process(limits.memory_bytes)
    requests = os.fdopen(os.dup(0), "rb")
    answers = os.fdopen(os.dup(1), "wb")
    # What a library prints must not get into a frame: requests and answers have descriptors of their own.
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    while (request := _read_frame(requests)) is not None:
        head, payload = request
        # The kernel ends the process when this runs out, whatever code runs; every document has its own.
        signal.setitimer(signal.ITIMER_PROF, limits.cpu_seconds)
        for name, part in _answer(json.loads(head), payload):
            told = name.encode("ascii")
            answers.write(HEADER.pack(len(told), len(part)) + told + part)
        answers.flush()
        signal.setitimer(signal.ITIMER_PROF, 0)


def _limit_process(memory_bytes: int) -> None:
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    _, hard = resource.getrlimit(resource.RLIMIT_AS)
    ceiling = memory_bytes if hard == resource.RLIM_INFINITY else min(memory_bytes, hard)
    resource.setrlimit(resource.RLIMIT_AS, (ceiling, hard))
    signal.signal(signal.SIGPROF, signal.SIG_DFL)
    # An interrupt from the terminal is for the parent, which then closes our input.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)


def _read_frame(stream: BinaryIO) -> tuple[bytes, bytes] | None:
    header = stream.read(HEADER.size)
    if len(header) < HEADER.size:
        return None
    head, payload = HEADER.unpack(header)
    body = stream.read(head + payload)
    return (body[:head], body[head:]) if len(body) == head + payload else None


def _answer(request: dict[str, str], payload: bytes) -> Iterator[tuple[str, bytes]]:
    try:
        yield from _parts(request, in_utf8(payload, request["content_type"]))
    except MemoryError:
        yield "memory", b""
    else:
        yield "ok", b""


def _parts(request: dict[str, str], payload: bytes) -> Iterator[tuple[str, bytes]]:
    kind, uri = request["kind"], request["uri"]
    if kind == "split":
        from transforms.sources.feed_xml import entries_alone  # noqa: PLC0415  rarely needed

        for source in entries_alone(payload):
            yield "entry", json_line(source)
    elif kind == "links":
        from transforms.sources.page_links import feed_links  # noqa: PLC0415  as above

        for link in feed_links(payload, uri):
            yield "link", json.dumps(link).encode("ascii")
    else:
        yield from to_parts(parse(kind, payload, uri))


def parse(kind: str, payload: bytes, uri: str) -> ParsedDocument:
    """Parse `payload` as `kind`: "html", or "feed" for every kind of feed."""
    # Imported here, so that a child that only reads pages does not load feedparser.
    if kind == "html":
        from transforms.sources.page_document import parse_page  # noqa: PLC0415

        return parse_page(payload)
    return with_short_head(_parse_feed(payload, uri))


def _parse_feed(payload: bytes, uri: str) -> ParsedDocument:
    if payload[:1024].lstrip(b"\xef\xbb\xbf \t\r\n")[:1] in {b"{", b"["}:
        from transforms.sources.jsonfeed import parse_json_feed  # noqa: PLC0415

        return parse_json_feed(payload, uri)
    from transforms.sources.feed_xml import parse_feed  # noqa: PLC0415
    from transforms.sources.sitemap import is_sitemap, parse_sitemap  # noqa: PLC0415

    if is_sitemap(payload):
        return parse_sitemap(payload, uri)
    return parse_feed(payload, uri)
