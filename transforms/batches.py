"""Batches as Beam's elements: how they are mapped, how they travel, and how large they are said to be.

Beam asks the size of every batch at every stage, for its counters. Its own coder finds out by pickling the whole batch,
which took a tenth of a run's CPU; the letters of its texts say as much.
"""

import pickle
from collections.abc import Callable
from typing import Any

import apache_beam as beam
from apache_beam.coders import Coder
from apache_beam.coders.typecoders import registry
from apache_beam.pvalue import PCollection

from schemas.records import Batch


class BatchCoder(Coder):
    """Pickles a batch, and tells its size without doing so."""

    def encode(self, value: Batch[Any]) -> bytes:
        """Return the batch as bytes for a worker of the same release."""
        return pickle.dumps(value, pickle.HIGHEST_PROTOCOL)

    def decode(self, encoded: bytes) -> Batch[Any]:
        """Return the batch that `encode` was given."""
        batch: Batch[Any] = pickle.loads(encoded)  # noqa: S301  what a worker of ours wrote to another one
        return batch

    def estimate_size(self, value: Batch[Any]) -> int:
        """Return about how many bytes the batch has: the letters of its texts and what its rejects keep."""
        return sum(len(article.text or "") for article in value.articles) + sum(
            len(reject.payload) for reject in value.rejects
        )

    def is_deterministic(self) -> bool:
        """Tell that a batch is no key."""
        return False


registry.register_coder(Batch, BatchCoder)


# Any, because Beam takes annotations for hints and then finds a plain Batch where Batch[Article] is asked for.
def map_batches(batches: PCollection[Any], label: str, work: Callable[[Batch[Any]], Batch[Any]]) -> PCollection[Any]:
    """Wire `work` over each batch under a stage's label."""
    mapped: PCollection[Any] = batches | label >> beam.Map(work).with_input_types(Any).with_output_types(Batch)
    return mapped
