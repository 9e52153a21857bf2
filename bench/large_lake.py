"""Make a lake of N short, distinct articles, through the real Fingerprint, Fold and Commit.

Reading and tagging are left out, for they cost most and leave nothing behind that a later run would meet. An article
has 100 made-up words; a year of them comes in the order of publication, in slices of 20,000.

    large_lake.py N LAKE
"""

import argparse
import hashlib
import sys
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from itertools import islice
from pathlib import Path

import numpy as np

from pipelines.heap import give_back
from schemas.records import Article, Batch, Spill
from transforms.fold.against_lake import fold_spills
from transforms.fold.expected import committed
from transforms.fold.settings import FoldSettings
from transforms.fold.spills import write_spill
from transforms.lake.commit import commit_slice
from transforms.lake.compact import compact
from transforms.lake.layout import Lake, create_or_open
from transforms.lake.ledger import RunInfo
from transforms.lake.lock import writer_lock
from transforms.lake.recover import recover

SLICE, CHUNK = 20_000, 1_000
WORDS, TITLE_WORDS = 100, 8
FIRST_DAY = datetime(2025, 1, 1, tzinfo=UTC)
YEAR = timedelta(days=365)
LANGUAGES = ("en", "es", "fr", "de", "ru")


def articles(count: int, seed: int = 1) -> Iterator[Article]:
    """Yield made-up articles, as Normalize and the taggers might have left them."""
    dice = np.random.default_rng(seed)
    letters = np.array(list("abcdefghiklmnoprstuv"))
    vocabulary = ["".join(row) for row in letters[dice.integers(0, len(letters), (30_000, 6))].tolist()]
    for number in range(count):
        words = [vocabulary[place] for place in dice.integers(0, len(vocabulary), WORDS).tolist()]
        name = hashlib.sha256(f"{seed}/{number}".encode()).hexdigest()
        url = f"https://news.example/{seed}/{number}"
        yield Article(
            article_id=name[:32],
            item_key=name[32:],
            content_hash=f"1:{name}",
            raw_sha256=name,
            source_uri=f"made-up.jsonl#line={number + 1}",
            source_kind="jsonl",
            title=" ".join(words[:TITLE_WORDS]),
            text=" ".join(words),
            text_kind="full",
            word_count=WORDS,
            item_id=str(number),
            source=f"source-{number % 50}",
            url=url,
            canonical_url=url,
            published_at=FIRST_DAY + YEAR * number / count,
            language=LANGUAGES[number % len(LANGUAGES)],
        )


def groups(of: Iterable[Article], size: int) -> Iterator[tuple[Article, ...]]:
    """Yield articles in tuples of `size`."""
    rest = iter(of)
    while some := tuple(islice(rest, size)):
        yield some


def fill(lake: Lake, count: int) -> None:
    """Commit so many articles; the caller holds the lock."""
    for number, some in enumerate(groups(articles(count), SLICE)):
        chunks = enumerate(groups(some, CHUNK))
        spills = [
            write_spill(Batch(number, place, len(chunk), chunk), str(lake.staging), "made up")
            for place, chunk in chunks
        ]
        commit(lake, number, spills)
        give_back()
        sys.stderr.write(f"\r{number * SLICE + len(some):,} articles")
    compact(lake, only_crowded=True)


def commit(lake: Lake, number: int, spills: Sequence[Spill]) -> None:
    """Fold and commit a slice."""
    decided = fold_spills(lake, number, spills, FoldSettings())
    run = RunInfo(command="ingest", started_at=datetime.now(UTC), slice_number=number)
    committed(lake, commit_slice(lake, decided, run).number)
    for spill in spills:
        for ending in ("", ".signatures", ".rejects"):
            Path(spill.path + ending).unlink()


def main() -> None:
    """Make the lake."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("count", type=int)
    parser.add_argument("lake")
    args = parser.parse_args()
    lake = create_or_open(args.lake)
    with writer_lock(lake, "ingest"):
        recover(lake)
        fill(lake, args.count)


if __name__ == "__main__":
    main()
