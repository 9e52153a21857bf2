"""What lists and rules say of an article, as numbers."""

import pytest

from transforms.entities.find import Scanned, scan_all
from transforms.entities.gazetteer import Known
from transforms.entities.lexicon import lexicon
from transforms.entities.pieces import Candidate
from transforms.entities.titled import Titled
from transforms.entities.trained.decode import TYPES
from transforms.entities.trained.marks import BREAK, mark, text_at

ANN = Known("person", "Ann Qwrt", "wikidata:Q1", "wikidata:Q1")


def group(kind, known, *found):
    candidates = [Candidate(at, at + len(name), (name,), name, field=field) for field, name, at in found]
    candidates[0].type, candidates[0].known = kind, known
    return candidates[0], candidates


def marks_of(title, text, *groups):
    return mark(Scanned(Titled(title, text, "en"), lexicon("en"), groups, [], []))


@pytest.mark.parametrize(("title", "place"), [("", 0), ("Xyz", 3 + len(BREAK))])
def test_a_text_begins_after_title_and_break(title, place):
    assert text_at(Titled(title, "Bell left", "en")) == place


def test_names_of_the_lists_are_given_by_place_and_type():
    (marks,) = scan_all([Titled("Interpol", "in New Zealand", "en")], mark)
    shift = len("Interpol") + len(BREAK)
    expected = [0, 8, TYPES.index("organisation"), 3 + shift, 14 + shift, TYPES.index("place")]
    assert marks.listed == expected
    names = {place: known.name for place, known in marks.known.items()}
    assert names == {(0, 8): "Interpol", (3 + shift, 14 + shift): "New Zealand"}


@pytest.mark.parametrize(
    ("found", "level"),
    [
        (group("person", None, ("text", "Qwrt", 0)), 0),
        (group("person", None, ("text", "Qwrt", 0), ("text", "Ann Qwrt", 9)), 1),
        (group("person", ANN, ("text", "Qwrt", 0)), 2),
        (group("organisation", None, ("text", "Interpol", 0)), 2),
        (group("person", None, ("text", "Interpol", 0)), 0),
    ],
    ids=["found by rules", "part of a longer name", "with an id", "in the lists by that type", "by another type"],
)
def test_how_sure_the_rules_are_is_one_of_three_levels(found, level):
    target, (first, *_) = found
    assert marks_of("", "Qwrt left Ann Qwrt", found).by_rules[:4] == [0, first.end, TYPES.index(target.type), level]


def test_a_name_with_an_id_is_known_where_it_stands_in_either_field():
    marks = marks_of("Qwrt", "so Qwrt", group("person", ANN, ("title", "Qwrt", 0), ("text", "Qwrt", 3)))
    assert marks.known == {(0, 4): ANN, (9, 13): ANN}
