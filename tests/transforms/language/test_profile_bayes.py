from collections import Counter

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from langdetect import detector_factory

from transforms.language import profile_bayes
from transforms.language.langdetect_profiles import profiles
from transforms.language.ngram_index import key_of

TEXTS = [
    "The NATO summit ABC was in Ägypten",
    "double  space\tand\nlines",
    "Người dân đã thu thập chữ ký a\u0300 \u00e2\u0301",
    "Привет world ABC и https://x.y/z me@b.com дальше",
    "市議会は火曜日に決めた。カタカナ ㄅㄆㄇ",
    "시의회는 결정했다",
    "ی ي ș ț ş",
    "",
    "𐐀𐐁 𝐀𝐁 x",
]


def _as_langdetect(text):
    detector_factory.init_factory()
    detector = detector_factory._factory.create()
    detector.append(text)
    detector.cleaning_text()
    return Counter(detector._extract_ngrams())


def _rows(ngrams):
    keys = np.array([key_of(ngram) for ngram in ngrams], np.int64)
    return dict(zip(profiles().index.find(keys).tolist(), ngrams.values(), strict=True))


@pytest.mark.parametrize("text", TEXTS)
def test_ngrams_are_those_of_the_library(text):
    assert Counter(profile_bayes.ngrams([text])[0].tolist()) == _rows(_as_langdetect(text))


@settings(max_examples=150)
@given(st.text(max_size=80))
def test_ngrams_are_those_of_the_library_for_any_text(text):
    assert Counter(profile_bayes.ngrams([text])[0].tolist()) == _rows(_as_langdetect(text))


def test_scores_are_the_product_of_the_profiles():
    text = "der Hafen "
    detector_factory.init_factory()
    factory = detector_factory._factory
    scores, total = profile_bayes.evaluate([text])
    ngrams = _as_langdetect(text)
    assert total[0] == sum(ngrams.values())
    for label in ("de", "nl", "zh-cn", "ar"):
        column = factory.langlist.index(label)
        shares = [(factory.word_lang_prob_map[ngram][column], count) for ngram, count in ngrams.items()]
        expected = sum(count * np.log(share + 0.5 / 10_000) for share, count in shares)
        assert scores[0, profiles().labels.index(label)] == pytest.approx(expected, rel=1e-5)


def test_ngrams_of_one_text_do_not_reach_into_the_next():
    rows, owner = profile_bayes.ngrams(["ab", "cd"])
    for number, text in enumerate(["ab", "cd"]):
        assert Counter(rows[owner == number].tolist()) == Counter(profile_bayes.ngrams([text])[0].tolist())
