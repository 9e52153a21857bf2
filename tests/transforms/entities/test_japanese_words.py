"""Words of Japanese texts: where they end, and of what kind they are."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from transforms.entities.japanese_words import KINDS, cut, words
from transforms.entities.words import FORMS, LAST_FORMS, RANKS


def kinds_of(*pieces):
    return [f"{form}/{kind}" for piece in pieces for form, kind in cut(piece)]


@pytest.mark.parametrize(
    ("pieces", "kinds"),
    [
        (["京丹後市議会", "は"], ["京丹後/unknown", "市議会/body", "は/topic"]),
        (["同意", "を"], ["同意/common", "を/object"]),
        (["鈴木容疑者"], ["鈴木/surname", "容疑者/title"]),
        (["北海道"], ["北海道/known"]),
        (["なぎさ"], ["なぎさ/hiragana"]),
        (["コロ", "さん"], ["コロ/katakana", "さん/title"]),
        (["HD", "30", "「"], ["HD/latin", "30/number", "「/mark"]),
    ],
)
def test_a_row_is_cut_into_what_lists_have_and_the_rest_stays_whole(pieces, kinds):
    assert kinds_of(*pieces) == kinds


@given(st.text(st.sampled_from("鈴木は東京都議会でコローさんa1 \n、\ud800龘"), max_size=40))
def test_words_make_up_the_text_and_numbers_stay_within_their_range(text):
    found = words(text)
    assert (found.ends[-1] if text else 0) == len(text)
    assert (np.diff(found.ends, prepend=0) > 0).all()
    for column, below in ((found.kinds, KINDS), (found.ranks, RANKS), (found.forms, FORMS), (found.lasts, LAST_FORMS)):
        assert len(column) == len(found.ends)
        assert (column < below).all()
