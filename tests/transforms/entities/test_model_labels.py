"""What a model's spans become."""

import pytest

from transforms.entities.model_labels import TYPE_OF_LABEL, ModelSpan, entities_of

TEXT = ' "Paris" and Norwegians met the European Union in Paris.'


def span(words, label, text=TEXT, field="text"):
    start = text.index(words)
    return ModelSpan(field, start, start + len(words), label)


def made(*spans, title="", text=TEXT, language="en"):
    entities = entities_of(spans, title, text, language)
    assert all(e.count == len(e.mentions) for e in entities)
    return [(e.type, e.name, e.id, [(m.field, m.text) for m in e.mentions]) for e in entities]


@pytest.mark.parametrize(
    ("label", "kind"),
    [("PERSON", "person"), ("PER", "person"), ("persName", "person"), ("GPE", "place"), ("FAC", "place"),
     ("placeName", "place"), ("ORG", "organisation"), ("GPE_ORG", "organisation")],
)  # fmt: skip
def test_a_label_becomes_one_of_our_types(label, kind):
    text = "Xyzzy fell"
    assert made(span("Xyzzy", label, text), text=text) == [(kind, "Xyzzy", None, [("text", "Xyzzy")])]


@pytest.mark.parametrize("label", ["NORP", "DATE", "EVENT", "MISC", "per", ""])
def test_what_is_none_of_our_types_is_left_out(label):
    assert label not in TYPE_OF_LABEL
    assert made(span("Norwegians", label)) == []


def test_a_name_that_the_lists_have_by_that_type_gets_its_id():
    ((kind, name, identifier, _),) = made(ModelSpan("text", 50, 55, "LOC"))
    assert (kind, name) == ("place", "Paris")
    assert identifier.startswith("geonames:")


def test_a_name_that_the_lists_have_by_another_type_gets_none():
    assert made(ModelSpan("title", 0, 5, "PER"), title="Paris") == [("person", "Paris", None, [("title", "Paris")])]


@pytest.mark.parametrize(
    "marked", ['"Paris"', ' "Paris" ', "Paris"], ids=["quotes", "quotes and spaces", "nothing around it"]
)
def test_quotes_and_spaces_at_the_ends_are_no_part_of_a_name(marked):
    ((_, _, _, mentions),) = made(span(marked, "GPE"))
    assert mentions == [("text", "Paris")]
    (entity,) = entities_of([span(marked, "GPE")], "", TEXT, "en")
    assert TEXT[entity.mentions[0].start : entity.mentions[0].end] == "Paris"


@pytest.mark.parametrize(("start", "end"), [(0, 2), (8, 9), (5, 5)], ids=["quote", "space", "nothing"])
def test_a_span_of_nothing_but_these_is_dropped(start, end):
    assert made(ModelSpan("text", start, end, "LOC")) == []


def test_a_name_over_a_line_end_is_named_in_one_line():
    text = "Ann\n Bell spoke. Ann Bell left."
    spans = [ModelSpan("text", 0, 9, "PER"), ModelSpan("text", 17, 25, "PER")]
    assert made(*spans, text=text) == [("person", "Ann Bell", None, [("text", "Ann\n Bell"), ("text", "Ann Bell")])]


def test_mentions_of_one_name_are_one_entity_and_types_are_kept_apart():
    spans = [ModelSpan("title", 0, 5, "PER"), ModelSpan("text", 0, 5, "PER"), ModelSpan("text", 10, 15, "ORG")]
    assert made(*spans, title="Xyzzy", text="Xyzzy met Xyzzy") == [
        ("person", "Xyzzy", None, [("title", "Xyzzy"), ("text", "Xyzzy")]),
        ("organisation", "Xyzzy", None, [("text", "Xyzzy")]),
    ]


def test_two_spellings_of_one_known_thing_are_one_entity():
    text = "Deutschland, Allemagne"
    spans = [ModelSpan("text", 0, 11, "LOC"), ModelSpan("text", 13, 22, "LOC")]
    assert made(*spans, text=text, language="de") == [
        ("place", "Germany", "iso:DE", [("text", "Deutschland"), ("text", "Allemagne")])
    ]
