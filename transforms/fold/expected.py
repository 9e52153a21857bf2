"""What this process decided last: once it is committed, nothing of it need be read back from the tables."""

from dataclasses import dataclass, replace

from schemas.tables import STORY_TABLES
from transforms.fold.decide import Decisions
from transforms.fold.furniture import Lines
from transforms.fold.segment import Rows
from transforms.lake.layout import Lake
from transforms.lake.process_cache import ProcessCache
from transforms.lake.read import files, last_change


@dataclass(frozen=True, slots=True)
class Decided:
    """What a decided slice leaves to the next."""

    rows: Rows
    lines: Lines
    commit: int | None = None  # that brought just these stories


_DECIDED: ProcessCache[Decided] = ProcessCache()


def expect(lake: Lake, decisions: Decisions) -> None:
    """Keep what was decided until it is committed."""
    _DECIDED.put(lake, Decided(decisions.rows, decisions.lines))


def committed(lake: Lake, number: int) -> None:
    """Say that the stories of a commit are those that were decided last."""
    if (decided := _DECIDED.get(lake)) is not None:
        _DECIDED.put(lake, replace(decided, commit=number))


def decided_since(lake: Lake, after: int) -> Decided | None:
    """Return what was decided if the stories committed since `after` are just that, else None."""
    decided = _DECIDED.get(lake)
    if decided is None or decided.commit != after + 1:
        return None
    # A table that no later commit changed need not be listed; what only merged its files brought no newer row.
    changed = [table for table in STORY_TABLES if last_change(lake, table) > decided.commit]
    newest = max((file.newest for table in changed for file in files(lake, table)), default=0)
    return decided if newest <= decided.commit else None


def forget(lake: Lake) -> None:
    """Let go of what was decided: memory and furniture have it."""
    _DECIDED.drop(lake)
