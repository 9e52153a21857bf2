"""The stage fills in entities and leaves everything else as it was."""

import apache_beam as beam
import pytest
from apache_beam.testing.test_pipeline import TestPipeline
from apache_beam.testing.util import assert_that

from schemas.records import Article, Batch
from transforms.entities import stage
from transforms.entities.stage import TagEntities, tag_batch
from transforms.entities.taggers import TAGGERS, open_tagger, tag_version


def article(title, text, language):
    return Article("a" * 32, "b" * 32, "v1:c", "d", "x.txt", "text", title, text, "full", 5, language=language)


BATCH = Batch(0, 3, 2, (article("Macron", "À Lyon.", "fr"), article("", "Nichts.", "de")), seen=0)


def test_a_batch_keeps_its_place_and_count():
    tagged = tag_batch(BATCH, open_tagger())
    assert (tagged.slice_number, tagged.ordinal, tagged.read, len(tagged.articles)) == (0, 3, 2, 2)
    assert [e.name for e in tagged.articles[0].entities] == ["Emmanuel Macron", "Lyon"]
    assert tagged.articles[1].entities == ()


def test_elements_are_not_changed():
    tag_batch(BATCH, open_tagger())
    assert BATCH.articles[0].entities == ()


def test_the_transform_tags_in_a_pipeline():
    def check(batches):
        (batch,) = batches
        assert [e.name for e in batch.articles[0].entities] == ["Emmanuel Macron", "Lyon"]

    with TestPipeline() as pipeline:
        assert_that(pipeline | beam.Create([BATCH]) | TagEntities(), check)


def test_an_unknown_tagger_is_refused_by_name():
    with pytest.raises(ValueError, match=r"'guess'.*rules"):
        open_tagger("guess")


def test_versions_name_tagger_and_data():
    assert TAGGERS == ("rules",)
    assert tag_version().startswith("rules-")
    assert tag_version() == tag_version("rules")


def test_an_empty_batch_loads_no_lists(monkeypatch):
    monkeypatch.setattr(stage, "_tagger", lambda name: pytest.fail(f"opened {name}"))
    empty = Batch(0, 0, 0, ())
    assert stage._tag(empty, "rules") is empty
