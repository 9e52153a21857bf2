"""Articles as the trained tagger reads them: what rules and lists say of each token."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from transforms.entities.find import Scanned
from transforms.entities.lexicon import lexicon
from transforms.entities.pieces import Candidate
from transforms.entities.titled import Titled
from transforms.entities.trained.decode import TYPES
from transforms.entities.trained.features import LISTED, TAGS
from transforms.entities.trained.marks import BREAK, mark
from transforms.entities.trained.reading import put_listed, put_tags, read
from transforms.entities.trained.vocabulary import Vocabulary

PLACE, ORGANISATION = TYPES.index("place"), TYPES.index("organisation")


def marked(title, text, language, *names):
    """Return the marks of an article in which the rules found names, given by field, start, end and type."""
    words = lexicon(language)
    in_title, in_text = (list(words.gazetteer.spans(field, language)) for field in (title, text))
    groups = []
    for field, start, end, kind in names:
        name = (title if field == "title" else text)[start:end]
        found = Candidate(start, end, (name,), name, field=field, type=kind)
        groups.append((found, [found]))
    return mark(Scanned(Titled(title, text, language), words, groups, in_title, in_text))


def reading_of(title, text, *names):
    return read([Titled(title, text, "en")], [marked(title, text, "en", *names)], Vocabulary())


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
    assert (set(reading.tags.tolist()), set(reading.listed.tolist()), reading.sure.tolist()) == ({0}, {0}, [[], [], []])


@pytest.mark.parametrize(
    ("start", "end", "covered"),
    [(4, 7, ["two"]), (2, 5, ["one", "two"]), (12, 13, ["three"]), (0, 13, ["one", "two", "three"])],
)
def test_a_stretch_that_cuts_a_token_covers_it(start, end, covered):
    reading = reading_of("", "one two three")
    first, after = (
        int(at[0]) for at in reading.tokens.covered(*(np.array([[start], [end]]) + reading.wholes[0].position))
    )
    tokens = reading.tokens
    assert strings(reading, zip(tokens.starts[first:after], tokens.ends[first:after], strict=True)) == covered


def test_articles_of_a_row_are_read_as_each_alone():
    articles = [Titled("Paris", "so Qwrt left New Zealand", "en"), Titled("", "", "de"), Titled("", "nach Paris", "de")]
    named = [("text", 3, 7, "person")], [], []
    marks = [marked(*article, *names) for article, names in zip(articles, named, strict=True)]
    row = read(articles, marks, Vocabulary())
    ends = [*(whole.first for whole in row.wholes[1:]), len(row.tags)]
    for at, (article, own_marks) in enumerate(zip(articles, marks, strict=True)):
        alone = read([article], [own_marks], Vocabulary())
        own = slice(row.wholes[at].first, ends[at])
        for column, other in ((row.tags, alone.tags), (row.listed, alone.listed)):
            assert column[own].tolist()[: len(inside(alone))] == other[inside(alone)].tolist()


def test_names_of_the_lists_are_marked_by_type_and_by_first_and_later_words():
    reading = reading_of("Interpol", "In New Zealand")
    assert reading.listed[inside(reading)].tolist() == [1 + 2 * ORGANISATION, 0, 0, 1 + 2 * PLACE, 2 + 2 * PLACE]


def test_names_that_the_rules_have_from_the_lists_are_sure():
    reading = reading_of("Interpol", "In New Zealand", ("title", 0, 8, "organisation"), ("text", 3, 14, "person"))
    first = inside(reading)[0]
    assert reading.sure.T.tolist() == [[first, first + 1, ORGANISATION]]
    assert (reading.tags[inside(reading)] > 0).tolist() == [True, False, False, True, True]


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
