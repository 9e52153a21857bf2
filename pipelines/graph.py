"""What the stages of one graph are told; apart from their wiring, for worker processes do without Beam."""

from dataclasses import dataclass

from transforms.entities.taggers import EntityChoice
from transforms.fold.settings import FoldSettings
from transforms.lake.ledger import RunInfo


@dataclass(frozen=True)
class Graph:
    """What the stages of one graph are told."""

    # Plain values, pickled with the graph: a worker opens the lake itself, by a name that holds there.
    lake: str
    staging: str
    mapping: tuple[tuple[str, str], ...]
    language_detector: str
    entities: EntityChoice
    tags_version: str
    now_us: int | None  # of the run's start, microseconds since 1970: a date beyond it is no date; None: of arrival
    fold: FoldSettings
    run: RunInfo
    most_batches: int | None = None  # of a commit, in a pipeline without end; None: a slice is one commit
    all_batches: int | None = None  # of a slice: where some are missing nothing is committed
