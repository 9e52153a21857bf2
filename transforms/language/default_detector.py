"""The default detector: scripts first, then py3langid's model over pieces that vote; `und` where it does not fit."""

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from transforms.language import close_words, langdetect_detector, naive_bayes, pieces, scores, scripts, trust, votes
from transforms.language.fit import fit
from transforms.language.labels import FAMILIAR, UNDETERMINED
from transforms.language.py3langid_model import byte_model
from transforms.language.tags import LanguageTag, abstain, confirm

_SCRIPT_SCORE = 0.999  # of the texts that a script decides, more than 999 in 1,000 are right
# Of news articles 97 in 100 reach both by three pieces; of none of them did all seven name another language.
_CLEAR_SCORE, _CLEAR_FIT = 0.99, -0.5
_WITNESS_CHARS = 2_000  # so much of a text is enough for the second witness, whose time grows with the text


class Findings(NamedTuple):
    """What is known about each text before it is decided whether to say so."""

    outcome: votes.Ballot
    letters: NDArray[np.int64]  # (texts,)
    score: NDArray[np.float64]  # (texts,) mean of the pieces that voted for the winner: in mixed texts above its share
    fit: NDArray[np.float64]  # (texts,) of the same pieces
    by_script: NDArray[np.bool_]  # (texts,) whether a script decided most of those


def detect(texts: Sequence[str]) -> list[LanguageTag]:
    """Tag each text; the tag depends on that text alone."""
    if not texts:
        return []
    found = examine(texts)
    codes = _codes()
    tags = [votes.tag(codes, found.outcome, row) for row in range(len(texts))]
    verdicts = [_judge(text, found, row, tag) for row, (text, tag) in enumerate(zip(texts, tags, strict=True))]
    asked = [row for row, verdict in enumerate(verdicts) if verdict is trust.Verdict.ASK]
    witness = dict(zip(asked, langdetect_detector.detect([texts[row][:_WITNESS_CHARS] for row in asked]), strict=True))
    said = [_say(tag, verdict, witness.get(row)) for row, (tag, verdict) in enumerate(zip(tags, verdicts, strict=True))]
    # Last, because twins share their n-grams: score, fit and witness tell the group, words the one.
    return [close_words.settle(tag, text) for tag, text in zip(said, texts, strict=True)]


def _judge(text: str, found: Findings, row: int, tag: LanguageTag) -> trust.Verdict | None:
    if found.letters[row] == 0:
        return None
    return trust.judge(
        chars=len(text),
        score=float(found.score[row]),
        fit=float(found.fit[row]),
        familiar=tag.language in FAMILIAR,
        by_script=bool(found.by_script[row]),
    )


def _say(tag: LanguageTag, verdict: trust.Verdict | None, witness: LanguageTag | None) -> LanguageTag:
    """Return the tag, or `und`; without a verdict, because there are no letters, there is no guess either."""
    if verdict is None:
        return LanguageTag(UNDETERMINED)
    agreed = verdict is trust.Verdict.SAY or (witness is not None and witness.language == tag.language)
    return confirm(tag) if agreed else abstain(tag)


def examine(texts: Sequence[str]) -> Findings:
    """Score pieces of each text and count their votes; where the first, middle and last one agree, these are all."""
    of_text = [pieces.pieces(pieces.without_addresses(text)) for text in texts]
    # Two rounds: the other pieces of the few texts that need them are scored together, for large batches cost least.
    found = _examined([pieces.sample(own) for own in of_text])
    left = np.flatnonzero(~_is_clear(found) & (np.array(list(map(len, of_text))) > pieces.SAMPLE))
    return _with(found, left, _examined([of_text[row] for row in left.tolist()])) if len(left) else found


def _is_clear(found: Findings) -> NDArray[np.bool_]:
    """Tell which texts further pieces would say the same of."""
    sure = (found.outcome.first_score >= _CLEAR_SCORE) & (found.fit >= _CLEAR_FIT)
    return sure | (found.by_script & (found.outcome.first_score >= _SCRIPT_SCORE))


def _with(found: Findings, rows: NDArray[np.int64], other: Findings) -> Findings:
    """Put the findings on some texts in their rows."""
    outcome = votes.Ballot(*(_put(old, rows, new) for old, new in zip(found.outcome, other.outcome, strict=True)))
    return Findings(outcome, *(_put(old, rows, new) for old, new in zip(found[1:], other[1:], strict=True)))


def _put(values: NDArray[Any], rows: NDArray[np.int64], news: NDArray[Any]) -> NDArray[Any]:
    changed = values.copy()
    changed[rows] = news
    return changed


def _examined(of_text: Sequence[Sequence[str]]) -> Findings:
    flat = [piece for own in of_text for piece in own]
    text_of = np.repeat(np.arange(len(of_text)), [len(own) for own in of_text])
    verdicts = scripts.judge(flat)
    chances, piece_fit = _scored_where_needed(flat, text_of, verdicts)
    scripted = _let_scripts_decide(chances, verdicts)
    cast = votes.ballot(chances)
    outcome = votes.count(cast, text_of, verdicts.letters, len(of_text), chances.shape[1])
    # A mixed article is trusted by the pieces that voted for the winner, else a foreign footer makes it `und`.
    agreeing = np.where(cast.first == outcome.first[text_of], verdicts.letters, 0)

    def mean(values: NDArray[np.floating] | NDArray[np.bool_]) -> NDArray[np.float64]:
        return np.bincount(text_of, agreeing * values, len(of_text)) / np.maximum(np.bincount(text_of, agreeing), 1)

    letters = np.bincount(text_of, verdicts.letters, len(of_text)).astype(np.int64)
    return Findings(outcome, letters, mean(cast.first_score), mean(piece_fit), mean(scripted) > 0.5)


def _codes() -> tuple[str, ...]:
    return scores.label_columns(byte_model().labels).codes


def _scored_where_needed(
    flat: Sequence[str], text_of: NDArray[np.int64], verdicts: scripts.ScriptVerdicts
) -> tuple[NDArray[np.float32], NDArray[np.float64]]:
    """Return each piece's chances, (pieces, languages), and how it fits the likeliest.

    Where scripts decide, the model is asked about a text's first piece alone, for the runner-up; the rest stay 0.
    """
    open_still = [language is None for language in verdicts.language]
    doubtful = [other is not None for other in verdicts.alternative]
    needed = np.flatnonzero((np.diff(text_of, prepend=-1) != 0) | open_still | doubtful)
    # By piece, not by text: Serbian is judged otherwise in Cyrillic letters, see `scores`.
    cyrillic = verdicts.counts[:, scripts.Script.CYRILLIC] * 2 > verdicts.letters
    chances = np.zeros((len(flat), len(_codes())), np.float32)
    piece_fit = np.zeros(len(flat))
    chances[needed], piece_fit[needed] = _model_opinion([flat[piece] for piece in needed.tolist()], cyrillic[needed])
    return chances, piece_fit


def _model_opinion(flat: Sequence[str], cyrillic: NDArray[np.bool_]) -> tuple[NDArray[np.float32], NDArray[np.float64]]:
    columns = scores.label_columns(byte_model().labels)
    padded = [pieces.padded(piece) for piece in flat]
    raw = naive_bayes.evaluate(padded)
    chances = scores.probabilities(raw.scores, columns, [len(piece) for piece in padded], cyrillic)
    return chances, fit(raw, columns, chances.argmax(axis=1))


def _let_scripts_decide(chances: NDArray[np.float32], verdicts: scripts.ScriptVerdicts) -> NDArray[np.bool_]:
    """Give a decided piece's language what a script is worth, and leave the rest to the model's order.

    Returns:
        Which pieces a script decided.
    """
    codes = _codes()
    favourite = chances.argmax(axis=1)
    decided = np.zeros(len(chances), bool)
    for row, language in enumerate(verdicts.language):
        if language is None or codes[favourite[row]] == verdicts.alternative[row]:
            continue
        chances[row] *= 1.0 - _SCRIPT_SCORE
        chances[row, codes.index(language)] += _SCRIPT_SCORE
        decided[row] = True
    return decided
