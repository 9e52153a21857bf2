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

import json
import os
from dataclasses import dataclass
from pathlib import Path

from schemas.errors import LakeError, UsageError
from schemas.tables import SCHEMA_VERSION

APP_ID = "newsfold"
"""Delta's application id of all our commits in all tables: one and stable, so that a number is used once."""

NULL_PARTITION = "__HIVE_DEFAULT_PARTITION__"
"""The folder value that Hive, Delta, DuckDB and Spark all read as null."""

_MARKER = "_newsfold.json"


@dataclass(frozen=True, slots=True)
class Lake:
    """The paths of one lake; nothing is read or created by asking for one.

    Attributes:
        root: the lake's folder; of a lake on an object store the folder in which this machine keeps what is its own.
        url: where the lake lies on an object store; empty for a folder.
        mark: tells the lake at `url` from another that lies there later.
    """

    root: Path
    url: str = ""
    mark: str = ""

    @property
    def name(self) -> str:
        """What the lake is opened by again, and called in messages."""
        return self.url or str(self.root)

    @property
    def marker(self) -> Path:
        """The file that makes a folder a lake."""
        return self.root / _MARKER

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
    """Return the lake at `root`, made where there is no folder yet or an empty one.

    Raises:
        UsageError: `root` is a file, a URL, or a folder with something else in it.
        LakeError: a newer release wrote the lake.
    """
    lake = Lake(_local(root))
    if not lake.marker.is_file():
        _refuse_what_is_no_lake(lake)
        lake.root.mkdir(parents=True, exist_ok=True)
        _mark(lake)
    return open_lake(root)


def open_lake(root: str | Path) -> Lake:
    """Return the lake at `root`, which must be one.

    Raises:
        UsageError: there is no lake at `root`.
        LakeError: a newer release wrote the lake.
    """
    lake = Lake(_local(root))
    if not lake.marker.is_file():
        raise UsageError(f"{lake.root} is no lake: it has no {_MARKER}; name a folder that newsfold ingest has filled")
    _refuse_newer(lake)
    return lake


def _local(root: str | Path) -> Path:
    if "://" in str(root):
        raise UsageError(f"{root}: a lake on an object store is not supported yet; name a local folder")
    return Path(os.path.abspath(root))  # noqa: PTH100  resolve() would follow a link that may be moved later


def _refuse_what_is_no_lake(lake: Lake) -> None:
    nearest = next(path for path in (lake.root, *lake.root.parents) if path.exists())
    if not nearest.is_dir():
        raise UsageError(f"{nearest} is a file, and a lake is a folder; name another folder")
    if lake.root.is_dir() and any(entry.name != _MARKER + ".new" for entry in lake.root.iterdir()):
        raise UsageError(f"{lake.root} is not empty and no lake; name a new or empty folder")


def _mark(lake: Lake) -> None:
    """Write the marker so that it is there whole or not at all."""
    new = lake.root / (_MARKER + ".new")
    with new.open("w", encoding="utf-8") as file:
        json.dump({"schema_version": SCHEMA_VERSION, "app_id": APP_ID}, file)
        file.flush()
        os.fsync(file.fileno())
    new.replace(lake.marker)


def _refuse_newer(lake: Lake) -> None:
    try:
        version = json.loads(lake.marker.read_text("utf-8"))["schema_version"]
    except (ValueError, KeyError, TypeError) as error:
        raise LakeError(f"{lake.marker} is damaged; restore it from a backup ({error})") from error
    if version > SCHEMA_VERSION:
        raise LakeError(f"{lake.root} was written by a newer newsfold (schema {version}); install that release")
