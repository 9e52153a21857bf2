"""One decision for an article: which candidates are names, of what type, and which are one entity."""

from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.transforms.entities.small_lexicon import known, small_lexicon
from transforms.entities.pieces import Candidate
from transforms.entities.resolve import resolve

ENGLISH = small_lexicon()
GERMAN = small_lexicon("de", noun_suffixes="ung")


def candidate(text, at=0, **told):
    told.setdefault("sure", True)
    return Candidate(at, at + len(text), tuple(text.casefold().split()), text, told.pop("roles", "U"), **told)


def resolved(*candidates, words=ENGLISH):
    return [(e.type, e.name, e.id, [m.start for m in e.mentions]) for e in resolve(candidates, words)]


@pytest.mark.parametrize(
    ("person", "place", "organisation", "kind"),
    [
        (2.0, 1.0, 1.0, "person"),
        (1.0, 2.0, 1.0, "place"),
        (1.0, 1.0, 2.0, "organisation"),
        (2.0, 2.0, 2.0, "person"),
        (1.0, 2.0, 2.0, "place"),
        (-1.0, 0.0, 0.5, "organisation"),
    ],
)
def test_the_type_with_most_evidence_wins_and_ties_go_to_the_person_then_the_place(person, place, organisation, kind):
    ((found, *_),) = resolved(candidate("Bell", person=person, place=place, organisation=organisation))
    assert found == kind


@pytest.mark.parametrize(
    ("name", "kind"),
    [("Bell", "person"), ("Ann Bell", "person"), ("Bell Iron Works", "organisation"), ("A B C D", "organisation")],
)
def test_without_evidence_the_number_of_words_decides(name, kind):
    assert [found[0] for found in resolved(candidate(name))] == [kind]


def test_the_least_evidence_counts_for_more_than_the_number_of_words():
    assert resolved(candidate("Bell Iron Works", person=0.5))[0][0] == "person"


def test_a_known_name_has_the_type_of_the_lists_whatever_the_evidence():
    paris = known("place", "Paris", "geonames:1")
    assert resolved(candidate("Parigi", known=paris, person=9.0)) == [("place", "Paris", "geonames:1", [0])]


def test_evidence_of_all_places_is_added_up():
    doubtful = [candidate("Bell", at, place=1.0, person=1.5 * (at == 10)) for at in (0, 10, 20)]
    assert resolved(*doubtful) == [("place", "Bell", None, [0, 10, 20])]


@pytest.mark.parametrize(
    ("later", "accepted"),
    [({"opens": True, "sure": False}, False), ({"opens": True, "sure": True}, True), ({"sure": False}, True)],
    ids=["opens as well", "opens and is sure", "stands within"],
)
def test_one_sure_place_makes_all_places_sure(later, accepted):
    places = [candidate("Bell", 0, opens=True, sure=False), candidate("Bell", 10, **later)]
    assert resolved(*places) == [("person", "Bell", None, [0, 10])] * accepted


def test_one_known_place_makes_all_places_known():
    spoken = [candidate("Bell", at, known=known("place", "Bell") if at else None) for at in (0, 10)]
    assert resolved(*spoken) == [("place", "Bell", None, [0, 10])]


@pytest.mark.parametrize(
    ("told", "accepted"),
    [
        ({"opens": True, "sure": False}, False),
        ({"opens": True, "sure": True}, True),
        ({"opens": False, "sure": False}, True),
        ({"roles": "N"}, False),
        ({"roles": "I"}, False),
        ({"roles": "N", "known": known("place", "Bell")}, True),
    ],
    ids=["opens a sentence", "opens and is sure", "stands within", "common noun", "initial", "noun that lists have"],
)
def test_a_single_word_needs_support_where_any_word_has_a_capital(told, accepted):
    assert bool(resolved(candidate("Bell", **told))) == accepted


def test_two_words_are_a_name_even_where_a_sentence_opens():
    assert resolved(candidate("Bell Tower", opens=True, sure=False))


@pytest.mark.parametrize(
    ("text", "told", "accepted"),
    [
        ("Bell", {"person": 2.4}, False),
        ("Bell", {"person": 2.5}, True),
        ("Anna", {"person": 1.9, "roles": "G"}, False),
        ("Anna", {"person": 2.0, "roles": "G"}, True),
        ("Alte Post", {"place": 1.9}, True),
        ("Alte Zeitung", {"place": 1.9}, False),
        ("Alte Zeitung", {"place": 2.0}, True),
        ("Alte Post", {"place": 1.9, "opens": True}, False),
    ],
)
def test_where_nouns_have_capitals_a_name_needs_evidence(text, told, accepted):
    assert bool(resolved(candidate(text, **told), words=GERMAN)) == accepted


@pytest.mark.parametrize("part", ["Bell", "Ann"])
def test_a_bare_surname_or_first_name_joins_the_whole_name_before_or_after_it(part):
    whole, bare = candidate("Ann Bell", 20), candidate(part, 0, opens=True, sure=False)
    assert resolved(bare, whole) == [("person", "Ann Bell", None, [0, 20])]
    later = candidate(part, 40)
    assert resolved(whole, later) == [("person", "Ann Bell", None, [20, 40])]


def test_of_two_whole_names_with_one_surname_the_first_has_it():
    names = [candidate("Ann Bell", 0), candidate("Tom Bell", 10), candidate("Bell", 20)]
    assert [found[1:] for found in resolved(*names)] == [("Ann Bell", None, [0, 20]), ("Tom Bell", None, [10])]


def test_a_word_of_an_organisation_or_place_does_not_join_it():
    names = [candidate("Bell Works", 0, organisation=4.0), candidate("Bell", 20)]
    assert [found[3] for found in resolved(*names)] == [[0], [20]]


def test_a_known_place_is_no_surname():
    jordan = known("place", "Jordan", "iso:JO")
    names = [candidate("Ann Jordan", 0), candidate("Jordan", 20, known=jordan)]
    assert [found[0] for found in resolved(*names)] == ["person", "place"]


def test_a_known_person_joins_only_a_whole_name_that_is_known():
    merkel = known("person", "Angela Merkel", "wikidata:Q1")
    bare = candidate("Merkel", 20, known=merkel)
    assert len(resolved(candidate("Ann Merkel", 0), bare)) == 2
    (joined,) = resolved(candidate("Angela Merkel", 0, known=merkel), candidate("Merkel", 20))
    assert joined == ("person", "Angela Merkel", "wikidata:Q1", [0, 20])


def test_two_spellings_of_one_known_thing_are_one_entity():
    kyiv = known("place", "Kyiv", "geonames:703448")
    names = [candidate("Kiev", 0, known=kyiv), candidate("Kyjiw", 9, known=kyiv)]
    assert resolved(*names) == [("place", "Kyiv", "geonames:703448", [0, 9])]


def test_an_entity_that_no_list_has_is_named_by_its_longest_mention():
    forms = [
        Candidate(at, at + len(form), ("зорин",), form, "U", sure=True) for at, form in ((0, "Зорин"), (9, "Зорина"))
    ]
    (found,) = resolved(*forms)
    assert found[1] == "Зорина"


EVIDENCE = st.floats(0, 5)


@given(st.lists(st.tuples(st.sampled_from(["Bell", "Ann Bell", "Ann", "Bell Works"]), EVIDENCE, EVIDENCE), max_size=6))
def test_every_mention_is_of_one_entity_and_entities_come_by_first_mention(drawn):
    made = [candidate(text, 20 * at, person=one, organisation=other) for at, (text, one, other) in enumerate(drawn)]
    entities = resolve(made, ENGLISH)
    assert sorted(m.start for e in entities for m in e.mentions) == [20 * at for at in range(len(drawn))]
    assert [e.mentions[0].start for e in entities] == sorted(e.mentions[0].start for e in entities)
    assert all(e.count == len(e.mentions) for e in entities)


def test_the_type_does_not_depend_on_the_order_of_the_places():
    told = [{"place": 2.0}, {"person": 1.5}, {"place": 0.5, "organisation": 2.25}]
    kinds = set()
    for order in permutations(told):
        kinds.add(resolved(*[candidate("Bell", 9 * at, **one) for at, one in enumerate(order)])[0][0])
    assert kinds == {"place"}
