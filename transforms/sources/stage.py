"""Read as a Beam transform."""

import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import apache_beam as beam
from apache_beam.pvalue import PCollection

from schemas.records import Batch, Chunk, RawArticle
from transforms.counters import count, observe
from transforms.sources.parser_process import ParserProcess
from transforms.sources.read import read_chunk


@dataclass
class Read(beam.PTransform[PCollection[Chunk], PCollection[Batch[RawArticle]]]):
    """Read every chunk: one batch each.

    `mapping` gives fields the columns that hold them (`{"text": "body_text"}`).
    """

    mapping: Mapping[str, str]

    # Any, because Beam reads annotations as hints and then finds a plain Batch where Batch[…] is asked for.
    def expand(self, chunks: PCollection[Any]) -> PCollection[Any]:
        """Return one batch a chunk, whole: what could not be read is among its rejects."""
        read_chunks: Any = beam.ParDo(_ReadChunks(dict(self.mapping)))
        batches: PCollection[Any] = chunks | "Read chunks" >> read_chunks.with_output_types(Batch)
        return batches


class _ReadChunks(beam.DoFn):
    def __init__(self, mapping: dict[str, str]) -> None:
        self._mapping = mapping

    def setup(self) -> None:
        self._parser = ParserProcess()  # starts a child with the first document, and none for tables

    def process(self, chunk: Chunk) -> Iterator[Any]:
        begun = time.perf_counter()
        batch = read_chunk(chunk, self._mapping, self._parser)
        observe("read", parse_ms=1_000 * (time.perf_counter() - begun))
        count("read", records=batch.read, rejects=len(batch.rejects))
        yield batch

    def teardown(self) -> None:
        self._parser.close()
