import unicodedata
from importlib.metadata import version

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from py3langid import langid

from transforms.language import naive_bayes
from transforms.language.py3langid_model import byte_model

TEXTS = [
    "The harbour was closed for two days after the storm.",
    "Der Hafen blieb nach dem Sturm zwei Tage lang geschlossen.",
    "港は嵐のあと二日間閉鎖された。",
    "Порт был закрыт два дня после шторма.",
    "كان الميناء مغلقا لمدة يومين بعد العاصفة.",
    "तूफान के बाद बंदरगाह दो दिन बंद रहा।",
    "a",
    "",
    "x" * 63,
    "y" * 64,
    "word " * 300,
]


def _by_label(row):
    best = {}
    for label, score in zip(byte_model().labels, row.tolist(), strict=True):
        best[label] = max(best.get(label, -np.inf), score)
    return best


def _assert_equals_rank(text):
    encoded = unicodedata.normalize("NFC", text).encode("utf-8", "surrogatepass")
    scores, weight = naive_bayes.evaluate([encoded])
    expected = dict(langid.rank(encoded.decode("utf-8", "surrogatepass")))
    if weight[0] == 0:
        assert max(expected.values()) < -1e30  # py3langid's sign for no feature at all
        return
    found = _by_label(scores[0])
    assert found.keys() == expected.keys()
    for label, score in expected.items():
        assert found[label] == pytest.approx(score, rel=2e-5, abs=2e-3), label


@pytest.mark.parametrize("text", TEXTS)
def test_scores_equal_those_of_the_library(text):
    _assert_equals_rank(text)


@settings(max_examples=60)
@given(st.text(max_size=300).filter(lambda text: not text.isupper()))
def test_scores_equal_those_of_the_library_for_any_text(text):
    _assert_equals_rank(text)


@settings(max_examples=30)
@given(st.lists(st.text(max_size=150), max_size=12), st.randoms(use_true_random=False))
def test_a_text_has_the_same_bits_in_any_company(texts, random):
    encoded = [text.encode("utf-8", "surrogatepass") for text in texts]
    alone = [naive_bayes.evaluate([text]).scores[0].tobytes() for text in encoded]
    order = list(range(len(texts)))
    random.shuffle(order)
    together = naive_bayes.evaluate([encoded[place] for place in order]).scores
    assert [together[row].tobytes() for row in range(len(order))] == [alone[place] for place in order]


def test_groups_hold_every_text_once():
    texts = [b"a" * size for size in (10, naive_bayes.GROUP_BYTES, 5, 0, naive_bayes.GROUP_BYTES - 5, 6)]
    groups = list(naive_bayes._groups(texts))
    assert [text for group in groups for text in group] == texts
    assert len(groups) == 4


def test_the_library_is_the_pinned_version():
    assert version("py3langid") == "0.4.0", "the model is read through private attributes: compare before raising"
