"""Texts made to make a search look at everything from everywhere: the time grows with their length only."""

import time

import pytest

from transforms.entities.find import find_entities

LENGTH = 200_000
MOST_SECONDS = 3.0  # of CPU; about 0.5 on a quiet machine, and minutes when it grows with the square


@pytest.fixture(scope="module", autouse=True)
def _loaded():
    find_entities("", "Angela Merkel in Paris.", "en")


@pytest.mark.parametrize(
    ("unit", "language"),
    [
        ("Angela Merkel ", "de"),
        ("Russia-Ukraine-", "en"),
        ("A & B ", "de"),
        ("Bank of ", "en"),
        ("A & Bank of ", "en"),
        ("泽连斯基", "zh"),
        ("أنغيلا ميركل ", "ar"),
        ("Ангела Меркель ", "ru"),
    ],
)
def test_a_name_repeated_without_end_takes_linear_time(unit, language):
    begun = time.process_time()
    find_entities("", unit * (LENGTH // len(unit)), language)
    assert time.process_time() - begun < MOST_SECONDS
