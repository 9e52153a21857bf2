"""How a run of capitalised words is cut into names, and what the words of each say of its type."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.transforms.entities.small_lexicon import known, small_lexicon
from transforms.entities.gaps import SPACE
from transforms.entities.lexicon import Gap
from transforms.entities.pieces import cut, judge_word
from transforms.entities.runs import Unit, find_runs

NAMES = {
    "Paris": known("place", "Paris", "iso:FR-75"),
    "Berlin": known("place", "Berlin"),
    "Germany": known("place", "Germany", "iso:DE"),
    "Putin": known("person", "Putin"),
    "Angela Merkel": known("person", "Angela Merkel"),
    "Interpol": known("organisation", "Interpol"),
}
VOCABULARY = {
    "function": "the however",
    "calendar": "July Monday",
    "demonym": "Polish",
    "title": "president",
    "given": "Ann Maria Jordan July",
    "noun": "Street",
    "org_head": "Bank Ministry",
    "org_tail": "Corporation",
    "place_head": "Mount",
    "place_tail": "County",
    "place_prep": "in",
    "club": "Dynamo",
    "particle_capital": "The Van July",
    "surname_suffixes": "sen",
}
ENGLISH = small_lexicon("en", NAMES, **VOCABULARY)
SPANISH = small_lexicon("es", NAMES, **VOCABULARY)
GERMAN = small_lexicon("de", NAMES, **VOCABULARY, noun_suffixes="ung")
HUNGARIAN = small_lexicon("hu", NAMES, **VOCABULARY)


def candidates(text, words=ENGLISH, opening="so "):
    """Return the candidates of the one run that a text has after its opening."""
    whole = opening + text
    (run,) = find_runs(whole, words, list(words.gazetteer.spans(whole, words.language)))
    found = list(cut(run, whole, words))
    assert all(whole[c.start : c.end] == c.text for c in found)
    return found


def names(text, words=ENGLISH, opening="so "):
    return [found.text for found in candidates(text, words, opening)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Polish Ann Bell", ["Ann Bell"]),
        ("President Ann Bell", ["Ann Bell"]),
        ("Ann Bell July", ["Ann Bell"]),
        ("However Ann Bell", ["Ann Bell"]),
        ("Polish President", []),
        ("Polish Bank Corporation", ["Bank Corporation"]),
        ("Polish Corporation", ["Polish Corporation"]),
        ("Bank Polish Trade", ["Bank Polish Trade"]),
    ],
    ids=[
        "demonym",
        "title",
        "month",
        "function word",
        "nothing else",
        "demonym before a head",
        "demonym before a tail",
        "demonym in an organisation",
    ],
)
def test_a_run_is_cut_at_words_that_are_of_no_name(text, expected):
    assert names(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The Bell", ["The Bell"]),
        ("Xyz The Bell", ["Xyz The Bell"]),
        ("Ann Van Bell", ["Ann Van Bell"]),
        ("Van Bell", ["Van Bell"]),
        ("July Bell", ["July Bell"]),
        ("Jordan Bell", ["Jordan Bell"]),
        ("Jordan Corporation", ["Jordan Corporation"]),
        ("Jordan Van Bell", ["Jordan Van Bell"]),
        ("Jordan Van", ["Jordan"]),
    ],
)
def test_the_same_word_is_of_a_name_where_a_surname_follows(text, expected):
    lexicon = small_lexicon("en", NAMES | {"Jordan": known("place", "Jordan")}, **VOCABULARY | {"function": "van the"})
    assert names(text, lexicon) == expected


def test_a_small_word_that_opens_a_sentence_is_cut_off_two_words_or_not():
    assert names("However Bell", opening="") == ["Bell"]
    assert names("However Polish", opening="") == []
    assert names("However Ann Bell", opening="") == ["Ann Bell"]


def test_a_capital_particle_that_opens_a_sentence_is_no_part_of_a_name():
    words = small_lexicon("en", function="van", particle_capital="Van")
    assert names("Van Bell Castro", words, opening="") == ["Bell Castro"]
    assert names("Van Bell Castro", words) == ["Van Bell Castro"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Angela Merkel Berlin", ["Angela Merkel", "Berlin"]),
        ("Paris Berlin", ["Paris", "Berlin"]),
        ("Paris Corporation", ["Paris Corporation"]),
        ("Interpol Bell", ["Interpol", "Bell"]),
        ("Putin Bell", ["Putin", "Bell"]),
        ("Berlin Ann Bell", ["Berlin", "Ann Bell"]),
        ("Street Ann Bell", ["Street", "Ann Bell"]),
        ("NATO Ann Bell", ["NATO", "Ann Bell"]),
        ("Bell Interpol", ["Bell", "Interpol"]),
        ("Bank Interpol", ["Bank Interpol"]),
        ("Ann Putin", ["Ann Putin"]),
        ("Xyz Putin", ["Xyz Putin"]),
        ("Xyz Angela Merkel", ["Xyz", "Angela Merkel"]),
        ("Ann Castro NATO", ["Ann Castro", "NATO"]),
        ("Ann Castro Berlin", ["Ann Castro", "Berlin"]),
        ("Ann Castro Bank", ["Ann Castro", "Bank"]),
        ("Ann NATO", ["Ann NATO"]),
    ],
)
def test_a_known_name_a_given_name_and_an_acronym_begin_a_piece_of_their_own(text, expected):
    assert names(text) == expected


@pytest.mark.parametrize(
    ("text", "words", "opening", "expected"),
    [
        ("Xyz Ann Bell", ENGLISH, "", ["Xyz", "Ann Bell"]),
        ("Xyz Ann Bell", ENGLISH, "so ", ["Xyz", "Ann Bell"]),
        ("Xyz Ann", ENGLISH, "", ["Xyz", "Ann"]),
        ("Xyz Ann", ENGLISH, "so ", ["Xyz Ann"]),
        ("Xyz Ann Bell", HUNGARIAN, "so ", ["Xyz Ann Bell"]),
        ("Street Bell Castro", ENGLISH, "so ", ["Street", "Bell Castro"]),
        ("Street Bell", ENGLISH, "so ", ["Street Bell"]),
        ("Zeitung Bell", GERMAN, "so ", ["Zeitung", "Bell"]),
        ("Xyz Dynamo", GERMAN, "so ", ["Xyz", "Dynamo"]),
        ("Xyz Ann", GERMAN, "so ", ["Xyz", "Ann"]),
        ("Xyz Bell", GERMAN, "so ", ["Xyz Bell"]),
        ("Xyz Dynamo", ENGLISH, "so ", ["Xyz Dynamo"]),
        ("Bank Dynamo", GERMAN, "so ", ["Bank Dynamo"]),
        ("Germany Xyz", GERMAN, "so ", ["Germany", "Xyz"]),
        ("Germany Xyz", ENGLISH, "so ", ["Germany Xyz"]),
        ("Berlin Xyz", GERMAN, "so ", ["Berlin Xyz"]),
    ],
)
def test_a_common_word_before_a_name_is_cut_off(text, words, opening, expected):
    assert names(text, words, opening) == expected


@pytest.mark.parametrize(
    ("text", "words", "expected"),
    [
        ("Bell & Castro", ENGLISH, ["Bell & Castro"]),
        ("Bank of Tilbrook", ENGLISH, ["Bank of Tilbrook"]),
        ("Bell of Tilbrook", ENGLISH, ["Bell", "Tilbrook"]),
        ("Bank and Castro", ENGLISH, ["Bank and Castro"]),
        ("Bell and Castro", ENGLISH, ["Bell", "Castro"]),
        ("Ministry of Trade and Fisheries", ENGLISH, ["Ministry of Trade and Fisheries"]),
        ("Bank y Castro", SPANISH, ["Bank", "Castro"]),
        ("Ministry Trade y Fisheries", SPANISH, ["Ministry Trade y Fisheries"]),
        ("Ministry Trade y Ann", SPANISH, ["Ministry Trade", "Ann"]),
        ("Bank de Castro", SPANISH, ["Bank de Castro"]),
        ("Ann de Castro", SPANISH, ["Ann de Castro"]),
        ("Bell de Castro", SPANISH, ["Bell de Castro"]),
        ("Bell da Castro", SPANISH, ["Bell", "Castro"]),
        ("Street de Castro", SPANISH, ["Street", "Castro"]),
        ("Bell de Castro", GERMAN, ["Bell", "Castro"]),
        ("Dynamo 04 Tilbrook", ENGLISH, ["Dynamo 04 Tilbrook"]),
        ("Bell 04 Tilbrook", ENGLISH, ["Bell", "Tilbrook"]),
    ],
)
def test_a_small_word_links_where_the_words_around_it_say_so(text, words, expected):
    assert names(text, words) == expected


def test_a_small_word_that_is_also_a_preposition_of_place_parts_names():
    words = small_lexicon("es", given="Ann", place_prep="de")
    assert names("Ann de Castro", words) == ["Ann", "Castro"]
    assert names("Ann de Castro", SPANISH) == ["Ann de Castro"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("POLICE SEARCH PARIS", []),
        ("POLICE SEARCH Paris", ["POLICE SEARCH Paris"]),
        ("POLICE SEARCHED HOMES Paris", ["Paris"]),
        ("POLICE SEARCHED", []),
        ("ABCD EFGH", []),
        ("IBM SAP NEC", ["IBM SAP NEC"]),
    ],
    ids=[
        "all loud",
        "two loud of three",
        "three loud of four",
        "two loud of two",
        "four letters",
        "short ones are acronyms",
    ],
)
def test_of_a_line_in_capitals_known_names_alone_are_names(text, expected):
    assert names(text) == expected


@pytest.mark.parametrize("text", ["Xyz Bell", "Ann Bell Castro"])
def test_a_name_of_several_words_knows_whether_a_sentence_opens_with_it(text):
    assert [candidates(text, opening=opening)[0].opens for opening in ("", "so ")] == [True, False]


def judged(text, words=ENGLISH, opening="so "):
    (found,) = candidates(text, words, opening)
    return found.person, found.place, found.organisation, found.sure


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Xyz Bell", (1.0, 0, 0, False)),
        ("Xyz Bell Castro", (1.0, 0, 0, False)),
        ("Xyz Bell Castro Dunn", (0, 0, 1.0, False)),
        ("Ann Bell", (3.0, 0, 0, True)),
        ("J. Bell", (3.0, 0, 0, True)),
        ("Ann Larsen", (4.0, 0, 0, True)),
        ("Ann Xyz Abc Larsen", (3.0, 0, 1.0, True)),
        ("Ann Xyz Abc Def Larsen", (0, 0, 1.0, False)),
        ("Bank Bell", (1.0, 0, 4.0, True)),
        ("Bell Corporation", (1.0, 0, 4.0, True)),
        ("Dynamo Bell", (1.0, 0, 4.0, True)),
        ("Mount Bell", (1.0, 2.0, 0, False)),
        ("Bell County", (1.0, 3.5, 0, False)),
        ("Bell Corporation Xyz", (1.0, 0, 2.0, False)),
        ("Paris Xyz", (0, 0, 1.5, False)),
        ("Xyz Berlin", (0, 2.0, 0, False)),
        ("Ann Putin", (6.0, 0, 0, True)),
        ("Xyz NATO", (1.0, 0, 1.5, False)),
        ("Xyz ABCDE", (1.0, 0, 1.5, False)),
        ("Xyz UNESCO", (1.0, 0, 0, False)),
        ("Ann NATO", (3.0, 0, 0, True)),
        ("Xyz & Bell", (1.0, 0, 1.5, False)),
    ],
)
def test_the_words_of_a_name_are_evidence_of_its_type(text, expected):
    assert judged(text) == expected


def test_what_stands_before_a_name_is_evidence_too():
    words = small_lexicon("en", place_prep="in", title="mayor", say_before="said", org_word="firm", place_word="town")
    assert judged("Xyz Bell", words, "so in ") == (1.0, 1.5, 0, False)
    assert judged("Xyz Bell", words, "the town ") == (1.0, 3.0, 0, False)
    assert judged("Xyz Bell", words, "the firm ") == (1.0, 0, 3.0, False)
    assert judged("Xyz Bell", words, "then said ") == (2.0, 0, 0, False)
    assert judged("Xyz Bell", words, "the mayor ") == (4.0, 0, 0, True)


def test_a_title_makes_what_follows_it_a_sure_person_wherever_it_stands():
    assert judged("President Xyz") == (3.0, 0, 0, True)
    assert judged("Polish President Xyz Bell") == (4.0, 0, 0, True)
    assert judged("President Polish Xyz") == (3.0, 0, 0, True)
    assert judged("President Monday Xyz") == (0, 0, 0, False)
    assert [c.sure for c in candidates("President Xyz NATO Ann")] == [True, False]


WORD_GAPS = {"none": SPACE, "opens": Gap("", opens=True), "titled": Gap("", titled=True, person=3.0)}


def one(word, gap="none", title="", words=ENGLISH):
    facts = words.known_facts(word, NAMES[word]) if word in NAMES else words.facts[word]
    unit = Unit(0, len(word), word, NAMES.get(word), WORD_GAPS[gap], facts)
    return judge_word(unit, word, WORD_GAPS[gap], facts.role, title)


@pytest.mark.parametrize(
    ("word", "gap", "evidence", "sure"),
    [
        ("Paris", "none", (0, 0, 0), True),
        ("Paris", "opens", (0, 0, 0), True),
        ("Xyz", "none", (0, 0, 0), False),
        ("Xyz", "titled", (3.0, 0, 0), False),
        ("Ann", "none", (2.0, 0, 0), False),
        ("NATO", "none", (0, 0, 3.5), False),
        ("NATO", "opens", (0, 0, 3.5), False),
        ("Larsen", "none", (1.0, 0, 0), False),
    ],
)
def test_a_single_word_is_judged_by_its_form_and_by_what_stands_before_it(word, gap, evidence, sure):
    found = one(word, gap)
    assert ((found.person, found.place, found.organisation), found.sure) == (evidence, sure)


def test_a_bare_head_of_organisations_is_one_only_with_support_from_elsewhere():
    found = one("Bank")
    assert (found.organisation, found.opens, found.sure) == (1.5, True, False)


def test_a_title_of_the_run_makes_a_single_word_a_person_once():
    assert (one("Xyz", title="President").person, one("Xyz", title="President").sure) == (3.0, True)
    assert one("Xyz", gap="titled", title="President").person == 3.0


@pytest.mark.parametrize(
    ("word", "opens", "met"),
    [("Москве", True, False), ("Москве", False, True), ("Саратову", True, True), ("Мадриду", True, False)],
    ids=["short, opens", "short, within", "eight letters, opens", "seven letters, opens"],
)
def test_a_short_inflected_form_that_opens_a_sentence_is_more_often_a_word(word, opens, met):
    listed = {name: known("place", name) for name in ("Москва", "Саратов", "Мадрид")}
    facts = small_lexicon("ru", listed).facts[word]
    assert facts.known is not None
    gap = Gap("", opens=opens)
    assert (judge_word(Unit(0, len(word), word, None, gap, facts), word, gap, "U", "").known is not None) == met


PARTS = [
    "Ann",
    "Bell",
    "Paris",
    "Van",
    "The",
    "President",
    "Polish",
    "Bank",
    "NATO",
    "J.",
    "July",
    "Corporation",
    "POLICE",
]
LINKS = [" ", " of ", " & ", " de ", " and ", " 04 "]


@given(
    st.lists(st.tuples(st.sampled_from(PARTS), st.sampled_from(LINKS)), min_size=2, max_size=9),
    st.sampled_from([ENGLISH, SPANISH, GERMAN]),
)
def test_pieces_lie_in_the_text_rise_and_do_not_overlap(parts, words):
    text = "so " + "".join(word + link for word, link in parts)
    for run in find_runs(text, words, list(words.gazetteer.spans(text, words.language))):
        if len(run) > 1:
            found = list(cut(run, text, words))
            assert all(run[0][0] <= c.start < c.end <= run[-1][1] and text[c.start : c.end] == c.text for c in found)
            assert all(one.end <= other.start for one, other in pairwise(found))
            assert all(len(c.key) <= len(c.roles) for c in found)
