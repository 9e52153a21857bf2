"""The votes of a text's pieces."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from transforms.language.tags import LanguageTag
from transforms.language.votes import Ballot, ballot, count, tag


def counted(chances, text_of, letters, texts):
    found = np.array(chances, float)
    return count(ballot(found), np.array(text_of), np.array(letters), texts, found.shape[1])


def test_a_ballot_names_the_two_best_of_each_row():
    best = ballot(np.array([[0.1, 0.7, 0.2], [0.6, 0.0, 0.4]], np.float32))
    assert (best.first.tolist(), best.second.tolist()) == ([1, 0], [2, 2])
    assert best.first_score == pytest.approx([0.7, 0.6])
    assert best.second_score == pytest.approx([0.2, 0.4])


def test_the_lower_column_wins_a_tie():
    best = ballot(np.array([[0.4, 0.4, 0.4]]))
    assert (best.first[0], best.second[0]) == (0, 1)


def test_a_score_is_never_above_one():
    best = ballot(np.array([[1.0000001, 0.0]], np.float32))
    assert best.first_score.tolist() == [1.0]


def test_pieces_vote_with_their_letters_times_their_scores():
    outcome = counted([[0.9, 0.1, 0.0], [0.0, 0.2, 0.8], [0.0, 0.0, 1.0]], [0, 0, 1], [100, 50, 10], 3)
    assert outcome.first.tolist()[:2] == [0, 2]
    assert outcome.first_score.tolist() == pytest.approx([0.6, 1.0, 0.0])
    assert outcome.second_score[0] == pytest.approx(0.8 / 3)


def test_a_piece_votes_for_its_second_guess_too():
    outcome = counted([[0.6, 0.4, 0.0], [0.0, 0.4, 0.6]], [0, 0], [10, 10], 1)
    assert outcome.first.tolist() == [1]
    assert outcome.first_score.tolist() == pytest.approx([0.4])


def test_a_language_with_more_letters_outvotes_one_with_more_pieces():
    outcome = counted([[1.0, 0.0], [0.0, 1.0], [0.0, 1.0]], [0, 0, 0], [100, 40, 40], 1)
    assert outcome.first.tolist() == [0]


def test_a_text_without_letters_counts_nothing():
    outcome = counted([[0.9, 0.1]], [0], [0], 2)
    assert outcome.first_score.tolist() == [0.0, 0.0]


@given(
    st.lists(
        st.tuples(st.integers(0, 2), st.integers(1, 50), st.lists(st.floats(0, 1), min_size=3, max_size=3)),
        min_size=1,
        max_size=6,
    )
)
def test_counting_is_that_of_a_loop(cast):
    cast = sorted(cast, key=lambda vote: vote[0])
    outcome = counted([chances for *_, chances in cast], [text for text, *_ in cast], [size for _, size, _ in cast], 3)
    for text in range(3):
        sums = [0.0] * 3
        for _, size, chances in (vote for vote in cast if vote[0] == text):
            for at in sorted(range(3), key=lambda at, chances=chances: (-chances[at], at))[:2]:
                sums[at] += chances[at] * size
        total = max(sum(size for own, size, _ in cast if own == text), 1)
        assert outcome.first_score[text] == pytest.approx(max(sums) / total)
        assert outcome.second_score[text] == pytest.approx(sorted(sums)[1] / total)


def test_a_row_is_written_as_a_tag():
    best = Ballot(np.array([1, 0]), np.array([0.7, 0.5]), np.array([0, 1]), np.array([0.2, 0.4]))
    assert tag(("de", "en"), best, 0) == LanguageTag("en", 0.7, "de", 0.2)
    assert tag(("de", "en"), best, 1) == LanguageTag("de", 0.5, "en", 0.4)
