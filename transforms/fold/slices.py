"""Fold one slice: read what waits in staging, decide, and lay the decisions beside the spilled rows."""

from collections.abc import Mapping, Sequence
from itertools import groupby
from typing import cast

import numpy as np
import pyarrow as pa

from schemas.records import Outcome, Spill
from schemas.tables import DECISION
from transforms.fold.decide import Decision, Decisions, decide
from transforms.fold.decided import DecidedSlice
from transforms.fold.differences import differing_words, words_of
from transforms.fold.furniture import Furniture
from transforms.fold.furniture_rows import EXAMPLE, furniture_table
from transforms.fold.memory import Memory
from transforms.fold.ragged import Ints
from transforms.fold.revisions import Identities
from transforms.fold.segment import hexadecimal
from transforms.fold.settings import FoldSettings
from transforms.fold.signature import UNDATED
from transforms.fold.spills import fingerprint_column, read_columns, read_rows, read_signatures
from transforms.fold.texts import Texts, no_texts

_TOLD = ["title", "text"]
IDENTITY = ["article_id", "item_key", "item_id", "raw_sha256", "source_uri", "published_at", "updated_at"]


def fold_slice(
    slice_number: int,
    spills: Sequence[Spill],
    memory: Memory,
    settings: FoldSettings,
    furniture: Furniture | None = None,
    texts: Texts = no_texts,
) -> tuple[DecidedSlice, Decisions]:
    """Return the slice decided, for Commit and for who remembers; the order of `spills` does not matter.

    Raises:
        ValueError: the outcomes do not sum up to the articles given.
    """
    # Workers finish in any order; rows are decided, and stored, in that of the input.
    ordered = tuple(sorted(spills, key=lambda spill: spill.ordinal))
    columns = pa.concat_tables([_EMPTY, *(read_columns(spill, IDENTITY) for spill in ordered)])
    decisions = decide(identities_of(columns), *read_signatures(ordered), memory, settings, furniture, texts)
    table = decision_table(columns.column("article_id"), decisions, _differences(ordered, decisions))
    counts = _counts(table.column("outcome"))
    if sum(counts.values()) != sum(spill.articles for spill in ordered):
        raise ValueError(f"slice {slice_number}: {counts} do not sum up to the articles given; nothing was decided")
    # A sample is a line of the first article that has it: hashes alone would tell nobody what is masked.
    learned = furniture_table(decisions.learned, read_rows(ordered, decisions.learned.row.tolist(), EXAMPLE))
    return DecidedSlice(slice_number, ordered, table, counts, learned), decisions


# A slice may hold no spill, and tables of none have no columns to put together.
_EMPTY = pa.schema(
    [(name, pa.timestamp("us", tz="UTC") if name.endswith("_at") else pa.string()) for name in IDENTITY]
).empty_table()


def identities_of(columns: pa.Table) -> Identities:
    """Return who the articles of a table with the columns of IDENTITY are."""
    return Identities(
        hexadecimal(columns.column("article_id"), 32),
        hexadecimal(columns.column("item_key"), 32),
        columns.column("item_id").to_pylist(),
        hexadecimal(columns.column("raw_sha256"), 64),
        columns.column("source_uri").to_pylist(),
        _times(columns.column("published_at")),
        _times(columns.column("updated_at")),
    )


def _times(column: pa.ChunkedArray) -> Ints:
    return cast("Ints", column.cast(pa.int64()).fill_null(UNDATED).to_numpy())


def _counts(outcomes: pa.ChunkedArray) -> dict[Outcome, int]:
    return {cast("Outcome", count["values"]): count["counts"] for count in outcomes.value_counts().to_pylist()}


def decision_table(
    article_ids: pa.ChunkedArray, decisions: Decisions, differences: Sequence[list[str] | None]
) -> pa.Table:
    """Return one row of DECISION for each spilled article; those without a decision were seen before."""
    # Behind the decisions stands one row for all that was seen: to it leads whatever has no decision of its own.
    place = np.full(len(article_ids), len(decisions.decided))
    place[[decision.row for decision in decisions.decided]] = np.arange(len(decisions.decided))
    columns = {
        **_decided_columns(decisions),
        "differences": pa.array([*differences, None], DECISION.field("differences").type),
    }
    table = pa.table({name: columns[name].take(pa.array(place)) for name in DECISION.names if name != "article_id"})
    return table.add_column(0, DECISION.field("article_id"), article_ids).cast(DECISION)


def _decided_columns(decisions: Decisions) -> dict[str, pa.Array]:
    decided = decisions.decided
    columns = {
        "outcome": [decision.outcome for decision in decided] + ["seen"],
        "family_id": [decision.family_id for decision in decided] + [None],
        "links": [_links(decision) for decision in decided] + [None],
        "revision": [decision.revision for decision in decided] + [None],
        "revision_of": [decision.revision_of for decision in decided] + [None],
        "lookalike_of": [decision.lookalike_of for decision in decided] + [None],
        "duplicate_of": [decision.partner for decision in decided] + [None],
        "similarity": [None if decision.by is None else decision.by.similarity for decision in decided] + [None],
        "containment": [None if decision.by is None else decision.by.containment for decision in decided] + [None],
    }
    arrays = {name: pa.array(values, DECISION.field(name).type) for name, values in columns.items()}
    return {**arrays, "fingerprint": _fingerprints(decisions)}


def _links(decision: Decision) -> list[dict[str, object]]:
    return [
        {"article_id": partner, "similarity": similarity, "containment": containment}
        for partner, similarity, containment in decision.links
    ]


def _fingerprints(decisions: Decisions) -> pa.Array:
    fixed = fingerprint_column(decisions.rows.fingerprint)
    return pa.concat_arrays([fixed.cast(pa.binary()), pa.nulls(1, pa.binary())])


def _differences(spills: Sequence[Spill], decisions: Decisions) -> list[list[str] | None]:
    """Return the words that differ from the partner, where its text is at hand; titles count as text."""
    folded = sorted((one for one in decisions.decided if one.partner is not None), key=_partner)
    # All texts at once and each once: the copies of a story share its partner.
    wanted = {row for one in folded for row in (one.row, one.partner_row) if row is not None}
    rows = read_rows(spills, sorted(wanted), _TOLD)
    differences: dict[int, list[str]] = {}
    # Partner by partner, for the copies of a story are held against the same words.
    for partner, copies in groupby(folded, key=_partner):
        first, *others = copies
        told = _told(partner, first.partner_row, rows, decisions)
        if told is not None:
            words = words_of(*told)
            for one in (first, *others):
                copy = rows[one.row]
                differences[one.row] = differing_words(words_of(*copy), words) if copy != told else []
    return [differences.get(one.row) for one in decisions.decided]


def _partner(decision: Decision) -> str:
    return decision.partner or ""


def _told(
    partner: str, row: int | None, rows: Mapping[int, tuple[str, str]], decisions: Decisions
) -> tuple[str, str] | None:
    if row is not None:
        return rows[row]
    stored = decisions.texts.get(partner.encode("ascii"))
    return None if stored is None else (stored.title, stored.text)
