"""Answers kept on disk until the commit that made them durable: what was asked is never asked again because of a crash.

A mark is written before the request and the whole attempt before it is parsed. After a crash the attempts are decided
again from here, with the same result, and the marks say which feeds were asked a moment ago. Bodies are forced to disk,
because a server may say "unchanged" the next time. Marks and answers without a body are not: they survive a killed
process, and a power cut costs one request too many at worst, for which no disk should be kept busy.
"""

import gzip
import hashlib
import json
import os
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

from transforms.feeds.attempt import Attempt, interrupted
from transforms.feeds.failures import FetchReason
from transforms.feeds.moments import Moment

_BEGUN = ".begun"
_DONE = ".attempt.gz"
_FAST = 1  # bodies stay for minutes; they are written before anything else happens


@dataclass(frozen=True, slots=True)
class Archive:
    """A folder that one writer uses at a time.

    Attributes:
        folder: where attempts wait for their commit.
        for_ever: where they go afterwards; None: they are deleted.
    """

    folder: Path
    for_ever: Path | None = None

    def begin(self, feed: str, moment: Moment) -> None:
        """Note that a request for `feed` begins, before it does."""
        self.folder.mkdir(parents=True, exist_ok=True)
        mark = json.dumps(_flat(interrupted(feed, moment))).encode("ascii")
        self._write(_name(feed, moment) + _BEGUN, mark, forced=False)

    def keep(self, attempt: Attempt) -> None:
        """Keep an attempt, body and all; when this returns a body survives a power cut."""
        self.folder.mkdir(parents=True, exist_ok=True)
        name = _name(attempt.feed, attempt.moment)
        head = json.dumps(_flat(attempt)).encode("ascii")
        content = gzip.compress(head + b"\n" + attempt.body, _FAST, mtime=0)
        self._write(name + _DONE, content, forced=bool(attempt.body))
        (self.folder / (name + _BEGUN)).unlink(missing_ok=True)

    def waiting(self) -> Iterator[Attempt]:
        """Return the attempts that no commit covers yet, in the order in which they were begun."""
        names = sorted(path.name for path in self.folder.iterdir()) if self.folder.is_dir() else []
        done = {name.removesuffix(_DONE) for name in names if name.endswith(_DONE)}
        for name in names:
            if name.endswith(_DONE):
                yield read_attempt(self.folder / name)
            elif name.endswith(_BEGUN) and name.removesuffix(_BEGUN) not in done:
                yield _from_flat(json.loads((self.folder / name).read_bytes()), b"")

    def release(self, attempts: Iterable[Attempt]) -> None:
        """Let go of attempts after their commit; one that a power cut brings back is older than what was committed."""
        for attempt in attempts:
            name = _name(attempt.feed, attempt.moment)
            (self.folder / (name + _BEGUN)).unlink(missing_ok=True)
            with suppress(FileNotFoundError):
                self._let_go(name + _DONE)

    def _let_go(self, name: str) -> None:
        if self.for_ever is None:
            (self.folder / name).unlink()
            return
        self.for_ever.mkdir(parents=True, exist_ok=True)
        (self.folder / name).replace(self.for_ever / name)
        _force(self.for_ever)

    def _write(self, name: str, content: bytes, *, forced: bool) -> None:
        """Write a file that is there whole or not at all."""
        partial = self.folder / (name + ".partial")
        with partial.open("wb") as file:
            file.write(content)
            if forced:
                file.flush()
                os.fsync(file.fileno())
        partial.replace(self.folder / name)
        if forced:
            _force(self.folder)


def read_attempt(path: Path) -> Attempt:
    """Return the attempt in a file of the archive."""
    head, _, body = gzip.decompress(path.read_bytes()).partition(b"\n")
    return _from_flat(json.loads(head), body)


def _name(feed: str, moment: Moment) -> str:
    """Return a name that sorts by time and tells feeds apart."""
    digest = hashlib.sha256(feed.encode("utf-8", "surrogatepass")).hexdigest()[:20]
    return f"{moment.now:%Y%m%dT%H%M%S%f}-{digest}"


def _flat(attempt: Attempt) -> dict[str, object]:
    flat = asdict(attempt)
    del flat["body"]
    flat["moment"]["now"] = attempt.moment.now.isoformat()
    return flat


def _from_flat(flat: dict[str, object], body: bytes) -> Attempt:
    moment = flat.pop("moment")
    assert isinstance(moment, dict)
    moment["now"] = datetime.fromisoformat(moment["now"])
    reason = flat.pop("reason")
    named = {"moment": Moment(**moment), "reason": None if reason is None else FetchReason(str(reason)), "body": body}
    return Attempt(**flat, **named)  # type: ignore[arg-type]


def _force(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
