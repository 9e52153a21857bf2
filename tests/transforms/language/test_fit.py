"""How well a text fits the language it was given."""

import json
from importlib.resources import files

import numpy as np
import pytest

from transforms.language.fit import fit, per_feature
from transforms.language.naive_bayes import Evaluation, evaluate
from transforms.language.py3langid_model import byte_model
from transforms.language.scores import label_columns

TYPICAL = json.loads(files("transforms.language").joinpath("data/typical_fit.json").read_text("utf-8"))
COLUMNS = label_columns(("zh-cn", "de", "zh-tw"))
DE, ZH = COLUMNS.codes.index("de"), COLUMNS.codes.index("zh")


def evaluation(*rows, weight=4.0):
    return Evaluation(np.array(rows, np.float32), np.full(len(rows), weight, np.float32))


def test_the_log_probability_is_counted_per_feature():
    assert per_feature(evaluation([-9.0, -20.0, -8.0]), COLUMNS, np.array([DE])).tolist() == [-5.0]


def test_of_a_language_with_several_columns_the_best_counts():
    raw = evaluation([-12.0, -1.0, -8.0], [-8.0, -1.0, -12.0])
    assert per_feature(raw, COLUMNS, np.array([ZH, ZH])).tolist() == [-2.0, -2.0]


def test_a_text_of_little_weight_is_measured_by_it():
    assert per_feature(evaluation([-9.0, -2.0, -9.0], weight=0.5), COLUMNS, np.array([DE])).tolist() == [-4.0]


def test_a_text_without_features_fits_worse_than_any():
    assert per_feature(evaluation([-9.0, -9.0, -9.0], weight=0.0), COLUMNS, np.array([DE])).tolist() == [-20.0]


def test_a_typical_text_has_a_fit_of_zero():
    raw = evaluation([-99.0, 4.0 * TYPICAL["de"], -99.0])
    assert fit(raw, COLUMNS, np.array([DE])) == pytest.approx([0.0], abs=1e-6)


def test_a_language_that_was_not_measured_is_held_to_the_median_of_the_others():
    columns = label_columns(("xxx",))
    median = float(np.median(list(TYPICAL.values())))
    assert fit(evaluation([4.0 * median]), columns, np.array([0])) == pytest.approx([0.0], abs=1e-6)


def test_what_is_typical_was_measured_for_languages_that_the_model_has():
    assert set(TYPICAL) <= set(label_columns(byte_model().labels).codes)


def test_right_text_fits_and_noise_does_not():
    columns = label_columns(byte_model().labels)
    english = columns.codes.index("en")
    texts = [b" the city council voted on tuesday to close the pools until spring ", b" qxz vwk jqq zzxv kwq pfg bnm "]
    values = fit(evaluate(texts), columns, np.array([english, english]))
    assert values[0] > -1.0
    assert values[1] < -3.0
