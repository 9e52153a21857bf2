"""What this process decided last: once it is committed, nothing of it need be read back from the tables."""

from collections.abc import Hashable
from dataclasses import dataclass, replace

from schemas.tables import STORY_TABLES
from transforms.fold.decide import Decisions
from transforms.fold.furniture import Lines
from transforms.fold.segment import Rows
from transforms.lake.layout import Lake
from transforms.lake.read import files
from transforms.lake.storage import storage_of

Place = Hashable


@dataclass(frozen=True, slots=True)
class Decided:
    """What a decided slice leaves to the next."""

    rows: Rows
    lines: Lines
    commit: int | None = None  # that brought just these stories


_DECIDED: dict[Place, Decided] = {}


def place_of(lake: Lake) -> Place:
    """Return what tells a lake from any other that this process ever sees."""
    return storage_of(lake).identity()


def expect(lake: Lake, decisions: Decisions) -> None:
    """Keep what was decided until it is committed."""
    _DECIDED[place_of(lake)] = Decided(decisions.rows, decisions.lines)


def committed(lake: Lake, number: int) -> None:
    """Say that the stories of a commit are those that were decided last."""
    place = place_of(lake)
    if place in _DECIDED:
        _DECIDED[place] = replace(_DECIDED[place], commit=number)


def decided_since(lake: Lake, after: int) -> Decided | None:
    """Return what was decided if the stories committed since `after` are just that, else None."""
    decided = _DECIDED.get(place_of(lake))
    if decided is None or decided.commit != after + 1:
        return None
    newest = max((file.newest for table in STORY_TABLES for file in files(lake, table)), default=0)
    return decided if newest <= decided.commit else None


def forget(lake: Lake) -> None:
    """Let go of what was decided: memory and furniture have it."""
    _DECIDED.pop(place_of(lake), None)
