"""Where things lie in a lake, and how a folder or a place on an object store becomes one.

LAKE/_newsfold.json                     marks the folder as a lake: schema version and the app id of its commits
LAKE/articles, duplicates, rejects, …   Delta tables; nothing unpublished ever lies in them, nothing forgotten either
LAKE/_staging/                          what is being prepared; swept when a writer starts
LAKE/_intent.json                       the commit that is being published, while it is
LAKE/_stream/                           what an unbounded pipeline has prepared; only its next start empties it
LAKE/_fetched/                          answers of feeds that no commit covers yet
LAKE/_archive/                          answers of feeds that are kept for ever, on request
LAKE/_memory/                           derived indexes; may be deleted at any time while no writer is at work
LAKE/_lock, LAKE/_workers, LAKE/_commit who writes, and who commits

On an object store lie the marker, the tables, the intents (`_intents/`) and the lease of the writer (`_lease.json`).
All else of such a lake is this machine's own and lies in a folder of its cache.
"""

import hashlib
import json
import os
import re
import secrets
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from schemas.errors import LakeError, UsageError
from schemas.tables import SCHEMA_VERSION
from transforms.lake.durable import write_durably
from transforms.lake.objects import Objects, is_url, objects_at

APP_ID = "newsfold"
"""Delta's application id of all our commits in all tables: one and stable, so that a number is used once."""

NULL_PARTITION = "__HIVE_DEFAULT_PARTITION__"
"""The folder value that Hive, Delta, DuckDB and Spark all read as null."""

MARKER = "_newsfold.json"
SHARED = "_staging"
"""Below a lake on an object store: what workers on several machines prepare."""
_READABLE_CHARACTERS = 40


@dataclass(frozen=True, slots=True)
class Lake:
    """The paths of one lake; nothing is read or created by asking for one.

    Attributes:
        root: the lake's folder; of a lake on an object store the folder in which this machine keeps what is its own.
        url: where the lake lies on an object store; empty for a folder.
        mark: tells the lake at `url` from another that lies there later.
    """

    root: Path  # absolute: a lake outlives changes of the current folder, and workers have others
    url: str = ""
    mark: str = ""

    @property
    def name(self) -> str:
        """What the lake is opened by again, and called in messages."""
        return self.url or str(self.root)

    @property
    def marker(self) -> Path:
        """The file that makes a folder a lake."""
        return self.root / MARKER

    @property
    def staging(self) -> Path:
        """What is being prepared, on the file system of the tables."""
        return self.root / "_staging"

    @property
    def memory(self) -> Path:
        """Indexes that may be rebuilt from the tables at any time."""
        return self.root / "_memory"

    @property
    def stream(self) -> Path:
        """What an unbounded pipeline has prepared and not committed yet; no start but its own sweeps it."""
        return self.root / "_stream"

    @property
    def fetched(self) -> Path:
        """Answers of feeds from before they are parsed until their commit; a start never sweeps them."""
        return self.root / "_fetched"

    @property
    def archive(self) -> Path:
        """Answers of feeds that are kept for ever, a folder a day."""
        return self.root / "_archive"

    @property
    def intent(self) -> Path:
        """The commit that is being published; there is none at rest."""
        return self.root / "_intent.json"

    @property
    def lock(self) -> Path:
        """Locked by the one writer, with the writer's name inside."""
        return self.root / "_lock"

    @property
    def workers(self) -> Path:
        """Locked by all worker processes of the writer together."""
        return self.root / "_workers"

    @property
    def committer(self) -> Path:
        """Locked by the one worker of an unbounded pipeline that folds and commits."""
        return self.root / "_commit"

    def table(self, name: str) -> Path:
        """Return the folder of a table."""
        return self.root / name


def create_or_open(root: str | Path) -> Lake:
    """Return the lake at `root`, made where there is no folder yet or an empty one, or nothing below a URL.

    Raises:
        UsageError: `root` is a file, a folder with something else in it, or a URL that no lake can have.
        LakeError: a newer release wrote the lake, or the store does not answer.
    """
    if is_url(root):
        _mark_url(objects_at(str(root)))
        return open_lake(root)  # by whatever marker lies there now: another machine may have been first
    lake = Lake(_local(root))
    if not lake.marker.is_file():
        _refuse_what_is_no_lake(lake)
        lake.root.mkdir(parents=True, exist_ok=True)
        # Last, and whole: without its marker a folder is no lake, and a kill leaves at most an empty one.
        write_durably(lake.marker, json.dumps({"schema_version": SCHEMA_VERSION, "app_id": APP_ID}).encode())
    return open_lake(root)


def open_lake(root: str | Path) -> Lake:
    """Return the lake at `root`, which must be one.

    Raises:
        UsageError: there is no lake at `root`.
        LakeError: a newer release wrote the lake, or the store does not answer.
    """
    if is_url(root):
        return _opened(objects_at(str(root)))
    lake = Lake(_local(root))
    if not lake.marker.is_file():
        raise UsageError(f"{lake.root} is no lake: it has no {MARKER}; name a folder that newsfold ingest has filled")
    _told(lake.marker.read_text("utf-8"), lake.name)
    return lake


def marked_anew(content: bytes) -> bytes:
    """Return a marker of an object store with a new mark; without content, that of a new lake."""
    told = json.loads(content) if content else {"schema_version": SCHEMA_VERSION, "app_id": APP_ID}
    return json.dumps({**told, "mark": secrets.token_hex(8)}).encode()


def _local(root: str | Path) -> Path:
    return Path(os.path.abspath(root))  # noqa: PTH100  resolve() would follow a link that may be moved later


def _mark_url(objects: Objects) -> None:
    if objects.read(MARKER) is not None:
        return
    if next(objects.list(""), None) is not None:
        raise UsageError(f"{objects.url} is not empty and no lake; name a new or empty place")
    objects.create(MARKER, marked_anew(b""))  # if another process did so just now, it is that one's


def _opened(objects: Objects) -> Lake:
    found = objects.read(MARKER)
    if found is None:
        raise UsageError(f"{objects.url} is no lake: it has no {MARKER}; name one that newsfold ingest has filled")
    mark = str(_told(found.content.decode("utf-8", "replace"), objects.url).get("mark", found.version))
    lake = Lake(_own_folder(objects.url), objects.url, mark)
    lake.root.mkdir(parents=True, exist_ok=True, mode=0o700)
    _forget_another(lake)
    return lake


def _own_folder(url: str) -> Path:
    """Return where this machine keeps what is its own of a lake on an object store."""
    cache = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    # The hash tells URLs apart; what is readable is for people who look into their cache.
    readable = re.sub(r"[^A-Za-z0-9]+", "-", url)[-_READABLE_CHARACTERS:]
    return Path(cache, "newsfold", f"{readable}-{hashlib.sha256(url.encode()).hexdigest()[:16]}")


def _forget_another(lake: Lake) -> None:
    """Drop what was derived from another lake at this URL, or from this one before a takedown."""
    # Noted after the memory is gone: a kill in between drops it once more.
    noted = lake.root / "_mark"
    if not noted.exists() or noted.read_text("utf-8") != lake.mark:
        shutil.rmtree(lake.memory, ignore_errors=True)
        noted.write_text(lake.mark, "utf-8")


def _refuse_what_is_no_lake(lake: Lake) -> None:
    """Refuse a place that holds something else: a lake sweeps, swaps and deletes in its folder."""
    nearest = next(path for path in (lake.root, *lake.root.parents) if path.exists())
    if not nearest.is_dir():
        raise UsageError(f"{nearest} is a file, and a lake is a folder; name another folder")
    if lake.root.is_dir() and any(entry.name != MARKER + ".new" for entry in lake.root.iterdir()):
        raise UsageError(f"{lake.root} is not empty and no lake; name a new or empty folder")


def _told(marker: str, name: str) -> dict[str, Any]:
    """Return what a lake's marker says, if this release can read the lake."""
    try:
        told: dict[str, Any] = json.loads(marker)
        version = told["schema_version"]
    except (ValueError, KeyError, TypeError) as error:
        raise LakeError(f"{name}/{MARKER} is damaged; restore it from a backup ({error})") from error
    # A newer release may have added a column that tells what must not be read as before; older lakes are all read.
    if version > SCHEMA_VERSION:
        raise LakeError(f"{name} was written by a newer newsfold (schema {version}); install that release")
    return told
