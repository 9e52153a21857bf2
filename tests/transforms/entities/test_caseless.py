"""Names in scripts without capitals: by given names, titles and heads in Arabic and Persian."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.transforms.entities.small_lexicon import known
from transforms.entities import caseless
from transforms.entities.caseless import _Spaced, find_caseless
from transforms.entities.gazetteer import KnownSpan, gazetteer_of

NAMES = gazetteer_of(
    {
        "القاهرة": known("place", "Cairo"),
        "محمد سالم": known("person", "Mohamed Salem"),
        "وزارة الدفاع": known("organisation", "Ministry of Defence"),
        "محمد": known("person", "Mohamed"),
        "巴黎": known("place", "Paris"),
        "王毅": known("person", "Wang Yi"),
    }
)
LISTS = _Spaced(
    given=frozenset(("محمد", "علي")),
    title=frozenset(("الرئيس",)),
    head=frozenset(("وزارة", "بنك")),
    place=frozenset(("مدينة",)),
    small=frozenset(("في", "على")),
    before=frozenset(("شركة",)),
    part=frozenset(("شارع",)),
    is_common=frozenset(("شباب", "الخطيب", "باسم", "تجارية", "الجزاء")).__contains__,
    is_prefixed=frozenset(("وسالم",)).__contains__,
)


@pytest.fixture
def _few_words(monkeypatch):
    monkeypatch.setattr(caseless, "_vocabulary", lambda language: LISTS)


def found(text, language="ar", spans=()):
    made = list(find_caseless(text, language, spans))
    assert all(text[c.start : c.end] == c.text and c.sure for c in made)
    kinds = [max(("person", "place", "organisation"), key=lambda kind, c=c: getattr(c, kind)) for c in made]
    return [(kind, c.text) for kind, c in zip(kinds, made, strict=True)]


@pytest.mark.usefixtures("_few_words")
@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("قال محمد سالم", [("person", "محمد سالم")]),
        ("قال محمد علي سالم ثم", [("person", "محمد علي سالم")]),
        ("قال محمد علي محمد علي سالم", [("person", "محمد علي محمد علي سالم")]),
        ("قال محمد بن سالم", [("person", "محمد بن سالم")]),
        ("قال ومحمد سالم", [("person", "محمد سالم")]),
        ("قال ولمحمد سالم", [("person", "محمد سالم")]),
        ("قال صومحمد سالم", []),
        ("قال صمحمد سالم", []),
        ("قال محمد شباب", []),
        ("قال محمد الخطيب", [("person", "محمد الخطيب")]),
        ("قال محمد علي وسالم", [("person", "محمد علي")]),
        ("قال محمد", []),
        ("قال محمد في", []),
        ("قال محمد، سالم", []),
        ("قال محمد سا", []),
        ("قال سالم زيد", []),
    ],
    ids=[
        "a name after it",
        "two given names",
        "four given names",
        "a link",
        "a prefix",
        "two prefixes",
        "one of two is none",
        "no prefix",
        "a common word after it",
        "a common word with the article",
        "a conjunction after it",
        "alone",
        "a small word after it",
        "a comma",
        "two letters after it",
        "no given name",
    ],
)
def test_a_given_name_and_what_touches_it_are_a_person(text, expected):
    assert found(text) == expected


@pytest.mark.usefixtures("_few_words")
@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("قال الرئيس زيد سالم", [("person", "زيد سالم")]),
        ("قال الرئيس المصري زيد سالم", [("person", "زيد سالم")]),
        ("قال الرئيس المصرية زيد سالم", [("person", "زيد سالم")]),
        ("قال الرئيس زيد", []),
        ("قال الرئيس الجديد سالم", []),
        ("قال الرئيس زيد في", []),
        ("قال الرئيس زيد سا", []),
        ("قال الرئيس زيد بنك", []),
        ("قال الرئيس زيد شباب", []),
        ("قال الرئيس باسم سالم", []),
    ],
    ids=[
        "two names",
        "a nationality",
        "in the feminine",
        "one name",
        "an adjective",
        "a small word",
        "two letters",
        "a head",
        "a common word second",
        "a common word first",
    ],
)
def test_two_names_after_a_title_are_a_person(text, expected):
    assert found(text) == expected


@pytest.mark.usefixtures("_few_words")
@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("قالت وزارة الصحة", [("organisation", "وزارة الصحة")]),
        ("قالت وزارة الصحة المصرية ثم", [("organisation", "وزارة الصحة المصرية")]),
        ("قالت وزارة صحة مصرية", [("organisation", "وزارة صحة")]),
        ("قالت بوزارة الصحة", [("organisation", "وزارة الصحة")]),
        ("قالت وزارة الصحة المصرية للتنمية ثم", [("organisation", "وزارة الصحة المصرية للتنمية")]),
        ("قالت شركة نوكيا سيمنز الفنلندية", [("organisation", "نوكيا سيمنز")]),
        ("قالت شركة نوكيا شباب", [("organisation", "نوكيا")]),
        ("قالت شركة تجارية", []),
        ("قالت شركة الخطيب", []),
        ("في شارع نصر ثم", [("place", "شارع نصر")]),
        ("في شارع الخطيب ثم", [("place", "شارع الخطيب")]),
        ("في شارع شباب", []),
        ("قالت وزارة تجارية", []),
        ("في مدينة الجزاء", []),
        ("قالت وزارة في", []),
        ("قالت وزارة", []),
        ("في مدينة نصر ثم", [("place", "نصر")]),
        ("في مدينة على", []),
        ("في مدينة", []),
    ],
    ids=[
        "one word",
        "with an adjective",
        "no article",
        "a prefix",
        "what it is for",
        "company",
        "company, common word after it",
        "company, common word",
        "company, article",
        "part of a place",
        "part of a place, common word with the article",
        "part of a place, common word",
        "common word",
        "place, common word",
        "small word",
        "alone",
        "place",
        "place, small word",
        "place, alone",
    ],
)
def test_a_head_and_the_word_that_says_which_are_an_organisation_or_a_place(text, expected):
    assert found(text) == expected


@pytest.mark.usefixtures("_few_words")
@pytest.mark.parametrize("language", ["ar", "fa", "ur", "ps", "ckb"])
def test_rules_for_arabic_letters_hold_for_their_languages(language):
    assert found("قال محمد سالم", language) == [("person", "محمد سالم")]


@pytest.mark.parametrize(("language", "words_of"), [("ar", "ar"), ("fa", "fa"), ("ur", "fa"), ("ckb", "fa")])
def test_languages_other_than_arabic_take_the_words_of_persian(monkeypatch, language, words_of):
    asked = []
    monkeypatch.setattr(caseless, "_vocabulary", lambda of: asked.append(of) or LISTS)
    found("قال", language)
    assert asked == [words_of]


@pytest.mark.parametrize("language", ["en", "he", "ja", "und", ""])
def test_other_languages_are_left_alone(language):
    assert found("قال محمد سالم 王小明说", language) == []


def spans_of(text, *names):
    return [KnownSpan(text.index(name), text.index(name) + len(name), NAMES.names[name]) for name in names]


@pytest.mark.usefixtures("_few_words")
@pytest.mark.parametrize(
    ("text", "names", "expected"),
    [
        ("قال محمد سالم", ["محمد سالم"], []),
        ("قال محمد سالم", ["محمد"], [("person", "محمد سالم")]),
        ("قالت وزارة الدفاع", ["وزارة الدفاع"], []),
        ("قالت بنك وزارة الدفاع", ["وزارة الدفاع"], []),
        ("قال بنك القاهرة", ["القاهرة"], [("organisation", "بنك القاهرة")]),
        ("في القاهرة قال محمد سالم", ["القاهرة"], [("person", "محمد سالم")]),
    ],
    ids=["the same", "a part", "an organisation", "an organisation in it", "a place in it", "elsewhere"],
)
def test_a_known_name_stays_unless_a_longer_one_goes_beyond_it(text, names, expected):
    assert found(text, spans=spans_of(text, *names)) == expected


def test_names_that_touch_are_both_found():
    text = "巴黎市巴黎市"
    spans = list(NAMES.spans(text, "zh"))
    assert found(text, "zh", spans) == [("place", "巴黎市")] * 2


PARTS = [
    "محمد ",
    "علي ",
    "سالم ",
    "وزارة ",
    "القاهرة ",
    "في ",
    "و",
    "، ",
    "\n",
    "الرئيس ",
    "王小明",
    "说",
    "巴黎",
    "大学",
    "·",
]


@given(st.lists(st.sampled_from(PARTS), max_size=20).map("".join), st.sampled_from(["ar", "fa", "zh"]))
def test_names_lie_in_the_text_rise_and_do_not_overlap(text, language):
    spans = list(NAMES.spans(text, language))
    made = list(find_caseless(text, language, spans))
    assert all(text[c.start : c.end] == c.text != "" for c in made)
    assert all(one.end <= other.start for one, other in pairwise(made))
    assert not any(s.start <= c.start and c.end <= s.end for c in made for s in spans)
