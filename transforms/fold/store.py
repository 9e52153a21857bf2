"""The memory in files: one a segment, named by the commits it covers, mapped rather than read.

A file is a header line (JSON: arrays with type, length and place, and a checksum of what follows) and the arrays. Files
are derived from the tables: one that is torn, damaged or of commits that are no longer there is passed over, and what
it held is read from the tables again.
"""

import json
import re
import zlib
from collections.abc import Iterator
from dataclasses import fields
from itertools import accumulate
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np

from transforms.fold.fingerprint import RECORD, VERSION
from transforms.fold.memory import Memory
from transforms.fold.ragged import Array
from transforms.fold.segment import ID, Index, Rows, Segment

_VERSION = 2  # of the files; those of another one are not read, and `save` removes them
_NAME = re.compile(rf"fold-{_VERSION}-(\d{{10}})-(\d{{10}})\.segment")
_FORMAT = f"newsfold fold segment {_VERSION}, fingerprint {VERSION}"
_ALIGNED = 64  # bytes, a cache line: any array can be used where it is mapped
_HEADER = 4096  # room for the names of all arrays, and a page, so that they begin on one
_PIECE = 4 * 1024 * 1024
_ROWS = tuple(field.name for field in fields(Rows))
_INDEXES = tuple(field.name for field in fields(Segment) if field.name not in ("rows", "commits"))
_TYPES = {"article_id": ID, "item_key": ID, "family_id": ID, "fingerprint": RECORD, "items.values": ID}


def load(folder: Path, commit: int) -> Memory:
    """Return what the files hold of the commits up to `commit`; `Memory.reached` says how far that goes."""
    known: dict[int, list[tuple[int, Path]]] = {}
    for (first, last), path in _files(folder):
        if last <= commit:
            known.setdefault(first, []).append((last, path))
    memory = Memory()
    while found := _best(known.get(memory.reached, [])):
        memory = Memory((*memory.segments, found))
    return memory


def save(folder: Path, memory: Memory) -> Memory:
    """Make the files of `folder` those of the memory's segments: write what is missing, then remove the rest.

    Returns the memory, with what was written mapped: its pages are the system's to take back.
    """
    folder.mkdir(parents=True, exist_ok=True)
    # What is missing first: a kill in between leaves files of the same rows, of which `load` takes the one that reaches
    # farthest.
    wanted = {folder / _name(segment): segment for segment in memory.segments}
    segments = [segment if path.exists() else _written(path, segment) for path, segment in wanted.items()]
    for path in folder.glob("fold-*.segment"):
        if path not in wanted:
            path.unlink(missing_ok=True)
    return Memory(tuple(segments))


def _name(segment: Segment) -> str:
    first, last = segment.commits
    return f"fold-{_VERSION}-{first:010d}-{last:010d}.segment"


def _files(folder: Path) -> Iterator[tuple[tuple[int, int], Path]]:
    for path in sorted(folder.glob("fold-*.segment")):
        if match := _NAME.fullmatch(path.name):
            yield (int(match[1]), int(match[2])), path


def _best(files: list[tuple[int, Path]]) -> Segment | None:
    """Return the segment that reaches farthest and can be read."""
    return next((segment for _, path in sorted(files, reverse=True) if (segment := _read(path)) is not None), None)


def _written(path: Path, segment: Segment) -> Segment:
    arrays = dict(_arrays(segment))
    places = list(accumulate((_room(array.nbytes) for array in arrays.values()), initial=_HEADER))
    checksum = 0
    new = path.with_name(path.name + ".new")
    with new.open("wb") as file:
        file.write(b" " * _HEADER)
        for array in arrays.values():
            content = array.tobytes().ljust(_room(array.nbytes), b"\0")
            checksum = zlib.crc32(content, checksum)
            file.write(content)
        listed = [
            {"name": name, "type": _type(name, array), "rows": len(array), "at": place}
            for (name, array), place in zip(arrays.items(), places, strict=False)
        ]
        # The header comes last, for it holds the checksum. Nothing is forced to disk: a torn file does not match it.
        told = {"format": _FORMAT, "commits": segment.commits, "end": places[-1], "checksum": checksum}
        header = {**told, "arrays": listed}
        file.seek(0)
        file.write(json.dumps(header).encode().ljust(_HEADER - 1) + b"\n")
    new.replace(path)
    return _segment(path, header)


def _arrays(segment: Segment) -> Iterator[tuple[str, Array]]:
    for name in _ROWS:
        yield name, getattr(segment.rows, name)
    for name in _INDEXES:
        index = getattr(segment, name)
        yield f"{name}.values", index.values
        yield f"{name}.rows", index.rows


def _read(path: Path) -> Segment | None:
    """Return the segment of a file, None where it is not whole."""
    with path.open("rb") as file:
        header = _header(file.read(_HEADER))
        if header is None or header["checksum"] != _checksum(file) or header["end"] != file.tell():
            return None
    return _segment(path, header)


def _segment(path: Path, header: dict[str, Any]) -> Segment:
    content = np.memmap(path, mode="r").view(np.ndarray)
    arrays = {array["name"]: _mapped(content, array) for array in header["arrays"]}
    rows = Rows(*(arrays[name] for name in _ROWS))
    indexes = {name: Index(arrays[f"{name}.values"], arrays[f"{name}.rows"]) for name in _INDEXES}
    return Segment(rows, **indexes, commits=tuple(header["commits"]))


def _checksum(file: BinaryIO) -> int:
    """Return the checksum of the rest of a file, read piece by piece: a mapped page that was met stays in memory."""
    checksum = 0
    while piece := file.read(_PIECE):
        checksum = zlib.crc32(piece, checksum)
    return checksum


def _header(line: bytes) -> dict[str, Any] | None:
    try:
        header: dict[str, Any] = json.loads(line)
    except ValueError:
        return None
    return header if header.get("format") == _FORMAT else None


def _mapped(content: Array, array: dict[str, Any]) -> Array:
    name, kind = array["name"], array["type"]
    dtype = _TYPES.get(name) or np.dtype(kind)
    return content[array["at"] : array["at"] + array["rows"] * dtype.itemsize].view(dtype)


def _type(name: str, array: Array) -> str:
    return "own" if name in _TYPES else array.dtype.str


def _room(size: int) -> int:
    return -(-size // _ALIGNED) * _ALIGNED
