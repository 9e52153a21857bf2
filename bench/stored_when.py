"""When each article of bench/steady.py had its row, and what the watch made of all of them."""

from pathlib import Path
from typing import Any

import numpy as np

from transforms.lake.layout import open_lake
from transforms.lake.views import Session

_SHARES = (50, 90, 99, 100)


def lags(folder: Path) -> dict[str, Any]:
    """Return percentiles of the seconds from arrival to row, and how many articles were lost or stored twice."""
    with Session(open_lake(folder / "lake")) as session:
        rows = session.ask("select item_id, count(*) as times, min(commit) as number from stories group by 1")
    stored = {row["item_id"]: row for row in rows.to_pylist()}
    there = _moments(folder / "lake")
    lines = [line.split(",") for line in (folder / "arrivals.csv").read_text("ascii").splitlines()]
    found = [(source, float(at), there[stored[one]["number"]]) for one, source, at in lines if one in stored]
    by_source = {name: [then - at for source, at, then in found if source == name] for name in ("file", "feed")}
    return {
        "arrived": len(lines),
        "lost": len(lines) - len(found),
        "twice": sum(row["times"] > 1 for row in stored.values()),
        "lag": _percentiles(np.array([then - at for _, at, then in found])),
        "lag_by_source": {name: _percentiles(np.array(some)) for name, some in by_source.items()},
        "lag_by_minute": _by_minute([(at, then - at) for _, at, then in found]),
    }


def made(folder: Path) -> dict[str, int]:
    """Return how many commits of which kind there were, and how many files they wrote."""
    with Session(open_lake(folder / "lake")) as session:
        asked = "select command, count(*) as commits, sum(len(files)) as files from runs group by 1"
        rows = session.ask(asked).to_pylist()
    return {f"{row['command']}_{name}": int(row[name]) for row in rows for name in ("commits", "files")}


def _moments(lake: Path) -> dict[int, float]:
    """Return commit → when the log of the ledger had it; `committed_at` is taken before the files are written."""
    return {int(log.stem) + 1: log.stat().st_mtime for log in (lake / "runs" / "_delta_log").glob("*.json")}


def _by_minute(found: list[tuple[float, float]]) -> dict[int, dict[str, float]]:
    begun = min(at for at, _ in found)
    minutes = np.array([int((at - begun) // 60) for at, _ in found])
    seconds = np.array([lag for _, lag in found])
    return {minute: _percentiles(seconds[minutes == minute]) for minute in sorted(set(minutes.tolist()))}


def _percentiles(seconds: np.ndarray) -> dict[str, float]:
    return {f"p{share}": round(float(np.percentile(seconds, share)), 1) for share in _SHARES}
