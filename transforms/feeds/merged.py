"""A text list that grows: feeds are added at its end, and what stands in it stays byte for byte."""

import contextlib
import os
import tempfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from schemas.errors import UsageError
from transforms.feeds.feed import Feed
from transforms.feeds.lists import distinct, is_opml, read_list, text_line


@dataclass(frozen=True, slots=True)
class Merge:
    """What adding feeds to a list comes to."""

    content: bytes  # of the list afterwards
    added: tuple[Feed, ...]
    warnings: tuple[str, ...]  # what was left out and why


def merge(path: Path, found: Iterable[Feed]) -> Merge:
    """Return what the list at `path` holds once `found` is added; it need not be there yet.

    Raises:
        UsageError: what stands there is OPML or no list.
    """
    before = path.read_bytes() if path.exists() else b""
    if is_opml(before):
        raise UsageError(f"{path} is OPML, and only text lists are added to; name another file for --list")
    known = read_list(str(path)).feeds if before else ()
    # What stood there first wins, and its line is not touched: comments, order and words are the user's.
    together = distinct([*known, *found])
    added = together.feeds[len(known) :]
    parted = b"" if not before or before.endswith(b"\n") else b"\n"
    lines = "".join(map(text_line, added)).encode()
    return Merge(before + parted + lines, added, together.warnings)


def write_list(path: Path, content: bytes, feeds: Sequence[Feed]) -> None:
    """Write a list so that it is there whole or not at all; for its owner alone if it is new and holds secrets.

    Raises:
        OSError: it cannot be written.
    """
    secret = any(feed.key != feed.url for feed in feeds)
    mode = path.stat().st_mode & 0o777 if path.exists() else 0o600 if secret else 0o644
    descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            os.fchmod(file.fileno(), mode)
        Path(name).replace(path)
    except OSError:
        with contextlib.suppress(OSError):
            Path(name).unlink()
        raise
