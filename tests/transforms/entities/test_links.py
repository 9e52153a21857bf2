import pytest

from transforms.entities.find import find_entities
from transforms.entities.links import mask_links
from transforms.entities.titled import Titled
from transforms.entities.trained import model
from transforms.entities.trained.tag import tag

POST = (
    "RT @MaraVogel: Turin flooded https://t.co/HxlDLinftt write to Desk.Rome@Example.org or see www.Verona-News.example"
)


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("see https://a.example/Paris now", "see " + "x" * 23 + " now"),
        ("(http://A.example).", "(" + "x" * 16 + ")."),
        ("RT @Mara_Vogel: hi", "xx " + "x" * 11 + ": hi"),
        ("Anna.Lee@Paris.example, she wrote", "x" * 22 + ", she wrote"),
        ("20 @ 5 a piece", "20 @ 5 a piece"),
        ("Paris", "Paris"),
    ],
)
def test_links_addresses_and_handles_are_masked(text, masked):
    assert mask_links(text) == masked


def test_masking_takes_time_in_proportion_to_the_text():
    assert mask_links("a" * 200_000 + "@") == "a" * 200_000 + "@"


def names(entities):
    return {mention.text for entity in entities for mention in entity.mentions}


def test_rules_find_names_beside_links_and_none_within():
    assert names(find_entities("", POST, "en")) == {"Turin"}


def test_the_tagger_finds_names_beside_links_and_none_within():
    assert names(tag([Titled("", POST, "en")], model.load())[0]) == {"Turin"}
