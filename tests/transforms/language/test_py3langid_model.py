"""py3langid's model as arrays: nothing is lost in taking it apart."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from tests.transforms.language.small_automaton import ends, small_automaton, stored_automaton
from transforms.language.py3langid_model import BYTES_REMEMBERED, _row_table, byte_model

PATTERNS = st.lists(st.text("abc", min_size=1, max_size=4).map(str.encode), min_size=1, max_size=6, unique=True)


def stepped(model, text):
    """Return the feature after each byte, one byte after the other."""
    state, found = 0, []
    for byte in text:
        state = int(model.first_of_byte[byte]) + int(model.next_place[int(model.row_of_state[state]) + byte])
        found.append(int(model.feature_of_state[state]))
    return found


@settings(max_examples=50)
@given(PATTERNS, st.text("abcd", max_size=20).map(str.encode))
def test_states_numbered_anew_say_the_same(patterns, text):
    assert stepped(small_automaton(patterns), text) == ends(patterns, text)


@settings(max_examples=20)
@given(PATTERNS)
def test_every_byte_leads_to_states_of_its_own(patterns):
    model = small_automaton(patterns)
    following, *_ = stored_automaton(patterns)
    reached = (model.first_of_byte[np.newaxis] + model.next_place.reshape(-1, 256)).astype(int)
    assert all({*reached[:, byte]}.isdisjoint(reached[:, byte + 1]) for byte in range(255))
    assert reached.max() < len(model.row_of_state) == len(following) - 1 + 256


# Half-precision numbers from -2 down to -16, as the table has them.
LOGARITHMS = st.integers(-16 * 512, -2 * 512).map(lambda steps: float(np.float16(steps / 512)))


@given(arrays.arrays(np.float16, st.tuples(st.integers(1, 9), st.integers(1, 4)), elements=LOGARITHMS))
def test_a_table_split_into_floor_and_steps_is_the_same_to_the_last_bit(table):
    split = _row_table(table)
    assert split.floor.tolist() == table.min(axis=0).tolist()
    assert (split.floor + split.above.toarray() * split.step).tolist() == table.tolist()
    assert split.above.nnz == np.count_nonzero(table != table.min(axis=0))


def test_a_table_is_read_in_slabs_as_in_one_piece(monkeypatch):
    table = (-2 - np.random.default_rng(2).integers(0, 999, (25, 3)) / 512).astype(np.float16)
    whole = _row_table(table).above.toarray().tolist()
    monkeypatch.setattr("transforms.language.py3langid_model._SLAB", 4)
    assert _row_table(table).above.toarray().tolist() == whole


def test_the_shipped_model_has_the_shape_that_is_counted_on():
    model = byte_model()
    assert len(model.labels) == len(model.prior) == len(model.table.floor)
    assert model.automaton.feature_of_state.max() == model.table.above.shape[0] - 1
    assert model.table.above.shape[0] < 1 << 20  # the bits that `automaton` has for a feature
    assert byte_model() is model


def test_what_each_label_starts_from_is_how_many_documents_it_was_trained_on():
    documents = np.exp(byte_model().prior.astype(float))
    assert documents == pytest.approx(documents.round(), abs=0.01)
    assert documents.max() / np.median(documents) < 1.5  # so that labels are nearly alike, which `scores` mends


def test_the_state_of_the_shipped_model_depends_on_the_last_bytes_alone():
    text = "Порт был закрыт, the harbour was closed 港は閉鎖された。".encode()
    late = [stepped(byte_model().automaton, text[at - BYTES_REMEMBERED : at])[-1] for at in range(8, len(text) + 1)]
    assert late == stepped(byte_model().automaton, text)[7:]
