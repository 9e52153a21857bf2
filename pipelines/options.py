"""What an ingest run is told: one frozen value, from flags and the configuration file, checked once."""

import hashlib
import json
import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field

from schemas.errors import UsageError
from transforms.entities.own_names import OwnName
from transforms.lake.objects import is_url

# They say how a run is carried out, not what rows come of it.
_WITHOUT_EFFECT_ON_ROWS = (
    "lake",
    "inputs",
    "workers",
    "beam_flags",
    "max_reject_share",
    "feeds",
    "contact",
    "keep_archive",
    "messages",
    "break_lock",
)


@dataclass(frozen=True)
class IngestOptions:
    """Everything `newsfold ingest` can be told; the flags' help texts say what each means."""

    inputs: tuple[str, ...]
    lake: str
    mapping: Mapping[str, str] = field(default_factory=dict)
    language_detector: str = "default"
    entities: str = "fast"
    gazetteer: tuple[OwnName, ...] = ()  # what the file lists, not its path: workers and the digest need the names
    horizon_days: int = 30
    repost_horizon_days: int = 365
    workers: int = 0  # 0: as many as there are cores
    slice_records: int = 10_000
    max_reject_share: float = 0.2
    beam_flags: tuple[str, ...] = ()
    feeds: str = ""  # a list of feeds to poll: OPML, text, or one address
    contact: str = ""
    keep_archive: bool = False
    fetch_articles: bool = False
    messages: tuple[str, ...] = ()  # queues, of an unbounded pipeline alone
    break_lock: bool = False

    def __post_init__(self) -> None:
        """Refuse values that no run can work with."""
        if self.workers < 0:
            raise UsageError(f"--workers {self.workers}: give 1 or more, or 0 for all cores")
        if not 0 <= self.max_reject_share <= 1:
            raise UsageError(f"--max-reject-share {self.max_reject_share}: give a share between 0 and 1")
        if self.keep_archive and is_url(self.lake):
            raise UsageError("--keep-archive: documents are kept in the folder of a lake, not on an object store yet")
        if self.slice_records < 1:
            raise UsageError(f"--slice-records {self.slice_records}: give 1 or more")
        if not 1 <= self.horizon_days <= self.repost_horizon_days:
            raise UsageError(
                f"--horizon {self.horizon_days}d, --repost-horizon {self.repost_horizon_days}d: "
                "the first must be at least a day and not beyond the second"
            )

    @property
    def worker_count(self) -> int:
        """How many worker processes to start at most."""
        return self.workers or len(os.sched_getaffinity(0))

    def digest(self) -> str:
        """Return a hash of what decides the rows, as hex: equal for runs that would write equal rows."""
        # What is not named above counts: a new option that was forgotten there makes runs differ, never the same.
        told = {name: value for name, value in asdict(self).items() if name not in _WITHOUT_EFFECT_ON_ROWS}
        return hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()


def days(text: str) -> int:
    """Return the days that `30d`, `8w` or a bare number of days means.

    Raises:
        UsageError: it is none of these.
    """
    number, unit = (text[:-1], text[-1:]) if text[-1:] in {"d", "w"} else (text, "d")
    if not number.isdecimal():
        raise UsageError(f"{text!r} is no duration: write days as 30d or weeks as 8w")
    return int(number) * (7 if unit == "w" else 1)


def mapping_of(text: str) -> dict[str, str]:
    """Return target → column from `text=body_text,title=headline`.

    Raises:
        UsageError: a part is not of the form target=column.
    """
    pairs = [part.partition("=") for part in text.split(",") if part.strip()]
    for target, equals, column in pairs:
        if not (target.strip() and equals and column.strip()):
            raise UsageError(f"--map {text!r}: write target=column pairs, such as text=body_text,title=headline")
    return {target.strip(): column.strip() for target, _, column in pairs}
