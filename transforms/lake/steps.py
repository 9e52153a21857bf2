"""The instants of a commit, by name, so that tests can kill a process at each of them."""

from schemas.tables import TABLES

COMMIT_STEPS = (
    "staging begun",
    "staged",
    "intent written",
    *(f"{table} {what}" for table in TABLES for what in ("begun", "moved", "committed", "synced")),
    "published",
    "intent removed",
    "swept",
)
"""Of every commit, whatever it publishes; of tables only those that it changes."""

STEPS = ("merging begun", "rewriting begun", *COMMIT_STEPS, "erased")
"""With what compaction and retagging begin with, and what a takedown does before its intent is removed."""


def reached(step: str) -> None:
    """Do nothing: a test's child process puts its own function in this place."""
    assert step in STEPS  # else a step that was renamed would never be killed at, and no test would say so
