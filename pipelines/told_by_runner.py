"""What a runner counted, beside what the ledger says. The ledger is right: it counts what was committed, once."""

from collections.abc import Mapping
from dataclasses import dataclass

from apache_beam.runners.runner import PipelineResult

from transforms.lake.layout import Lake
from transforms.lake.read import scan

# Each count of the ledger, and the counters `stage/outcome` whose sum it is.
_TOLD_AS = {
    "read": ("read/records",),
    "seen": ("skip_seen/seen", "fold/seen"),
    "rejected": ("read/rejects", "normalize/rejects", "refuse_forgotten/rejects"),
    "published_rejects": ("commit/rejects",),
} | {name: (f"fold/{name}",) for name in ("new", "revision", "exact", "near", "excerpt", "expansion")}


@dataclass(frozen=True, slots=True)
class Counters:
    """The counters of one job, by `stage/outcome`."""

    values: Mapping[str, int]
    committed: bool  # else they count every attempt, and a bundle that was tried twice stands in them twice


def counters_of(result: PipelineResult) -> Counters | None:
    """Return what a runner has counted, of committed bundles where it knows them; None where it counts nothing."""
    try:
        told = result.metrics().query()["counters"]
    except NotImplementedError:
        return None
    ours = {stage for names in _TOLD_AS.values() for stage, _, _ in (name.partition("/") for name in names)}
    mine = [one for one in told if one.key.metric.namespace in ours]
    # A runner that knows committed values for some only is not to be believed by halves.
    committed = all(one.committed is not None for one in mine)
    values: dict[str, int] = {}
    for one in mine:
        name = f"{one.key.metric.namespace}/{one.key.metric.name}"
        values[name] = values.get(name, 0) + ((one.committed if committed else one.attempted) or 0)
    return Counters(values, committed) if values else None


def ledger_counts(lake: Lake, after_commit: int) -> dict[str, int]:
    """Return the counts of the commits after one, by the ledger."""
    totals = dict.fromkeys(_TOLD_AS, 0)
    for batch in scan(lake, "runs", list(_TOLD_AS), after_commit):
        for row in batch.to_pylist():
            for name, number in row.items():
                totals[name] += number or 0
    return totals


def difference(counters: Counters, ledger: Mapping[str, int]) -> str:
    """Return one line on where the counters differ from the ledger's counts, nothing where they agree."""
    told = {name: sum(counters.values.get(one, 0) for one in names) for name, names in _TOLD_AS.items()}
    apart = [f"{name} {told[name]:,} instead of {ledger[name]:,}" for name in told if told[name] != ledger[name]]
    if not apart:
        return ""
    why = "" if counters.committed else "; it counts attempts, and some were made twice"
    return f"the runner's counters are not the ledger's ({', '.join(apart)}){why}; the ledger counts what is stored"
