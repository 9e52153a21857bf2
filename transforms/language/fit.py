"""How well a text fits the language it was given: tells languages without a label from those with one.

A score says which label is best, not that it is good: text in a language that the model never saw gets high
scores too. What it lacks is the typical features of its label.
"""

import json
from functools import cache
from importlib.resources import files

import numpy as np
from numpy.typing import NDArray

from transforms.language.naive_bayes import Evaluation
from transforms.language.scores import LabelColumns

_NO_FEATURES = -20.0  # below any fit there can be: the smallest value of the model's table is -15


@cache
def _typical(codes: tuple[str, ...]) -> NDArray[np.float64]:
    """Return each language's median log-probability per feature, measured on texts of 60 characters and more.

    A language that was not measured gets the median of the others, which is near that of every Latin spelling.
    """
    measured = json.loads(files("transforms.language").joinpath("data/typical_fit.json").read_text("utf-8"))
    unmeasured = float(np.median(list(measured.values())))
    return np.array([measured.get(language, unmeasured) for language in codes])


def per_feature(raw: Evaluation, columns: LabelColumns, language: NDArray[np.int64]) -> NDArray[np.float64]:
    """Return the log-probability per feature of each text in its language (an index into the codes)."""
    best = raw.scores[np.arange(len(language))[:, np.newaxis], columns.members[language]].max(axis=1)
    # By features, not by bytes: a text has as many as it is long, so that long and short ones are held to one measure.
    weight = raw.weight.astype(np.float64)
    return np.where(weight > 0, best / np.maximum(weight, 1e-9), _NO_FEATURES)


def fit(raw: Evaluation, columns: LabelColumns, language: NDArray[np.int64]) -> NDArray[np.float64]:
    """Return how much better or worse each text fits its language than texts in it do: 0 is typical."""
    return per_feature(raw, columns, language) - _typical(columns.codes)[language]
