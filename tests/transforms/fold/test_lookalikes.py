"""The same template with other facts, in many languages: never one story, and each says what it looks like."""

import json
from pathlib import Path

import pytest

FAMILIES = json.loads(Path(__file__).parents[2].joinpath("golden", "lookalikes.json").read_text("utf-8"))
NAMES = [f"{place}-{family['kind']}-{family['language']}" for place, family in enumerate(FAMILIES)]


def notices(story, family):
    return [
        story(str(place), family["text"].format(*facts), title=family["title"].format(*facts), day=place)
        for place, facts in enumerate(family["facts"])
    ]


def test_there_are_many_kinds_and_languages():
    assert len(FAMILIES) >= 30
    assert len({family["language"] for family in FAMILIES}) >= 6
    assert len({family["kind"] for family in FAMILIES}) >= 10


@pytest.mark.parametrize("family", FAMILIES, ids=NAMES)
def test_one_template_with_other_facts_is_another_story(fold, story, family):
    folded = fold(notices(story, family))
    assert folded.outcomes == {"0": "new", "1": "new"}
    assert folded.lookalike("1") == "0"


@pytest.mark.parametrize("family", FAMILIES, ids=NAMES)
def test_it_is_so_against_what_is_stored(fold, story, family):
    folded = fold(*([notice] for notice in notices(story, family)))
    assert folded.outcomes == {"0": "new", "1": "new"}


@pytest.mark.parametrize("family", FAMILIES, ids=NAMES)
def test_the_same_notice_sent_again_is_one_story(fold, story, family):
    first = notices(story, family)[0]
    again = story("again", first.text + " !", title=first.title, day=0.2)
    assert fold([first, again]).together("0", "again")
    assert fold([first], [again]).together("0", "again")


@pytest.mark.parametrize("stored", [False, True])
def test_a_corrected_figure_in_a_long_text_is_a_revision_here_and_a_near_copy_elsewhere(fold, story, words, stored):
    text = [*words(1, 90), "4200", *words(2, 90)]
    corrected = ["4900" if word == "4200" else word for word in text]
    first = story("first", " ".join(text), url="one.example/a", day=0)
    later = [
        story("here", " ".join(corrected), url="one.example/a", day=0.2),
        story("elsewhere", " ".join(corrected), url="two.example/b", day=0.3),
    ]
    folded = fold([first], later) if stored else fold([first, *later])
    assert folded.outcomes == {"first": "new", "here": "revision", "elsewhere": "near"}
    assert folded.together("first", "here", "elsewhere")
    assert folded.decisions["here"].revision == 2
