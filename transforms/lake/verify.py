"""Re-prove a lake: files, checksums, ledger, counts and references, each against an independent record of it."""

import time
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from schemas.errors import LakeError
from schemas.tables import STORY_TABLES, TABLES
from transforms.lake import delta
from transforms.lake.file_names import checksum_of_ledger_file
from transforms.lake.intent import DataFile
from transforms.lake.layout import Lake
from transforms.lake.ledger import OUTCOMES, STORED_IN_ARTICLES, STORED_IN_DUPLICATES
from transforms.lake.lock import in_use
from transforms.lake.read import last_commit, ledger_checksums, scan, snapshot
from transforms.lake.seen import load_segments, sorted_digests, stored_digests, unsorted_digests
from transforms.lake.storage import storage_of
from transforms.lake.write import sha256_of

_TRIES = 3
_RETRY_SECONDS = 0.5
_MAX_NAMED = 3  # examples in one fault
_RESTORE = "restore it from a backup"
_REPORT = "this is a fault in newsfold, please report it"
_REFERENCES = ("family_id", "duplicate_of", "revision_of", "lookalike_of")
_LEDGER = ["commit", "read", *OUTCOMES, "rejected", "published_rejects", "files", "removed", "erased"]

Ids = npt.NDArray[np.bytes_]


def verify(lake: Lake) -> list[str]:
    """Return what is wrong with a lake, one line a fault with its place and remedy; an empty list if nothing is.

    Reads every byte. A lake that is being written to may look wrong halfway, so there a fault is looked for again.
    """
    for _ in range(_TRIES):
        faults = _faults(lake)
        if not faults or not in_use(lake):
            break
        time.sleep(_RETRY_SECONDS)
    return faults


def _faults(lake: Lake) -> list[str]:
    # From what nothing else can be read without, to what is derived: the first damage would be named over and over.
    if storage_of(lake).has_intent():
        return [f"{lake.name}: a commit is unfinished; run newsfold ingest or compact, whose start finishes it"]
    try:
        files = snapshot(lake).files
        damaged = list(_file_faults(lake, files))
        if damaged:  # what follows reads the files
            return damaged
        ledger = [row for batch in scan(lake, "runs", _LEDGER) for row in batch.to_pylist()]
        rows = list(_ledger_faults(lake, files, ledger)) + list(_count_faults(lake, ledger))
        return [*rows, *_number_faults(lake, ledger), *_identity_faults(lake), *_memory_faults(lake)]
    except LakeError as error:
        return [str(error)]


def _file_faults(lake: Lake, files: Mapping[str, Iterable[DataFile]]) -> Iterator[str]:
    """Compare what the Delta log lists with what lies there, byte by byte."""
    wrong = [fault for table in reversed(TABLES) for fault in _presence_faults(lake, list(files[table]))]
    yield from wrong
    # The ledger first, by what its files' names say: all other checksums are read from it.
    ledger_file_faults = [
        fault for file in files["runs"] for fault in _checksum_faults(lake, file, checksum_of_ledger_file(file.path))
    ]
    yield from ledger_file_faults
    if wrong or ledger_file_faults:
        return
    checksums = ledger_checksums(lake)
    for table in TABLES[:-1]:
        for file in files[table]:
            yield from _checksum_faults(lake, file, checksums.get(f"{table}/{file.path}"))


def _presence_faults(lake: Lake, files: Sequence[DataFile]) -> Iterator[str]:
    storage = storage_of(lake)
    for file, size in zip(files, storage.sizes(files), strict=True):
        if size is None:
            yield f"{storage.place(file)}: the file is missing; {_RESTORE}"
        elif size != file.bytes:
            yield f"{storage.place(file)}: {size} bytes instead of {file.bytes}; {_RESTORE}"


def _checksum_faults(lake: Lake, file: DataFile, expected: str | None) -> Iterator[str]:
    storage = storage_of(lake)
    if expected is None:
        yield (
            f"{storage.place(file)}: the Delta log lists a file that the ledger does not know; "
            "another program wrote to the lake"
        )
    elif sha256_of(storage.read(file)) != expected:
        yield f"{storage.place(file)}: the bytes are not those that were published; {_RESTORE}"


def _stray_faults(lake: Lake, known: set[str]) -> Iterator[str]:
    """Name Parquet files that a glob would read and that neither the log nor the ledger knows."""
    storage = storage_of(lake)
    for path in (path for table in TABLES for path in storage.exposed(table)):
        if path not in known:
            yield f"{lake.name}/{path}: no commit published this file, yet a glob reads it; move it out of the lake"


def _ledger_faults(
    lake: Lake, files: Mapping[str, Iterable[DataFile]], ledger: Iterable[Mapping[str, Any]]
) -> Iterator[str]:
    """Replay the ledger: what was published and not removed is what the Delta log lists."""
    # What the ledger lists it has removed or the logs still list; a takedown's removals stand in it like a merge's.
    published = {f"{file['table']}/{file['path']}" for row in ledger for file in row["files"]}
    removed = {path for row in ledger for path in row["removed"]}
    listed = {f"{table}/{file.path}" for table in TABLES[:-1] for file in files[table]}
    standing = {path for path in published - removed if not path.startswith("runs/")}
    for path in sorted(standing - listed):
        yield f"{path}: the ledger says published, the Delta log does not list it; {_RESTORE}"
    for path in sorted(listed - standing):
        yield f"{path}: the Delta log lists it, the ledger says it was removed; {_RESTORE}"
    yield from _stray_faults(lake, standing | listed | {f"runs/{file.path}" for file in files["runs"]})


def _count_faults(lake: Lake, ledger: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    """Compare the ledger's counts with each other and with the rows of each commit."""
    stored = {table: _rows_by_commit(lake, table) for table in (*STORY_TABLES, "rejects")}
    taken = _taken_down(ledger)
    numbers: Counter[int] = Counter()
    for row in ledger:
        number = row["commit"]
        numbers[number] += 1
        if row["read"] != sum(row[name] for name in (*OUTCOMES, "rejected")):
            yield f"runs, commit {number}: the counts do not add up to the {row['read']} records read; {_REPORT}"
        expected = {
            "articles": sum(row[name] for name in STORED_IN_ARTICLES),
            "duplicates": sum(row[name] for name in STORED_IN_DUPLICATES),
            "rejects": row["published_rejects"],
        }
        for table, rows in expected.items():
            left = rows - taken[table, number]
            if stored[table][number] != left:
                yield f"{table}, commit {number}: {stored[table][number]} rows instead of {left}; {_RESTORE}"
    for number in sorted(set().union(*stored.values()) - numbers.keys()):
        yield f"runs: commit {number} has rows but no line in the ledger; {_RESTORE}"
    for number in sorted(number for number, times in numbers.items() if times > 1):
        yield f"runs: commit {number} stands {numbers[number]} times in the ledger; {_RESTORE}"


def _taken_down(ledger: Iterable[Mapping[str, Any]]) -> Counter[tuple[str, int]]:
    """Return how many rows of a table and commit takedowns have removed."""
    taken: Counter[tuple[str, int]] = Counter()
    for row in ledger:
        for one in row["erased"] or ():
            taken[one["table"], one["commit"]] += one["rows"]
    return taken


def _rows_by_commit(lake: Lake, table: str) -> Counter[int]:
    rows: Counter[int] = Counter()
    for batch in scan(lake, table, ["commit"]):
        # Counted by commit, for a merged file holds rows of many.
        numbers, times = np.unique(batch.column(0).to_numpy(zero_copy_only=False), return_counts=True)
        rows.update(dict(zip(numbers.tolist(), times.tolist(), strict=True)))
    return rows


def _number_faults(lake: Lake, ledger: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    """Compare each table's newest commit number in its Delta log with the newest that the ledger has for it."""
    newest: dict[str, int] = {}
    last = 0
    for row in ledger:
        last = max(last, row["commit"])
        for table in {file["table"] for file in row["files"]} | {path.split("/")[0] for path in row["removed"]}:
            newest[table] = max(newest.get(table, 0), row["commit"])
    newest["runs"] = last
    for table in TABLES:
        number = delta.last_number(lake, table)
        # The first commit makes the tables that stay empty.
        if number != newest.get(table, 0) and not (number == 1 and table not in newest):
            known = newest.get(table, 0)
            yield f"{table}: the Delta log ends with commit {number}, the ledger with {known}; {_RESTORE}"


def _identity_faults(lake: Lake) -> Iterator[str]:
    """Check that ids are unique over both story tables, and that whatever is referred to exists or was forgotten."""
    ids, forgotten = _sorted_ids(lake, "article_id"), _ids_of(lake, ["forgotten"], "article_id")
    repeated = np.unique(ids[1:][ids[1:] == ids[:-1]])
    if repeated.size:
        yield f"articles and duplicates: {repeated.size} article_id stand twice ({_named(repeated)}); {_REPORT}"
    returned = np.intersect1d(_sorted_ids(lake, "item_key"), _ids_of(lake, ["forgotten"], "item_key"))
    if returned.size:
        yield f"item_key: {returned.size} items are stored that were to be forgotten ({_named(returned)}); {_REPORT}"
    # Families keep the name of a story that was taken down, and rows that stay may refer to it.
    known = np.concatenate([ids, forgotten])
    for column in _REFERENCES:
        wanted = np.unique(_sorted_ids(lake, column))
        dangling = wanted[~np.isin(wanted, known)]
        if dangling.size:
            yield f"{column}: {dangling.size} values name no stored article ({_named(dangling)}); {_REPORT}"


def _sorted_ids(lake: Lake, column: str) -> Ids:
    return _ids_of(lake, STORY_TABLES if column != "duplicate_of" else ("duplicates",), column)


def _ids_of(lake: Lake, tables: Iterable[str], column: str) -> Ids:
    found = [
        batch.column(0).drop_null().to_numpy(zero_copy_only=False).astype("S32")
        for table in tables
        for batch in scan(lake, table, [column])
    ]
    return np.sort(np.concatenate([np.empty(0, dtype="S32"), *found]))


def _named(ids: Ids) -> str:
    return ", ".join(one.decode() for one in ids[:_MAX_NAMED].tolist())


def _memory_faults(lake: Lake) -> Iterator[str]:
    """Compare the index of what was seen with the tables: a digest too many would lose an article."""
    # A digest too few costs time only, for Fold sees the article; it is told all the same: it should not come about.
    segments = load_segments(lake)
    if not segments or segments[-1].last != last_commit(lake):  # behind: it is brought up to date before it is used
        return
    stored = sorted_digests(unsorted_digests(list(stored_digests(lake))))
    indexed = sorted_digests(np.concatenate([segment.digests for segment in segments], axis=1))
    if not np.array_equal(stored, indexed):
        yield f"{lake.memory}: the index of what was seen differs from the tables; delete the folder, it is rebuilt"
