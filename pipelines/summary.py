"""What a run did, counted from the ledger and shown to a person or a program."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from schemas.records import Outcome

STORED: tuple[Outcome, ...] = ("new", "revision", "exact", "near", "excerpt", "expansion")
COUNTS = ("read", *STORED, "seen", "rejected")
_MIN_READ_FOR_SHARE = 100  # of fewer items one bad file would be a large share


@dataclass(frozen=True)
class Summary:
    """The counts of one run over all its slices; read = stored + seen + rejected."""

    run_id: str
    lake: str
    commits: int
    seconds: float
    counts: Mapping[str, int]
    rejected_by_reason: Mapping[str, int] = field(default_factory=dict)

    @property
    def reject_share(self) -> float:
        """Rejected among read, as a share; 0 while too few were read to judge by."""
        read = self.counts["read"]
        return self.counts["rejected"] / read if read >= _MIN_READ_FOR_SHARE else 0.0

    def to_json(self) -> dict[str, Any]:
        """Return what `--json` prints."""
        return asdict(self)


def add_up(ledger: Iterable[Mapping[str, Any]]) -> dict[str, int]:
    """Return the counts of promise 1 over ledger rows."""
    totals = dict.fromkeys(COUNTS, 0)
    for row in ledger:
        for name in COUNTS:
            totals[name] += row[name] or 0
    return totals


def describe(summary: Summary) -> str:
    """Return the summary as lines for a terminal."""
    counts = summary.counts
    rate = counts["read"] / summary.seconds if summary.seconds else 0.0
    stored = ", ".join(f"{counts[name]:,} {name}" for name in STORED if counts[name])
    lines = [
        f"read {counts['read']:,} articles in {summary.seconds:.1f} s ({rate:,.0f}/s)",
        f"  stored    {stored or 'nothing new'}",
        f"  seen      {counts['seen']:,} stored before, unchanged",
        f"  rejected  {counts['rejected']:,}{_by_reason(summary.rejected_by_reason)}",
        f"  lake      {summary.lake} (run {summary.run_id}, {summary.commits} commits)",
    ]
    return "\n".join(lines)


def _by_reason(reasons: Mapping[str, int]) -> str:
    named = ", ".join(f"{count:,} {reason}" for reason, count in sorted(reasons.items(), key=lambda x: (-x[1], x[0])))
    return f" ({named})" if named else ""
