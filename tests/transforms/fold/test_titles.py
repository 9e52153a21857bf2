"""Tiny texts begin with their titles, and are held against longer ones without."""

import numpy as np

from transforms.fold.signature import TINY, sign
from transforms.fold.titles import titled, untitled


def signed(*told):
    return sign([title for title, _ in told], [text for _, text in told], np.zeros(len(told), dtype=np.int64))


def test_only_what_has_fewer_words_than_that_begins_with_its_title(words):
    tiny, enough = " ".join(words(1, TINY - 1)), " ".join(words(1, TINY))
    signatures = signed(("One title here", tiny), ("One title here", enough), ("", tiny), ("A title alone", ""))
    assert titled(signatures, np.arange(4)).tolist() == [True, False, False, False]
    assert titled(signatures, np.array([1, 0])).tolist() == [False, True]


def test_without_the_title_the_text_is_left(words):
    text = words(1, 20)
    both = signed(("One title here", " ".join(text)), ("", " ".join(text)))
    bare = untitled(both, np.array([True, False]))
    assert bare.words.row(0).tolist() == both.words.row(1).tolist()
    assert bare.shingles.row(0).tolist() == both.shingles.row(1).tolist()


def test_a_text_cut_to_a_few_words_is_part_of_its_original(fold, story, words):
    text, title = words(1, 33), " ".join(words(2, 8))
    whole, cut = story("whole", " ".join(text), title), story("cut", " ".join(text[:19]), title, day=0.1)
    for slices in ([[whole, cut]], [[cut, whole]]):
        folded = fold(*slices)
        assert folded.outcomes["cut"] == "excerpt"
        assert folded.decisions["cut"].by.containment == 1


def test_a_notice_in_place_of_a_text_is_no_part_of_a_longer_one(fold, story, words):
    notice = words(1, 18)
    folded = fold(
        [
            story("notice", " ".join(notice), " ".join(words(2, 8))),
            story("article", " ".join([*notice, *words(3, 15)]), " ".join(words(4, 8)), day=0.1),
        ]
    )
    assert not folded.together("notice", "article")
