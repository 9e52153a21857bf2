"""Whether a guess deserves to be said: by its score and its fit together, in doubt by a second witness.

The measure is the log odds, fitted on public test sets, that a text of 20 characters or more is in the language
guessed rather than in one that the model has no label for. `docs/decisions/language-witnesses.md` has the trials.
"""

import math
from enum import Enum, auto

FIT_CHARS = 20  # below, the fit of right and wrong guesses is the same
_LEAST_SCORE = 0.3  # of guesses below it, three in four are wrong
_SURE_SCORE = 1e-7  # chances of error below this say no more


class Verdict(Enum):
    """What is done with a guess."""

    SAY = auto()
    ASK = auto()  # say it if the second witness agrees
    KEEP_BACK = auto()


# Intercept, weight of the fit, weight of the score in powers of ten; then below what nothing is said and from where the
# witness need not be asked. One right tag in a hundred is lost. The second witness knows the familiar languages only.
_FAMILIAR = (-0.73, 2.28, 0.39, -1.75, -1.0)
_OTHER = (-1.18, 1.77, 0.46, -2.04, -2.04)


def judge(*, chars: int, score: float, fit: float, familiar: bool, by_script: bool) -> Verdict:
    """Decide on a guess with its score and its fit; a script's decision is beyond doubt."""
    if by_script:
        return Verdict.SAY
    if score < _LEAST_SCORE:
        return Verdict.KEEP_BACK
    if chars < FIT_CHARS:
        return Verdict.SAY
    least, enough = (_FAMILIAR if familiar else _OTHER)[3:]
    trust = log_odds(score=score, fit=fit, familiar=familiar)
    if trust >= enough:
        return Verdict.SAY
    return Verdict.ASK if trust >= least else Verdict.KEEP_BACK


def log_odds(*, score: float, fit: float, familiar: bool) -> float:
    """Return the log odds that the text is in a language with a label and not in one without."""
    intercept, by_fit, by_score = (_FAMILIAR if familiar else _OTHER)[:3]
    return intercept + by_fit * fit - by_score * math.log10(max(1.0 - score, 0.0) + _SURE_SCORE)
