"""What Tag entities does to one batch: it fills in entities and leaves everything else as it was."""

from dataclasses import replace

import pytest

from schemas.records import Article, Batch
from transforms.entities import batch as of_batch
from transforms.entities.batch import tag_batch
from transforms.entities.taggers import EntityChoice


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


def test_an_empty_batch_loads_no_lists(monkeypatch):
    monkeypatch.setattr(of_batch, "open_tagger", lambda choice: pytest.fail(f"opened {choice}"))
    empty = Batch(0, 0, 0, ())
    assert tag_batch(empty, EntityChoice()) is empty
