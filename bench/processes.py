"""What the system says of processes that are measured; nothing, where one has just ended."""

from pathlib import Path


def tree(root: int) -> list[int]:
    """Return a process and all that descend from it."""
    parents = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                parents[int(entry.name)] = int((entry / "stat").read_text().rsplit(")", 1)[1].split()[1])
            except (OSError, IndexError):
                continue
    members = [root]
    for pid in members:
        members.extend(child for child, parent in parents.items() if parent == pid)
    return members


def pss_mb(pid: int) -> float:
    """Return the proportional set size."""
    return _mb(f"/proc/{pid}/smaps_rollup", "Pss:")


def own_mb(pid: int | str = "self") -> float:
    """Return the memory that is no mapped file."""
    return _mb(f"/proc/{pid}/status", "RssAnon:")


def peak_mb(pid: int | str = "self") -> float:
    """Return the most memory that a process has had; what its parent had does not count."""
    return _mb(f"/proc/{pid}/status", "VmHWM:")


def ticks(pid: int) -> float:
    """Return the CPU time, user and system, in the clock ticks of the system."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    except OSError:
        return 0.0
    return float(int(fields[11]) + int(fields[12]))


def _mb(path: str, name: str) -> float:
    try:
        rows = Path(path).read_text().splitlines()
    except OSError:
        return 0.0
    return next((int(row.split()[1]) / 1024 for row in rows if row.startswith(name)), 0.0)
