"""The small parts: scripts, pieces, labels, votes, trust, the n-gram index and sparse rows."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from transforms.language import pieces, scripts, trust, votes
from transforms.language.fit import fit
from transforms.language.labels import FAMILIAR, code
from transforms.language.naive_bayes import evaluate
from transforms.language.ngram_index import NgramIndex, key_of
from transforms.language.py3langid_model import byte_model
from transforms.language.scores import label_columns, probabilities
from transforms.language.sparse_rows import RowTable, weighted_sums
from transforms.language.tags import LanguageTag, abstain, confirm


@pytest.mark.parametrize(
    ("text", "language", "alternative"),
    [
        ("Η θέρμανση κοστίζει", "el", None),
        ("Η εταιρεία Google Cloud", "el", None),
        ("Google Cloud Platform για", None, None),
        ("東京", "zh", "ja"),
        ("东京市政府宣布了新的计划", "zh", None),
        ("東京タワーは高い", "ja", None),
        ("서울시 Seoul", "ko", None),
        ("ข่าววันนี้", "th", None),
        ("Порт был закрыт", None, None),
        ("העיר החליטה", None, None),
        ("12345", None, None),
        ("", None, None),
    ],
)
def test_scripts_decide_where_one_language_uses_them(text, language, alternative):
    verdicts = scripts.judge([text])
    assert (verdicts.language, verdicts.alternative) == ([language], [alternative])


def test_letters_are_counted_by_script():
    counts = scripts.script_counts(["ab вг 12", "", "ᎠᎡ א"])
    assert counts[0, scripts.Script.LATIN] == counts[0, scripts.Script.CYRILLIC] == 2
    assert counts[1].sum() == 0
    assert (counts[2, scripts.Script.OTHER], counts[2, scripts.Script.HEBREW]) == (2, 1)


@given(st.text(max_size=3000))
def test_pieces_lie_in_the_text_and_are_bounded(text):
    parts = pieces.pieces(text)
    assert 1 <= len(parts) <= pieces.MAX_PIECES
    assert all(part in text for part in parts)
    if len(text) < 2 * pieces.PIECE_CHARS:
        assert parts == [text]
    else:
        assert {len(part) for part in parts} == {pieces.PIECE_CHARS}
        assert (parts[0], parts[-1]) == (text[: pieces.PIECE_CHARS], text[-pieces.PIECE_CHARS :])


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("see https://example.org/a?b=c now", "see   now"),
        ("at www.example.org/x.", "at  "),
        ("write to desk@news.example.org today", "write to   today"),
        ("5 @ 3 and me@home", "5 @ 3 and me@home"),
        ("no address", "no address"),
    ],
)
def test_addresses_are_taken_out(text, left):
    assert pieces.without_addresses(text) == left


def test_labels_become_codes():
    assert [code(label) for label in ("nn", "zh-tw", "grc", "zxx", "de")] == ["no", "zh", "el", "und", "de"]
    assert len(FAMILIAR) == 54
    codes = label_columns(byte_model().labels).codes
    assert set(codes) >= FAMILIAR
    assert list(codes) == sorted(set(codes))


def test_probabilities_add_up_and_unfamiliar_labels_have_to_win_clearly():
    columns = label_columns(("de", "lb", "sr", "sr"))
    raw = np.array([[-100.0, -98.0, -200.0, -200.0], [-100.0, -60.0, -200.0, -200.0]], np.float32)
    chances = probabilities(raw, columns, [100, 100], np.array([False, False]))
    assert chances.sum(axis=1) == pytest.approx([1.0, 1.0], abs=1e-5)
    assert [columns.codes[best] for best in chances.argmax(axis=1)] == ["de", "lb"]


def test_a_short_text_goes_to_the_relative_that_is_too_seldom_named():
    columns = label_columns(("bg", "ru"))
    raw = np.array([[-50.0, -49.5]], np.float32)
    short, long = (probabilities(raw, columns, [size], np.array([True])).argmax() for size in (99, 100))
    assert (columns.codes[short], columns.codes[long]) == ("bg", "ru")


def test_pieces_vote_with_their_letters():
    chances = np.array([[0.9, 0.1, 0.0], [0.0, 0.2, 0.8], [0.0, 0.0, 1.0]])
    cast = votes.ballot(chances)
    outcome = votes.count(cast, np.array([0, 0, 1]), np.array([100, 50, 10]), 3, 3)
    assert outcome.first.tolist()[:2] == [0, 2]
    assert outcome.first_score.tolist() == pytest.approx([0.6, 1.0, 0.0])
    assert outcome.second_score[0] == pytest.approx(0.8 / 3)


def test_abstaining_keeps_the_best_guess_that_is_a_language():
    tag = LanguageTag("en", 0.4, "de", 0.3)
    assert abstain(tag) == LanguageTag("und", None, "en", 0.4)
    assert confirm(tag) == tag
    assert confirm(LanguageTag("und", 0.9, "en", 0.1)) == LanguageTag("und", None, "en", 0.1)


@pytest.mark.parametrize(
    ("chars", "score", "fit_value", "familiar", "by_script", "verdict"),
    [
        (200, 1.0, 0.0, True, False, trust.Verdict.SAY),
        (200, 1.0, -3.0, True, False, trust.Verdict.KEEP_BACK),
        (200, 1.0, -3.0, True, True, trust.Verdict.SAY),
        (200, 0.7, -0.4, True, False, trust.Verdict.ASK),
        (200, 0.7, -0.8, False, False, trust.Verdict.KEEP_BACK),
        (10, 0.5, -3.0, True, False, trust.Verdict.SAY),
        (10, 0.2, 0.0, True, False, trust.Verdict.KEEP_BACK),
    ],
)
def test_what_is_said_depends_on_score_and_fit(chars, score, fit_value, familiar, by_script, verdict):
    assert trust.judge(chars=chars, score=score, fit=fit_value, familiar=familiar, by_script=by_script) is verdict


@given(st.floats(0, 1), st.floats(0, 1), st.floats(-5, 5), st.booleans())
def test_trust_rises_with_the_score(one, other, fit_value, familiar):
    low, high = sorted((one, other))
    at = [trust.log_odds(score=score, fit=fit_value, familiar=familiar) for score in (low, high)]
    assert at[0] <= at[1]


def test_right_text_fits_and_noise_does_not():
    columns = label_columns(byte_model().labels)
    english = columns.codes.index("en")
    texts = [b" the city council voted on tuesday to close the pools until spring ", b" qxz vwk jqq zzxv kwq pfg bnm "]
    values = fit(evaluate(texts), columns, np.array([english, english]))
    assert values[0] > -1.0
    assert values[1] < -3.0


@settings(max_examples=50)
@given(st.sets(st.text(min_size=1, max_size=3), min_size=1, max_size=200), st.lists(st.text(min_size=1, max_size=3)))
def test_index_finds_what_is_there_and_nothing_else(known, asked):
    ngrams = sorted(known)
    index = NgramIndex.build(np.array([key_of(ngram) for ngram in ngrams], np.int64))
    wanted = ngrams + asked
    found = index.find(np.array([key_of(ngram) for ngram in wanted], np.int64))
    assert found.tolist() == [ngrams.index(ngram) if ngram in known else -1 for ngram in wanted]


def test_weighted_sums_equal_the_dense_product():
    random = np.random.default_rng(5)
    steps = random.integers(0, 9, (40, 7)) * random.integers(0, 2, (40, 7))
    row, column = np.nonzero(steps)
    floor = random.normal(size=7).astype(np.float32)
    starts = np.searchsorted(row, np.arange(41))
    table = RowTable.build(floor, starts, column.astype(np.int32), steps[row, column].astype(np.int16), 0.5)
    weights = random.random((3, 40)).astype(np.float32) * random.integers(0, 2, (3, 40)).astype(np.float32)
    text, feature = np.nonzero(weights)
    sums, total = weighted_sums(table, text, feature, weights[text, feature], 3)
    np.testing.assert_allclose(sums, weights @ (floor + 0.5 * steps), rtol=1e-5)
    np.testing.assert_allclose(total, weights.sum(axis=1), rtol=1e-5)
