"""Rows of a story table with new tags; apart from the command, for its worker processes do without Beam."""

from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc

from transforms.entities.taggers import EntityChoice, open_tagger
from transforms.entities.titled import Titled
from transforms.lake.rows import entity_lists
from transforms.language.detect import as_tagged, detect_batch


@dataclass(frozen=True)
class Taggers:
    """Which taggers, and how rows that went through them are known."""

    detector: str
    entities: EntityChoice
    version: str


def retagged(rows: pa.Table, taggers: Taggers) -> pa.Table:
    """Return rows of a story table, those of other taggers with new tags, behind those that keep theirs."""
    stale = pc.fill_null(pc.not_equal(rows["tags_version"], taggers.version), fill_value=True)
    return pa.concat_tables([rows.filter(pc.invert(stale)), _tagged(rows.filter(stale), taggers)])


def _tagged(rows: pa.Table, taggers: Taggers) -> pa.Table:
    titles, texts = rows["title"].to_pylist(), rows["text"].to_pylist()
    # From the stored text, which is what the taggers of an ingest are given: a retagged row equals an ingested one.
    tags = detect_batch([as_tagged(title, text) for title, text in zip(titles, texts, strict=True)], taggers.detector)
    articles = [Titled(title, text, tag.language) for title, text, tag in zip(titles, texts, tags, strict=True)]
    new = {
        "language": [tag.language for tag in tags],
        "language_score": [tag.score for tag in tags],
        "language_runner_up": [tag.runner_up for tag in tags],
        "language_runner_up_score": [tag.runner_up_score for tag in tags],
        "entities": entity_lists(open_tagger(taggers.entities)(articles)),
        "tags_version": [taggers.version] * len(rows),
    }
    for name, values in new.items():
        at = rows.schema.get_field_index(name)
        kind = rows.schema.field(at)
        rows = rows.set_column(at, kind, pa.array(values, kind.type) if isinstance(values, list) else values)
    return rows
