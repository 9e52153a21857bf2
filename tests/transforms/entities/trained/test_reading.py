"""What rules and lists say of an article stands at the right tokens."""

import numpy as np
import pytest

from schemas.records import Entity, Mention
from transforms.entities.titled import Titled
from transforms.entities.trained.reading import put_listed, put_tags, read
from transforms.entities.trained.vocabulary import Vocabulary


def row(*numbers):
    return np.array(numbers, np.intp)


@pytest.fixture
def reading():
    return read([Titled("", "one two three", "en"), Titled("A", "b", "de")], [(), ()], Vocabulary())


def test_articles_stand_in_a_row_with_room_between(reading):
    assert [whole.string for whole in reading.wholes] == ["one two three", "A\n\nb"]
    assert [whole.first for whole in reading.wholes] == [2, 9]
    assert len(reading.tags) == 14


def test_a_stretch_that_cuts_a_token_covers_it(reading):
    first, second = (whole.position for whole in reading.wholes)
    firsts, afters = reading.covered(row(4, 2, 12, 0) + first, row(7, 5, 13, 13) + first)
    assert [firsts.tolist(), afters.tolist()] == [[3, 2, 4, 2], [4, 4, 5, 5]]
    assert [int(end) for end in np.concatenate(reading.covered(row(3) + second, row(4) + second))] == [11, 12]


def test_tokens_tell_their_place_in_a_name_and_a_later_name_wins(reading):
    put_tags(reading, row(2, 4, 9), row(5, 5, 9), row(0, 1, 2), row(0, 2, 1))
    assert reading.tags[:6].tolist() == [0, 0, 1, 2, 24, 0]
    assert not reading.tags[6:].any()
    put_listed(reading, row(2, 9), row(4, 12), row(0, 2))
    assert reading.listed.tolist() == [0, 0, 1, 2, 0, 0, 0, 0, 0, 5, 6, 6, 0, 0]


def test_names_of_the_rules_are_marked_in_their_field():
    paris = Entity("place", "Paris", "geonames:1", 2, (Mention("title", "Paris", 0, 5), Mention("text", "Paris", 3, 8)))
    reading = read([Titled("Paris", "In Paris", "en")], [(paris,)], Vocabulary())
    only = 1 + 12 + 8 + 3
    assert reading.tags.tolist() == [0, 0, only, 0, 0, only, 0, 0]
    assert reading.sure == [(2, 3, 1), (5, 6, 1)]
    assert {known.id for known in reading.known.values()} == {"geonames:1"}
