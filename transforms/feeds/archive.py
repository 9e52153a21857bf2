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
import zlib
from collections.abc import Collection, Iterable, Iterator
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

from transforms.feeds.attempt import Attempt, interrupted
from transforms.feeds.failures import FetchReason
from transforms.feeds.moments import Moment
from transforms.lake.durable import sync

_BEGUN = ".begun"
_DONE = ".attempt.gz"
_WITH_BODY = 200
_DAY = 8  # characters of a name: 20261126
_GZIP = 31  # zlib's window bits for a gzip file
_PIECE_BYTES = 1 << 20
_FAST = 1  # zlib's level: bodies stay for minutes, and nothing else happens before they are written


@dataclass(frozen=True, slots=True)
class Archive:
    """A folder that one writer uses at a time.

    Attributes:
        folder: where attempts wait for their commit.
        for_ever: where those with a document go afterwards, a folder a day; None: they are deleted.
    """

    folder: Path
    for_ever: Path | None = None

    def begin(self, feed: str, moment: Moment) -> None:
        """Note that a request for `feed` begins, before it does."""
        self.folder.mkdir(parents=True, exist_ok=True)
        mark = json.dumps(_flat(interrupted(feed, moment))).encode("ascii")
        self._write(_name(feed, moment) + _BEGUN, [mark], forced=False)

    def keep(self, attempt: Attempt) -> None:
        """Keep an attempt, body and all; when this returns a body survives a power cut."""
        self.folder.mkdir(parents=True, exist_ok=True)
        name = _name(attempt.feed, attempt.moment)
        head = json.dumps(_flat(attempt)).encode("ascii")
        self._write(name + _DONE, _deflated(head + b"\n", attempt.body), forced=bool(attempt.body))
        # After the answer has its name: between the two both are there, and `waiting` takes the answer.
        (self.folder / (name + _BEGUN)).unlink(missing_ok=True)

    def waiting(self, feeds: Collection[str] | None = None) -> Iterator[Attempt]:
        """Return the attempts that no commit covers yet, in the order in which they were begun; of `feeds`, or of all.

        What a power cut tore is let go: it was not forced to disk, so it holds no body.
        """
        names = sorted(path.name for path in self.folder.iterdir()) if self.folder.is_dir() else []
        if feeds is not None:
            wanted = set(map(_digest, feeds))
            names = [name for name in names if name.partition("-")[2].partition(".")[0] in wanted]
        done = {name.removesuffix(_DONE) for name in names if name.endswith(_DONE)}
        for name in names:
            if name.endswith(_BEGUN) and name.removesuffix(_BEGUN) in done:
                continue
            attempt = _whole(self.folder / name)
            if attempt is None:
                (self.folder / name).unlink()
            else:
                yield attempt

    def release(self, attempts: Iterable[Attempt]) -> None:
        """Let go of attempts after their commit; one that a power cut brings back is older than what was committed."""
        for attempt in attempts:
            name = _name(attempt.feed, attempt.moment)
            (self.folder / (name + _BEGUN)).unlink(missing_ok=True)
            with suppress(FileNotFoundError):
                if self.for_ever is None or attempt.status != _WITH_BODY:
                    (self.folder / (name + _DONE)).unlink()
                else:
                    self._keep_for_ever(self.for_ever / name[:_DAY], name + _DONE)

    def _keep_for_ever(self, day: Path, name: str) -> None:
        day.mkdir(parents=True, exist_ok=True)
        (self.folder / name).replace(day / name)
        sync(day)

    def _write(self, name: str, pieces: Iterable[bytes], *, forced: bool) -> None:
        """Write a file that is there whole or not at all."""
        partial = self.folder / (name + ".partial")
        with partial.open("wb") as file:
            file.writelines(pieces)
            if forced:
                file.flush()
                os.fsync(file.fileno())
        partial.replace(self.folder / name)
        if forced:
            sync(self.folder)


def _deflated(head: bytes, body: bytes) -> Iterator[bytes]:
    """Yield a gzip file of both, piece by piece: a body may have 15 MB, and as much again in copies of it."""
    packer = zlib.compressobj(_FAST, wbits=_GZIP)
    yield packer.compress(head)
    for begin in range(0, len(body), _PIECE_BYTES):
        yield packer.compress(body[begin : begin + _PIECE_BYTES])
    yield packer.flush()


def kept_for_ever(folder: Path) -> Iterator[Attempt]:
    """Return the attempts of an archive that is kept for ever, oldest first."""
    return (read_attempt(path) for path in sorted(folder.glob(f"*/*{_DONE}")))


def documents(*folders: Path) -> Iterator[tuple[Path, Attempt | None]]:
    """Yield all answers below some folders with their files, oldest first; None for one that is torn."""
    for folder in folders:
        for path in sorted(folder.rglob(f"*{_DONE}")):
            yield path, _whole(path)


def mark_asked(folder: Path, paths: Iterable[Path]) -> None:
    """Note for those of some answers that wait in `folder` that they were asked for: they are about to be deleted.

    Until then the answers count; afterwards their feeds are asked in full, and not at once.
    """
    for path in paths:
        attempt = _whole(path) if path.parent == folder else None
        if attempt is not None:
            Archive(folder).begin(attempt.feed, attempt.moment)


def _whole(path: Path) -> Attempt | None:
    """Return the attempt in a file of those that wait, None where it is torn or was never whole."""
    try:
        if path.name.endswith(_DONE):
            return read_attempt(path)
        return _from_flat(json.loads(path.read_bytes()), b"") if path.name.endswith(_BEGUN) else None
    except (EOFError, ValueError, gzip.BadGzipFile, zlib.error):
        return None


def read_attempt(path: Path) -> Attempt:
    """Return the attempt in a file of the archive.

    Raises:
        ValueError, EOFError, gzip.BadGzipFile, zlib.error: it is torn.
    """
    head, _, body = gzip.decompress(path.read_bytes()).partition(b"\n")
    return _from_flat(json.loads(head), body)


def _name(feed: str, moment: Moment) -> str:
    """Return a name that sorts by time and tells feeds apart; a feed's address would be too long, and may be secret."""
    return f"{moment.now:%Y%m%dT%H%M%S%f}-{_digest(feed)}"


def _digest(feed: str) -> str:
    return hashlib.sha256(feed.encode("utf-8", "surrogatepass")).hexdigest()[:20]


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
