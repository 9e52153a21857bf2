"""The stage fills in entities and leaves everything else as it was."""

from dataclasses import replace

import apache_beam as beam
import pytest
from apache_beam.testing.test_pipeline import TestPipeline
from apache_beam.testing.util import assert_that

from schemas.errors import UsageError
from schemas.records import Article, Batch
from transforms.entities import batch as of_batch
from transforms.entities.batch import tag_batch
from transforms.entities.stage import TagEntities
from transforms.entities.taggers import BUILT_IN, EntityChoice, check_choice, open_tagger, tag_version


def article(title, text, language):
    return Article("a" * 32, "b" * 32, "v1:c", "d", "x.txt", "text", title, text, "full", 5, language=language)


BATCH = Batch(0, 3, 2, (article("Macron", "À Lyon.", "fr"), article("", "Nichts.", "de")), seen=0)


def test_a_batch_keeps_its_place_and_count():
    tagged = tag_batch(BATCH, EntityChoice())
    assert (tagged.slice_number, tagged.ordinal, tagged.read, len(tagged.articles)) == (0, 3, 2, 2)
    assert [e.name for e in tagged.articles[0].entities] == ["Emmanuel Macron", "Lyon"]
    assert tagged.articles[1].entities == ()


def test_languages_in_turns_come_back_in_their_order():
    stories = [("Macron", "À Lyon.", "fr"), ("Scholz", "In Wien.", "de"), ("Macron", "À Paris.", "fr"), ("", "x", "")]
    batch = Batch(0, 0, 4, tuple(article(*story) for story in stories), seen=0)
    names = [[e.name for e in tagged.entities] for tagged in tag_batch(batch, EntityChoice()).articles]
    alone = [
        [e.name for e in tag_batch(replace(batch, articles=(one,)), EntityChoice()).articles[0].entities]
        for one in batch.articles
    ]
    assert names == alone
    assert names[2] == ["Emmanuel Macron", "Paris"]


def test_elements_are_not_changed():
    tag_batch(BATCH, EntityChoice())
    assert BATCH.articles[0].entities == ()


def test_the_transform_tags_in_a_pipeline():
    def check(batches):
        (batch,) = batches
        assert [e.name for e in batch.articles[0].entities] == ["Emmanuel Macron", "Lyon"]

    with TestPipeline() as pipeline:
        assert_that(pipeline | beam.Create([BATCH]) | TagEntities(), check)


def test_an_unknown_tagger_is_refused_by_name():
    for name in ("guess", "spacy", "spacy:", "hf:"):
        with pytest.raises(UsageError, match=rf"--entities {name}: .*use fast, accurate, spacy:MODEL or hf:MODEL"):
            open_tagger(EntityChoice(name))


@pytest.mark.parametrize(("name", "extra"), [("spacy:some_model", "spacy"), ("hf:some/model", "hf")])
def test_a_library_that_is_not_installed_is_told_with_its_remedy(name, extra, monkeypatch):
    monkeypatch.setattr("importlib.util.find_spec", lambda _: None)
    with pytest.raises(UsageError, match=rf"not installed; run pip install 'newsfold\[{extra}\]'"):
        check_choice(name)


def test_versions_name_tagger_and_data():
    assert "fast" in BUILT_IN
    assert tag_version().startswith("fast-")
    assert tag_version() == tag_version(EntityChoice("fast"))


def test_an_empty_batch_loads_no_lists(monkeypatch):
    monkeypatch.setattr(of_batch, "open_tagger", lambda choice: pytest.fail(f"opened {choice}"))
    empty = Batch(0, 0, 0, ())
    assert tag_batch(empty, EntityChoice()) is empty
