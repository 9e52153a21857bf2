"""A parser that can be killed: documents are parsed in a child process with time and memory limits.

Threads and signals cannot stop a parser that is busy in C code; a process can be stopped. Frames go over
pipes that never block, under our own deadline, so that a child which stops reading or writing costs no more
than one that computes without end.
"""

import contextlib
import json
import os
import select
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Generator, Iterator, Sequence
from dataclasses import asdict
from pathlib import Path
from types import TracebackType
from typing import Literal, Self, TypeVar

from transforms.sources.document_parts import from_parts
from transforms.sources.feed_document import FeedLink, ParsedDocument
from transforms.sources.packed import packed
from transforms.sources.parser_child import HEADER, ParserLimits

T = TypeVar("T")
Part = tuple[str, bytes]  # its name and a line of JSON; see `parser_child`

_PIPE_BYTES = 1 << 16
_ROOT = str(Path(__file__).resolve().parents[2])
_START = (
    "import json, sys; given = json.loads(sys.argv[1]); sys.path[:] = given['path']; "
    "from transforms.sources.parser_child import ParserLimits, main; main(ParserLimits(**given['limits']))"
)


class ParserTooSlow(Exception):  # noqa: N818  the name is the fact; it is part of the interface
    """The document took more than 5 s of CPU or 30 s in all; the process parsing it was killed."""


class ParserDied(Exception):  # noqa: N818  the name is the fact; it is part of the interface
    """The parser crashed or ran out of memory on this document."""


class _Gone(Exception):  # noqa: N818  not an error yet: the call decides
    """The child closed its pipes."""


class ParserProcess:
    """One child, started when first needed and again after it was killed; calls from several threads wait in line."""

    def __init__(self, limits: ParserLimits = ParserLimits()) -> None:  # noqa: B008  it is frozen
        self.limits = limits
        self._child: subprocess.Popen[bytes] | None = None
        self._owner = 0  # the process that started the child: after a fork it is not ours
        self._lock = threading.Lock()

    def parse(self, kind: Literal["feed", "html"], payload: bytes, uri: str, content_type: str = "") -> ParsedDocument:
        """Parse one document in the child.

        Args:
            kind: "html", or "feed" for RSS, RDF, Atom and JSON Feed alike.
            payload: the bytes, decompressed.
            uri: where they came from; relative links are resolved against it if it is http(s).
            content_type: as a server stated it; it may name the charset.

        Raises:
            ParserTooSlow: past the time limit; the child was killed.
            ParserDied: the child crashed or met its memory limit.
        """
        return self._ask({"kind": kind, "uri": uri, "content_type": content_type}, payload, from_parts)

    def split(self, payload: bytes, content_type: str = "") -> Sequence[str]:
        """Return each entry of a feed in XML as a feed of its own; none where it cannot be taken apart.

        Raises:
            ParserTooSlow, ParserDied: as `parse`.
        """
        request = {"kind": "split", "uri": "", "content_type": content_type}
        return self._ask(request, payload, lambda parts: packed((part for _, part in parts), json.loads))

    def links(self, payload: bytes, uri: str) -> list[FeedLink]:
        """Return where an HTML page from `uri` says or hints that feeds are; see `page_links.feed_links`.

        Raises:
            ParserTooSlow, ParserDied: as `parse`.
        """
        request = {"kind": "links", "uri": uri, "content_type": ""}
        return self._ask(request, payload, lambda parts: [FeedLink(*json.loads(part)) for _, part in parts])

    def _ask(self, request: dict[str, str], payload: bytes, take: Callable[[Iterator[Part]], T]) -> T:
        """Let `take` make something of the parts of an answer, as they come."""
        head = json.dumps(request).encode("ascii")
        frame = (HEADER.pack(len(head), len(payload)) + head, payload)  # apart: a payload has up to 15 MB
        deadline = time.monotonic() + self.limits.wall_seconds  # also for the second try
        with self._lock:
            fresh = not self._alive()
            try:
                return self._taken(frame, deadline, take)
            except _Gone:
                # A child that dies between calls (its starting thread ended) is no fault of this document.
                if fresh or not self._died_idle():
                    self._raise_death()
            self.close()
            try:
                return self._taken(frame, deadline, take)
            except _Gone:
                self._raise_death()
                raise

    def _taken(self, frame: Sequence[bytes], deadline: float, take: Callable[[Iterator[Part]], T]) -> T:
        with contextlib.closing(self._exchange(frame, deadline)) as parts:
            return take(parts)

    def _alive(self) -> bool:
        return self._child is not None and self._owner == os.getpid() and self._child.poll() is None

    def _died_idle(self) -> bool:
        """Tell whether the child's end has nothing to do with the document: not its CPU limit, not a crash."""
        code = self._reap()
        return code in {0, -signal.SIGKILL, -signal.SIGTERM}

    def _reap(self) -> int | None:
        if self._child is None:
            return None
        try:
            return self._child.wait(1.0)
        except subprocess.TimeoutExpired:
            return None

    def _raise_death(self) -> None:
        code = self._reap()
        self.close()
        if code == -signal.SIGPROF:
            raise ParserTooSlow(f"more than {self.limits.cpu_seconds:g} s of CPU time")
        raise ParserDied(f"the parser process ended with {code}")

    def _exchange(self, frame: Sequence[bytes], deadline: float) -> Generator[Part, None, None]:
        """Write the frame and yield the parts of the answer, never waiting past `deadline`."""
        child = self._running()
        assert child.stdin is not None
        assert child.stdout is not None
        to_child, from_child = child.stdin.fileno(), child.stdout.fileno()
        waiting = [memoryview(part) for part in frame if part]
        received = bytearray()
        poller = select.poll()
        poller.register(from_child, select.POLLIN)
        poller.register(to_child, select.POLLOUT)
        while True:
            for descriptor, event in self._ready(poller, deadline):
                if descriptor == to_child:
                    waiting[0] = _write(to_child, event, waiting[0])
                    waiting = waiting if waiting[0] else waiting[1:]
                    if not waiting:
                        poller.unregister(to_child)
                else:
                    received += _read(from_child)
            while (part := _next_part(received)) is not None:
                if part[0] == "ok":
                    return
                if part[0] == "memory":
                    self.close()  # after a memory error its heap is not worth keeping
                    raise ParserDied("the parser ran out of memory")
                try:
                    yield part
                except GeneratorExit:  # nobody reads on: what is still on its way must not answer the next call
                    self.close()
                    raise

    def _ready(self, poller: select.poll, deadline: float) -> list[tuple[int, int]]:
        remaining = deadline - time.monotonic()
        ready = poller.poll(max(0.0, remaining) * 1000)
        if not ready:
            self.close()
            raise ParserTooSlow(f"no answer within {self.limits.wall_seconds:g} s")
        return ready

    def _running(self) -> subprocess.Popen[bytes]:
        if not self._alive():
            self.close()
            self._child = _start(self.limits)
            self._owner = os.getpid()
        assert self._child is not None
        return self._child

    def close(self) -> None:
        """Kill the child, if there is one; the next call starts another."""
        child, self._child = self._child, None
        if child is None:
            return
        for pipe in (child.stdin, child.stdout):
            if pipe is not None:
                pipe.close()
        if self._owner == os.getpid():
            child.kill()
            child.wait()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def __del__(self) -> None:
        self.close()


def _start(limits: ParserLimits) -> subprocess.Popen[bytes]:
    """Start a child that imports from where we import, whatever its working directory, and nothing else."""
    # Isolated (-I) and without site (-S): no user's settings and no module of the current folder get into it.
    path = list(dict.fromkeys([*(str(Path(entry).resolve()) for entry in sys.path if entry), _ROOT]))
    child = subprocess.Popen(  # noqa: S603  our own interpreter and code
        [sys.executable, "-I", "-S", "-c", _START, json.dumps({"path": path, "limits": asdict(limits)})],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        bufsize=0,
    )
    for pipe in (child.stdin, child.stdout):
        assert pipe is not None
        os.set_blocking(pipe.fileno(), False)
    return child


def _write(descriptor: int, event: int, waiting: memoryview) -> memoryview:
    if event & (select.POLLERR | select.POLLHUP):
        raise _Gone
    try:
        written = os.write(descriptor, waiting[:_PIPE_BYTES])
    except BlockingIOError:
        return waiting
    except BrokenPipeError as error:
        raise _Gone from error
    return waiting[written:]


def _read(descriptor: int) -> bytes:
    try:
        received = os.read(descriptor, _PIPE_BYTES)
    except BlockingIOError:
        return b""
    if not received:
        raise _Gone
    return received


def _next_part(received: bytearray) -> Part | None:
    """Take the first part from what was received; None where it is not whole yet."""
    if len(received) < HEADER.size:
        return None
    name, body = HEADER.unpack_from(received)
    begin, end = HEADER.size + name, HEADER.size + name + body
    if len(received) < end:
        return None
    with memoryview(received) as view:  # slices of the bytes themselves would be copied twice
        part = bytes(view[HEADER.size : begin]).decode("ascii"), bytes(view[begin:end])
    del received[:end]
    return part
