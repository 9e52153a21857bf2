"""Articles of a file of JSON lines as a lake would hold them, as far as folding them again needs it."""

import json
from hashlib import sha256
from pathlib import Path

import pyarrow as pa


def stories(path: Path) -> pa.Table:
    """Return a row an article, in the order of the file; its article_id is the hash of its id."""
    rows = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
    digests = [sha256(str(row["id"]).encode()).hexdigest() for row in rows]
    ids = [digest[:32] for digest in digests]
    contents = [f"1:{sha256(json.dumps([row['title'], row['text']]).encode()).hexdigest()}" for row in rows]
    moments = pa.array([row["published"][:19] for row in rows]).cast(pa.timestamp("us"))
    return pa.table(
        {
            "article_id": ids,
            "item_key": ids,
            "item_id": ids,
            "source_uri": ids,
            "raw_sha256": digests,
            "published_at": moments.cast(pa.timestamp("us", "UTC")),
            "updated_at": pa.nulls(len(rows), pa.timestamp("us", "UTC")),
            "title": [row["title"] for row in rows],
            "text": [row["text"] for row in rows],
            "content_hash": contents,
        }
    )
