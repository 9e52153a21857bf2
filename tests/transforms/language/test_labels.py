"""The codes that stand for the models' labels."""

import pytest

from transforms.language.labels import FAMILIAR, FOLDED, UNDETERMINED, code
from transforms.language.langdetect_profiles import profiles
from transforms.language.py3langid_model import byte_model


@pytest.mark.parametrize(
    ("label", "language"),
    [("nn", "no"), ("nb", "no"), ("zh-tw", "zh"), ("grc", "el"), ("zxx", UNDETERMINED), ("de", "de"), ("xx", "xx")],
)
def test_a_label_that_is_finer_than_news_needs_becomes_its_language(label, language):
    assert code(label) == language


def test_what_is_folded_stays_where_it_is():
    assert all(code(language) == language for language in FOLDED.values())


def test_the_familiar_languages_are_those_of_langdetect():
    assert {code(label) for label in profiles().labels} == FAMILIAR
    assert len(FAMILIAR) == 54


def test_the_first_witness_knows_every_familiar_language():
    assert {code(label) for label in byte_model().labels} >= FAMILIAR


def test_codes_are_of_two_letters_where_there_is_such_a_one():
    assert all(len(code(label)) in {2, 3} for label in byte_model().labels)
