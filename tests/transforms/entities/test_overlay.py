"""A user's own names over what a tagger found."""

from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.records import Entity, Mention
from transforms.entities.overlay import overlaid, own_gazetteer
from transforms.entities.own_names import OwnName

TEXT = "Mira Doe met Globex Institute people in Lyon, and Doe left Globex."


def mention(words, text=TEXT, field="text", nth=0):
    start = -1
    for _ in range(nth + 1):
        start = text.index(words, start + 1)
    return Mention(field, words, start, start + len(words))


def entity(kind, identifier, *mentions):
    return Entity(kind, mentions[0].text, identifier, len(mentions), mentions)


def own(*names):
    return own_gazetteer([OwnName(*name) for name in names])


def laid(found, names, title="", text=TEXT):
    return [
        (e.type, e.name, e.id, [(m.field, m.text) for m in e.mentions])
        for e in overlaid(found, title, text, "en", names)
    ]


GLOBEX = own(("Globex Institute", "organisation", "desk:1", ("Globex",)))


def test_own_names_and_aliases_are_found_in_both_fields_title_first():
    assert laid([], GLOBEX, title="Globex grows") == [
        (
            "organisation",
            "Globex Institute",
            "desk:1",
            [("title", "Globex"), ("text", "Globex Institute"), ("text", "Globex")],
        )
    ]


@pytest.mark.parametrize(
    ("tagged", "stays"),
    [
        ("Globex Institute people", "Globex Institute people"),
        ("Globex Institute", "Globex Institute"),
        ("Institute people", "Globex Institute"),
        ("Globex", "Globex Institute"),
    ],
    ids=["longer", "equal", "overlaps, as long", "shorter"],
)
def test_of_two_that_overlap_the_longer_stays_and_of_equal_ones_the_users(tagged, stays):
    names = own(("Globex Institute", "organisation", "desk:1", ()))
    ((kind, _, _, mentions),) = laid([entity("place", None, mention(tagged))], names)
    assert mentions == [("text", stays)]
    assert kind == ("place" if stays == "Globex Institute people" else "organisation")


def test_what_stands_in_the_other_field_does_not_overlap():
    tagged = entity("place", None, Mention("text", "Lyon", 0, 4))
    found = laid([tagged], own(("Lyonel", "person", None, ())), title="Lyonel", text="Lyon slept.")
    assert found == [("person", "Lyonel", None, [("title", "Lyonel")]), ("place", "Lyon", None, [("text", "Lyon")])]


def test_names_that_only_touch_do_not_overlap():
    text = "环球巴黎"
    before, after = (
        entity("place", None, Mention("text", "巴黎", 2, 4)),
        entity("place", None, Mention("text", "环球", 0, 2)),
    )
    assert [found[1] for found in laid([before], own(("环球", "person", None, ())), text=text)] == ["环球", "巴黎"]
    assert [found[1] for found in laid([after], own(("巴黎", "person", None, ())), text=text)] == ["环球", "巴黎"]


def test_a_name_in_the_same_place_becomes_the_users_with_all_its_mentions():
    tagged = entity("person", None, mention("Mira Doe"), mention("Doe", nth=1))
    names = own(("Mira Doe", "person", "desk:3", ()))
    assert laid([tagged], names) == [("person", "Mira Doe", "desk:3", [("text", "Mira Doe"), ("text", "Doe")])]


def test_a_name_with_the_same_id_becomes_the_users():
    tagged = entity("place", "desk:9", mention("Lyon"))
    names = own(("Mira Doe", "place", "desk:9", ()))
    assert laid([tagged], names) == [("place", "Mira Doe", "desk:9", [("text", "Mira Doe"), ("text", "Lyon")])]


def test_a_name_without_an_id_is_not_the_same_as_another_without_one():
    tagged = entity("place", None, mention("Lyon"))
    names = own(("Mira Doe", "place", None, ()))
    assert [found[1] for found in laid([tagged], names)] == ["Mira Doe", "Lyon"]


def test_what_the_user_does_not_name_is_left_as_it_was():
    tagged = [entity("place", "geonames:1", mention("Lyon")), entity("person", None, mention("Doe", nth=1))]
    assert list(overlaid(tagged, "", TEXT, "en", own(("Xyz", "person", None, ())))) == tagged


WORDS = ["Ann", "Bell", "of", "Ann Bell", "Bell of"]


@given(st.lists(st.sampled_from(WORDS), max_size=12), st.sets(st.sampled_from(WORDS)), st.data())
def test_mentions_never_overlap_and_come_in_order(words, names, data):
    text = " ".join(words)
    listed = own(*((name, "person", None, ()) for name in sorted(names)))
    tagged = []
    for start in data.draw(st.lists(st.integers(0, max(len(text) - 4, 0)), max_size=3, unique=True).map(sorted)):
        if all(start >= one.mentions[0].end for one in tagged) and len(text) >= 4:
            tagged.append(entity("place", None, Mention("text", text[start : start + 4], start, start + 4)))
    entities = overlaid(tagged, "", text, "en", listed)
    mentions = [m for e in entities for m in e.mentions]
    assert all(text[m.start : m.end] == m.text for m in mentions)
    assert all(one.end <= other.start or other.end <= one.start for one, other in combinations(mentions, 2))
    firsts = [e.mentions[0].start for e in entities]
    assert firsts == sorted(firsts)
