"""What a run did, counted from the ledger and shown to a person or a program."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from schemas.reasons import Reason
from schemas.records import Outcome

STORED: tuple[Outcome, ...] = ("new", "revision", "exact", "near", "excerpt", "expansion")
COUNTS = ("read", *STORED, "seen", "rejected")
POLLED = ("run_id", "polled_at", "changed_at", "reason", "items_missed_estimate")
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
    polls: Mapping[str, Any] = field(default_factory=dict)  # of feeds, where there are any: see `count_polls`

    @property
    def reject_share(self) -> float:
        """Rejected among read, less the forgotten, as a share; 0 while too few were read to judge by."""
        # What is to stay forgotten is refused on purpose: nothing is wrong with the input.
        read, wanted = self.counts["read"], self.rejected_by_reason.get(Reason.FORGOTTEN, 0)
        return (self.counts["rejected"] - wanted) / read if read >= _MIN_READ_FOR_SHARE else 0.0

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


def count_polls(rows: Iterable[Mapping[str, Any]], listed: int) -> dict[str, Any]:
    """Return what became of polls: asked = changed + unchanged + failed; a reason says why one failed.

    Args:
        rows: of the table `polls`, with the columns POLLED.
        listed: how many feeds the list holds.
    """
    counts = {"listed": listed, "asked": 0, "changed": 0, "unchanged": 0, "failed": 0, "items_missed_estimate": 0}
    reasons: Counter[str] = Counter()
    for row in rows:
        # A poll that changed something changed it when it was asked; one that did not keeps an older time.
        outcome = "failed" if row["reason"] else "changed" if row["changed_at"] == row["polled_at"] else "unchanged"
        counts["asked"] += 1
        counts[outcome] += 1
        counts["items_missed_estimate"] += row["items_missed_estimate"] or 0
        reasons.update(filter(None, [row["reason"]]))
    return {**counts, "failed_by_reason": dict(reasons)}


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
        *_described_polls(summary.polls),
        f"  lake      {summary.lake} (run {summary.run_id}, {summary.commits} commits)",
    ]
    return "\n".join(lines)


def _described_polls(polls: Mapping[str, Any]) -> list[str]:
    if not polls:
        return []
    told = ", ".join(f"{polls[name]:,} {name}" for name in ("changed", "unchanged") if polls[name])
    failed = f"{polls['failed']:,} failed{_by_reason(polls['failed_by_reason'])}" if polls["failed"] else ""
    missed = f"; about {polls['items_missed_estimate']:,} items missed" if polls["items_missed_estimate"] else ""
    outcomes = ", ".join(filter(None, [told, failed])) or "none is due"
    return [f"  feeds     {polls['asked']:,} of {polls['listed']:,} asked: {outcomes}{missed}"]


def _by_reason(reasons: Mapping[str, int]) -> str:
    named = ", ".join(f"{count:,} {reason}" for reason, count in sorted(reasons.items(), key=lambda x: (-x[1], x[0])))
    return f" ({named})" if named else ""
