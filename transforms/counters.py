"""Counters and distributions in the user interface of whichever runner carries the graph out.

Each is named `stage/outcome` (Beam's namespace and name). They are told, never read: what counts is the ledger.
Outside a graph nothing is told.
"""

from apache_beam.metrics.metric import Metrics


def count(stage: str, **outcomes: int) -> None:
    """Add numbers to the counters of a stage."""
    for outcome, number in outcomes.items():
        Metrics.counter(stage, outcome).inc(number)


def observe(stage: str, **values: float) -> None:
    """Add one value to each of these distributions of a stage; Beam keeps whole numbers."""
    for name, value in values.items():
        Metrics.distribution(stage, name).update(round(value))
