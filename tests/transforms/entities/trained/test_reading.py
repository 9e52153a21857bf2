"""Articles as the trained tagger reads them: what rules and lists say of each token."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.records import Entity, Mention
from transforms.entities.titled import Titled
from transforms.entities.trained.decode import TYPES
from transforms.entities.trained.features import LISTED, TAGS
from transforms.entities.trained.reading import BREAK, put_listed, put_tags, read
from transforms.entities.trained.vocabulary import Vocabulary

PLACE, ORGANISATION = TYPES.index("place"), TYPES.index("organisation")


def entity(kind, name, identifier, *mentions):
    return Entity(kind, name, identifier, len(mentions), tuple(Mention(*mention) for mention in mentions))


def reading_of(title, text, *found):
    return read([Titled(title, text, "en")], [found], Vocabulary())


def inside(reading):
    """Return the tokens that have a length: those of the text."""
    return np.flatnonzero(reading.tokens.ends > reading.tokens.starts)


def strings(reading, places):
    (whole,) = reading.wholes
    return [whole.string[start - whole.position : end - whole.position] for start, end in places]


def test_title_and_text_are_read_as_one_with_a_break_between():
    (whole,) = reading_of("Xyz", "Bell left").wholes
    assert whole.string == f"Xyz{BREAK}Bell left"
    assert whole.string[whole.text_at :] == "Bell left"
    (alone,) = reading_of("", "Bell left").wholes
    assert (alone.string, alone.text_at) == ("Bell left", 0)


def test_without_rules_and_lists_there_is_nothing_to_say():
    reading = reading_of("Xyz", "Qwrt left")
    assert (set(reading.tags.tolist()), set(reading.listed.tolist()), reading.known, reading.sure) == ({0}, {0}, {}, [])


@pytest.mark.parametrize(
    ("start", "end", "covered"),
    [(4, 7, ["two"]), (2, 5, ["one", "two"]), (12, 13, ["three"]), (0, 13, ["one", "two", "three"])],
)
def test_a_stretch_that_cuts_a_token_covers_it(start, end, covered):
    reading = reading_of("", "one two three")
    first, after = (int(at[0]) for at in reading.covered(*(np.array([[start], [end]]) + reading.wholes[0].position)))
    tokens = reading.tokens
    assert strings(reading, zip(tokens.starts[first:after], tokens.ends[first:after], strict=True)) == covered


def test_articles_of_a_row_are_read_as_each_alone():
    articles = [Titled("Paris", "so Qwrt left New Zealand", "en"), Titled("", "", "de"), Titled("", "nach Paris", "de")]
    found = [(entity("person", "Qwrt", None, ("text", "Qwrt", 3, 7)),), (), ()]
    row = read(articles, found, Vocabulary())
    ends = [*(whole.first for whole in row.wholes[1:]), len(row.tags)]
    for at, (article, names) in enumerate(zip(articles, found, strict=True)):
        alone = read([article], [names], Vocabulary())
        shift = row.wholes[at].position - alone.wholes[0].position
        own = slice(row.wholes[at].first, ends[at])
        for column, other in ((row.tags, alone.tags), (row.listed, alone.listed)):
            assert column[own].tolist()[: len(inside(alone))] == other[inside(alone)].tolist()
        end = row.wholes[at].position + len(row.wholes[at].string)
        known = {start - shift: name for (start, _), name in row.known.items() if start - shift >= 0 and start < end}
        assert known == {start: name for (start, _), name in alone.known.items()}


def test_names_of_the_lists_are_marked_by_type_and_by_first_and_later_words():
    reading = reading_of("Interpol", "In New Zealand")
    assert reading.listed[inside(reading)].tolist() == [1 + 2 * ORGANISATION, 0, 0, 1 + 2 * PLACE, 2 + 2 * PLACE]
    assert dict(
        zip(strings(reading, reading.known), (known.name for known in reading.known.values()), strict=True)
    ) == {
        "Interpol": "Interpol",
        "New Zealand": "New Zealand",
    }


@pytest.mark.parametrize(
    ("found", "level"),
    [
        (entity("person", "Qwrt", None, ("text", "Qwrt", 0, 4)), 0),
        (entity("person", "Ann Qwrt", None, ("text", "Qwrt", 0, 4)), 1),
        (entity("person", "Ann Qwrt", "wikidata:Q1", ("text", "Qwrt", 0, 4)), 2),
        (entity("organisation", "Interpol", None, ("text", "Qwrt", 0, 4)), 2),
        (entity("person", "Interpol", None, ("text", "Qwrt", 0, 4)), 0),
    ],
    ids=["found by rules", "part of a longer name", "with an id", "in the lists by that type", "by another type"],
)
def test_how_sure_the_rules_are_is_one_of_three_levels(found, level):
    reading = reading_of("", "Qwrt left", found)
    number, first = TYPES.index(found.type), inside(reading)[0]
    assert reading.tags[inside(reading)].tolist() == [1 + 12 * number + 4 * level + 3, 0]
    assert reading.sure == ([(first, first + 1, number)] if level == 2 else [])


def test_a_name_with_an_id_is_known_where_it_stands_in_either_field():
    found = entity("person", "Ann Qwrt", "wikidata:Q1", ("title", "Qwrt", 0, 4), ("text", "Qwrt", 3, 7))
    reading = reading_of("Qwrt", "so Qwrt", found)
    position = reading.wholes[0].position
    assert sorted(reading.known) == [(position, position + 4), (position + 9, position + 13)]
    assert strings(reading, reading.known) == ["Qwrt", "Qwrt"]
    assert all((one.id, one.name) == ("wikidata:Q1", "Ann Qwrt") for one in reading.known.values())


def one(number):
    return np.array([number])


@pytest.mark.parametrize(("words", "places"), [(0, []), (1, [3]), (2, [0, 2]), (3, [0, 1, 2]), (4, [0, 1, 1, 2])])
def test_a_tag_tells_first_inner_last_and_only_words(words, places):
    reading = reading_of("", "a b c d e")
    first = inside(reading)[1]
    put_tags(reading, one(first), one(first + words), one(0), one(0))
    assert reading.tags[inside(reading)].tolist() == [0, *[1 + place for place in places], *[0] * (4 - words)]


def test_a_later_name_takes_the_place_of_an_earlier_one():
    reading = reading_of("", "a b c d")
    first = inside(reading)[0]
    put_tags(reading, first + np.array([0, 2]), first + np.array([3, 4]), np.array([0, 1]), np.array([0, 0]))
    assert reading.tags[inside(reading)].tolist() == [1, 2, 13, 15]


@given(st.integers(0, len(TYPES) - 1), st.integers(0, 2), st.integers(1, 4))
def test_each_tag_and_listing_has_a_number_of_its_own_that_there_is_room_for(number, level, words):
    reading = reading_of("", "a b c d")
    first = inside(reading)[0]
    put_tags(reading, one(first), one(first + words), one(number), one(level))
    put_listed(reading, one(first), one(first + words), one(number))
    tags, marks = (column[inside(reading)].tolist()[:words] for column in (reading.tags, reading.listed))
    assert all((tag - 1) // 12 == number and (tag - 1) % 12 // 4 == level and tag < TAGS for tag in tags)
    assert all((mark - 1) // 2 == number and mark < LISTED for mark in marks)
    assert [mark % 2 for mark in marks] == [1, *[0] * (words - 1)]
