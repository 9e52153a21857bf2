"""The trained tagger: offsets are true, company changes nothing, and languages it does not know are left to the rules."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from transforms.entities.find import find_entities
from transforms.entities.taggers import EntityChoice, open_tagger
from transforms.entities.titled import Titled
from transforms.entities.trained import model, vocabulary
from transforms.entities.trained.features import BUCKETS, CONTEXTS
from transforms.entities.trained.tag import tag

LANGUAGES = ("en", "de", "ru", "ar", "fa", "zh", "ja", "ko", "hi", "tr")
STORY = (
    "Mira Holloway wins the vote in Tilbrook",
    "Mira Holloway, the candidate of the Harbour Party, won in Tilbrook on Sunday. Holloway thanked voters in Paris.",
)


def found(title, text, language):
    return tag([Titled(title, text, language)], model.load())[0]


def test_names_are_found_in_both_fields_and_joined():
    entities = {entity.name: entity for entity in found(*STORY, "en")}
    assert entities["Mira Holloway"].type == "person"
    assert [m.field for m in entities["Mira Holloway"].mentions] == ["title", "text", "text"]
    assert entities["France" if "France" in entities else "Paris"].id is not None


def test_a_common_word_is_no_town_for_being_in_the_lists():
    assert find_entities("", "ستقام المدينة قرب البحر.", "ar")
    assert found("", "ستقام المدينة قرب البحر.", "ar") == ()


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("قال كلينتون في واشنطن إن القوات الأميركية لن تنسحب.", [("person", "كلينتون"), ("place", "واشنطن")]),
        ("أعلنت شركة نوكيا الفنلندية نتائجها.", [("organisation", "نوكيا")]),
        ("سدد الكرة من خارج منطقة الجزاء.", []),
    ],
    ids=["a surname", "a company", "a common word"],
)
def test_arabic_names_are_told_from_words(text, names):
    mentions = [(m.start, entity.type, m.text) for entity in found("", text, "ar") for m in entity.mentions]
    assert [mention[1:] for mention in sorted(mentions)] == names


@settings(max_examples=60)
@given(
    st.text(max_size=30),
    st.lists(
        st.sampled_from("Mira Holloway of Paris , . \n\n Bank 東京 王小明 محمد في وبيروت Москве İ ß é".split(" ")),
        max_size=25,
    ),
    st.sampled_from(LANGUAGES),
)
def test_offsets_point_at_the_name_in_the_field(title, words, language):
    text = " ".join(words)
    for entity in found(title, text, language):
        assert entity.count == len(entity.mentions)
        for mention in entity.mentions:
            assert {"title": title, "text": text}[mention.field][mention.start : mention.end] == mention.text


def test_company_and_a_full_cache_change_nothing(monkeypatch):
    alone = [found(*STORY, "en")]
    monkeypatch.setattr(vocabulary, "_KEPT", 1)
    others = [("", "Banco de Sintra cresce, diz Rui Falcão em Lisboa.", "pt"), (*STORY[::-1], "en")]
    for other in others:
        found(*other)
    assert [found(*STORY, "en")] == alone
    batch = open_tagger(EntityChoice("accurate"))([Titled(*one) for one in (*others, (*STORY, "en"), *others)])
    assert batch[2] == alone[0]


articles = st.builds(
    Titled,
    st.text(max_size=9),
    st.lists(
        st.sampled_from("Mira Holloway of Paris , . \n\n Bank 東京 ВО «Наша хата» محمد وبيروت @us".split(" ")),
        max_size=15,
    ).map(" ".join),
    st.sampled_from((*LANGUAGES, "uk", "cs")),
)


@settings(max_examples=40)
@given(st.lists(articles, max_size=6))
def test_a_batch_has_what_each_article_has_alone(batch):
    assert tag(batch, model.load()) == [found(*article) for article in batch]


def test_many_long_articles_are_read_in_parts():
    long = Titled("", f"{STORY[1]} " * 900, "en")
    assert tag([long] * 3, model.load()) == [found(*long)] * 3


@pytest.mark.parametrize("language", ["cs", "und", "th"])
def test_a_language_without_marked_texts_is_left_to_the_rules(language):
    text = "Starosta Karel Dvořák přijel do Prahy."
    assert found("", text, language) == find_entities("", text, language)


@pytest.mark.parametrize(
    ("text", "language", "name"),
    [
        ("Працівники КП «Міський парк» страйкують", "uk", "КП «Міський парк»"),
        ("Акции ОАО «Северный завод» выросли", "ru", "ОАО «Северный завод»"),
        ("Кошти отримало ТОВ «Іллінецький млин».", "uk", "ТОВ «Іллінецький млин»"),
    ],
)
def test_a_name_that_opens_a_quotation_closes_it(text, language, name):
    assert [entity.name for entity in found("", text, language)] == [name]


@pytest.mark.parametrize(
    ("text", "language", "name"),
    [
        ("Etter kampen var Bakkum sliten. – Vi tapte, sier Bakkum.", "nb", "Bakkum"),
        ("Po meczu Marcisz był zmęczony. – Przegraliśmy – powiedział Marcisz.", "pl", "Marcisz"),
    ],
)
def test_a_bare_surname_is_no_organisation(text, language, name):
    assert [entity.type for entity in found("", text, language) if entity.name == name] == ["person"]


def test_no_text_has_no_names():
    assert found("", "", "en") == ()


def test_the_version_tells_the_weights():
    assert model.digest() in open_tagger(EntityChoice("accurate")).version


def test_the_weights_are_small_and_of_the_shape_that_features_have():
    assert model.DATA.stat().st_size < 10_000_000
    assert model.load().forms.shape[0] == BUCKETS
    assert model.load().contexts.shape[0] == CONTEXTS


def test_a_name_of_the_lists_that_the_tagger_leaves_out_is_kept():
    text = "het is zo eu EU de Poetin was"
    by_rules = {(m.start, m.end) for e in find_entities("", text, "nl") if e.id for m in e.mentions}
    assert by_rules
    assert by_rules <= {(m.start, m.end) for e in found("", text, "nl") for m in e.mentions}
