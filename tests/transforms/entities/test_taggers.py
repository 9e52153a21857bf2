"""Taggers by name, what is refused before anything is loaded, and the order in which articles reach the rules."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.errors import UsageError
from transforms.entities import gazetteer
from transforms.entities.find import find_entities
from transforms.entities.own_names import OwnName, digest
from transforms.entities.taggers import BUILT_IN, EntityChoice, check_choice, open_tagger, tag_version
from transforms.entities.titled import Titled
from transforms.entities.trained import model

STORIES = [Titled("", "Macron war in Wien.", "de"), Titled("Macron", "À Paris.", "fr"), Titled("", "", "")]


@pytest.mark.parametrize("name", ["guess", "", "Fast", "spacy", "spacy:", "hf:", "spacy_tagger:x"])
def test_an_unknown_tagger_is_refused_by_name(name):
    for refuse in (check_choice, lambda name: open_tagger(EntityChoice(name))):
        with pytest.raises(UsageError, match=rf"--entities {name}: .*use fast, accurate, spacy:MODEL or hf:MODEL"):
            refuse(name)


@pytest.mark.parametrize(("name", "extra"), [("spacy:some_model", "spacy"), ("hf:some/model", "hf")])
def test_a_library_that_is_not_installed_is_told_with_its_remedy(name, extra, monkeypatch):
    monkeypatch.setattr("importlib.util.find_spec", lambda _: None)
    with pytest.raises(UsageError, match=rf"not installed; run pip install 'newsfold\[{extra}\]'"):
        check_choice(name)


@pytest.mark.parametrize("name", sorted(BUILT_IN))
def test_what_is_built_in_needs_no_library(name, monkeypatch):
    monkeypatch.setattr("importlib.util.find_spec", lambda _: None)
    check_choice(name)


def test_a_tagger_is_opened_once_per_choice():
    assert open_tagger(EntityChoice("fast")) is open_tagger(EntityChoice())


def test_versions_name_the_tagger_and_all_that_it_knows():
    own = (OwnName("Globex", "place", None, ()),)
    fast, accurate, with_own = (tag_version(EntityChoice(*of)) for of in (("fast",), ("accurate",), ("fast", own)))
    assert tag_version() == fast
    assert fast.startswith("fast-")
    assert fast.endswith(f"-{gazetteer.digest()}")
    assert accurate.startswith("accurate-")
    assert accurate.endswith(f"-{gazetteer.digest()}-{model.digest()}")
    assert with_own == f"{fast}+own-{digest(own)}"


def test_the_fast_tagger_finds_what_the_rules_find_in_each_article():
    assert open_tagger(EntityChoice("fast"))(STORIES) == [find_entities(*story) for story in STORIES]


def test_own_names_come_over_what_the_rules_find():
    own = (OwnName("Wien", "organisation", "desk:1", ()),)
    found = open_tagger(EntityChoice("fast", own))(STORIES)
    assert ("organisation", "desk:1") in {(entity.type, entity.id) for entity in found[0]}
    assert found[1:] == open_tagger(EntityChoice("fast"))(STORIES)[1:]


def test_to_tag_nothing_gives_nothing():
    for name in BUILT_IN:
        assert open_tagger(EntityChoice(name))([]) == []


@given(st.lists(st.sampled_from(STORIES)))
def test_articles_of_a_language_are_worked_on_together_and_come_back_in_their_order(stories):
    assert open_tagger(EntityChoice("fast"))(stories) == [find_entities(*story) for story in stories]
