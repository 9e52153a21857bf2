"""Which pairs are worth reading a text."""

import numpy as np

from transforms.fold.compare import Relation, judge
from transforms.fold.evidence import measure
from transforms.fold.fingerprint import compare_stored, pack
from transforms.fold.settings import FoldSettings, Thresholds
from transforms.fold.signature import sign
from transforms.fold.unclear import unclear

SETTINGS = FoldSettings()


def edited(seed, words):
    """Return a text of 1,000 words and 14 numbers, and an edit that replaces one word in eight and five numbers."""
    letters = str.maketrans("0123456789", "ghijklmnop")  # or each word would count as a number
    text = [word.translate(letters) for word in words(seed, 1_000)]
    for place in range(35, 1_000, 70):
        text[place] = str(1_000 * seed + place)
    edit = list(text)
    for place in range(24, 1_000, 8):
        edit[place] = edit[place][::-1]
    for place in range(35, 385, 70):
        edit[place] = str(500_000 + 1_000 * seed + place)
    return text, edit


def estimated(first, second):
    """Return the evidence with and without the text of `second`."""
    signatures = sign(["", ""], [" ".join(first), " ".join(second)], np.zeros(2, dtype=np.int64))
    one, other = np.array([0]), np.array([1])
    return measure(signatures, one, other, Thresholds()), compare_stored(signatures, one, pack(signatures)[1:])


def test_copies_and_strangers_are_clear(words):
    text = words(1, 300)
    for other in (text, text[:280], words(2, 300)):
        assert not unclear(estimated(text, other)[1], SETTINGS).any()


def test_pairs_at_a_threshold_are_not(words):
    text = words(1, 300)
    assert unclear(estimated(text, text[:165] + words(2, 135))[1], SETTINGS).sum() == 0
    assert unclear(estimated(text, text[:245] + words(2, 55))[1], SETTINGS).all()


def test_what_is_clear_is_decided_as_with_the_text(words):
    clear = wrong = 0
    for seed in range(240):
        size, kept = 60 + 5 * (seed % 60), 0.5 + 0.5 * (seed % 24) / 24
        text = words(seed, size)
        exact, estimate = estimated(text, text[: round(kept * size)] + words(1000 + seed, round((1 - kept) * size)))
        if not unclear(estimate, SETTINGS)[0]:
            clear += 1
            both = [int(judge(evidence, SETTINGS)[0]) > Relation.LOOKALIKE for evidence in (exact, estimate)]
            wrong += both[0] != both[1]
    assert clear > 120
    assert wrong <= 0.02 * clear


def test_one_or_two_numbers_in_the_sample_decide_nothing(words):
    refused = 0
    for seed in range(40):
        exact, estimate = estimated(*edited(seed, words))
        assert judge(exact, SETTINGS)[0] > Relation.LOOKALIKE
        if judge(estimate, SETTINGS)[0] <= Relation.LOOKALIKE:
            refused += 1
            assert unclear(estimate, SETTINGS)[0], seed
    assert refused > 3
