"""Which guesses are said, which are put to the second witness, which are kept back."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transforms.language.trust import FIT_CHARS, Verdict, judge, log_odds

SAY, ASK, KEEP_BACK = Verdict.SAY, Verdict.ASK, Verdict.KEEP_BACK


def verdict(chars=200, score=1.0, fit=0.0, familiar=True, by_script=False):
    return judge(chars=chars, score=score, fit=fit, familiar=familiar, by_script=by_script)


def fit_for(trust, score, familiar):
    """Return the fit that gives log odds of `trust` with a score."""
    at_zero = log_odds(score=score, fit=0.0, familiar=familiar)
    slope = log_odds(score=score, fit=1.0, familiar=familiar) - at_zero
    return (trust - at_zero) / slope


@pytest.mark.parametrize(
    ("familiar", "trust", "expected"),
    [
        (True, -1.76, KEEP_BACK),
        (True, -1.74, ASK),
        (True, -1.01, ASK),
        (True, -0.99, SAY),
        (False, -2.05, KEEP_BACK),
        (False, -2.03, SAY),
    ],
)
@pytest.mark.parametrize("score", [0.31, 0.9, 1.0])
def test_the_log_odds_decide_and_the_witness_is_asked_about_familiar_languages_only(familiar, trust, expected, score):
    assert verdict(score=score, fit=fit_for(trust, score, familiar), familiar=familiar) is expected


@pytest.mark.parametrize(("score", "expected"), [(0.29, KEEP_BACK), (0.3, SAY)])
@pytest.mark.parametrize("chars", [5, 200])
def test_below_a_score_of_three_tenths_nothing_is_said(score, expected, chars):
    assert verdict(chars=chars, score=score, fit=5.0) is expected


@pytest.mark.parametrize(("chars", "expected"), [(19, SAY), (20, KEEP_BACK)])
def test_the_fit_of_a_short_text_says_nothing(chars, expected):
    assert verdict(chars=chars, score=0.5, fit=-9.0) is expected
    assert FIT_CHARS == 20


@pytest.mark.parametrize("score", [0.0, 0.29, 1.0])
def test_a_script_is_beyond_doubt(score):
    assert verdict(score=score, fit=-20.0, by_script=True) is SAY


@pytest.mark.parametrize(
    ("score", "fit", "familiar", "expected"),
    [
        (0.9, 0.0, True, -0.73 + 0.39),
        (0.9, -1.0, True, -0.73 - 2.28 + 0.39),
        (0.99, 0.0, False, -1.18 + 2 * 0.46),
        (0.99, -1.0, False, -1.18 - 1.77 + 2 * 0.46),
    ],
)
def test_the_weights_are_those_that_were_fitted(score, fit, familiar, expected):
    assert log_odds(score=score, fit=fit, familiar=familiar) == pytest.approx(expected, abs=1e-4)


def test_a_score_beyond_seven_nines_says_no_more():
    highest = log_odds(score=1.0, fit=0.0, familiar=True)
    assert highest == pytest.approx(-0.73 + 7 * 0.39)
    assert log_odds(score=1.0000001, fit=0.0, familiar=True) == highest
    assert math.isfinite(highest)


@given(st.floats(0, 1), st.floats(0, 1), st.floats(-5, 5), st.floats(-5, 5), st.booleans())
def test_trust_rises_with_the_score_and_with_the_fit(one, other, low, high, familiar):
    scores, fits = sorted((one, other)), sorted((low, high))
    by_score = [log_odds(score=score, fit=low, familiar=familiar) for score in scores]
    by_fit = [log_odds(score=one, fit=fit, familiar=familiar) for fit in fits]
    assert by_score == sorted(by_score)
    assert by_fit == sorted(by_fit)
