"""From raw scores to probabilities of languages: penalties, temperature, folding of labels."""

from collections.abc import Sequence
from functools import cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from transforms.language.labels import FAMILIAR, UNDETERMINED, code

# Fitted on the even rows of public test sets in 54 languages: of the texts scored s, the share s is right.
_TEMPERATURE = 0.942
_TEMPERATURE_EXPONENT = 0.283
# Log units per sqrt(bytes) that a language outside `FAMILIAR` has to win by. Without it one Croatian text in four
# becomes Bosnian; with three, languages of their own right such as Galician are lost.
_PENALTY = 2.0
# Log units added to a language's score. The model takes each label for as likely as another, and what a text of two or
# three words is called hangs on that: Bulgarian was called Russian four times as often as the other way round, Urdu
# Persian five times, Hindi Nepali three times. Fitted twice on cuttings of NTREX-128, Tatoeba and UDHR, equally many a
# language: pairs of long words, and one to three words as they stand. Where both agree, the smaller of the two is kept.
_PRIOR_BYTES = 100  # a text this long or longer is left alone: it has enough to go by
_PRIOR = {
    "ar": -0.9,
    "ne": -0.4,
    **dict.fromkeys(("cs", "ru"), -0.3),
    **dict.fromkeys(("da", "hu", "pl"), -0.2),
    **dict.fromkeys(("fr", "it", "tl", "uk"), 0.2),
    **dict.fromkeys(("hr", "mr"), 0.3),
    **dict.fromkeys(("es", "ur"), 0.4),
    **dict.fromkeys(("mk", "sr"), 0.5),  # Serbian was not fitted: it keeps its distance to Macedonian
    **dict.fromkeys(("bg", "sw"), 0.6),
}
# In Cyrillic letters Serbian is otherwise taken for Macedonian; free of any penalty, it takes Macedonian headlines.
_CYRILLIC_SERBIAN_PENALTY = 0.25


class LabelColumns(NamedTuple):
    """How the model's columns stand for languages."""

    codes: tuple[str, ...]  # rising
    order: NDArray[np.int64]  # columns sorted by language
    starts: NDArray[np.int64]  # where each language begins in `order`
    members: NDArray[np.int64]  # (languages, most columns of one) each language's columns, the first one repeated
    prior: NDArray[np.float32]  # (columns,) log units
    penalised: NDArray[np.float32]  # (columns,) 1 for what has to win by a margin
    serbian: NDArray[np.bool_]  # (columns,)


@cache
def label_columns(labels: tuple[str, ...]) -> LabelColumns:
    """Return the languages of `labels` and where their columns are."""
    languages = np.array([code(label) for label in labels])
    order = np.argsort(languages, kind="stable")
    codes, starts = np.unique(languages[order], return_index=True)
    penalised = [language not in FAMILIAR and language != UNDETERMINED for language in languages]
    return LabelColumns(
        codes=tuple(codes.tolist()),
        order=order,
        starts=starts,
        members=_members(order, starts),
        prior=np.array([_PRIOR.get(language, 0.0) for language in languages.tolist()], np.float32),
        penalised=np.array(penalised, np.float32),
        serbian=np.array(languages == "sr"),
    )


def _members(order: NDArray[np.int64], starts: NDArray[np.int64]) -> NDArray[np.int64]:
    ends = np.append(starts[1:], len(order))
    places = starts[:, np.newaxis] + np.arange((ends - starts).max())
    return order[np.where(places < ends[:, np.newaxis], places, starts[:, np.newaxis])]


def probabilities(
    raw: NDArray[np.float32], columns: LabelColumns, sizes: Sequence[int], cyrillic: NDArray[np.bool_]
) -> NDArray[np.float32]:
    """Return (texts, languages) probabilities of raw scores of texts of `sizes` bytes.

    Serbian in Cyrillic letters need not win by much; in Latin letters it cannot be told from Croatian.
    """
    size = np.array(sizes, np.float32)[:, np.newaxis]
    strength = _PENALTY * np.repeat(columns.penalised[np.newaxis], len(size), axis=0)
    strength[np.ix_(cyrillic, columns.serbian)] = _CYRILLIC_SERBIAN_PENALTY
    temperature = np.float32(_TEMPERATURE) * size ** np.float32(_TEMPERATURE_EXPONENT)
    logits = (raw + columns.prior * (size < _PRIOR_BYTES) - strength * np.sqrt(size)) / temperature
    exponentials = np.exp(logits - logits.max(axis=1, keepdims=True))
    shares = exponentials / exponentials.sum(axis=1, keepdims=True)
    return np.add.reduceat(shares[:, columns.order], columns.starts, axis=1)
