"""Raw scores become shares of languages."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from transforms.language.labels import FAMILIAR
from transforms.language.py3langid_model import byte_model
from transforms.language.scores import label_columns, probabilities

LABELS = ("zh-tw", "de", "lb", "zh-cn", "sr")


def shares(labels, raw, size=100, cyrillic=False):
    columns = label_columns(labels)
    found = probabilities(np.array([raw], np.float32), columns, [size], np.array([cyrillic]))
    return dict(zip(columns.codes, found[0].tolist(), strict=True))


def best(labels, raw, **told):
    found = shares(labels, raw, **told)
    return max(found, key=found.get)


def test_columns_of_one_language_lie_together():
    columns = label_columns(LABELS)
    assert columns.codes == ("de", "lb", "sr", "zh")
    assert columns.order.tolist() == [1, 2, 4, 0, 3]
    assert columns.starts.tolist() == [0, 1, 2, 3]
    assert columns.members.tolist() == [[1, 1], [2, 2], [4, 4], [0, 3]]
    assert columns.penalised.tolist() == [0, 0, 1, 0, 1]
    assert columns.prior.tolist() == pytest.approx([0.0, 0.0, 0.0, 0.0, 0.5])
    assert columns.serbian.tolist() == [False, False, False, False, True]


def test_codes_of_the_model_rise_and_hold_every_familiar_language():
    codes = label_columns(byte_model().labels).codes
    assert list(codes) == sorted(set(codes))
    assert set(codes) >= FAMILIAR


def test_columns_of_one_language_are_added_up():
    apart = shares(("de", "fr"), [-50.0, -50.0])
    folded = shares(("zh-cn", "de", "zh-tw"), [-50.0, -50.0, -50.0])
    assert apart["de"] == pytest.approx(0.5)
    assert folded["zh"] == pytest.approx(2 / 3)


@pytest.mark.parametrize(
    ("size", "lead", "winner"), [(100, 19.9, "de"), (100, 20.1, "lb"), (400, 39.9, "de"), (400, 40.1, "lb")]
)
def test_an_unfamiliar_language_has_to_win_by_two_log_units_per_root_of_the_bytes(size, lead, winner):
    assert best(("de", "lb"), [-100.0, -100.0 + lead], size=size) == winner


@pytest.mark.parametrize(
    ("cyrillic", "lead", "winner"), [(True, 2.4, "ru"), (True, 2.6, "sr"), (False, 19.9, "ru"), (False, 20.1, "sr")]
)
def test_serbian_in_cyrillic_letters_needs_a_quarter_of_a_log_unit(cyrillic, lead, winner):
    assert best(("ru", "sr"), [-100.0, -100.0 + lead], cyrillic=cyrillic) == winner


@pytest.mark.parametrize(("size", "winner"), [(10, "bg"), (99, "bg"), (100, "ru")])
def test_a_short_text_goes_to_the_relative_that_is_too_seldom_named(size, winner):
    assert best(("bg", "ru"), [-50.0, -49.2], size=size) == winner


def test_of_a_longer_text_the_same_lead_says_less():
    leads = [shares(("de", "fr"), [-50.0, -48.0], size=size)["fr"] for size in (20, 200, 2000)]
    assert leads == sorted(leads, reverse=True)
    temperature = 6.6535  # at 1,000 bytes: .942 * 1000 ** .283
    last = shares(("de", "fr"), [-50.0, -48.0], size=1000)["fr"]
    expected = 1 / (1 + np.exp(-2 / temperature))
    assert last == pytest.approx(expected, abs=1e-4)


@given(st.lists(st.floats(-500, 0), min_size=5, max_size=5), st.integers(1, 5000), st.booleans())
def test_shares_add_up_to_one(raw, size, cyrillic):
    found = shares(LABELS, raw, size=size, cyrillic=cyrillic)
    assert sum(found.values()) == pytest.approx(1.0, abs=1e-5)
    assert all(share >= 0.0 for share in found.values())


def test_a_text_has_the_same_shares_in_any_company():
    columns = label_columns(LABELS)
    raw = np.random.default_rng(3).normal(-80, 9, (4, 5)).astype(np.float32)
    sizes, cyrillic = [7, 99, 100, 3000], np.array([True, False, True, False])
    together = probabilities(raw, columns, sizes, cyrillic)
    for row in range(4):
        alone = probabilities(raw[[row]], columns, sizes[row : row + 1], cyrillic[[row]])
        assert alone[0].tobytes() == together[row].tobytes()
