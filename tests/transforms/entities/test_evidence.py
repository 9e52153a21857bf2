"""What follows a name says of it."""

import pytest

from tests.transforms.entities.small_lexicon import small_lexicon
from transforms.entities.evidence import weigh_after
from transforms.entities.pieces import Candidate

WORDS = small_lexicon(after={"said": (1.5, 0.0), "province": (0.0, 2.0)})


def evidence(after):
    text = f"Bell{after}"
    found = Candidate(0, 4, ("bell",), "Bell")
    weigh_after(found, text, WORDS)
    return found.person, found.place, found.organisation


@pytest.mark.parametrize(
    ("after", "expected"),
    [
        (" said so", (1.5, 0, 0)),
        ("\xa0said", (1.5, 0, 0)),
        (" province", (0, 2.0, 0)),
        (" then said", (0, 0, 0)),
        (", said", (0, 0, 0)),
        (", 38, fell", (3.0, 0, 0)),
        (" (38) fell", (3.0, 0, 0)),
        (", 38 ans,", (3.0, 0, 0)),
        (", 138, fell", (0, 0, 0)),
        (", 38 men", (0, 0, 0)),
        (" 38, fell", (0, 0, 0)),
        ("  (38)", (0, 0, 0)),
        ("", (0, 0, 0)),
    ],
)
def test_a_verb_of_saying_makes_a_person_a_word_of_place_a_place_and_an_age_a_person(after, expected):
    assert evidence(after) == expected


def test_what_was_known_before_is_added_to():
    found = Candidate(0, 4, ("bell",), "Bell", person=1.0)
    weigh_after(found, "Bell said", WORDS)
    assert found.person == 2.5
