"""Small lakes for tests: stories made by hand, spilled and decided without the stages before Commit."""

import hashlib
import multiprocessing
import os
import shutil
import signal
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pyarrow as pa

from schemas.reasons import Reason
from schemas.records import Article, Entity, Mention, Reject, Spill
from schemas.rejects import reject
from schemas.tables import DECISION, SCHEMAS, STORY_TABLES, VOLATILE
from transforms.fold.decided import DecidedSlice
from transforms.lake import steps
from transforms.lake.commit import Commitment, commit_changes, commit_slice
from transforms.lake.compact import compact
from transforms.lake.doomed import doom
from transforms.lake.intent import DataFile
from transforms.lake.layout import Lake, open_lake
from transforms.lake.ledger import RunInfo
from transforms.lake.lock import writer_lock
from transforms.lake.named import items_named
from transforms.lake.read import files, last_commit, ledger_checksums, scan, scan_file
from transforms.lake.recover import recover
from transforms.lake.rewrite import stage_rewritten
from transforms.lake.rows import prepared_table, rejects_table
from transforms.lake.seen import SeenIndex
from transforms.lake.takedown import take_down

STARTED = datetime(2026, 1, 2, tzinfo=UTC)
LANGUAGES = ("de", "fr")


def copied(lake: Lake, target: Path) -> Lake:
    """Return a lake like another, in a folder of its own."""
    shutil.copytree(lake.root, target)
    return open_lake(target)


def hexed(text: str, chars: int = 32) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:chars]


def story(number: int) -> Article:
    """Two languages, two months, every seventh without a date."""
    published = (
        None if number % 7 == 6 else datetime(2024, 1 + number // 2 % 2, 1, tzinfo=UTC) + timedelta(hours=number)
    )
    return Article(
        article_id=hexed(f"article {number}"),
        item_key=hexed(f"item {number}"),
        content_hash="1:" + hexed(f"content {number}", 64),
        raw_sha256=hexed(f"raw {number}", 64),
        source_uri=f"a.jsonl#line={number}",
        source_kind="jsonl",
        title=f"Title {number}",
        text=f"The text of story {number}. " * 20,
        text_kind="full",
        word_count=100,
        item_id=str(number),
        source=f"source {number % 2}",
        authors=("A", "B"),
        published_at=published,
        language=LANGUAGES[number % 2],
        extra=(("k", "v"),),
        entities=(Entity("place", "Paris", "iso:FR", 1, (Mention("text", "Paris", 0, 5),)),),
    )


def broken(number: int) -> Reject:
    return reject(f"a.jsonl#line={number}", "read", Reason.BROKEN_RECORD, "no JSON", b"{%d" % number)


def spill(
    lake: Lake, ordinal: int, articles: Sequence[Article], rejects: Sequence[Reject] = (), seen: int = 0
) -> Spill:
    lake.staging.mkdir(exist_ok=True)
    path = lake.staging / f"spill-{ordinal}.arrow"
    table = prepared_table(articles).append_column("sketch", pa.array([b"s"] * len(articles)))
    for target, rows in ((path, table), (Path(f"{path}.rejects"), rejects_table(rejects))):
        with pa.ipc.new_file(target, rows.schema, options=pa.ipc.IpcWriteOptions(compression="zstd")) as writer:
            writer.write_table(rows)
    read = len(articles) + len(rejects) + seen
    return Spill(0, ordinal, str(path), read, seen, len(articles), len(rejects))


def decision(article: Article, outcome: str = "new", **given: object) -> dict[str, object]:
    evidence = {"links": [], "revision": 1, "fingerprint": b"f" * 16, "family_id": article.article_id}
    return {"article_id": article.article_id, "outcome": outcome, **evidence, **given}


def decided(spills: Sequence[Spill], decisions: Sequence[dict[str, object]], number: int = 0) -> DecidedSlice:
    counts = Counter(str(row["outcome"]) for row in decisions)
    return DecidedSlice(number, tuple(spills), pa.Table.from_pylist(list(decisions), schema=DECISION), dict(counts))


def run_info(**given: object) -> RunInfo:
    return RunInfo(
        **{"command": "ingest", "started_at": STARTED, "slice_number": 0, "versions": {"newsfold": "1"}} | given
    )


def ingest(lake: Lake, numbers: Iterable[int], **given: object) -> Commitment:
    """Ingest stories by number as one slice: one in five is a copy of the one before, one in eleven is broken.

    What is stored already is skipped, first as Skip seen does, and what that lets pass as Fold does.
    """
    wanted = list(numbers)
    rejects = [broken(number) for number in wanted if number % 11 == 10]
    stories = [story(number) for number in wanted if number % 11 != 10]
    known = SeenIndex.open(lake.name).contains_many([article.raw_sha256 for article in stories])
    fresh = [article for article, stored in zip(stories, known, strict=True) if not stored]
    half = len(fresh) // 2
    spills = [spill(lake, 0, fresh[:half], rejects, len(stories) - len(fresh)), spill(lake, 1, fresh[half:])]
    beside = {"polls": poll_table(), "furniture": furniture_table()} if fresh else {}
    return commit_slice(lake, decided(spills, [_of(article) for article in fresh]), run_info(**given), beside)


def poll_table() -> pa.Table:
    return pa.table({"feed": ["https://example.org/feed"], "polled_at": [STARTED], "status": [200]})


def furniture_table() -> pa.Table:
    return pa.table({"scope": ["example.org"], "paragraph_hash": ["p"], "sample": ["Subscribe"], "articles": [3]})


def _of(article: Article) -> dict[str, object]:
    number = int(article.item_id or 0)
    if number % 5 != 4 or (number - 1) % 11 == 10:
        return decision(article)
    original = story(number - 1).article_id
    links = [{"article_id": original, "similarity": 0.9, "containment": 1.0}]
    near = {"duplicate_of": original, "similarity": 0.9, "containment": 1.0, "differences": ["x"], "links": links}
    return decision(article, "near", **(near | {"family_id": original}))


def write(lake: Lake, action: str, numbers: Iterable[int] = ()) -> None:
    """Do what a writing command does: lock, recover, work."""
    with writer_lock(lake, action):
        recover(lake)
        if action == "ingest":
            ingest(lake, numbers)
        elif action == "compact":
            compact(lake)
        elif action == "rewrite":
            rewrite(lake)
        elif action == "forget":
            forget(lake, numbers)


def forget(lake: Lake, numbers: Iterable[int]) -> int:
    """Take stories down by number."""
    doomed = doom(lake, items_named(lake, [story(number).article_id for number in numbers]))
    return take_down(lake, doomed, None, [], RunInfo(command="forget", started_at=STARTED, erased=doomed.erased))


def rewrite(lake: Lake, files_a_commit: int = 100) -> None:
    """Give every French story German for its language, and each story of either language new tags."""
    stale = [file for table in STORY_TABLES for file in files(lake, table) if "NEW" not in _tags_of(lake, file)]
    for start in range(0, len(stale), files_a_commit):
        number = last_commit(lake) + 1
        some = stale[start : start + files_a_commit]
        staged = stage_rewritten(lake, number, some, _as_german, ledger_checksums(lake))
        counts = {"retagged": sum(file.rows for file in some), "moved": staged.moved}
        commit_changes(lake, number, staged.changes, RunInfo(command="retag", started_at=STARTED), counts)


def _tags_of(lake: Lake, file: DataFile) -> set[str | None]:
    return {one for batch in scan_file(lake, file, ["tags_version"]) for one in batch.column(0).to_pylist()}


def _as_german(tables: Iterable[pa.Table]) -> Iterator[pa.Table]:
    for rows in tables:
        given = {"language": pa.array(["de"] * len(rows)), "tags_version": pa.array(["NEW"] * len(rows))}
        for name, values in given.items():
            rows = rows.set_column(rows.schema.get_field_index(name), name, values)  # noqa: PLW2901  one after another
        yield rows


def content(lake: Lake) -> dict[str, list[str]]:
    """Return all rows of the stored tables, as promise 4 compares them."""
    tables = {}
    for table in ("articles", "duplicates", "rejects"):
        rows = [row for batch in scan(lake, table, _columns(table)) for row in batch.to_pylist()]
        tables[table] = sorted(map(repr, rows))
    return tables


def _columns(table: str) -> list[str]:
    return [name for name in SCHEMAS[table].names if name not in VOLATILE]


def published(lake: Lake, *tables: str) -> dict[str, bytes]:
    """Return the bytes of every published file."""
    paths = (lake.table(table) / file.path for table in tables for file in files(lake, table))
    return {str(path): path.read_bytes() for path in paths}


def run_killed(lake: Lake, step: str, action: str, numbers: Iterable[int] = ()) -> int | None:
    """Do a writing command in a process that dies at the named step; return its exit code: -9, or 0 without the step."""
    context = multiprocessing.get_context("forkserver")  # forks a fresh process that has imported everything
    context.set_forkserver_preload(["small_lakes"])
    child = context.Process(target=_die_at, args=(lake.name, step, action, list(numbers), _surroundings()))
    child.start()
    child.join()
    return child.exitcode


def _surroundings() -> dict[str, str]:
    """Return what a child is to find in its environment: that of the fork server may be older than the test."""
    return {name: value for name, value in os.environ.items() if name.startswith(("AWS_", "XDG_"))}


def _die_at(root: str, step: str, action: str, numbers: list[int], surroundings: dict[str, str]) -> None:
    os.environ.update(surroundings)

    def reached(name: str) -> None:
        assert name in steps.STEPS, name
        if name == step:
            os.kill(os.getpid(), signal.SIGKILL)

    steps.reached = reached
    write(open_lake(root), action, numbers)


def commit_articles(lake: Lake, decisions: Sequence[dict[str, object]], articles: Sequence[Article]) -> Commitment:
    """Commit articles with the decisions about them as one slice."""
    return commit_slice(lake, decided([spill(lake, 0, articles)], decisions), run_info())
