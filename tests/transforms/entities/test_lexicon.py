"""What is known of a word wherever it stands."""

import pytest

from tests.transforms.entities.small_lexicon import known, small_lexicon
from transforms.entities import lexicon as module
from transforms.entities.lexicon import lexicon

WORDS = small_lexicon(
    function="the",
    calendar="Monday",
    demonym="Polish",
    title="dr",
    given="Ann Marie",
    noun="Street",
    org_head="Bank",
    org_tail="Corporation",
    place_head="Mount",
    place_tail="County",
    club="Dynamo",
    org_suffixes="werke",
    surname_suffixes="sen",
    place_suffixes="burg",
)
GERMAN = small_lexicon("de", noun_suffixes="ung", place_word="stadt", org_word="bank", noun="Haus")


@pytest.mark.parametrize(
    ("word", "role"),
    [
        ("The", "F"),
        ("Monday", "C"),
        ("Polish", "D"),
        ("Dr", "T"),
        ("Dr.", "T"),
        ("DR", "A"),
        ("J", "I"),
        ("J.", "I"),
        ("J.K.", "I"),
        ("J.K.L.", "A"),
        ("Ann", "G"),
        ("Ann-Marie", "G"),
        ("Ann-Lee", "U"),
        ("Tu-95", "C"),
        ("Street", "N"),
        ("NATO", "A"),
        ("Tilbrook", "U"),
    ],
)
def test_a_word_has_the_first_role_that_fits(word, role):
    assert WORDS.facts[word].role == role


def test_case_says_nothing_of_function_words_and_titles_but_all_of_months_and_demonyms():
    assert [WORDS.facts[word].role for word in ("THE", "MONDAY", "POLISH")] == ["F", "A", "A"]


@pytest.mark.parametrize(
    ("word", "role"), [("Haus", "N"), ("Zeitung", "N"), ("Stadt", "N"), ("Bank", "N"), ("Berg", "U")]
)
def test_where_nouns_have_capitals_endings_and_words_of_place_make_nouns(word, role):
    assert GERMAN.facts[word].role == role


def test_heads_tails_and_clubs_are_told_apart():
    told = {
        word: (f.org_head, f.org_tail, f.place_head, f.place_tail, f.club)
        for word in ("Bank", "Corporation", "Mount", "County", "Dynamo")
        for f in [WORDS.facts[word]]
    }
    assert list(told.values()) == [tuple(at == number for at in range(5)) for number in range(5)]


@pytest.mark.parametrize(
    ("word", "person", "place", "organisation"),
    [
        ("Larsen", 1.0, 0.0, 0.0),
        ("Olsen", 0.0, 0.0, 0.0),
        ("Neuburg", 0.0, 1.0, 0.0),
        ("Aburg", 0.0, 0.0, 0.0),
        ("Abwerke", 0.0, 0.0, 1.5),
        ("Awerke", 0.0, 0.0, 0.0),
        ("McDonald", 0.0, 0.0, 1.0),
        ("Mcdonald", 0.0, 0.0, 0.0),
    ],
)
def test_endings_of_longer_words_are_evidence(word, person, place, organisation):
    facts = WORDS.facts[word]
    assert (facts.person, facts.place, facts.organisation) == (person, place, organisation)
    assert facts.surname == (person > 0)


def test_an_unknown_word_that_the_lists_have_with_caution_leans_to_a_place():
    careful = small_lexicon("ru", given="Лена", cautious="Тула Лена")
    assert careful.facts["Тула"].place == 1.0
    assert careful.facts["Тулы"].place == 1.0
    assert careful.facts["Лена"].place == 0.0
    uninflected = small_lexicon("en", cautious="Hull")
    assert (uninflected.facts["Hull"].place, uninflected.facts["Hulls"].place) == (1.0, 0.0)


def test_an_inflected_form_of_a_known_name_is_known():
    names = {"Москва": known("place", "Moscow"), "Иван": known("place", "Ivan"), "Рим": known("place", "Rome")}
    russian = small_lexicon("ru", names, given="Иван")
    facts = russian.facts["Москве"]
    assert (facts.role, facts.known.name) == ("L", "Moscow")
    assert russian.facts["Ивана"].known is None  # a given name first of all
    assert russian.facts["Рима"].known.name == "Rome"
    assert russian.facts["Ри"].known is None


def test_an_inflected_given_name_of_a_known_person_is_known_and_stays_a_given_name():
    russian = small_lexicon("ru", {"Иван": known("person", "Ivan")}, given="Иван")
    facts = russian.facts["Ивана"]
    assert (facts.role, facts.known.name) == ("G", "Ivan")


def test_a_form_of_less_than_four_letters_is_no_inflected_name():
    russian = small_lexicon("ru", {"Рио": known("place", "Rio"), "Лима": known("place", "Lima")})
    assert russian.facts["Лиме"].known is not None
    assert russian.facts["Риу"].known is None


def test_a_word_and_its_forms_share_a_stem():
    russian = small_lexicon("ru")
    assert russian.facts["Зорина"].key == russian.facts["Зорин"].key == ("зорин",)
    assert russian.facts["Зорину"].stem == "зорин"


@pytest.mark.parametrize(("kind", "role"), [("person", "P"), ("place", "L"), ("organisation", "O")])
def test_a_name_of_the_lists_has_the_role_of_its_type(kind, role):
    facts = WORDS.known_facts("World Bank", known(kind, "World Bank"))
    assert (facts.role, facts.key) == (role, ("world bank",))


def test_one_spelling_may_stand_for_two_things():
    one, other = known("place", "Georgia", "iso:GE"), known("place", "Georgia", "iso:US-GA")
    assert [WORDS.known_facts("Georgia", each).known.id for each in (one, other, one)] == [
        "iso:GE",
        "iso:US-GA",
        "iso:GE",
    ]


def test_a_full_cache_changes_nothing(monkeypatch):
    monkeypatch.setattr(module, "_FACTS_KEPT", 2)
    words = small_lexicon(given="Ann")
    asked = ["Ann", "Bell", "Castro", "Ann", "Dunn", "Ann"]
    assert [words.facts[word].role for word in asked] == ["G", "U", "U", "G", "U", "G"]
    assert len(words.facts) <= 3
    bell = known("person", "Bell")
    assert {words.known_facts(f"Bell {number}", bell).known for number in range(9)} == {bell}
    assert len(words._known_facts) <= 3


def test_a_language_borrows_the_words_of_its_nearest_relative():
    assert lexicon("no").language == "nb"
    assert lexicon("bs").language == lexicon("sr").language == "hr"
    assert lexicon("en").language == "en"


def test_a_language_that_there_are_no_words_for_takes_those_of_all():
    unknown, english, french = lexicon("tlh"), lexicon("en"), lexicon("fr")
    assert unknown.function >= english.function | french.function
    assert not english.function >= french.function


def test_verbs_of_saying_and_words_of_place_are_evidence_for_the_name_before_them():
    french = lexicon("fr")
    assert set(french.after.values()) <= {(1.5, 0.0), (0.0, 2.0), (1.5, 2.0)}
    assert all(french.after[word][1] == 2.0 for word in french.place_word)


def test_only_inflecting_languages_match_phrases_by_their_beginnings():
    assert lexicon("ru").phrase_starts
    assert not lexicon("en").phrase_starts
    assert not lexicon("de").phrase_starts
