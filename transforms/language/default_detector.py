"""The default detector: scripts first, then py3langid's model over pieces that vote; `und` where it does not fit."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from transforms.language import naive_bayes, pieces, scores, scripts, votes
from transforms.language.fit import fit
from transforms.language.labels import UNDETERMINED
from transforms.language.py3langid_model import byte_model
from transforms.language.tags import LanguageTag, abstain, confirm

_SCRIPT_SCORE = 0.999  # of the texts that a script decides, more than 999 in 1,000 are right
_LEAST_SCORE = 0.3
_LEAST_FIT = -2.0  # log units per feature; right tags lie near 0
_FIT_CHARS = 20  # below, the fit of right and wrong tags is the same


class Findings(NamedTuple):
    """What is known about each text before it is decided whether to say so."""

    outcome: votes.Ballot
    letters: NDArray[np.int64]  # (texts,)
    fit: NDArray[np.float64]  # (texts,) of the pieces that voted for the winner


def detect(texts: Sequence[str]) -> list[LanguageTag]:
    """Tag each text; the tag depends on that text alone."""
    if not texts:
        return []
    found = examine(texts)
    return [_decide(text, found, row) for row, text in enumerate(texts)]


def examine(texts: Sequence[str]) -> Findings:
    """Score the pieces of each text and count their votes."""
    of_text = [pieces.pieces(pieces.without_addresses(text)) for text in texts]
    flat = [piece for own in of_text for piece in own]
    text_of = np.repeat(np.arange(len(texts)), [len(own) for own in of_text])
    model = byte_model()
    columns = scores.label_columns(model.labels)
    padded = [pieces.padded(piece) for piece in flat]
    raw = naive_bayes.evaluate(padded)
    verdicts = scripts.judge(flat)
    cyrillic = verdicts.counts[:, scripts.Script.CYRILLIC] * 2 > verdicts.letters
    chances = scores.probabilities(raw.scores, columns, [len(piece) for piece in padded], cyrillic)
    _let_scripts_decide(chances, verdicts, columns.codes)
    cast = votes.ballot(chances)
    outcome = votes.count(cast, text_of, verdicts.letters, len(texts), len(columns.codes))
    letters = np.bincount(text_of, verdicts.letters, len(texts)).astype(np.int64)
    piece_fit = fit(raw, columns, cast.first)
    agreeing = np.where(cast.first == outcome.first[text_of], verdicts.letters, 0)
    fits = np.bincount(text_of, agreeing * piece_fit, len(texts)) / np.maximum(np.bincount(text_of, agreeing), 1)
    return Findings(outcome, letters, fits)


def _let_scripts_decide(chances: NDArray[np.float32], verdicts: scripts.ScriptVerdicts, codes: tuple[str, ...]) -> None:
    """Give a decided piece's language what a script is worth, and leave the rest to the model's order."""
    favourite = chances.argmax(axis=1)
    for row, language in enumerate(verdicts.language):
        if language is None or codes[favourite[row]] == verdicts.alternative[row]:
            continue
        chances[row] *= 1.0 - _SCRIPT_SCORE
        chances[row, codes.index(language)] += _SCRIPT_SCORE


def _decide(text: str, found: Findings, row: int) -> LanguageTag:
    if found.letters[row] == 0:
        return LanguageTag(UNDETERMINED)
    tag = votes.tag(scores.label_columns(byte_model().labels).codes, found.outcome, row)
    misfit = len(text) >= _FIT_CHARS and found.fit[row] < _LEAST_FIT
    return abstain(tag) if misfit or found.outcome.first_score[row] < _LEAST_SCORE else confirm(tag)
