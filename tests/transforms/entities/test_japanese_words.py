"""Words of Japanese texts: where they end, and of what kind they are."""

import pytest

from transforms.entities.japanese_words import cut


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
