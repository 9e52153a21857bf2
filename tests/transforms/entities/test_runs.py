"""Capitalised words that stand together, cut to the name alone, known names in their place."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.transforms.entities.small_lexicon import known, small_lexicon
from transforms.entities.lexicon import lexicon
from transforms.entities.runs import Unit, find_runs


def runs(text, language="en", **names):
    words = small_lexicon(language, {name.replace("_", " "): known(kind, name) for name, kind in names.items()})
    found = [list(map(Unit._make, run)) for run in find_runs(text, words, list(words.gazetteer.spans(text, language)))]
    assert all(text[unit.start : unit.end] == unit.text for run in found for unit in run)
    return found


def texts(text, language="en", **names):
    return [[unit.text for unit in run] for run in runs(text, language, **names)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("so Ann Bell left", [["Ann", "Bell"]]),
        ("so Ann\xa0Bell left", [["Ann", "Bell"]]),
        ("so Ann van der Bell left", [["Ann", "Bell"]]),
        ("so Bank of Tilbrook fell", [["Bank", "Tilbrook"]]),
        ("so Bell & Castro left", [["Bell", "Castro"]]),
        ("so Bell and Castro left", [["Bell", "Castro"]]),
        ("so Studio 54 Bell left", [["Studio", "Bell"]]),
        ("so Ann, Bell left", [["Ann"], ["Bell"]]),
        ("so Ann met Bell", [["Ann"], ["Bell"]]),
        ("so Ann\nBell left", [["Ann"], ["Bell"]]),
        ("so Ann. Bell left", [["Ann"], ["Bell"]]),
        ("so Ann  Bell left", [["Ann"], ["Bell"]]),
        ("nobody left", []),
        ("", []),
    ],
)
def test_a_space_a_particle_and_an_ampersand_hold_a_run_together(text, expected):
    assert texts(text) == expected


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [
        ("It is Bell's turn", "en", ["It", "Bell"]),
        ("It is Bell\u2019s turn", "en", ["It", "Bell"]),
        ("the Bells' turn", "en", ["Bells"]),
        ("at Bo's house", "en", ["Bo"]),
        ("the A's won", "en", ["A's"]),
        ("so O'Neill left", "en", ["O'Neill"]),
        ("dans l'Ardèche hier", "fr", ["Ardèche"]),
        ("dans L\u2019Ardèche hier", "fr", ["Ardèche"]),
        ("hier L'armée part", "fr", []),
        ("nell'Emilia ieri", "it", ["Emilia"]),
        ("ve Dell'Orto left", "en", ["Dell'Orto"]),
        ("dün Ankara'da kaldı", "tr", ["Ankara"]),
        ("dün Ankara'Da kaldı", "tr", ["Ankara'Da"]),
        ("so Ankara'da left", "en", ["Ankara'da"]),
    ],
)
def test_elided_articles_possessives_and_turkish_endings_are_taken_off(text, language, expected):
    assert [word for run in texts(text, language) for word in run] == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("so al-Bell left", "al-Bell"),
        ("so real-Bell left", "Bell"),
        ("so эль-Баб пал", "эль-Баб"),
        ("al-Bell", "al-Bell"),
    ],
)
def test_an_arabic_article_in_small_letters_is_of_the_name(text, expected):
    assert texts(text) == [[expected]]


def test_a_known_name_takes_the_place_of_its_words():
    ((ann, works),) = runs("so Ann New Town left", New_Town="place")
    assert (ann.text, ann.known) == ("Ann", None)
    assert (works.text, works.known.name) == ("New Town", "New_Town")
    assert works.facts.role == "L"


def test_known_names_that_touch_each_other_are_apart():
    assert texts("在法国巴黎说", "zh", 法国="place", 巴黎="place") == [["法国"], ["巴黎"]]


def test_a_known_name_in_small_letters_is_a_unit_as_well():
    assert texts("he uses left pad daily", left_pad="organisation") == [["left pad"]]


def test_where_two_known_names_overlap_the_first_stays():
    words = small_lexicon("en", {"Ann Bell": known("person", "a"), "Bell Works": known("organisation", "b")})
    spans = [*words.gazetteer.spans("so Ann Bell", "en"), *words.gazetteer.spans("xxxxxx Bell Works", "en")]
    assert [(span.start, span.end) for span in spans] == [(3, 11), (7, 17)]
    found = find_runs("so Ann Bell Works", words, spans)
    assert [[unit[2] for unit in run] for run in found] == [["Ann Bell", "Works"]]


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [
        ("on Russia-Ukraine talks", "en", ["Russia", "Ukraine"]),
        ("a Russia-based firm", "en", ["Russia"]),
        ("a Russia-based firm", "fr", ["Russia-based"]),
        ("the Russia-Saint church", "en", ["Russia-Saint"]),
        ("the Saint-Russia church", "en", ["Saint-Russia"]),
        ("der Russia-Kommissar sprach", "de", ["Russia-Kommissar"]),
        ("das Russia-Ukraine Treffen", "de", ["Russia-Ukraine", "Treffen"]),
    ],
    ids=[
        "two known",
        "English -based",
        "French -based",
        "first known",
        "last known",
        "compound",
        "compound of two known",
    ],
)
def test_a_word_that_goes_beyond_a_known_name_is_cut_only_if_all_its_parts_are_known(text, language, expected):
    found = texts(text, language, Russia="place", Ukraine="place")
    assert [word for run in found for word in run] == expected


def test_an_abbreviation_that_touches_a_known_name_belongs_to_it():
    assert texts("to St.Petersburg by train", Petersburg="place") == [["St.Petersburg"]]
    assert texts("to St. Petersburg by train", Petersburg="place") == [["St", "Petersburg"]]
    assert texts("to Old-Petersburg by train", Petersburg="place") == [["Old-Petersburg"]]


@pytest.mark.parametrize(
    ("text", "kind", "expected"),
    [
        ("so V.Bell left", "person", [["V.Bell"]]),
        ("so V.V.Bell left", "person", [["V.V.Bell"]]),
        ("so V. Bell left", "person", [["V.", "Bell"]]),
        ("so V.Bell left", "place", [["V."], ["Bell"]]),
    ],
    ids=["one", "two", "a space", "a place"],
)
def test_initials_that_touch_a_known_surname_belong_to_it(text, kind, expected):
    assert texts(text, Bell=kind) == expected


@pytest.mark.parametrize(
    ("text", "opens"),
    [
        ("Bell left", True),
        ("so Bell left", False),
        ("He fell. Bell left", True),
        ("He met Dr. Bell there", False),
        ("He met Tom. Bell left", True),
        ("- Bell left", True),
        ("x" * 70 + " Bell left", False),
        ("\n" + "x" * 70 + " Bell left", True),
    ],
)
def test_a_capital_says_nothing_where_a_sentence_opens_but_an_abbreviation_ends_none(text, opens):
    assert runs(text)[-1][-1].gap.opens == opens


def test_after_an_abbreviation_a_run_goes_on():
    assert texts("met Dr. Bell there") == [["Dr", "Bell"]]
    assert texts("met Tom. Bell left") == [["Tom"], ["Bell"]]


def test_what_stands_before_a_name_is_read_the_same_near_and_far():
    words = lexicon("en")
    far = "He said so, and nobody else would have believed the old mayor Bell"
    near = "He met mayor Bell"
    gaps = [Unit._make(find_runs(text, words, [])[-1][-1]).gap for text in (far, near)]
    assert gaps[0] == gaps[1]
    assert gaps[0].titled


def test_of_a_long_gap_that_ends_in_a_linking_word_the_word_before_counts_each_time_it_is_read():
    words = small_lexicon("en", place_word="town")
    text = "So Bell went on and on through the old town of Castro"
    gaps = [Unit._make(find_runs(text, words, [])[-1][-1]).gap for _ in range(2)]
    assert gaps[0] == gaps[1]
    assert (gaps[0].earlier, gaps[0].place) == ("town", 3.0)


@pytest.mark.parametrize(("units", "expected"), [(99, [99]), (100, [100]), (101, [100, 1]), (250, [100, 100, 50])])
def test_a_run_ends_after_a_hundred_units(units, expected):
    assert [len(run) for run in runs("Bell " * units)] == expected


def test_names_that_go_on_in_small_letters_are_one_unit_where_names_are_inflected():
    russian = lexicon("ru")
    (run,) = find_runs("сегодня Министерство обороны сообщило", russian, [])
    assert run[0][2] == "Министерство обороны"
    assert run[0][5].org_head
    assert find_runs("сегодня Министерство обороны сообщило", small_lexicon("bg"), [])[0][0][2] == "Министерство"


PARTS = [
    "Ann ",
    "Bell",
    "Bell-",
    "O'",
    "d'",
    "l\u2019",
    "al-",
    ". ",
    ", ",
    "\n",
    "of ",
    "de ",
    "V.",
    "US",
    "x",
    "é",
    " ",
    "-",
]


@given(st.lists(st.sampled_from(PARTS), max_size=20).map("".join), st.sampled_from(["en", "fr", "de", "tr", "ru"]))
def test_units_lie_in_the_text_rise_and_do_not_overlap(text, language):
    found = [unit for run in runs(text, language, Bell="person", US="place") for unit in run]
    assert all(one.end <= other.start for one, other in pairwise(found))
    assert all(unit.start < unit.end for unit in found)


@given(st.lists(st.sampled_from(PARTS), max_size=20).map("".join))
def test_a_lexicon_that_has_read_before_finds_the_same(text):
    words = small_lexicon("en", {"Bell": known("person", "Bell")})
    spans = list(words.gazetteer.spans(text, "en"))
    assert find_runs(text, words, spans) == find_runs(text, words, spans)
