"""Names of which only the first word has a capital, in languages that inflect them."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.transforms.entities.small_lexicon import known, small_lexicon
from transforms.entities import stretches as module
from transforms.entities.gazetteer import _index_phrases
from transforms.entities.letters import CAPITALISED
from transforms.entities.lexicon import Lexicon
from transforms.entities.stretches import lengthen

COURT = known("organisation", "Supreme Court", "wikidata:Q1")


def russian(*phrases, **words) -> Lexicon:
    told = {
        "org_head": "Министерство Совет МИД",
        "org_nouns": "банк союз",
        "legal_form": "ООО",
        "function": "и что о такого",
    }
    lexicon = small_lexicon("ru", **told | words)
    indexed = _index_phrases([(COURT, list(phrases))])
    object.__setattr__(lexicon.gazetteer, "phrases", indexed)
    lexicon.phrase_starts = frozenset(first for first, _ in indexed)
    return lexicon


RUSSIAN = russian("Верховный суд", "Верховный суд Крыма")


def stretched(text, lexicon=RUSSIAN):
    words = [(m.start(), m.end(), m[0], None) for m in CAPITALISED.finditer(text)]
    longer, forced = lengthen(words, text, lexicon)
    assert all(text[start:end] == form for start, end, form, _ in longer)
    assert set(forced) <= {start for start, *_ in longer}
    return longer, forced


def forms(text, lexicon=RUSSIAN):
    return [form for _, _, form, _ in stretched(text, lexicon)[0]]


@pytest.mark.parametrize(
    "text",
    ["Верховный суд решил", "Верховного суда", "Верховному суду", "Верховный\xa0суд"],
    ids=["nominative", "genitive", "dative", "hard space"],
)
def test_a_phrase_of_the_lists_is_met_in_any_case(text):
    ((_, end, _, found), *_), forced = stretched(text)
    assert (found, forced) == (COURT, {})
    assert text[:end].split()[-1].startswith("суд")


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("Верховного суда Крыма", "Верховного суда Крыма"),
        ("Верховный Совет", "Верховный"),
        ("Верховный", "Верховный"),
        ("Верховный\nсуд", "Верховный"),
        ("Верховный судебный", "Верховный"),
        ("Районный суд", "Районный"),
    ],
    ids=["the longest", "another second word", "nothing after", "a line ends", "a longer word", "not the phrase"],
)
def test_a_phrase_is_met_whole_or_not_at_all(text, first):
    (_, _, form, found), *_ = stretched(text)[0]
    assert form == first
    assert (found is COURT) == (form.startswith("Верховн") and " " in form)


@pytest.mark.parametrize(
    ("name", "form", "same"),
    [
        ("Верховный", "Верховного", True),
        ("суд", "суда", True),
        ("суд", "судами", True),
        ("суд", "судебный", False),
        ("союз", "союзами", True),
        ("союз", "соя", False),
        ("банк", "банда", True),
        ("банковский", "банковая", True),
        ("банковский", "банкирский", False),
    ],
)
def test_forms_of_a_word_differ_in_its_last_three_letters_at_most(name, form, same):
    assert module._alike(name, form) == same


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Министерство обороны сообщило", "Министерство обороны"),
        ("Министерство иностранных дел России", "Министерство"),
        ("Министерство внутренней политики и культуры края", "Министерство внутренней политики и культуры"),
        ("Министерство обороны и культуры края", "Министерство обороны и культуры"),
        ("Министерство сообщило сегодня", "Министерство"),
        ("Министерство и банка", "Министерство"),
        ("МИД обороны", "МИД"),
        ("Институт обороны", "Институт"),
    ],
    ids=["noun", "no genitive that rules know", "two pairs", "two nouns", "a verb", "small word", "acronym", "no head"],
)
def test_what_a_ministry_is_of_follows_in_the_genitive(text, expected):
    assert forms(text)[0] == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Центральный банк страны", "Центральный банк страны"),
        ("Центральный банк вырос", "Центральный банк"),
        ("Новый городской народный банк вырос", "Новый городской народный банк"),
        ("Новый старый городской народный банк", "Новый"),
        ("Новый день", "Новый"),
        ("Новый Банк", "Новый"),
        ("Дело о банке", "Дело"),
        ("Такого банка нет", "Такого"),
    ],
    ids=[
        "with a genitive",
        "alone",
        "three words on",
        "four words on",
        "no such noun",
        "a capital",
        "no adjective",
        "a small word",
    ],
)
def test_an_adjective_with_a_capital_begins_an_organisation_up_to_three_words_on(text, expected):
    assert forms(text)[0] == expected


@pytest.mark.parametrize("text", ["Министерство\nобороны", "Новый\nбанк", "ООО\n«Завод»", "Верховный суд\nКрыма"])
def test_no_name_goes_on_in_the_next_line(text):
    assert forms(text)[0] == text[: text.index("\n")]


def test_the_genitive_after_a_phrase_of_a_line_is_of_that_line():
    assert forms("Министерство обороны и\nкультуры") == ["Министерство обороны"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("ООО «Северный завод» выросло", "ООО «Северный завод»"),
        ('ООО "Завод" выросло', 'ООО "Завод"'),
        ("ООО „Завод“ выросло", "ООО „Завод“"),
        ("ООО Завод", "ООО"),
        ("ООО «Завод", "ООО"),
        ("ООО «З»", "ООО"),
        (f"ООО «{'з' * 60}»", f"ООО «{'з' * 60}»"),
        (f"ООО «{'з' * 61}»", "ООО"),
        ("ЗАО «Завод»", "ЗАО"),
    ],
    ids=["guillemets", "straight", "low and high", "none", "open", "one letter", "60 letters", "61", "no legal form"],
)
def test_what_stands_in_quotes_after_a_legal_form_belongs_to_it(text, expected):
    assert forms(text)[0] == expected


def test_words_inside_a_stretched_name_are_no_names_of_their_own():
    assert forms("ООО «Северный Завод» и Анна") == ["ООО «Северный Завод»", "Анна"]


def test_what_no_list_has_is_an_organisation_for_sure():
    _, forced = stretched("вчера Министерство обороны")
    (facts,) = forced.values()
    assert (facts.org_head, facts.key) == (True, ("министерство обороны",))
    assert facts.organisation > 4  # more than `pieces` asks of a form that needs no support


def test_a_known_name_is_left_as_it_is():
    word = (0, 12, "Министерство", COURT)
    assert lengthen([word], "Министерство обороны", RUSSIAN) == ([word], {})


def test_a_language_without_words_for_organisations_meets_phrases_only():
    polish = russian("Верховный суд", org_nouns="")
    assert forms("Министерство обороны", polish) == ["Министерство"]
    assert forms("Верховного суда", polish) == ["Верховного суда"]


def test_a_full_cache_changes_nothing(monkeypatch):
    monkeypatch.setattr(module, "_WORDS_KEPT", 2)
    lexicon = russian("Верховный суд")
    text = "Анна, Борис, Вера, Министерство обороны"
    assert forms(text, lexicon) == forms(text) == ["Анна", "Борис", "Вера", "Министерство обороны"]
    assert len(lexicon.stretches) <= 2


PARTS = [
    "Верховного ",
    "суда ",
    "Министерство ",
    "обороны ",
    "ООО ",
    "«",
    "»",
    "Новый ",
    "банк ",
    "и ",
    "\n",
    "Анна",
    ", ",
]


@given(st.lists(st.sampled_from(PARTS), max_size=15).map("".join))
def test_stretched_names_rise_and_do_not_overlap(text):
    longer, _ = stretched(text)
    assert all(one[1] <= other[0] for one, other in pairwise(longer))
    assert {start for start, *_ in longer} <= {m.start() for m in CAPITALISED.finditer(text)}
