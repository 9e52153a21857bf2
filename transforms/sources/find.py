"""From what the user named to files, in path order: folders, globs, single files, URLs of Beam file systems.

Nothing outside a given folder is read: a symbolic link that leads out of it is refused, one that leads back into it
is skipped if it is a folder, because its content is found where it lies.
"""

# Paths are strings here: they may be URLs or hold bytes that are no UTF-8, and they come by the million.
# ruff: noqa: PTH112, PTH114, PTH116, PTH119, PTH120, PTH207

import glob
import os
import re
import stat
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from heapq import merge
from itertools import groupby
from operator import attrgetter
from urllib.parse import unquote, urlsplit

from schemas.errors import UsageError
from schemas.reasons import Reason
from transforms.sources.opening import is_remote, reason_of, shown
from transforms.sources.redaction import redacted, scrubbed

# Left behind by browsers, editors, copying tools and operating systems; half-written or never articles.
_SKIPPED_NAMES = frozenset(("Thumbs.db", "desktop.ini", "__MACOSX"))
_SKIPPED_ENDS = ("~", ".tmp", ".temp", ".part", ".partial", ".crdownload", ".download", ".swp")
_MAGIC = re.compile(r"[*?\[]")


@dataclass(frozen=True, slots=True)
class Found:
    """One file to read, or one that is refused before it is opened."""

    uri: str  # as the user would name it, secrets redacted
    path: str  # for opening
    bytes: int = 0  # its size as stored
    modified_ns: int = 0  # 0 where the file system does not say
    refusal: Reason | None = None
    refusal_detail: str = ""


def find(inputs: Sequence[str]) -> Iterator[Found]:
    """Return the files of all inputs, each once, sorted by path; what does not exist is known before the first.

    Raises:
        UsageError: an input does not exist, matches nothing, or has no file system.
    """
    # Merged, for each is sorted: a folder of millions is read as it is listed, and inputs may overlap.
    streams = [_stream(given) for given in inputs]
    together = merge(*streams, key=_order)
    return (next(same) for _, same in groupby(together, key=attrgetter("path")))


def _order(found: Found) -> tuple[str, ...]:
    # By component, so that a folder's files stay together ("a/b" comes before "a-b/c").
    return tuple(found.path.split("/"))


def _stream(given: str) -> Iterator[Found]:
    if given.startswith("file://"):
        given = unquote(urlsplit(given).path)
    if is_remote(given):
        return iter(_remote(given))
    path = os.path.normpath(given) if given else given
    # What exists by that very name first: brackets and stars may stand in names of files.
    if os.path.isdir(path):
        return _walk(path, os.path.realpath(path))
    if os.path.lexists(path):
        return iter([_single(path)])
    if _MAGIC.search(path):
        return iter(_matches(path))
    raise UsageError(f"{given or '(an empty name)'}: there is no such file or folder; check the name{_nearby(path)}")


def _nearby(path: str) -> str:
    folder = os.path.dirname(path)
    return f" (the folder {folder} does not exist either)" if folder and not os.path.isdir(folder) else ""


def _single(path: str) -> Found:
    """Return a file that the user named: hidden or a link, it is what was asked for."""
    return _found(path)


def _matches(pattern: str) -> list[Found]:
    root = _fixed_part(pattern)
    real_root = os.path.realpath(root)
    found: list[Found] = []
    for path in sorted(glob.iglob(pattern, recursive=True)):
        if is_skipped(os.path.basename(path.rstrip("/"))):
            continue
        if os.path.islink(path):
            found += _linked(path, real_root)
        elif os.path.isdir(path):
            found += [] if "**" in pattern else _walk(path, real_root)
        else:
            found.append(_found(path))
    if not found:
        raise UsageError(f"{pattern}: no file matches; hidden and temporary files are not looked at")
    return sorted(found, key=_order)


def _fixed_part(pattern: str) -> str:
    folders = pattern.split("/")
    magic = next(at for at, folder in enumerate(folders) if _MAGIC.search(folder))
    return "/".join(folders[:magic]) or ("/" if pattern.startswith("/") else ".")


def _walk(folder: str, real_root: str) -> Iterator[Found]:
    try:
        with os.scandir(folder) as listed:
            entries = sorted((entry for entry in listed if not is_skipped(entry.name)), key=attrgetter("name"))
    except OSError as error:
        yield Found(shown(folder), folder, refusal=Reason.UNREADABLE, refusal_detail=reason_of(error))
        return
    for entry in entries:
        path = entry.name if folder == "." else entry.path
        if entry.is_symlink():
            yield from _linked(path, real_root)
        elif entry.is_dir(follow_symlinks=False):
            yield from _walk(path, real_root)
        else:
            yield _found(path)


def _linked(path: str, real_root: str) -> Iterator[Found]:
    # By where it leads in the end: a link may lead to a link, and `..` may stand in it.
    target = os.path.realpath(path)
    if not (target == real_root or target.startswith(real_root.rstrip("/") + "/")):
        detail = "a symbolic link that leads out of the given folder"
        yield Found(shown(path), path, refusal=Reason.OUTSIDE_TREE, refusal_detail=detail)
    elif not os.path.isdir(target):
        yield _found(path)


def _found(path: str) -> Found:
    try:
        status = os.stat(path)
    except OSError as error:
        return Found(shown(path), path, refusal=Reason.UNREADABLE, refusal_detail=reason_of(error))
    if not stat.S_ISREG(status.st_mode):
        # A pipe or device would block or never end.
        return Found(shown(path), path, refusal=Reason.UNREADABLE, refusal_detail="not a regular file")
    return Found(shown(path), path, status.st_size, status.st_mtime_ns)


def is_skipped(name: str) -> bool:
    """Whether a file or folder of this name is passed over in a folder: hidden, temporary, or an editor's."""
    return name.startswith((".", "~$")) or name in _SKIPPED_NAMES or name.lower().endswith(_SKIPPED_ENDS)


def _remote(url: str) -> list[Found]:
    below = url.rstrip("/") + "/**"
    patterns = [url] if _MAGIC.search(url) else [below] if url.endswith("/") else [url, below]
    for pattern in patterns:
        found = [entry for entry in _listed(pattern, url) if not _skipped_below(entry.path, url)]
        if found:
            return sorted(found, key=_order)
    raise UsageError(f"{redacted(url)}: no file matches; hidden and temporary files are not looked at")


def _listed(pattern: str, url: str) -> list[Found]:
    from apache_beam.io.filesystem import BeamIOError  # noqa: PLC0415  Beam is slow to import
    from apache_beam.io.filesystems import FileSystems  # noqa: PLC0415

    try:
        matches = FileSystems.match([pattern])
    except (BeamIOError, ValueError, OSError) as error:
        told = scrubbed(str(error))
        raise UsageError(
            f"{redacted(url)}: cannot be listed: {told}; is the extra package of this file system there?"
        ) from error
    return [
        Found(redacted(entry.path), entry.path, entry.size_in_bytes, int((entry.last_updated_in_seconds or 0) * 1e9))
        for result in matches
        for entry in result.metadata_list
        if not entry.path.endswith("/")
    ]


def _skipped_below(path: str, url: str) -> bool:
    fixed = _fixed_part(url) if _MAGIC.search(url) else url
    return any(is_skipped(part) for part in path.removeprefix(fixed).split("/") if part)
