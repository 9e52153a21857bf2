"""Furniture as rows of the lake's table: what was learned, with a sample for people to read."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from urllib.parse import urlsplit

import numpy as np
import pyarrow as pa

from schemas.tables import FURNITURE
from transforms.fold.furniture import Hashes, Learned
from transforms.fold.signature import line_hashes

EXAMPLE = ["source", "canonical_url", "title", "text"]
"""Columns of an article that holds a line of furniture."""
SAMPLE_CHARACTERS = 300
_VERSION = "1"
"""Of the hash of a line: rows of another version are evidence for people, and mask nothing."""


def furniture_table(learned: Learned, examples: Mapping[int, Sequence[Any]]) -> pa.Table:
    """Return rows of FURNITURE, by scope and hash; what only a commit knows is null.

    Args:
        learned: the lines.
        examples: the EXAMPLE columns of the article that each line's `row` names.
    """
    samples = _samples(examples)
    rows = [
        {
            "scope": _scope(*examples[row][:2]),
            "paragraph_hash": _named(line),
            "sample": samples.get((row, line), ""),
            "articles": articles,
        }
        for line, articles, row in zip(
            learned.hashes.tolist(), learned.articles.tolist(), learned.row.tolist(), strict=True
        )
    ]
    return pa.Table.from_pylist(sorted(rows, key=lambda row: (row["scope"], row["paragraph_hash"])), FURNITURE)


def known_hashes(names: Iterable[str | None]) -> Hashes:
    """Return the line hashes that paragraph hashes of the table stand for, sorted."""
    # A takedown empties samples and scopes, never hashes: what was learned masks as before.
    parts = (name.split(":") for name in names if name)
    known = [int(digits, 16) for version, digits in parts if version == _VERSION]
    return np.unique(np.array(known, dtype=np.uint64))


def _named(line: int) -> str:
    return f"{_VERSION}:{line:016x}"


def _scope(source: str | None, url: str | None) -> str:
    """Return where an article comes from: its source, else the host of its address."""
    return source or (urlsplit(url).hostname if url else None) or ""


def _samples(examples: Mapping[int, Sequence[Any]]) -> dict[tuple[int, int], str]:
    """Return each line of the articles as it reads, by the article's row and the line's hash."""
    lines = [(row, line) for row, (_, _, title, text) in examples.items() for line in (title, *text.splitlines())]
    hashes = line_hashes([line for _, line in lines]).tolist()  # of all lines at once: a call costs 2 ms
    samples: dict[tuple[int, int], str] = {}
    for (row, line), hashed in zip(lines, hashes, strict=True):
        samples.setdefault((row, hashed), line.strip()[:SAMPLE_CHARACTERS])
    return samples
