"""Batches travel whole, and their size is told without pickling them."""

import apache_beam as beam
from apache_beam.coders import registry
from apache_beam.options.pipeline_options import PipelineOptions

from schemas.reasons import Reason
from schemas.records import Batch, RawArticle
from schemas.rejects import reject
from transforms import batches
from transforms.batches import BatchCoder, map_batches


class Unpicklable(str):
    __slots__ = ()

    def __reduce__(self):
        raise AssertionError("a batch was pickled")


def a_batch(text):
    raw = RawArticle(raw_sha256="0" * 64, source_uri="a.jsonl#line=1", source_kind="jsonl", title="T", text=text)
    refused = reject("b.jsonl", "read", Reason.NOT_A_RECORD, "no object", b"[1]")
    return Batch(slice_number=0, ordinal=1, read=2, articles=(raw,), rejects=(refused,))


def test_a_batch_comes_back_as_it_was():
    coder = BatchCoder()
    batch = a_batch("Once upon a time")
    assert coder.decode(coder.encode(batch)) == batch


def test_the_size_is_that_of_texts_and_payloads():
    assert BatchCoder().estimate_size(a_batch("Once")) == len("Once") + len(b"[1]")


def test_beam_takes_the_coder_for_batches():
    assert isinstance(registry.get_coder(Batch), BatchCoder)


def _same(batch):
    return batch


def test_stages_in_a_row_do_not_pickle_a_batch(monkeypatch):
    seen = []
    monkeypatch.setattr(batches.pickle, "dumps", lambda *given: seen.append(given))
    with beam.Pipeline(runner="FnApiRunner", options=PipelineOptions([])) as pipeline:
        made = pipeline | beam.Create([0], reshuffle=False) | beam.Map(_make).with_output_types(Batch)
        map_batches(map_batches(made, "First", _same), "Second", _same)
    assert seen == []


def _make(number):
    del number
    return a_batch(Unpicklable("text"))
