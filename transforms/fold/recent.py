"""The lines of recent articles, so that furniture is learned over slices and runs as it is within one.

Derived: from what this process decided itself, from a file of another process, or from the texts of the last commits.
"""

import zipfile
from dataclasses import replace
from pathlib import Path

import numpy as np
import pyarrow as pa

from schemas.tables import STORY_TABLES
from transforms.fold.fingerprint import VERSION, keys_of, unpack
from transforms.fold.furniture import RECENT_ARTICLES, Lines, join_lines, lines_of, no_lines
from transforms.fold.ragged import Ragged
from transforms.fold.signature import UNDATED, sign, undated_last
from transforms.lake.layout import Lake
from transforms.lake.read import scan, stored_by_commit

# Lines and sketches alone, which are 7 MB of 20,000 articles.
_ARRAYS = ("sizes", "words", "titles", "keys")
_COLUMNS = ["article_id", "commit", "published_at", "title", "text", "fingerprint"]


def load(lake: Lake, commit: int) -> tuple[Lines, int]:
    """Return the lines of a file, or none, and the commit after which to read the tables."""
    known = {int(path.stem.split("-")[-1]): path for path in lake.memory.glob(f"lines-{VERSION}-*.npz")}
    # A file of a later commit is of another past: the lake was set back. A kill within `save` leaves two.
    for saved in sorted(known, reverse=True):
        if saved <= commit and (lines := _loaded(known[saved])) is not None:
            return lines, saved
    return no_lines(), _window(lake)


def save(lake: Lake, lines: Lines, commit: int) -> None:
    """Make the file of `lines` as of a commit the only one."""
    lake.memory.mkdir(parents=True, exist_ok=True)
    # The version of fingerprints, for the sketches among the lines are theirs.
    path = lake.memory / f"lines-{VERSION}-{commit:010d}.npz"
    new = path.with_suffix(".new")  # not forced to disk: a torn file is told by its checksums and passed over
    with new.open("wb") as file:
        arrays = {name: getattr(lines, name) for name in _ARRAYS}
        np.savez(file, offsets=lines.hashes.offsets, hashes=lines.hashes.values, **arrays)
    new.replace(path)
    for other in lake.memory.glob("lines-*.npz"):
        if other != path:
            other.unlink(missing_ok=True)


def _loaded(path: Path) -> Lines | None:
    """Return the lines of a file, None where it is damaged: a checksum stands beside each array."""
    try:
        with np.load(path, allow_pickle=False) as arrays:
            hashes = Ragged(arrays["hashes"], arrays["offsets"])
            return Lines(hashes, *(arrays[name] for name in _ARRAYS))
    except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile):
        return None


def _window(lake: Lake) -> int:
    """Return the commit after which as many articles were stored as are counted with."""
    stored = 0
    for commit, stories in reversed(stored_by_commit(lake)):
        stored += stories
        if stored >= RECENT_ARTICLES:
            return commit - 1
    return 0


def read(lake: Lake, after: int) -> Lines:
    """Return the lines of what was committed after a commit: commit by commit, in the order of publication."""
    batches = (batch for table in STORY_TABLES for batch in scan(lake, table, _COLUMNS, after))
    parts = [(_order(batch), _lines(batch)) for batch in batches if len(batch)]
    if not parts:
        return no_lines()
    order = np.argsort(np.concatenate([order for order, _ in parts]), order=("commit", "published", "article_id"))
    lines = join_lines(*(lines for _, lines in parts))
    return lines.take(order)


def _order(batch: pa.RecordBatch) -> np.ndarray[tuple[int], np.dtype[np.void]]:
    order = np.empty(len(batch), dtype=[("commit", "i8"), ("published", "i8"), ("article_id", "S32")])
    order["commit"] = batch.column("commit").to_numpy()
    published = batch.column("published_at").cast(pa.int64()).fill_null(UNDATED).to_numpy()
    order["published"] = undated_last(published)
    order["article_id"] = batch.column("article_id").to_pylist()
    return order


def _lines(batch: pa.RecordBatch) -> Lines:
    texts = [batch.column(name).to_pylist() for name in ("title", "text")]
    # Lines come from the text, sketches as they are stored: without the furniture that was known when they were.
    signatures = sign(texts[0], texts[1], np.zeros(len(batch), dtype=np.int64))
    stored = unpack(batch.column("fingerprint").to_pylist())
    return replace(lines_of(signatures, np.arange(len(batch))), keys=keys_of(stored))
